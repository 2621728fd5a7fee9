"""Reading what recognisers answer: the JSON of Whisper's kin, with or without times, and plain text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from magpie.podcasts.transcribers import languages
from magpie.podcasts.transcribers.port import HeardWord, Passage, Transcript, TranscriptionFailed

# A full stop ends a sentence before a space only: 3.14 is one.
_SENTENCE_ENDS = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"'”’)]))\s+|(?<=[。！？])(?![。！？”’」』])\s*")
LONGEST_TEXT = 5_000_000  # characters


def read(body: bytes, provider: str, seconds: float, *, asked: str | None = None) -> Transcript:
    """The transcript in an answer about a recording of `seconds`. Raises `TranscriptionFailed` (`failing`) for what is
    none: an empty body, JSON that is cut or malformed.

    The JSON is `{text, language, segments: [{start, end, text, words?}], words?: [{word, start, end}]}`.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise TranscriptionFailed(
            "failing", f"{provider} answered something that is no transcript."
        ) from None
    if not isinstance(data, dict) or not ("segments" in data or isinstance(data.get("text"), str)):
        raise TranscriptionFailed("failing", f"{provider} answered something that is no transcript.")
    segments = data.get("segments")
    passages = _passages(segments if isinstance(segments, list) else [], seconds)
    words = tuple(_words(data.get("words"), seconds))
    if not passages and isinstance(data.get("text"), str):
        passages = of_words(words) if words else spread(data["text"], 0.0, seconds)
    elif words and not any(passage.words for passage in passages):
        passages = _with_words(passages, words)
    return Transcript(tuple(passages), languages.spoken(data.get("language"), asked), provider)


def spread(text: str, start: float, end: float) -> list[Passage]:
    """A text without times as one passage for each sentence, each of the time that its characters take."""
    text = text[:LONGEST_TEXT].strip()
    sentences = [found for one in _SENTENCE_ENDS.split(text) if (found := one.strip())]
    total = sum(map(len, sentences))
    passages, passed = [], 0
    for sentence in sentences:
        began = start + (end - start) * passed / total
        passed += len(sentence)
        passages.append(Passage(began, start + (end - start) * passed / total, sentence))
    return passages


def of_words(words: Sequence[HeardWord], *, pause: float = 0.6, most: float = 8.0) -> list[Passage]:
    """Words put together: a pause ends a passage, and so does its length (seconds)."""
    passages: list[Passage] = []
    held: list[HeardWord] = []
    for word in words:
        if held and (word.start - held[-1].end >= pause or word.end - held[0].start > most):
            passages.append(_together(held))
            held = []
        held.append(word)
    return [*passages, _together(held)] if held else passages


def _together(words: Sequence[HeardWord]) -> Passage:
    text = _joined(word.text for word in words)
    return Passage(words[0].start, words[-1].end, text, tuple(words))


_NO_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff]")


def _joined(words: Iterable[str]) -> str:
    """Words with spaces between them, but for scripts that have none."""
    text = ""
    for word in words:
        glued = not text or (_NO_SPACES.match(text[-1]) and _NO_SPACES.match(word))
        text += word if glued else f" {word}"
    return text


def _passages(segments: Sequence[Any], seconds: float) -> list[Passage]:
    found = []
    for segment in segments:
        fields = _fields(segment)
        text = fields.get("text")
        times = _times(fields, seconds)
        if isinstance(text, str) and text.strip() and times is not None:
            words = tuple(_words(fields.get("words"), seconds))
            found.append(Passage(*times, text.strip(), words))
    return sorted(found, key=lambda passage: (passage.start, passage.end))


def _fields(segment: Any) -> dict[str, Any]:
    """A segment by names. The Whisper ASR webservice with faster-whisper before 1.1 gives lists of their values."""
    if isinstance(segment, dict):
        return segment
    if isinstance(segment, list) and len(segment) > 4:
        return {"start": segment[2], "end": segment[3], "text": segment[4], "words": segment[-1]}
    return {}


def _words(words: Any, seconds: float) -> Iterable[HeardWord]:
    for word in words if isinstance(words, list) else ():
        if isinstance(word, list) and len(word) > 2:
            fields: dict[str, Any] = {"start": word[0], "end": word[1], "word": word[2]}
        else:
            fields = word if isinstance(word, dict) else {}
        text, times = fields.get("word"), _times(fields, seconds)
        if isinstance(text, str) and text.strip() and times is not None:
            yield HeardWord(text.strip(), *times)


def _times(fields: dict[str, Any], seconds: float) -> tuple[float, float] | None:
    """Within the recording, the end not before the start; whisperx leaves out those that it does not know."""
    start, end = fields.get("start"), fields.get("end")
    if not isinstance(start, int | float) or not isinstance(end, int | float):
        return None
    if not (math.isfinite(start) and math.isfinite(end)):
        return None
    start = min(max(float(start), 0.0), seconds)
    return start, min(max(float(end), start), seconds)


def _with_words(passages: Sequence[Passage], words: Sequence[HeardWord]) -> list[Passage]:
    """Each word goes to the passage that its middle lies in, or else to the one that ended last before it."""
    shares: list[list[HeardWord]] = [[] for _ in passages]
    at = 0
    for word in sorted(words, key=lambda word: word.start):
        middle = (word.start + word.end) / 2
        while at + 1 < len(passages) and passages[at + 1].start <= middle:
            at += 1
        shares[at].append(word)
    return [
        Passage(one.start, one.end, one.text, tuple(share))
        for one, share in zip(passages, shares, strict=True)
    ]
