"""The index on SQLite: an FTS5 table without content, which holds for each term the ids of its items and no more.

Such a table (https://sqlite.org/fts5.html#contentless_tables) cannot say what it holds, and to take something out one
must say what was put in. So for each change the terms of the row as it was are made again, from the last committed
state, and only the difference is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, Select, column, select, table, text
from sqlalchemy.sql.visitors import replacement_traverse

from magpie.kit.db import WriteSession
from magpie.library.models import Item
from magpie.library.search.terms import Question, Term, Together

_INDEX = table("search_index", column("rowid", Integer), column("search_index"))
_PUT = text("INSERT INTO search_index (rowid, terms) VALUES (:id, :terms)")
_TAKE = text("INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', :id, :terms)")


def condition(
    question: Question,
    facts: Iterable[str],
    window: tuple[int, int] | None,
    without: Question,
    ids: Sequence[int] | None,
) -> ColumnElement[bool]:
    """As `service.condition`."""
    match = _match(question, facts, without)
    found = select(_INDEX.c.rowid).where(_INDEX.c.search_index.op("MATCH")(match))
    if ids is not None:
        # Gone through in one turn; SQLite would rather ask the index once for each of them.
        found = found.where((_INDEX.c.rowid + 0).in_(ids))
    if window:
        found = found.where(_INDEX.c.rowid > window[0], _INDEX.c.rowid <= window[1])
    return Item.id.in_(found)


def stream(
    question: Question,
    facts: Iterable[str],
    without: Question,
    where: Sequence[ColumnElement[bool]],
    *,
    is_falling: bool,
    beyond: int | None,
) -> Select[int]:
    """As `service.stream`. FTS5 gives its answers in the order of ids, either way, while it finds them."""
    # An expression, and not the column: by that one SQLite would ask the index again for each id.
    item_id = _INDEX.c.rowid + 0
    reads_items = False

    def by_index(element: Any, **_: Any) -> Any:
        nonlocal reads_items
        if isinstance(element, Column) and element.table is Item.__table__:
            if element.name == "id":
                return item_id
            reads_items = True
        return None

    query = select(_INDEX.c.rowid)
    query = query.where(_INDEX.c.search_index.op("MATCH")(_match(question, facts, without)))
    query = query.where(*(replacement_traverse(one, {}, by_index) for one in where))
    if reads_items:
        query = query.join_from(_INDEX, Item, Item.id == item_id)
    if beyond is not None:
        query = query.where(_INDEX.c.rowid < beyond if is_falling else _INDEX.c.rowid > beyond)
    return query.order_by(_INDEX.c.rowid.desc() if is_falling else _INDEX.c.rowid)


def _match(question: Question, facts: Iterable[str], without: Question) -> str:
    words = [
        "(" + " OR ".join(_together(one) for one in (*word.names, *word.texts)) + ")" for word in question
    ]
    asked = " AND ".join((*(f'"{fact}"' for fact in sorted(facts)), *words))
    return f"({asked}) NOT ({_match(without, (), ())})" if without else asked


def _together(asked: Together) -> str:
    joined = " AND ".join(_term(term) for term in asked)
    return f"({joined})" if len(asked) > 1 else joined


def _term(term: Term) -> str:
    return f'"{term.text}" *' if term.is_beginning else f'"{term.text}"'


def put(session: WriteSession, item_id: int, terms: set[str]) -> None:
    """Enter an item that is not in the index. In the order of ids this is fastest."""
    session.execute(_PUT, {"id": item_id, "terms": " ".join(sorted(terms))})


def change(session: WriteSession, item_id: int, before: set[str], after: set[str]) -> None:
    """Enter what has changed of an item."""
    if before != after:
        # Both statements each time: the index counts its rows, and must not count fewer than none.
        session.execute(_PUT, {"id": item_id, "terms": " ".join(sorted(after - before))})
        session.execute(_TAKE, {"id": item_id, "terms": " ".join(sorted(before - after))})


def take(session: WriteSession, item_id: int, terms: set[str]) -> None:
    """Take an item out that is in the index."""
    session.execute(_TAKE, {"id": item_id, "terms": " ".join(sorted(terms))})


def empty(session: WriteSession) -> None:
    """Take everything out."""
    session.execute(text("INSERT INTO search_index (search_index) VALUES ('delete-all')"))
