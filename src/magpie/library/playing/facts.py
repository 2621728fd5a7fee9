"""What a file really holds, as far as it matters to who wants to play it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Facts:
    """`demuxer`: libav's names of the container, the first of them. Streams are the ones that are played, by libav's
    names of their codecs and their numbers in the file; covers are none. `duration` in seconds."""

    demuxer: str
    duration: float | None
    video: str | None = None
    video_index: int = 0
    pixels: str | None = None  # libav's name of how they are stored
    height: int | None = None
    audio: str | None = None
    audio_index: int = 0

    def as_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def of_json(cls, raw: bytes) -> Self:
        """Raises `ValueError` for what `as_json` has not made."""
        try:
            return cls(**json.loads(raw))
        except TypeError as error:
            raise ValueError("not the facts of a file") from error
