"""Text as the words that it is searched by, in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from magpie.library.search.kana import hiragana
from magpie.library.search.readings import fold

# Scripts without spaces between words, and Hangul, whose words carry endings: searched by one and two characters.
RUNS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff"  # Chinese characters
    "\uac00-\ud7a3"  # Hangul
)
_RUN = re.compile(f"[{RUNS}]+")
_HAN = re.compile("[\u3400-\u9fff]")
_ASCII_WORD = re.compile("[a-z0-9]+(?:'[a-z0-9]+)*")
_INITIALS = re.compile(r"\b(?:[a-z]\.){2,}(?![a-z0-9])")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "＇": "'"})
_PARTS = frozenset("LMN")
LONGEST_WORD = 32


def normalised(text: str) -> str:
    """One form for what looks or means the same: width, case, forms of Chinese characters."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = text.translate(_APOSTROPHES)
    return fold(text) if _HAN.search(text) else text


def split(text: str) -> Iterator[tuple[bool, str]]:
    """The words of a text, each with whether it is a run of characters to be searched by one and two.

    All others are in ASCII letters and digits, romanised if need be, and have at most 32 of them.
    """
    text = normalised(text)
    if text.isascii():
        yield from ((False, word) for word in _latin(text))
        return
    at = 0
    for run in _RUN.finditer(text):
        yield from ((False, word) for word in _others(text[at : run.start()]))
        yield True, hiragana(run[0])
        at = run.end()
    yield from ((False, word) for word in _others(text[at:]))


def _latin(text: str) -> Iterator[str]:
    if "." in text:
        text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    for word in _ASCII_WORD.findall(text):
        yield word.replace("'", "")[:LONGEST_WORD]


def _others(text: str) -> Iterator[str]:
    if text.isascii():
        yield from _latin(text)
        return
    spaced = "".join(
        char if char in "'." or unicodedata.category(char)[0] in _PARTS else " " for char in text
    )
    for word in spaced.split():
        if word.isascii():
            yield from _latin(word)
        else:
            yield from filter(None, (romanised(part)[:LONGEST_WORD] for part in word.split(".")))


@lru_cache(maxsize=4000)
def romanised(word: str) -> str:
    """A word in ASCII letters and digits."""
    from anyascii import anyascii  # its tables are read block by block, as they are needed

    return "".join(char for char in anyascii(word).lower() if char.isalnum())
