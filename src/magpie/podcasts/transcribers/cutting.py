"""Any medium as pieces of sound that a recogniser takes: FLAC, one channel, 16 kHz, cut where it is quietest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from magpie.podcasts.transcribers.port import Limits, TranscriptionFailed
from magpie.podcasts.transcribers.process import Program, run

RATE = 16_000  # samples a second
_BYTES_A_SECOND = RATE * 2 * 1.01  # noise does not become smaller as FLAC
_FORM = 64 << 10  # bytes of a request around the sound
_SHORTEST = 5.0  # seconds
# What is held in memory while it is cut; no recogniser is better for longer pieces.
LONGEST = 1800.0  # seconds
_CUTTER = Program("magpie.podcasts.transcribers.cutter", patience=4 * 3600.0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A file with a part of the recording; `start` and `end` in seconds from its beginning.

    `digest` is of the samples. `is_silent`: nobody need be asked.
    """

    path: Path
    start: float
    end: float
    digest: str
    is_silent: bool

    @property
    def seconds(self) -> float:
        return self.end - self.start


def longest_piece(limits: Limits) -> float:
    """How many seconds a piece may have."""
    most = LONGEST if limits.max_seconds is None else min(LONGEST, limits.max_seconds)
    if limits.max_bytes is not None:
        most = min(most, (limits.max_bytes - _FORM) / _BYTES_A_SECOND)
    return max(most, _SHORTEST)


def cut(media: Path, into: Path, limits: Limits, ffmpeg: str, stop: Callable[[], bool]) -> list[Piece]:
    """The pieces of the medium's first sound, written into the folder `into`; end to end, and the same every time.

    Raises `TranscriptionFailed`: `unreadable` if there is no sound in it.
    """
    found: list[Piece] = []

    def take(message: dict[str, Any]) -> None:
        found.append(
            Piece(
                path=into / str(message["name"]),
                start=float(message["start"]),
                end=float(message["end"]),
                digest=str(message["digest"]),
                is_silent=bool(message["silent"]),
            )
        )

    order = {
        "ffmpeg": ffmpeg,
        "media": str(media.resolve()),
        "into": str(into.resolve()),
        "seconds": longest_piece(limits),
    }
    run(_CUTTER, order, take, stop)
    if not found:
        raise TranscriptionFailed("unreadable", "There is no sound in this file.")
    return found
