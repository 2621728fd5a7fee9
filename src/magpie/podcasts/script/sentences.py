"""Sentences with their places in the text, in any script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from magpie.podcasts.script.letters import has_letters, ideographs

_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?![ \t]*\n)[^\n]+)*")
# Ends of sentences in Chinese, Japanese, Hindi, Thai and so on; closing quotes belong to what they close.
_WIDE_END = re.compile(r"(?:[。！？!?…｡।॥؟۔]|(?<=[^\d.])\.(?=\s|$))+[”’」』》）)\]\"']*")
_BREAKS = (re.compile(r"[;；:：]\s*"), re.compile(r"[,，、]\s*"), re.compile(r"\s+"))
_LONGEST = 420  # letters; more is cut where a speaker would breathe
_LONGEST_PIECE = 20_000  # what the segmenter is given at once
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+")
_MARKS = re.compile(r"^[ \t]*(?:[-*+•>]|#{1,6}|\d{1,3}[.)])[ \t]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at characters `start` to `end` of its text. `paragraph` counts from 0."""

    text: str
    start: int
    end: int
    paragraph: int
    is_heading: bool = False


def split(text: str) -> list[Sentence]:
    """All sentences of a text, in order. `text[one.start:one.end]` is what `one.text` was before spaces were joined."""
    found: list[Sentence] = []
    number = 0
    for start, end in _paragraphs(text):
        block = text[start:end]
        if not has_letters(block):
            continue
        if _is_heading(block):
            found.append(_sentence(text, start, end, number, is_heading=True))
        else:
            spans = list(_wide(block) if ideographs(block) * 4 > len(block) else _spaced(block))
            for first, last in spans:
                found += [
                    _sentence(text, start + a, start + b, number)
                    for a, b in _short_enough(block, first, last)
                    if has_letters(block[a:b])
                ]
        number += 1
    return found


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Blocks of lines without an empty one between them; headings and items of lists are blocks of their own."""
    for block in _PARAGRAPH.finditer(text):
        start = block.start()
        position = start
        for line in block.group().splitlines(keepends=True):
            if _MARKS.match(line) or _HEADING.match(line):
                if position > start:
                    yield start, position
                start = position
            position += len(line)
            if _HEADING.match(line):
                yield start, position
                start = position
        if position > start:
            yield start, position


def _is_heading(block: str) -> bool:
    """A short line that does not end as a sentence does."""
    line = block.strip()
    if _HEADING.match(line):
        return True
    if "\n" in line or len(line) > (30 if ideographs(line) > 3 else 80) or _MARKS.match(block):
        return False
    return not re.search(r"[.!?。！？…,，;；:：\"”’)）」』]$|[。！？…]|[.!?] ", line)


def _spaced(block: str) -> Iterator[tuple[int, int]]:
    """Sentences of a language with spaces between words."""
    from syntok.segmenter import analyze  # type: ignore[import-untyped]  # heavy: for those who write only

    for offset in range(0, len(block), _LONGEST_PIECE):
        for paragraph in analyze(block[offset : offset + _LONGEST_PIECE]):
            for tokens in paragraph:
                start = offset + tokens[0].offset
                yield start, offset + tokens[-1].offset + len(tokens[-1].value)


def _wide(block: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _WIDE_END.finditer(block):
        yield start, end.end()
        start = end.end()
    if start < len(block):
        yield start, len(block)


def _short_enough(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span, cut at its last break before the limit as often as it takes."""
    while end - start > _LONGEST:
        cut = start + _LONGEST
        for mark in _BREAKS:
            places = [one.end() for one in mark.finditer(text, start + _LONGEST // 3, cut)]
            if places:
                cut = places[-1]
                break
        yield start, cut
        start = cut
    if end > start:
        yield start, end


def _sentence(text: str, start: int, end: int, paragraph: int, *, is_heading: bool = False) -> Sentence:
    raw = text[start:end]
    start += len(raw) - len(raw.lstrip())
    end -= len(raw) - len(raw.rstrip())
    words = _MARKS.sub("", text[start:end])
    gap = "" if ideographs(words) * 4 > len(words) else " "
    words = re.sub(r"[ \t]*\n[ \t]*", gap, words)
    return Sentence(re.sub(r"[ \t\u00a0]+", " ", words).strip(), start, end, paragraph, is_heading)
