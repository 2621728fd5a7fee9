"""Made-up items of a library: titles, artists, albums and descriptions in several scripts, the same in every run.

English words are those of Python's own manual, with the frequencies that they have there; the others are drawn so that
few are common and most are rare. Of 100 items about 52 are English, 10 Spanish, 22 Chinese, 6 Japanese, 4 Korean,
and 6 Russian. Descriptions have 100 to 200 characters, or 40 to 90 where each character is a syllable.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from pydoc_data.topics import topics
from typing import Any

START = datetime(2012, 1, 1, tzinfo=UTC)
SITES = (
    "www.youtube.com",
    "www.bilibili.com",
    "soundcloud.com",
    "vimeo.com",
    "music.example",
    "media.example",
)
KINDS = ("video", "audio", "gallery", "image")
Row = dict[str, Any]
READINGS = Path(__file__).parents[1] / "src" / "magpie" / "library" / "search" / "readings.txt"


class Words:
    """Words of one language, each with how often it comes."""

    def __init__(self, words: list[str], weights: list[float]) -> None:
        self._words = words
        self._sums = list(accumulate(weights))

    def some(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self._words, cum_weights=self._sums, k=count)


def _invented(chance: random.Random, syllables: list[str], count: int, sizes: tuple[int, int]) -> Words:
    """Zipf's law: the hundredth word is a hundredth as common as the first."""
    words = list(
        dict.fromkeys("".join(chance.choices(syllables, k=chance.randint(*sizes))) for _ in range(count))
    )
    return Words(words, [1 / (rank + 8) for rank in range(len(words))])


def _english(chance: random.Random) -> Words:
    """Four of five words are the manual's, one is rare."""
    counts: dict[str, float] = {}
    for word in re.findall(r"[a-z]{1,14}", " ".join(topics.values()).lower()):
        counts[word] = counts.get(word, 0) + 1
    rare = dict.fromkeys("".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(40_000))
    share = sum(counts.values()) / 4 / len(rare)
    return Words([*counts, *rare], [*counts.values(), *(share for _ in rare)])


_SYLLABLES = [
    a + b
    for a in [
        "b",
        "c",
        "d",
        "f",
        "g",
        "h",
        "j",
        "k",
        "l",
        "m",
        "n",
        "p",
        "r",
        "s",
        "t",
        "v",
        "w",
        "z",
        "br",
        "st",
        "tr",
        "pl",
    ]
    for b in ["a", "e", "i", "o", "u", "an", "er"]
]
_SPANISH = [
    a + b
    for a in ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "ll", "ñ", "v"]
    for b in ["a", "e", "i", "o", "ó", "á", "ar", "ón", "es"]
]
_RUSSIAN = [
    a + b
    for a in ["б", "в", "г", "д", "ж", "з", "к", "л", "м", "н", "п", "р", "с", "т", "х", "ш"]
    for b in ["а", "е", "и", "о", "у", "ы", "ой", "ть"]
]
_KANA = [
    *"あいうえおかきくけこさしすせそたちつてとなにのはひふまみもやゆよらりるれわん",
    "きゃ",
    "しょ",
    "ちゅ",
]
_HANGUL = [chr(0xAC00 + number * 28 * 7 % 11_172) for number in range(400)]


def _chinese(chance: random.Random) -> list[str]:
    """Words: those that the search knows, and as many again of their characters, common ones more often."""
    known = [line.split(" ")[0] for line in READINGS.read_text("utf-8").split("\n\n")[2].splitlines()]
    characters = "".join(known)
    made = ["".join(chance.choices(characters, k=chance.choice((1, 2, 2, 2, 3)))) for _ in range(15_000)]
    words = [*known, *made]
    chance.shuffle(words)
    return words


class Writer:
    """Writes items by their number."""

    def __init__(self) -> None:
        chance = random.Random(5)
        hangul = list(_HANGUL)
        self._english = _english(chance)
        self._spanish = _invented(chance, _SPANISH, 20_000, (2, 4))
        self._russian = _invented(chance, _RUSSIAN, 20_000, (2, 4))
        self._korean = _invented(chance, hangul, 15_000, (2, 4))
        chinese = _chinese(chance)
        self._chinese = Words(chinese, [1 / (rank + 8) for rank in range(len(chinese))])
        kana = ["".join(chance.choices(_KANA, k=chance.randint(2, 4))) for _ in range(8_000)]
        both = [word for pair in zip(kana, chinese, strict=False) for word in pair]
        self._japanese = Words(both, [1 / (rank + 8) for rank in range(len(both))])

    def item(self, number: int) -> Row:
        """The columns of item `number`, its file and its membership, as far as they differ."""
        return self._row(random.Random(number), number)

    def _row(self, chance: random.Random, number: int) -> Row:
        # An artist has 20 items, an album 10.
        artist_chance, album_chance = (
            random.Random(f"artist {number // 20}"),
            random.Random(f"album {number // 10}"),
        )
        group = random.Random(f"script {number // 20}")
        write: Callable[[random.Random, int, int], str] = group.choices(
            (self._latin, self._accented, self._han, self._kana, self._hangul, self._cyrillic),
            cum_weights=(52, 62, 84, 90, 94, 100),
        )[0]
        artist = write(artist_chance, 1, 2)
        album = write(album_chance, 1, 4)
        return {
            "title": write(chance, 2, 6),
            "artist": artist,
            "album": album if number % 10 < 6 else None,
            "description": _cut(write(chance, 16, 30), 100, 200, write in (self._han, self._kana), chance),
            "source_id": "".join(
                chance.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", k=11)
            ),
            "site": chance.choices(SITES, cum_weights=(60, 80, 90, 95, 98, 100))[0],
            "kind": chance.choices(KINDS, cum_weights=(50, 92, 97, 100))[0],
            "duration": float(chance.randint(30, 7200)),
            "size": chance.randint(10**6, 10**9),
            "published_at": START + timedelta(seconds=chance.randint(0, 4 * 10**8)),
            "created_at": START + timedelta(seconds=3 * number),
        }

    def _latin(self, chance: random.Random, least: int, most: int) -> str:
        return " ".join(self._english.some(chance, chance.randint(least, most))).capitalize()

    def _accented(self, chance: random.Random, least: int, most: int) -> str:
        return " ".join(self._spanish.some(chance, chance.randint(least, most))).capitalize()

    def _cyrillic(self, chance: random.Random, least: int, most: int) -> str:
        return " ".join(self._russian.some(chance, chance.randint(least, most))).capitalize()

    def _hangul(self, chance: random.Random, least: int, most: int) -> str:
        return " ".join(self._korean.some(chance, chance.randint(least, most)))

    def _han(self, chance: random.Random, least: int, most: int) -> str:
        return "".join(self._chinese.some(chance, chance.randint(least, most)))

    def _kana(self, chance: random.Random, least: int, most: int) -> str:
        return "".join(self._japanese.some(chance, chance.randint(least, most)))


def _cut(text: str, least: int, most: int, dense: bool, chance: random.Random) -> str:
    return text[: chance.randint(40, 90)] if dense else text[: chance.randint(least, most)]


def items(count: int, first: int = 1) -> Iterator[Row]:
    writer = Writer()
    return (writer.item(number) for number in range(first, first + count))
