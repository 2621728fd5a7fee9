"""Pages of the library in each order, at any depth, and how many items there are.

A cursor names the last item of a page: `[order, whether words were corrected, part, value, id]`. An order has parts
that follow each other: what has a value and what has none, or (`relevance`) better and lesser answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession
from magpie.kit.errors import RuleBroken
from magpie.kit.paging import decode_cursor, encode_cursor
from magpie.library import searching
from magpie.library.filtering import Filter
from magpie.library.holding import memberships_of
from magpie.library.listing import Asked, ask
from magpie.library.models import Item, Membership

Sort = Literal["newest", "oldest", "title", "artist", "published", "duration", "size", "relevance"]
# So far items are counted: a number beyond says no more than "many", and costs time with every page.
MOST_COUNTED = 1000
MOST_HELD = 50_000  # likewise, of a whole library
# A library up to here is sorted whole; a larger one is gone through in the order that is asked for.
FEW = 5000


@dataclass(frozen=True, slots=True)
class Page:
    """`total`: of all pages; at least so many unless `total_is_exact`."""

    items: list[Item]
    next_cursor: str | None
    total: int
    total_is_exact: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in an order: in this part, after the item with this value and id."""

    part: int = 0
    value: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class _Order:
    """Sorted by a column; what has no value there comes last. `read`: the value of a cursor."""

    column: InstrumentedAttribute[Any]
    index: str
    is_falling: bool
    read: Callable[[str], Any]
    has_value: ColumnElement[bool]


_ORDERS: dict[str, _Order] = {
    "title": _Order(Item.sort_title, "ix_items_sort_title_id", False, str, Item.sort_title > literal("")),
    "artist": _Order(Item.sort_artist, "ix_items_sort_artist_id", False, str, Item.sort_artist > literal("")),
    "published": _Order(
        Item.published_at,
        "ix_items_published_at",
        True,
        datetime.fromisoformat,
        Item.published_at.is_not(None),
    ),
    "duration": _Order(Item.duration, "ix_items_duration", True, float, Item.duration.is_not(None)),
    "size": _Order(Item.size, "ix_items_size", True, int, Item.size.is_not(None)),
}


def page(
    session: ReadSession,
    principal: Principal,
    wanted: Filter,
    *,
    sort: Sort = "newest",
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of the items that are meant. Raises `RuleBroken` for a cursor of another order."""
    if sort == "relevance" and not wanted.q:
        sort = "newest"
    asked = ask(session, principal, wanted)
    place, is_corrected = _read(cursor, sort) if cursor else (None, False)
    if is_corrected:
        asked = asked.correct(session) or asked
    rows = _rows(session, asked, wanted, sort, place, limit + 1)
    if not rows and cursor is None and asked.is_spellable and (better := asked.correct(session)):
        asked = better
        rows = _rows(session, asked, wanted, sort, place, limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    total, is_exact = count(session, asked)
    last = _written(sort, rows[-1], is_corrected=asked.is_corrected) if more else None
    return Page(_items(session, [row.id for row in rows]), last, total, is_exact)


def count(session: ReadSession, asked: Asked) -> tuple[int, bool]:
    """How many they are, and whether that is exact: they are counted up to a bound."""
    if asked.uses_index:
        found = len(asked.newest(session, MOST_COUNTED + 1))
        return min(found, MOST_COUNTED), found <= MOST_COUNTED
    if asked.rows or asked.in_trash:
        return _counted(session, select(Item.id).where(*asked.where(session)), MOST_COUNTED)
    return _held(session, asked.principal)


def _held(session: ReadSession, principal: Principal) -> tuple[int, bool]:
    """All that the caller has, without a look at the rows: all memberships, less those in the trash."""
    if principal.is_superuser:
        everything = select(Item.id)
        gone = select(Membership.item_id).where(*memberships_of(principal, in_trash=True))
        kept = select(Membership.item_id).where(*memberships_of(principal), Membership.item_id.in_(gone))
        thrown = session.scalar(
            select(func.count(Membership.item_id.distinct())).where(
                *memberships_of(principal, in_trash=True), Membership.item_id.not_in(kept)
            )
        )
    else:
        everything = select(Membership.item_id).where(Membership.user_id == principal.id)
        thrown = session.scalar(
            select(func.count()).select_from(Membership).where(*memberships_of(principal, in_trash=True))
        )
    found, is_exact = _counted(session, everything, MOST_HELD)
    return found - (thrown or 0) if is_exact else found, is_exact


def _counted(session: ReadSession, query: Select[Any], most: int) -> tuple[int, bool]:
    found = session.scalar(select(func.count()).select_from(query.limit(most + 1).subquery())) or 0
    return min(found, most), found <= most


def _items(session: ReadSession, ids: list[int]) -> list[Item]:
    """The items of these ids, in their order."""
    query = select(Item).where(Item.id.in_(ids)).options(selectinload(Item.files))
    found = {item.id: item for item in session.scalars(query)}
    return [found[item_id] for item_id in ids if item_id in found]


def _rows(
    session: ReadSession, asked: Asked, wanted: Filter, sort: Sort, after: _Place | None, limit: int
) -> list[_Place]:
    if sort == "newest":
        return _plain(asked.newest(session, limit, below=after.id if after else None))
    if sort == "oldest":
        return _plain(asked.oldest(session, limit, above=after.id if after else 0))
    if sort == "relevance":
        return _best(session, asked, wanted, after, limit)
    return _sorted(session, asked, _ORDERS[sort], after, limit)


def _plain(ids: list[int]) -> list[_Place]:
    return [_Place(id=item_id) for item_id in ids]


def _sorted(
    session: ReadSession, asked: Asked, order: _Order, after: _Place | None, limit: int
) -> list[_Place]:
    found: list[_Place] = []
    where = _small(session, asked)
    for part in (0, 1):
        if after and after.part > part:
            continue
        place = after if after and after.part == part else None
        query = _in_order(order, part, place) if part == 0 else _without(order, place)
        query = query.where(*(where or asked.where(session))).limit(limit - len(found))
        if where is None and part == 0:
            # Otherwise SQLite would rather sort all.
            query = query.with_hint(Item, f"INDEXED BY {order.index}", "sqlite")
        found += (
            _Place(part, "" if part else _said(value), item_id) for item_id, value in session.execute(query)
        )
        if len(found) >= limit:
            break
    return found


def _small(session: ReadSession, asked: Asked) -> list[ColumnElement[bool]] | None:
    """Conditions by which few items are found at once, to be sorted; None if they are many."""
    if asked.uses_index:
        ids = asked.newest(session, MOST_COUNTED + 1)
        return [Item.id.in_(ids)] if len(ids) <= MOST_COUNTED else None
    if asked.is_narrow:
        return asked.where(session)
    mine = select(Membership.item_id).where(*memberships_of(asked.principal, in_trash=asked.in_trash))
    if _counted(session, mine, FEW)[1]:
        return [Item.id.in_(mine), *asked.rows]
    return None


def _in_order(order: _Order, part: int, after: _Place | None) -> Select[tuple[int, Any]]:
    column, by_id = order.column, Item.id.desc() if order.is_falling else Item.id
    query = select(Item.id, column).where(order.has_value)
    query = query.order_by(column.desc() if order.is_falling else column, by_id)
    if after is None:
        return query
    value = order.read(after.value)
    beyond = column < value if order.is_falling else column > value
    same = and_(column == value, Item.id < after.id if order.is_falling else Item.id > after.id)
    # The first of these lets the index be entered in the right place.
    return query.where(column <= value if order.is_falling else column >= value, or_(beyond, same))


def _without(order: _Order, after: _Place | None) -> Select[tuple[int, Any]]:
    query = select(Item.id, order.column).where(_has_none(order)).order_by(Item.id.desc())
    return query if after is None else query.where(Item.id < after.id)


def _has_none(order: _Order) -> ColumnElement[bool]:
    if order.column in (Item.sort_title, Item.sort_artist):
        return order.column == ""
    return order.column.is_(None)


def _best(
    session: ReadSession, asked: Asked, wanted: Filter, after: _Place | None, limit: int
) -> list[_Place]:
    """First what begins so, by title; then what has all words in its names, then the others, the newest first."""
    begins = searching.title_range(wanted.q or "") if len(asked.sought) == 1 else None
    also = [] if begins is None else [~begins]
    found: list[_Place] = []
    for part in (0, 1, 2):
        if after and after.part > part:
            continue
        place = after if after and after.part == part else None
        left = limit - len(found)
        if part == 0 and begins is not None:
            found += _beginning(session, asked, begins, place, left)
        elif part:
            one = asked.by_names() if part == 1 else asked.by_texts()
            ids = one.newest(session, left, below=place.id if place else None, also=also)
            found += (_Place(part, "", item_id) for item_id in ids)
        if len(found) >= limit:
            break
    return found


def _beginning(
    session: ReadSession, asked: Asked, begins: ColumnElement[bool], after: _Place | None, limit: int
) -> list[_Place]:
    query = _in_order(_ORDERS["title"], 0, after).where(begins, *asked.without_words(session))
    query = query.with_hint(Item, "INDEXED BY ix_items_sort_title_id", "sqlite")
    return [_Place(0, key, item_id) for item_id, key in session.execute(query.limit(limit))]


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _written(sort: str, place: _Place, *, is_corrected: bool) -> str:
    return encode_cursor(sort, int(is_corrected), place.part, place.value, place.id)


def _read(cursor: str, sort: str) -> tuple[_Place, bool]:
    order, is_corrected, part, value, item_id = decode_cursor(cursor, (str, int, int, str, int))
    place = _Place(int(part), str(value), int(item_id))
    try:
        if order != sort:
            raise ValueError(order)
        if sort in _ORDERS and place.part == 0:
            _ORDERS[sort].read(place.value)
    except ValueError:
        raise RuleBroken("This cursor belongs to a list in another order.", "query", "cursor") from None
    return place, bool(is_corrected)
