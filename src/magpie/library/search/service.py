"""The index of words, kept in step with the items.

Items that come, change and go through the unit of work are noticed here, and the index follows in the same commit.
Whoever changes what is searched by a statement calls `changed`. After an import and after an upgrade from before there
was an index, items are entered bit by bit (`step`), the newest first; those that are not there yet are not found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, event, func, inspect, select, update

from magpie.kit.db import Database, ReadSession, WriteSession
from magpie.library.models import Item
from magpie.library.search import postgres, spelling, sqlite, terms
from magpie.library.search.document import COLUMNS, extra_of, names_of, terms_of
from magpie.library.search.models import SearchState
from magpie.library.search.terms import Question

_NEW, _CHANGED = "items that are new to the search", "items that the search must look at"
_BATCH = 500
# Each row that matches is fetched before the newest are chosen; each window costs a query.
FIRST_WINDOW, MOST_GROWTH = 1 << 12, 16
# Several words together are rarer, and PostgreSQL gathers all that begins with each of them anew for every window.
FIRST_OF_SEVERAL = 1 << 15
_FIELDS = (Item.id, *(getattr(Item, name) for name in COLUMNS), Item.sort_title, Item.sort_artist)


def condition(
    session: ReadSession,
    question: Question,
    *,
    facts: Collection[str] = (),
    window: tuple[int, int] | None = None,
    without: Question = (),
    ids: Sequence[int] | None = None,
) -> ColumnElement[bool]:
    """Of `Item`: it is an answer to the question, and has these facts; but no answer to the question `without`.

    `window`: only ids above the first number and up to the second one are asked for, and `ids`: only these.
    """
    backend = sqlite.condition if _is_sqlite(session) else postgres.condition
    return backend(question, facts, window, without, ids)


def stream(
    session: ReadSession,
    question: Question,
    *,
    facts: Collection[str] = (),
    without: Question = (),
    where: Sequence[ColumnElement[bool]],
    is_falling: bool,
    beyond: int | None,
) -> Select[int] | None:
    """Ids of the answers for which `where` (of `Item`) holds, in the order of ids, below or above `beyond`: to be
    limited, for it finds them one by one. None where the index knows no order (`streams`): then it is asked for one
    `window` of ids after the other."""
    if not streams(session):
        return None
    return sqlite.stream(question, facts, without, where, is_falling=is_falling, beyond=beyond)


def streams(session: ReadSession) -> bool:
    """Whether the index knows the order of ids: see `stream`."""
    return _is_sqlite(session)


def window(session: ReadSession, at: int, size: int, *, is_falling: bool) -> tuple[int, int]:
    """About `size` ids that are best asked for at once: those up to `at`, or (not `is_falling`) above it."""
    if _is_sqlite(session):
        return (max(at - size, 0), at) if is_falling else (at, at + size)
    return postgres.window(at, size, is_falling=is_falling)


def beside(session: ReadSession, conditions: list[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """Conditions of `Item`, put so that they are asked of what the index of words finds."""
    return conditions if _is_sqlite(session) else postgres.unindexed(conditions)


def among(session: ReadSession, ids: Select[int]) -> ColumnElement[bool]:
    """Of `Item`: it is one of these. Put so that the database can join it with `condition` by OR."""
    return Item.id.in_(ids) if _is_sqlite(session) else postgres.among(ids)


def is_complete(session: ReadSession) -> bool:
    """Whether everything can be found; not while the index is being made anew."""
    return session.scalar(select(SearchState.pending).where(SearchState.id == 1)) == 0


def is_current(session: ReadSession) -> bool:
    """Whether nothing is left to do: see `step`."""
    state = select(SearchState.version, SearchState.pending).where(SearchState.id == 1)
    return tuple(session.execute(state).one()) == (terms.VERSION, 0)


def meant(session: ReadSession, question: Question) -> Question:
    """The question with what its misspelt words may have been meant to be."""
    letters = {word.letters for word in question if word.letters and len(word.letters) >= terms.SPELLABLE}
    return terms.misspelt(question, {word: spelling.meant(session, word) for word in sorted(letters)})


def changed(session: WriteSession, item_ids: Iterable[int]) -> None:
    """Have the index look at these items before the unit of work is committed: a statement has changed them."""
    session.info.setdefault(_CHANGED, set()).update(item_ids)


@event.listens_for(WriteSession, "after_flush")
def _notice(session: WriteSession, _context: object) -> None:
    for row in session.new:
        if isinstance(row, Item):
            session.info.setdefault(_NEW, {})[row.id] = row
    changed(session, (row.id for row in session.deleted if isinstance(row, Item)))
    changed(session, (row.id for row in session.dirty if isinstance(row, Item) and _is_searched(row)))


def _is_searched(item: Item) -> bool:
    attributes = inspect(item).attrs
    return any(attributes[name].history.has_changes() for name in COLUMNS)


@event.listens_for(WriteSession, "before_commit")
def _follow(session: WriteSession) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    new: dict[int, Item] = session.info.pop(_NEW, {})
    altered: set[int] = session.info.pop(_CHANGED, set())
    for ids in _batches(sorted(new.keys() | altered)):
        # What is new, and was not changed by statements since, is as it was written.
        written = {one: new[one] for one in ids if one in new and one not in altered and _is_there(new[one])}
        _enter(session, ids, [item_id for item_id in ids if item_id not in new], written)


def _is_there(item: Item) -> bool:
    """Whether it is in the database, and all that is searched of it is known: a savepoint may have taken it back."""
    state = inspect(item)
    return state.persistent and not state.expired_attributes.intersection(COLUMNS)


def _batches(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))


def _rows(session: ReadSession, ids: list[int]) -> dict[int, Row[Any]]:
    return {row.id: row for row in session.execute(select(*_FIELDS).where(Item.id.in_(ids)))}


def _enter(session: WriteSession, ids: list[int], known: list[int], written: dict[int, Item]) -> None:
    """Bring the index to what the items are now. `known`: those that may be in it already; `written`: those that need
    not be read."""
    unread = [item_id for item_id in ids if item_id not in written]
    rows: dict[int, Row[Any] | Item] = {**written, **(_rows(session, unread) if unread else {})}
    spelling.learn(session, (word for row in rows.values() for word in terms.spellable(names_of(row))))
    if not _is_sqlite(session):
        # The others' have been written with their rows.
        _describe(session, [rows[item_id] for item_id in known if item_id in rows])
        return
    pending = session.scalar(select(SearchState.pending).where(SearchState.id == 1)) or 0
    before: dict[int, Row[Any]] = {}
    if known:
        with session.committed() as former:
            before = _rows(former, known)
    for item_id in ids:
        if item_id >= pending:
            _replace(session, item_id, before.get(item_id), rows.get(item_id))


def _replace(
    session: WriteSession, item_id: int, before: Row[Any] | None, after: Row[Any] | Item | None
) -> None:
    if before is not None and after is not None:
        sqlite.change(session, item_id, terms_of(before), terms_of(after))
    elif before is not None:
        sqlite.take(session, item_id, terms_of(before))
    elif after is not None:
        sqlite.put(session, item_id, terms_of(after))


def _describe(session: WriteSession, rows: Iterable[Row[Any] | Item]) -> None:
    """Write the columns that are made from others, where a statement has changed those or they were never made."""
    for row in rows:
        made: dict[str, Any] = {}
        keys = (terms.sort_key(row.title), terms.sort_key(row.artist))
        if keys != (row.sort_title, row.sort_artist):
            made.update(sort_title=keys[0], sort_artist=keys[1])
        if not _is_sqlite(session):
            made["search_extra"] = extra_of(row)
        if made:
            # To nobody outside has the item changed.
            statement = update(Item).where(Item.id == row.id).values(**made, revision=Item.revision)
            session.execute(statement, execution_options={"synchronize_session": False})


def start_over(session: WriteSession) -> None:
    """Forget the index: all items have been replaced, or are to be entered otherwise. `step` makes it anew."""
    if _is_sqlite(session):
        sqlite.empty(session)
    pending = (session.scalar(select(func.max(Item.id))) or -1) + 1
    session.execute(update(SearchState).values(version=terms.VERSION, pending=pending))


def step(database: Database, count: int = _BATCH) -> bool:
    """Enter some of the items that are not in the index yet; whether there are more of them."""
    with database.write() as session:
        state = session.execute(select(SearchState.version, SearchState.pending).with_for_update()).one()
        if state.version != terms.VERSION:
            start_over(session)
            return True
        if state.pending == 0:
            return False
        newest = select(Item.id).where(Item.id < state.pending).order_by(Item.id.desc()).limit(count)
        ids = sorted(session.scalars(newest))
        rows = [row for _, row in sorted(_rows(session, ids).items())]
        spelling.learn(session, (word for row in rows for word in terms.spellable(names_of(row))))
        _describe(session, rows)
        if _is_sqlite(session):
            for row in rows:
                sqlite.put(session, row.id, terms_of(row))
        pending = ids[0] if len(ids) == count else 0
        session.execute(update(SearchState).values(pending=pending))
        return pending > 0


def rebuild(database: Database) -> None:
    """Enter all items that are not in the index yet. Can be broken off and called again."""
    while step(database):
        pass


def _is_sqlite(session: ReadSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"
