"""What is known of Chinese characters: which mean the same, and how they are read. Made by `scripts/write_readings.py`.

The table is read when the first Chinese text is met: 5 MB, 20 milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("readings.txt")
_LONGEST_WORD = 4
# Of "fangan" there are fan'gan and fang'an; of anything that is no joke, a few.
_MOST_SPLITS = 8
_LONGEST_SYLLABLE = 6
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class _Table:
    folds: dict[int, str]
    usual: dict[str, str]
    words: dict[str, tuple[str, ...]]
    syllables: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    folds, usual, words = _FILE.read_text("utf-8").split("\n\n")
    readings = {}
    for line in usual.splitlines():
        reading, _, characters = line.partition(" ")
        readings.update(dict.fromkeys(characters, reading))
    said = (line.split(" ") for line in words.splitlines())
    return _Table(
        {ord(folds[at]): folds[at + 1] for at in range(0, len(folds), 2)},
        readings,
        {word: tuple(syllables) for word, *syllables in said},
        frozenset(reading for reading in readings.values() if _VOWELS.intersection(reading)),
    )


def fold(text: str) -> str:
    """Traditional and Japanese forms of characters as simplified ones."""
    return text.translate(_table().folds)


def read(characters: str) -> list[str]:
    """The reading of each folded character, without tones; empty for one that is not known."""
    table = _table()
    found: list[str] = []
    at = 0
    while at < len(characters):
        for length in range(min(_LONGEST_WORD, len(characters) - at), 1, -1):
            if said := table.words.get(characters[at : at + length]):
                found.extend(said)
                at += length
                break
        else:
            found.append(table.usual.get(characters[at], ""))
            at += 1
    return found


def split(letters: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The ways to read Latin letters as syllables, of which the last may have been begun only.

    Each is: the whole syllables, and those that the last one may be.
    """
    found: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    _split(letters.replace("v", "u"), (), found)
    return found


def _split(
    letters: str, before: tuple[str, ...], found: list[tuple[tuple[str, ...], tuple[str, ...]]]
) -> None:
    if len(found) >= _MOST_SPLITS:
        return
    syllables = _table().syllables
    # The first reading has the longest syllables, and is most likely meant; all others must be whole.
    whole: tuple[str, ...] = (letters,) if letters in syllables else ()
    if last := whole if found else beginning(letters):
        found.append((before, last))
    for length in range(min(_LONGEST_SYLLABLE, len(letters) - 1), 0, -1):
        if letters[:length] in syllables:
            _split(letters[length:], (*before, letters[:length]), found)


@lru_cache(maxsize=2000)
def beginning(letters: str) -> tuple[str, ...]:
    """The syllables that begin so."""
    return tuple(sorted(one for one in _table().syllables if one.startswith(letters)))
