"""Transcripts as subtitles: WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip, in cues that can be read in time.

A cue has two lines of 42 characters at most (21 where letters are twice as wide) and lasts seven seconds at most, as
broadcasters have it; longer passages are divided at words, by the words' times where they are known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from magpie.podcasts.transcribers.port import HeardWord, Passage, Transcript

LINE = 42
LINES = 2
LONGEST = 7.0  # seconds
SHORTEST = 0.3
_SPACES = re.compile(r"\s+")
_WIDE = frozenset("WF")
_CUT_AFTER = "。！？，、；：…"


@dataclass(frozen=True, slots=True)
class Cue:
    """`text` is one line; seconds."""

    start: float
    end: float
    text: str


def vtt(transcript: Transcript) -> str:
    """The transcript as WebVTT."""
    note = _plain(_SPACES.sub(" ", _note(transcript)))
    cues = (
        f"{_clock(cue.start)} --> {_clock(cue.end)}\n{_escaped(_lines(cue.text))}\n"
        for cue in cues_of(transcript)
    )
    return f"WEBVTT\n\nNOTE {note}\n\n" + "\n".join(cues)


def cues_of(transcript: Transcript) -> list[Cue]:
    """In order, none before the one before it ends. No word of the transcript is lost."""
    cues: list[Cue] = []
    latest = 0.0
    for passage in sorted(transcript.passages, key=lambda one: (one.start, one.end)):
        for cue in _divided(passage):
            start = max(cue.start, latest)
            latest = max(cue.end, start + SHORTEST)
            cues.append(Cue(start, latest, cue.text))
    return cues


def _note(transcript: Transcript) -> str:
    kind = "A draft, made by" if transcript.is_draft else "Made by"
    return f"{kind} {transcript.provider}"


def _divided(passage: Passage) -> Iterator[Cue]:
    text = _SPACES.sub(" ", passage.text).strip()
    if not text:
        return
    parts = list(_parts(text, passage.end - passage.start))
    begun = 0
    for part in parts:
        ended = begun + len(part)
        start, end = _time_at(passage, begun, len(text)), _time_at(passage, ended, len(text))
        if passage.words:
            start, end = _by_words(passage.words, begun / len(text), ended / len(text), (start, end))
        yield Cue(start, end, part.strip())
        begun = ended


def _time_at(passage: Passage, characters: int, total: int) -> float:
    return passage.start + (passage.end - passage.start) * characters / total


def _by_words(
    words: tuple[HeardWord, ...], begun: float, ended: float, otherwise: tuple[float, float]
) -> tuple[float, float]:
    """The times of the words that stand in a share (0 to 1) of the passage's characters."""
    total = sum(len(word.text) for word in words) or 1
    within, passed = [], 0
    for word in words:
        middle = (passed + len(word.text) / 2) / total
        passed += len(word.text)
        if begun <= middle < ended:
            within.append(word)
    return (within[0].start, within[-1].end) if within else otherwise


def _parts(text: str, seconds: float) -> Iterator[str]:
    """The text in parts that fit a cue each, joined they are the text."""
    most = LINE * LINES
    if seconds > LONGEST and _width(text) > LINE // 2:
        most = min(most, max(int(_width(text) / -(-seconds // LONGEST)) + 1, LINE // 2))
    part, width = "", 0
    for word in _pieces(text):
        wide = _width(word)
        if part and width + wide > most:
            yield part
            part, width = "", 0
        part += word
        width += wide
    yield part


def _pieces(text: str) -> Iterator[str]:
    """What a text may be divided into: words with the spaces after them, and letters of scripts without spaces."""
    piece = ""
    for letter in text:
        if piece and (
            piece[-1] == " " or piece[-1] in _CUT_AFTER or (_is_wide(letter) and letter not in _CUT_AFTER)
        ):
            yield piece
            piece = ""
        piece += letter
        if len(piece) >= LINE:
            yield piece
            piece = ""
    if piece:
        yield piece


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in _WIDE


def _width(text: str) -> int:
    return sum(2 if _is_wide(letter) else 1 for letter in text)


def _lines(text: str) -> str:
    """Two lines of about the same width, where one is not enough."""
    total = _width(text)
    if total <= LINE:
        return text
    first, width = "", 0
    for piece in _pieces(text):
        if first and width + _width(piece) / 2 > total / 2:
            break
        first += piece
        width += _width(piece)
    rest = text[len(first) :]
    return f"{first.rstrip()}\n{rest.lstrip()}" if rest.strip() else text


def _plain(text: str) -> str:
    """An arrow would begin a cue, and an empty line end one."""
    return text.replace("-->", "->")


def _escaped(text: str) -> str:
    return _plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float) -> str:
    milliseconds = round(max(seconds, 0.0) * 1000)
    whole, rest = divmod(milliseconds, 1000)
    minutes, whole = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{whole:02}.{rest:03}"
