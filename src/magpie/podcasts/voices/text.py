"""Texts as voices get them: cleaned, cut where a reader would breathe, and how long they take to say."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Marks of direction and of byte order say nothing aloud; joiners (U+200C, U+200D) change words in some scripts and stay.
_UNHEARD = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]")
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_SENTENCE = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？；]+[」』”’）]*")
_CLAUSE = re.compile(r"[,;:–—]+(?=\s)|[，、：]+")
_SPACE = re.compile(r"\s+")
# Scripts that are written without spaces: each character is timed as a word.
_DENSE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_TOKEN = re.compile(
    f"{_DENSE.pattern}[^\\w\\s]*|(?:(?!{_DENSE.pattern})\\S)+",
)
_NAMED_SIGNS = frozenset("%&@#+=<>*/\\^~|$€£¥")
# Characters a second, on the slow side of what voices do; a Chinese character is a syllable, a digit is a word.
_LETTERS_A_SECOND, _SYLLABLES_A_SECOND, _DIGITS_A_SECOND = 14.0, 4.2, 3.0


@dataclass(frozen=True, slots=True)
class Token:
    """A word with what clings to it, at characters `start` up to `end`."""

    text: str
    start: int
    end: int


def clean(text: str) -> str:
    """The text without characters that could command a voice instead of being said; whitespace is one space."""
    return _SPACE.sub(" ", _ODD.sub(" ", _UNHEARD.sub("", text))).strip()


def is_sayable(text: str) -> bool:
    """Whether there is anything to say in it: a letter, a number, a sign with a name."""
    return any(unicodedata.category(one)[0] in "LN" or one in _NAMED_SIGNS for one in text)


def pieces(text: str, most: int) -> list[str]:
    """The text in parts of up to `most` characters, cut after sentences, else clauses, else words, else anywhere.

    Nothing but whitespace at the cuts is left out.
    """
    parts, rest = [], text.strip()
    while len(rest) > most:
        cut = _cut(rest, most)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts


def _cut(text: str, most: int) -> int:
    """Where to cut: never so early that the parts become many and short."""
    least = most // 3
    head = text[: most + 1]  # one more, for the space that shows a sentence's end
    for sign in (_SENTENCE, _CLAUSE):
        ends = [found.end() for found in sign.finditer(head) if least <= found.end() <= most]
        if ends:
            return ends[-1]
    spaces = [found.start() for found in _SPACE.finditer(head) if 0 < found.start() <= most]
    if spaces:
        return spaces[-1]
    cut = most
    while cut > 1 and unicodedata.combining(text[cut]):
        cut -= 1
    return cut


def tokens(text: str) -> list[Token]:
    """Its words; where a script has no spaces, its characters."""
    return [Token(found.group(), *found.span()) for found in _TOKEN.finditer(text)]


def seconds_to_say(text: str) -> float:
    """About how long it takes to say, to tell a cut or endless recording from a good one."""
    dense = len(_DENSE.findall(text))
    digits = sum(one.isdigit() for one in text)
    letters = sum(one.isalpha() for one in text) - dense
    return dense / _SYLLABLES_A_SECOND + digits / _DIGITS_A_SECOND + max(letters, 0) / _LETTERS_A_SECOND
