"""What mastering is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from magpie.podcasts.voices.port import Word

FORMATS = ("mp3", "opus", "m4a")


class MasteringFailed(Exception):
    """There is no recording, and nothing was left behind. `clip` says which clip is to blame, from 0, if one is."""

    def __init__(self, reason: str, message: str, *, clip: int | None = None) -> None:
        super().__init__(message)
        # nothing_to_say | clip_missing | clip_damaged | clip_empty | clip_silent | music_unreadable |
        # cover_unreadable | no_ffmpeg | encoding | disk_full | order | stopped | timed_out | failing
        self.reason = reason
        self.message = message
        self.clip = clip


@dataclass(frozen=True, slots=True)
class Clip:
    """One spoken turn: a WAV file (16 bits, one channel, any rate) and when its words are said in it."""

    path: Path
    speaker: str
    text: str
    segment: int = 0
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter before its time is known: `segment` says which clips are in it."""

    title: str
    address: str | None = None  # where its source can be read


@dataclass(frozen=True, slots=True)
class Music:
    """Files of music, anything that ffmpeg reads. The bed lies under the speech and gives way to it."""

    intro: Path | None = None
    outro: Path | None = None
    bed: Path | None = None
    bed_db: float = -22.0  # LU beside the speech, while somebody speaks


@dataclass(frozen=True, slots=True)
class Facts:
    """What is written into the files' tags."""

    title: str
    show: str = "Magpie"
    description: str = ""
    language: str = "en"
    date: str | None = None  # ISO 8601


@dataclass(frozen=True, slots=True)
class MasteringOrder:
    """Everything for one recording. Results go to `folder` under `name` and the format's suffix, each at once whole."""

    clips: tuple[Clip, ...]
    chapters: tuple[Chapter, ...]
    facts: Facts
    folder: Path
    name: str
    formats: tuple[str, ...] = ("mp3",)  # of FORMATS
    music: Music = Music()
    cover: Path | None = None  # None: one is made
    rate: int = 44_100
    target_lufs: float = -16.0
    ceiling_dbtp: float = -1.0


@dataclass(frozen=True, slots=True)
class Cue:
    """When a turn is heard; seconds from the recording's beginning."""

    start: float
    end: float
    speaker: str
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedChapter:
    """When a chapter is heard; seconds from the recording's beginning. They follow each other without gaps."""

    start: float
    end: float
    title: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Mastered:
    """What was made. `files` by format, and `cover` (JPEG). Chapters in which nothing is said are left out.

    `report` is JSON: {lufs (LUFS), truePeak (dBTP), loudnessRange (LU), silence (share, 0 to 1), seconds,
    gain ({speaker: dB}), limited ({most: dB, share: 0 to 1}), formats ({format: {lufs, truePeak, bytes}}),
    isOnTarget}; the first four are those of the first format as it is heard, decoded.
    """

    files: dict[str, Path]
    seconds: float
    cues: tuple[Cue, ...]
    chapters: tuple[PlacedChapter, ...]
    report: dict[str, Any]
