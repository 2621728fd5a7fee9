"""Pages of the library in each order, at any depth, and how many items there are.

A cursor names the last item of a page: `[order, whether words were corrected, part, value, id]`. An order has parts
that follow each other: what has a value and what has none, or (`relevance`) better and lesser answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Select, and_, false, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.sql.visitors import replacement_traverse

from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession
from magpie.kit.errors import RuleBroken
from magpie.kit.paging import decode_cursor, encode_cursor
from magpie.library import searching
from magpie.library.filtering import LARGEST_ID, Filter
from magpie.library.holding import memberships_of
from magpie.library.listing import Asked, ask
from magpie.library.models import Item, Membership

Sort = Literal["newest", "oldest", "title", "artist", "published", "duration", "size", "relevance"]
# So far items are counted: a number beyond says no more than "many", and costs time with every page.
MOST_COUNTED = 1000
# Likewise, of what the index of words finds, in the orders that it gives answers in: there the counting is what takes
# longest, and it takes longer still for each answer that few items have.
MOST_FOUND = 200
MOST_HELD = 10_000  # likewise, of a whole library


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
    is_falling: bool
    read: Callable[[str], Any]
    has_value: ColumnElement[bool]


_ORDERS: dict[str, _Order] = {
    "title": _Order(Item.sort_title, False, str, Item.sort_title > literal("")),
    "artist": _Order(Item.sort_artist, False, str, Item.sort_artist > literal("")),
    "published": _Order(
        Item.published_at,
        True,
        datetime.fromisoformat,
        Item.published_at.is_not(None),
    ),
    "duration": _Order(Item.duration, True, float, Item.duration.is_not(None)),
    "size": _Order(Item.size, True, int, Item.size.is_not(None)),
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
    most = min(MOST_FOUND, MOST_COUNTED) if sort in ("newest", "relevance") else MOST_COUNTED
    answers = _answers(session, asked, most)
    if answers is not None and not answers.ids and cursor is None and asked.is_spellable:
        asked = asked.correct(session) or asked
        answers = _answers(session, asked, most) if asked.is_corrected else answers
    rows = _rows(session, asked, answers, wanted, sort, place, limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    total, is_exact = answers.total if answers else _count(session, asked)
    last = _written(sort, rows[-1], is_corrected=asked.is_corrected) if more else None
    return Page(_items(session, [row.id for row in rows]), last, total, is_exact)


@dataclass(frozen=True, slots=True)
class _Answers:
    """Ids of what is found, the newest first: all of them, or one more than `most`, which are counted."""

    ids: list[int]
    most: int

    @property
    def are_all(self) -> bool:
        return len(self.ids) <= self.most

    @property
    def span(self) -> int:
        """Among how many ids they were found."""
        return self.ids[0] - self.ids[-1] if self.ids else 0

    @property
    def total(self) -> tuple[int, bool]:
        return min(len(self.ids), self.most), self.are_all


def _answers(session: ReadSession, asked: Asked, most: int) -> _Answers | None:
    """What the index of words finds; None if it is not asked."""
    return _Answers(asked.newest(session, most + 1), most) if asked.uses_index else None


def _count(session: ReadSession, asked: Asked) -> tuple[int, bool]:
    """How many they are, and whether that is exact: they are counted up to a bound."""
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
            select(func.count())
            .select_from(Membership)
            # So that the index of what is in the trash is used, and not that of all that they have.
            .where(Membership.trashed_at.is_not(None), Membership.user_id + 0 == principal.id)
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
    session: ReadSession,
    asked: Asked,
    answers: _Answers | None,
    wanted: Filter,
    sort: Sort,
    after: _Place | None,
    limit: int,
) -> list[_Place]:
    if sort == "newest":
        below = after.id if after else LARGEST_ID
        if answers and (answers.are_all or (after is None and len(answers.ids) >= limit)):
            return _plain([item_id for item_id in answers.ids if item_id < below][:limit])
        return _plain(asked.newest(session, limit, below=after.id if after else None))
    if sort == "oldest":
        above = after.id if after else 0
        if answers and answers.are_all:
            return _plain([item_id for item_id in reversed(answers.ids) if item_id > above][:limit])
        return _plain(asked.oldest(session, limit, above=above))
    if sort != "relevance":
        return _sorted(session, asked, answers, _ORDERS[sort], after, limit)
    begins = searching.title_range(wanted.q or "") if len(asked.sought) == 1 else None
    if answers and answers.are_all:
        return _best_of(session, asked, answers.ids, begins, after)[:limit]
    return _best(session, asked, answers, begins, after, limit)


def _plain(ids: list[int]) -> list[_Place]:
    return [_Place(id=item_id) for item_id in ids]


def _sorted(
    session: ReadSession,
    asked: Asked,
    answers: _Answers | None,
    order: _Order,
    after: _Place | None,
    limit: int,
) -> list[_Place]:
    found: list[_Place] = []
    where = _small(session, asked, answers)
    for part in (0, 1):
        if after and after.part > part:
            continue
        place = after if after and after.part == part else None
        query = _in_order(order, place) if part == 0 else _without(order, place)
        query = query.where(*(_large(session, asked) if where is None else where)).limit(limit - len(found))
        found += (
            _Place(part, "" if part else _said(value), item_id) for item_id, value in session.execute(query)
        )
        if len(found) >= limit:
            break
    return found


def _small(session: ReadSession, asked: Asked, answers: _Answers | None) -> list[ColumnElement[bool]] | None:
    """Conditions by which few items are found at once, to be sorted; None if they are many."""
    if answers:
        return [Item.id.in_(answers.ids)] if answers.are_all else None
    if asked.is_narrow:
        return asked.where(session)
    mine = asked.few(session)
    return None if mine is None else [Item.id.in_(mine), *asked.rows]


def _large(session: ReadSession, asked: Asked) -> list[ColumnElement[bool]]:
    """Conditions for items that are gone through in an order: what their rows say need not be looked up."""
    has_words = any(one.question for one in asked.sought)
    conditions = asked.where(session) if has_words else asked.without_words()
    if session.get_bind().dialect.name != "sqlite":
        return conditions
    # SQLite has no idea of how many there are, and would find them by another index and sort them all.
    # https://sqlite.org/optoverview.html#uplus
    return [replacement_traverse(one, {}, _unindexed) for one in conditions]


def _unindexed(element: Any, **_: Any) -> Any:
    if isinstance(element, Column) and element.table is Item.__table__:
        return UnaryExpression(element, operator=custom_op("+"), type_=element.type)
    return None


def _in_order(
    order: _Order, after: _Place | None, where: ColumnElement[bool] | None = None
) -> Select[tuple[int, Any]]:
    """What has a value, in the order; or `where` that says more of the value. One condition says where to enter the
    index, and no other: SQLite might take that one."""
    column, by_id = order.column, Item.id.desc() if order.is_falling else Item.id
    query = select(Item.id, column).order_by(column.desc() if order.is_falling else column, by_id)
    if after is None:
        return query.where(order.has_value if where is None else where)
    value = order.read(after.value)
    beyond = column < value if order.is_falling else column > value
    same = and_(column == value, Item.id < after.id if order.is_falling else Item.id > after.id)
    query = query.where(column <= value if order.is_falling else column >= value, or_(beyond, same))
    return query if where is None else query.where(where)


def _without(order: _Order, after: _Place | None) -> Select[tuple[int, Any]]:
    query = select(Item.id, order.column).where(_has_none(order)).order_by(Item.id.desc())
    return query if after is None else query.where(Item.id < after.id)


def _has_none(order: _Order) -> ColumnElement[bool]:
    if order.column in (Item.sort_title, Item.sort_artist):
        return order.column == ""
    return order.column.is_(None)


def _best(
    session: ReadSession,
    asked: Asked,
    answers: _Answers | None,
    begins: ColumnElement[bool] | None,
    after: _Place | None,
    limit: int,
) -> list[_Place]:
    """First what begins so, by title; then what has all words in its names, then the others, the newest first."""
    also = [] if begins is None else [~begins]
    found: list[_Place] = []
    for part in (0, 1, 2):
        if after and after.part > part:
            continue
        place = after if after and after.part == part else None
        left = limit - len(found)
        if part == 0 and begins is not None:
            query = _in_order(_ORDERS["title"], place, begins).where(*asked.without_words())
            found += (_Place(0, key, item_id) for item_id, key in session.execute(query.limit(left)))
        elif part == 2 and answers and after is None and len(answers.ids) >= limit:
            # All better ones are on this page: the newest of the others are known already.
            better = {place.id for place in found}
            found += (_Place(part, "", item_id) for item_id in answers.ids if item_id not in better)
        elif part:
            one = asked.by_names() if part == 1 else asked.by_texts()
            below = place.id if place else None
            ids = one.newest(session, left, below=below, also=also, first=2 * answers.span if answers else 0)
            found += (_Place(part, "", item_id) for item_id in ids)
        if len(found) >= limit:
            break
    return found[:limit]


def _best_of(
    session: ReadSession,
    asked: Asked,
    ids: list[int],
    begins: ColumnElement[bool] | None,
    after: _Place | None,
) -> list[_Place]:
    """The same order, of few that are known."""
    first = select(Item.id, Item.sort_title).where(Item.id.in_(ids), false() if begins is None else begins)
    titles = {row.id: row.sort_title for row in session.execute(first)}
    named = set(asked.by_names().newest(session, len(ids)))
    places = [
        _Place(0, titles[one], one) if one in titles else _Place(1 if one in named else 2, "", one)
        for one in ids
    ]
    places.sort(key=_rank)
    return places if after is None else [place for place in places if _rank(place) > _rank(after)]


def _rank(place: _Place) -> tuple[int, str, int]:
    return place.part, place.value, place.id if place.part == 0 else -place.id


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
