"""Words that were misspelt by one letter: one too many, one too few, another one, or two in the wrong order.

One slip leaves the beginning of a word as it is, or its end: words that have either in common are looked up and
compared. So each word is stored once, there and back; to store it under all that is left of it without one of its
letters (https://wolfgarbe.medium.com/1000x-faster-spelling-correction-algorithm-2012-8701fcd87a5f) took ten rows.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, insert, select

from magpie.kit.db import ReadSession, WriteSession
from magpie.library.search.models import spellings

MOST_MEANT = 8
_BATCH = 500


def ends(word: str) -> tuple[str, str]:
    """A beginning and an end of the word, of which one slip leaves one as it is.

    Between them is one letter: two letters in the wrong order cannot be in both.
    """
    length = (len(word) - 1) // 2
    return word[:length], word[length + 1 :]


def is_close(one: str, other: str) -> bool:
    """Whether one slip of the hand makes one word of the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return one == other
    at = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, other_rest = one[at:], other[at:]
    if len(one) != len(other):
        return rest[1:] == other_rest or rest == other_rest[1:]
    return rest[1:] == other_rest[1:] or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])


def meant(session: ReadSession, word: str) -> list[str]:
    """Words of the library that this one may have been meant to be; never the word itself."""
    front, back = ends(word)
    is_as_long = func.length(spellings.c.word).between(len(word) - 1, len(word) + 1)
    by_front = select(spellings.c.word).where(_begins(spellings.c.word, front), is_as_long)
    by_back = select(spellings.c.word).where(_begins(spellings.c.backwards, back[::-1]), is_as_long)
    found = session.scalars(by_front.union(by_back))
    return sorted(one for one in found if one != word and is_close(one, word))[:MOST_MEANT]


def _begins(column: ColumnElement[str], letters: str) -> ColumnElement[bool]:
    return (column >= letters) & (column < letters + "\x7f")


def learn(session: WriteSession, words: Iterable[str]) -> None:
    """Remember words that are in the library. They stay when their items go: what finds nothing does no harm."""
    wanted = sorted(set(words))
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        known = set(session.scalars(select(spellings.c.word).where(spellings.c.word.in_(part))))
        rows = [{"word": word, "backwards": word[::-1]} for word in part if word not in known]
        if rows:
            session.execute(insert(spellings), rows)
