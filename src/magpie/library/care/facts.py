"""What a media file says of itself. Apart from `tags`, which loads what reads files: the server need not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Facts:
    """What is in a file. Durations in seconds, `date` as ISO 8601 (year, month or day)."""

    kind: str  # audio | video | image
    mime: str
    title: str
    artist: str | None = None
    album: str | None = None
    album_artist: str | None = None
    track_number: int | None = None
    disc_number: int | None = None
    genre: str | None = None
    isrc: str | None = None
    date: str | None = None
    duration: float | None = None
    width: int | None = None
    height: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
