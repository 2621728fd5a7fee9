"""What a person looks for: words of items, and their own tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, func, literal, or_, select

from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession
from magpie.library.models import Item, ItemTag
from magpie.library.search import service as search
from magpie.library.search import terms
from magpie.library.search.terms import Question, Word
from magpie.library.search.words import split

LONGEST_BEGINNING = terms.SORT_KEY_LENGTH - 4
MOST_TAGS = 2000  # of one person, that are looked through


@dataclass(frozen=True, slots=True)
class Sought:
    """A question, and by the number of the word the caller's tags that it may mean."""

    question: Question
    tags: tuple[tuple[int, tuple[str, ...]], ...]
    user_id: int

    @property
    def is_spellable(self) -> bool:
        """Whether one of the words could have been misspelt."""
        return any(len(word.letters or "") >= terms.SPELLABLE for word in self.question)


def understood(session: ReadSession, principal: Principal, q: str) -> Sought:
    """What these words ask for, as they are written."""
    question = terms.query(q)
    tags = []
    if question:
        names = [(name, terms.index_terms([name])) for name in _tags(session, principal.id)]
        for number, word in enumerate(question):
            if meant := tuple(name for name, found in names if terms.matches(found, (word,))):
                tags.append((number, meant))
    return Sought(question, tuple(tags), principal.id)


def corrected(session: ReadSession, sought: Sought) -> Sought | None:
    """What they may have been meant to ask for; None if nothing comes to mind."""
    question = search.meant(session, sought.question)
    return replace(sought, question=question) if question != sought.question else None


def _tags(session: ReadSession, user_id: int) -> list[str]:
    """The caller's tags; each is one look into the index, however many items have it."""
    mine = ItemTag.user_id == user_id
    each = select(func.min(ItemTag.name).label("name")).where(mine).cte("each", recursive=True)
    next_one = select(func.min(ItemTag.name)).where(mine, ItemTag.name > each.c.name).scalar_subquery()
    each = each.union_all(select(next_one).where(each.c.name.is_not(None)))
    query = select(each.c.name).where(each.c.name.is_not(None)).limit(MOST_TAGS)
    return list(session.scalars(query))


def found(
    session: ReadSession,
    sought: Sought,
    *,
    facts: frozenset[str] = frozenset(),
    window: tuple[int, int] | None = None,
    beyond_names: bool = False,
    ids: Sequence[int] | None = None,
) -> list[ColumnElement[bool]]:
    """Of `Item`: all words are found in it or in the caller's tags of it, and it has the facts.

    `beyond_names`: what has all words in its names is left out. `window` and `ids`: as in `search.condition`.
    """
    tagged = dict(sought.tags)
    plain = tuple(word for number, word in enumerate(sought.question) if number not in tagged)
    conditions = []
    named = by_names(sought).question if beyond_names else ()
    if plain or facts:
        without = named if not tagged else ()
        conditions.append(
            search.condition(session, plain, facts=facts, window=window, without=without, ids=ids)
        )
    if named and tagged:
        conditions.append(~search.condition(session, named, window=window))
    for number, names in tagged.items():
        by_word = search.condition(session, (sought.question[number],), window=window)
        query = select(ItemTag.item_id).where(ItemTag.user_id == sought.user_id, ItemTag.name.in_(names))
        if window:
            query = query.where(ItemTag.item_id > window[0], ItemTag.item_id <= window[1])
        conditions.append(or_(by_word, search.among(session, query)))
    return conditions


def stream(
    session: ReadSession,
    sought: Sequence[Sought],
    *,
    facts: frozenset[str],
    where: Sequence[ColumnElement[bool]],
    is_falling: bool,
    beyond: int | None,
    beyond_names: bool = False,
) -> Select[int] | None:
    """As `search.stream`, for several that must all be found. None if tags may stand for one of the words."""
    if any(one.tags for one in sought) or (beyond_names and len(sought) > 1):
        return None
    return search.stream(
        session,
        tuple(word for one in sought for word in one.question),
        facts=facts,
        without=by_names(sought[0]).question if beyond_names else (),
        where=where,
        is_falling=is_falling,
        beyond=beyond,
    )


def by_names(sought: Sought) -> Sought:
    """The same, but in names alone: not in what is said about items, not in tags."""
    words = tuple(Word(word.names, (), word.letters) for word in sought.question)
    return replace(sought, question=words, tags=())


def title_range(q: str) -> ColumnElement[bool] | None:
    """Of `Item`: its title begins with these words; None if that cannot be told from how titles are sorted.

    It never holds for what the words do not find.
    """
    words, key = list(split(q)), terms.sort_key(q)
    if not words or any(is_run for is_run, _ in words) or len(words[-1][1]) < 2:
        return None
    if len(key) > LONGEST_BEGINNING:
        return None
    return (Item.sort_title >= literal(key)) & (Item.sort_title < literal(key + "\x7f"))


def nothing(principal: Principal) -> Sought:
    """No words at all."""
    return Sought((), (), principal.id)
