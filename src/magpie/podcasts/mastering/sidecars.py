"""Files beside the recording: transcript as WebVTT and as JSON, chapters. Pure.

Sources: W3C WebVTT; Podcasting 2.0, "Transcripts" and "JSON Chapters Format 1.2.0".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from magpie.podcasts.mastering.order import Cue, Mastered

_LONGEST = 84  # columns of a caption: two lines; a sign of Chinese or Japanese takes two
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*$|[。！？；][”’」』）]*$")
_PIECE = re.compile(r"\S+\s*")
_WIDE = re.compile(r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_OPENING = "([{<\"'“‘«‹¿¡（【「『《〈#$€£@"
_NEAR = 60  # signs: how far ahead a word is looked for


@dataclass(frozen=True, slots=True)
class Caption:
    """A part of a turn that is short enough to be shown at once. `marks`: places in `text`, and when they are said."""

    start: float
    end: float
    speaker: str
    text: str
    marks: tuple[tuple[int, float], ...] = ()


def vtt(mastered: Mastered) -> str:
    """The transcript as WebVTT: voice tags say who speaks, timestamps within the text when each word is said."""
    blocks = ["WEBVTT\n"]
    for caption in captions(mastered.cues):
        times = f"{_clock(caption.start)} --> {_clock(caption.end)}"
        voice = _escaped(" ".join(caption.speaker.split())) or "?"
        blocks.append(f"{times}\n<v {voice}>{_timed(caption)}</v>\n")
    return "\n".join(blocks)


def chapters_json(mastered: Mastered, *, title: str = "", show: str = "", author: str = "") -> str:
    """The chapters as Podcasting 2.0's JSON, version 1.2.0."""
    facts = {"title": title, "podcastName": show, "author": author}
    chapters = []
    for chapter in mastered.chapters:
        entry: dict[str, Any] = {
            "startTime": round(chapter.start, 3),
            "endTime": round(chapter.end, 3),
            "title": chapter.title,
        }
        if chapter.address:
            entry["url"] = chapter.address
        chapters.append(entry)
    told = {name: value for name, value in facts.items() if value}
    return json.dumps({"version": "1.2.0", **told, "chapters": chapters}, ensure_ascii=False)


def captions(cues: Sequence[Cue]) -> Iterator[Caption]:
    """The turns in parts of at most two lines. Every word of every turn is in exactly one of them."""
    for cue in cues:
        text = " ".join(cue.text.split())
        if not text:
            continue
        marks = _marks(text, cue)
        for first, last in _parts(text):
            start = cue.start if first == 0 else _when(marks, first)
            end = cue.end if last == len(text) else _when(marks, last)
            inside = (
                tuple((at - first, when) for at, when in marks[1:-1] if first < at < last)
                if cue.words
                else ()
            )
            yield Caption(start, max(end, start + 0.001), cue.speaker, text[first:last], inside)


def _parts(text: str) -> list[tuple[int, int]]:
    """From where to where each part goes: cut after sentences if that leaves no scraps, else between words."""
    parts: list[tuple[int, int]] = []
    first = 0
    while first < len(text):
        last = _cut(text, first)
        parts.append((first, last))
        first = last
    return parts


def _cut(text: str, first: int) -> int:
    width, last, sentence = 0, first, first
    for piece in _pieces(text, first):
        width += _width(text[piece[0] : piece[1]].rstrip())
        if width > _LONGEST and last > first:
            return sentence if sentence - first > (last - first) / 3 else last
        width += text[piece[0] : piece[1]].endswith(" ")
        last = piece[1]
        if _ENDS_SENTENCE.search(text[first:last].rstrip()):
            sentence = last
    return last


def _pieces(text: str, first: int) -> Iterator[tuple[int, int]]:
    """Words, or single signs where a script has no spaces."""
    for match in _PIECE.finditer(text, first):
        if not _WIDE.search(match[0]):
            yield match.span()
            continue
        begin = match.start()
        for at in range(begin + 1, match.end() + 1):
            if at == match.end() or (text[at].isalnum() and _WIDE.match(text[at])):
                yield begin, at
                begin = at


def _width(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))


def _marks(text: str, cue: Cue) -> list[tuple[int, float]]:
    """Places in the text in their order, and when they are said; the first one is its beginning, the last one its end.

    Words are looked for in the text one after the other; what the voice says otherwise than it is written is passed over.
    """
    lowered = text.lower() if len(text.lower()) == len(text) else text
    found = [(0, cue.start)]
    at = 0
    for word in cue.words:
        bare = _EDGES.sub("", word.text.lower())
        place = lowered.find(bare, at, at + _NEAR + len(bare)) if bare else -1
        if place < 0:
            continue
        begin, at = place, place + len(bare)
        while begin > found[-1][0] and text[begin - 1] in _OPENING:
            begin -= 1
        if begin > found[-1][0] and word.start >= found[-1][1]:
            found.append((begin, word.start))
    return [*found, (len(text), cue.end)]


def _when(marks: Sequence[tuple[int, float]], place: int) -> float:
    """When the sign at the place is said: between the marks around it, in proportion."""
    for (before, start), (after, end) in pairwise(marks):
        if before <= place < after:
            return start + (place - before) / (after - before) * (end - start)
    return marks[-1][1]


def _timed(caption: Caption) -> str:
    """The text with timestamps before its words."""
    parts, at, last = [], 0, caption.start
    for place, when in caption.marks:
        if last < when < caption.end:  # the standard wants them to rise, within the caption's time
            parts += [_escaped(caption.text[at:place]), f"<{_clock(when)}>"]
            at, last = place, when
    return "".join([*parts, _escaped(caption.text[at:]).rstrip()])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"
