"""A language of tones: each word is a pitch. Doubles of recognisers hear it in real samples, so that what they answer, and
when each word is said, is a matter of the sound that really got there."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile  # type: ignore[import-untyped]
from numpy.typing import NDArray

RATE = 16_000
WORDS = (
    *(
        "amber",
        "birch",
        "cedar",
        "dune",
        "ember",
        "fjord",
        "grove",
        "haze",
        "inlet",
        "jade",
        "knoll",
        "lagoon",
        "meadow",
    ),
    *(
        "north",
        "oasis",
        "prairie",
        "quarry",
        "river",
        "stone",
        "tide",
        "umber",
        "valley",
        "willow",
        "yarrow",
        "zenith",
    ),
)
LENGTH, GAP = 0.30, 0.20  # seconds
_LOWEST, _STEP = 400.0, 100.0  # Hz
_LOUD = 0.05


class Heard(NamedTuple):
    """A word, and when it is said, in seconds."""

    text: str
    start: float
    end: float


def said(
    words: Sequence[str | float], *, noise: float = 0.0, level: float = 0.5
) -> tuple[NDArray[np.float32], list[Heard]]:
    """Samples that say the words, numbers being seconds of silence; and when each word is said."""
    parts: list[NDArray[np.float64]] = []
    spoken: list[Heard] = []
    at = 0
    for word in words:
        if isinstance(word, str):
            moments = np.arange(int(LENGTH * RATE)) / RATE
            pitch = _LOWEST + _STEP * WORDS.index(word)
            parts.append(level * np.sin(2 * np.pi * pitch * moments))
            spoken.append(Heard(word, at / RATE, at / RATE + LENGTH))
            at += len(moments)
        rest = int((GAP if isinstance(word, str) else word) * RATE)
        parts.append(np.zeros(rest))
        at += rest
    samples = np.concatenate(parts)
    samples = samples + np.random.default_rng(7).normal(0, noise, len(samples)) if noise else samples
    return samples.astype(np.float32), spoken


def write(path: Path, words: Sequence[str | float], **how: float) -> list[Heard]:
    """Write a file that says the words, of the kind that its name tells; when each is said."""
    samples, spoken = said(words, **how)
    soundfile.write(path, samples, RATE)
    return spoken


def hear(content: bytes | str) -> tuple[list[Heard], float]:
    """The words in a file (its bytes, or where it is), and how long it is. Raises `RuntimeError` for what is no sound."""
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    samples, rate = soundfile.read(source, dtype="float32", always_2d=True)
    if rate != RATE or samples.shape[1] != 1:
        raise RuntimeError(f"one channel of {RATE} Hz is expected, not {samples.shape[1]} of {rate}")
    return _words(samples[:, 0]), len(samples) / RATE


def _words(samples: NDArray[np.float32]) -> list[Heard]:
    frame = RATE // 100
    whole = len(samples) // frame
    loud = np.sqrt((samples[: whole * frame].reshape(whole, frame) ** 2).mean(axis=1)) > _LOUD
    edges = np.flatnonzero(np.diff(np.concatenate(([0], loud.astype(np.int8), [0]))))
    found = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first >= 5:
            spectrum = np.abs(np.fft.rfft(samples[first * frame : last * frame]))
            pitch = float(spectrum.argmax()) * RATE / ((last - first) * frame)
            number = round((pitch - _LOWEST) / _STEP)
            text = WORDS[number] if 0 <= number < len(WORDS) else "(noise)"
            found.append(Heard(text, first / 100, last / 100))
    return found


def segments(words: Sequence[Heard], pause: float = 0.5) -> list[list[Heard]]:
    """What is said in one go."""
    found: list[list[Heard]] = []
    for word in words:
        if found and word.start - found[-1][-1].end < pause:
            found[-1].append(word)
        else:
            found.append([word])
    return found
