"""JSON as models write it: with comments, trailing commas, quotes within quotes, or cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_BARE = re.compile(r"[^\s,:\[\]{}\"']+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_AFTER_STRING = re.compile(
    r"\s*(?:$|[:}\]]|//|/\*|,\s*(?:$|[\"'{\[}\]\-\d]|true|false|null|//|/\*))"
    r"|\s+[\"'](?:[^\"'\n]{1,40}[\"']\s*:)|\s*\n\s*[\"'{\[]"  # the comma is missing
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_QUOTES = {'"': '"', "'": "'", "“": "”", "”": "”"}
_WORDS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_DEEPEST = 40


class NotJson(Exception):
    """Not even loosely; the message says where."""


@dataclass(frozen=True, slots=True)
class Loose:
    """What was read, up to `end`. `is_certain`: nothing had to be guessed; `is_cut`: the text ended too soon."""

    value: Any
    end: int
    is_certain: bool
    is_cut: bool


def read(text: str, start: int = 0) -> Loose:
    """The value that begins at `start`. Raises `NotJson`."""
    reader = _Reader(text, start)
    value = reader.value(0)
    return Loose(value, min(reader.at, len(text)), reader.is_certain, reader.is_cut)


class _Reader:
    def __init__(self, text: str, start: int) -> None:
        self.text, self.at = text, start
        self.is_certain, self.is_cut = True, False

    def value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise NotJson("it is nested too deeply")
        character = self._next()
        if character == "{":
            return self._object(depth)
        if character == "[":
            return self._array(depth)
        if character in _QUOTES:
            return self._string()
        return self._bare()

    def _next(self) -> str:
        """The next character that is none of spaces and comments; empty at the end."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def _ended(self, closing: str) -> bool:
        """Whether the list or object ends here; passes commas."""
        while (character := self._next()) == ",":
            self.at += 1
        if character == "":
            self.is_cut, self.is_certain = True, False
            return True
        if character in "]}":
            # A wrong bracket closes what is open and stays for what is around it.
            if character == closing:
                self.at += 1
            else:
                self.is_certain = False
            return True
        return False

    def _array(self, depth: int) -> list[Any]:
        self.at += 1
        values: list[Any] = []
        while not self._ended("]"):
            before = self.at
            values.append(self.value(depth + 1))
            self._moved(before)
        return values

    def _object(self, depth: int) -> dict[str, Any]:
        self.at += 1
        pairs: dict[str, Any] = {}
        while not self._ended("}"):
            before = self.at
            key = self.value(depth + 1)
            if not isinstance(key, str):
                raise NotJson(f"at character {before} a name was expected")
            following = self._next()
            if following != ":":
                self._missing_value(pairs, key, is_last=following == "")
                continue
            self.at += 1
            if self._next() in {"", "}", ","}:
                self.is_certain = False
                continue
            self._put(pairs, key, self.value(depth + 1))
            self._moved(before)
        return pairs

    def _missing_value(self, pairs: dict[str, Any], key: str, *, is_last: bool) -> None:
        """A name without a value: kept as text, unless the answer was cut right there."""
        self.is_certain = False
        if is_last:
            self.is_cut = True
        else:
            self._put(pairs, "text", key)

    def _put(self, pairs: dict[str, Any], key: str, value: Any) -> None:
        """A name may come twice; nothing is lost then."""
        if key in pairs:
            self.is_certain = False
            number = 2
            while f"{key} {number}" in pairs:
                number += 1
            key = f"{key} {number}"
        pairs[key] = value

    def _moved(self, before: int) -> None:
        if self.at == before:
            raise NotJson(f"at character {before} there is nothing that can be read")

    def _string(self) -> str:
        closing = _QUOTES[self.text[self.at]]
        self.at += 1
        parts: list[str] = []
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "\\":
                parts.append(self._escape())
                continue
            if character == closing or (closing == "”" and character == '"'):
                if _AFTER_STRING.match(self.text, self.at + 1):
                    self.at += 1
                    return "".join(parts)
                self.is_certain = False
            parts.append(character)
            self.at += 1
        self.is_cut, self.is_certain = True, False
        return "".join(parts)

    def _escape(self) -> str:
        letter = self.text[self.at + 1 : self.at + 2]
        if letter == "u" and re.fullmatch(r"[0-9a-fA-F]{4}", self.text[self.at + 2 : self.at + 6]):
            return self._unicode()
        self.at += 2
        return _ESCAPES.get(letter, letter)

    def _unicode(self) -> str:
        code = int(self.text[self.at + 2 : self.at + 6], 16)
        self.at += 6
        if 0xD800 <= code < 0xDC00:
            low = re.compile(r"\\u([dD][c-fC-F][0-9a-fA-F]{2})").match(self.text, self.at)
            if low is None:
                return "\ufffd"
            self.at = low.end()
            return chr(0x10000 + ((code - 0xD800) << 10) + (int(low.group(1), 16) - 0xDC00))
        return "\ufffd" if 0xDC00 <= code < 0xE000 else chr(code)

    def _bare(self) -> Any:
        found = _BARE.match(self.text, self.at)
        if found is None:
            raise NotJson(f"at character {self.at} a value was expected")
        word = found.group()
        self.at = found.end()
        if word in _WORDS:
            return _WORDS[word]
        if _NUMBER.fullmatch(word):
            return float(word) if set(word) & set(".eE") else int(word) if len(word) < 20 else float(word)
        self.is_certain = False
        return word
