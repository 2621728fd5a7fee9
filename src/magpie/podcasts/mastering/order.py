"""What mastering is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from magpie.podcasts.voices.port import Word


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
    bed_db: float = -22.0  # LU below the speech


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
    formats: tuple[str, ...] = ("mp3",)  # "mp3", "opus", "m4a"
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
class Mastered:
    """What was made. `files` by format, and `cover`; `chapters` as (start, end, title) in seconds.

    `report`: {lufs, truePeak, loudnessRange, silence, seconds, gain, limited, …} in LUFS, dBTP, LU, seconds, dB.
    """

    files: dict[str, Path]
    seconds: float
    cues: tuple[Cue, ...]
    chapters: tuple[tuple[float, float, str], ...]
    report: dict[str, Any]
