"""A double of the package faster-whisper 1.2: the part of its interface that is used (faster_whisper/transcribe.py)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.transcribers.tones import Heard, hear, segments

SIZES = ("tiny", "small", "large-v3")


@dataclass
class Word:
    start: float
    end: float
    word: str
    probability: float


@dataclass
class Segment:
    id: int
    start: float
    end: float
    text: str
    words: list[Word] | None


@dataclass
class TranscriptionInfo:
    language: str
    duration: float


class WhisperModel:
    def __init__(self, model_size_or_path: str, device: str = "auto", compute_type: str = "default") -> None:
        if model_size_or_path not in SIZES:
            raise ValueError(
                f"Invalid model size '{model_size_or_path}', expected one of: {', '.join(SIZES)}"
            )

    def transcribe(
        self,
        audio: str,
        language: str | None = None,
        *,
        word_timestamps: bool = False,
        vad_filter: bool = False,
        condition_on_previous_text: bool = True,
    ) -> tuple[Iterator[Segment], TranscriptionInfo]:
        """Nothing is heard before the segments are asked for."""
        words, seconds = hear(audio)
        parts = segments(words)
        found = (_segment(number, part, word_timestamps) for number, part in enumerate(parts))
        return found, TranscriptionInfo(language or "en", seconds)


def _segment(number: int, part: list[Heard], word_timestamps: bool) -> Segment:
    words = [Word(word.start, word.end, f" {word.text}", 0.9) for word in part] if word_timestamps else None
    text = f" {' '.join(word.text for word in part)}."
    return Segment(number, part[0].start, math.ceil(part[-1].end), text, words)
