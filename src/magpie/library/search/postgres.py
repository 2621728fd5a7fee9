"""The index on PostgreSQL: GIN over the function `search_terms`, which makes an item's terms of its columns.

Nothing is stored but the terms that the database cannot make (`items.search_extra`). Rows where that is null are
not in the index yet. Each item also has the terms of two blocks of ids, `#…` and `##…`: GIN knows no order, so a look
at the newest items alone asks for their blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, Select, and_, any_, bindparam, cast, func
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.visitors import replacement_traverse

from magpie.library.models import Item
from magpie.library.search.terms import Question, Term, Together, Word

BLOCKS = (("#", 12), ("##", 16))  # ids that differ in the lower 12 or 16 bits only
_MOST_BLOCKS = 17


def condition(
    question: Question,
    facts: Iterable[str],
    window: tuple[int, int] | None,
    without: Question,
    ids: Sequence[int] | None,
) -> ColumnElement[bool]:
    """As `service.condition`."""
    made = func.search_terms(
        Item.id,
        Item.title,
        Item.artist,
        Item.album,
        Item.album_artist,
        Item.description,
        Item.site,
        Item.genre,
        Item.isrc,
        Item.kind,
        Item.search_extra,
    )
    asked = [_blocks(*window)] if window else []
    asked += [f"'{fact}'" for fact in sorted(facts)]
    asked += map(_word, question)
    if without:
        asked.append("!(" + " & ".join(map(_word, without)) + ")")
    asked = list(filter(None, asked))
    # Several conditions leap over what one of them lacks; one condition goes through all that is in the blocks, but
    # does less for each answer: the better way for words, of which there are many in each.
    queries = [" & ".join(asked)] if question else asked
    answers = and_(
        *(made.op("@@")(cast(query, TSQUERY)) for query in queries), Item.search_extra.is_not(None)
    )
    return answers if ids is None else and_(answers, Item.id.in_(_literally(ids)))


def unindexed(conditions: Iterable[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """The same conditions, without an index of items by their kind: beside the one of words, it is asked for
    all items of the kind."""
    return [replacement_traverse(one, {}, _hidden) for one in conditions]


def _hidden(element: Any, **_: Any) -> Any:
    if isinstance(element, Column) and element.table is Item.__table__ and element.name == "kind":
        return func.concat(element)
    return None


def window(at: int, size: int, *, is_falling: bool) -> tuple[int, int]:
    """As `service.window`: whole blocks, since the index gives nothing less."""
    bits = next((bits for _, bits in BLOCKS if size >> bits < _MOST_BLOCKS - 1), BLOCKS[-1][1])
    if is_falling:
        return (max(at - size + 1, 0) >> bits << bits) - 1, at
    return at, ((at + size) >> bits << bits) + (1 << bits) - 1


def among(ids: Select[int]) -> ColumnElement[bool]:
    """As `service.among`."""
    return Item.id == any_(func.array(ids.scalar_subquery()))


def _literally(ids: Sequence[int]) -> BindParameter[Sequence[int]]:
    """Written into the statement: PostgreSQL finds them in their index, beside the words in theirs, and fetches only
    what is in both, if it knows how many they are. Otherwise it fetches each of them and makes its terms."""
    return bindparam("ids", ids, expanding=True, literal_execute=True)


def _word(word: Word) -> str:
    return "(" + " | ".join(_together(one) for one in (*word.names, *word.texts)) + ")"


def _blocks(above: int, up_to: int) -> str:
    for mark, bits in BLOCKS:
        first, last = (above + 1) >> bits, up_to >> bits
        if last - first < _MOST_BLOCKS:
            return "(" + " | ".join(f"'{mark}{block}'" for block in range(first, last + 1)) + ")"
    return ""


def _together(asked: Together) -> str:
    return "(" + " & ".join(_term(term) for term in asked) + ")"


def _term(term: Term) -> str:
    return f"'{term.text}':*" if term.is_beginning else f"'{term.text}'"
