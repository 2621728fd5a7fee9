"""What the making of an episode is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from magpie.podcasts.making.folder import Used
from magpie.podcasts.mastering.order import Music
from magpie.podcasts.models import Origin, SourceKind
from magpie.podcasts.script.brief import Brief
from magpie.podcasts.script.turns import Script


@dataclass(frozen=True, slots=True)
class Given:
    """A source as it was given. `file`: of texts, documents and recordings; `address`: of pages, or where the source can
    be read; `row_id`: of an item or another episode, as `Tools.of_item` and `Tools.of_episode` take it."""

    kind: SourceKind
    title: str | None = None
    address: str | None = None
    file: Path | None = None
    name: str | None = None  # of the file, as people know it
    row_id: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class MakingOrder:
    """One episode to make. `llm`, `tts`, `asr`: as in the settings.

    `script`: the script as it stands, which is not written anew; None: it is to be written. `translate_to`: the
    language to translate `script` into first. `stops_at_script`: it is to be approved before it is spoken.
    """

    key: str
    brief: Brief
    sources: tuple[Given, ...]
    llm: str
    tts: str
    asr: str
    script: Script | None = None
    translate_to: str | None = None
    stops_at_script: bool = False
    formats: tuple[str, ...] = ("mp3",)
    music: Music = field(default_factory=Music)
    template_id: str | None = None
    created_at: datetime | None = None
    audio_url: str = ""  # what the sidecar tells of where the recording is
    source_audio_url: str | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What is expected to be used, or was: `price` in whatever money the settings' prices are in, None if unknown."""

    prompt_tokens: int
    completion_tokens: int
    characters: int
    minutes: float
    price: float | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "promptTokens": self.prompt_tokens,
            "completionTokens": self.completion_tokens,
            "tokens": self.prompt_tokens + self.completion_tokens,
            "characters": self.characters,
            "minutes": round(self.minutes, 2),
            "cost": None if self.price is None else round(self.price, 4),
        }


@dataclass(frozen=True, slots=True)
class Made:
    """How far it came. `files` by what they are: `mp3`, `metadata`, `transcript`, `chapters`, `cover`, …; none of them if
    the script waits to be approved. `report`: as mastering measured."""

    script: Script
    used: Used
    estimate: Cost
    files: dict[str, Path] = field(default_factory=dict)
    seconds: float = 0.0
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return bool(self.files)


@dataclass(frozen=True, slots=True)
class NewScript:
    """A script that was just made, to be kept as a version."""

    script: Script
    origin: Origin
