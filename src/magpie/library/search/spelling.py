"""Words that were misspelt by one letter: one too many, one too few, another one, or two in the wrong order.

Two words that are so close have something in common when one letter is left out of either of them
(https://wolfgarbe.medium.com/1000x-faster-spelling-correction-algorithm-2012-8701fcd87a5f); what they have in common is
looked up, and the candidates are compared.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from sqlalchemy import insert, select

from magpie.kit.db import ReadSession, WriteSession
from magpie.library.search.models import spellings

MOST_MEANT = 8
_BATCH = 500


def keys(word: str) -> set[int]:
    """What the word is looked up by, each a signed number of 32 bits."""
    left = {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
    return {zlib.crc32(one.encode()) - 2**31 for one in left}


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
    found = session.scalars(select(spellings.c.word).where(spellings.c.key.in_(keys(word))).distinct())
    return sorted(one for one in found if one != word and is_close(one, word))[:MOST_MEANT]


def learn(session: WriteSession, words: Iterable[str]) -> None:
    """Remember words that are in the library. They stay when their items go: what finds nothing does no harm."""
    wanted = sorted(set(words))
    for start in range(0, len(wanted), _BATCH):
        part = {zlib.crc32(word.encode()) - 2**31: word for word in wanted[start : start + _BATCH]}
        query = select(spellings.c.word).where(spellings.c.key.in_(part), spellings.c.word.in_(part.values()))
        known = set(session.scalars(query))
        rows = [
            {"key": key, "word": word} for word in part.values() if word not in known for key in keys(word)
        ]
        if rows:
            session.execute(insert(spellings), rows)
