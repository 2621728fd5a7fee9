"""What the tests of job processes share: requests, a handler that remembers, and looks at processes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from magpie.downloads.extractors.listing import ListedEntry, SourceFacts
from magpie.downloads.extractors.port import Medium, Profile, Request, Stage
from magpie.downloads.nest.client import Verdict
from magpie.downloads.tools import find_tools

PLUGIN = Path(__file__).parent / "plugin"
VIDEO = Profile("video")
AUDIO = Profile("audio", kind="audio")
PROXY = "http://user-17:pass-4711@127.0.0.1:9"


def order(url: str, workdir: Path, proxy: str = PROXY, profile: Profile = VIDEO, **more: Any) -> Request:
    """A request for one medium in a work folder of its own."""
    tools = find_tools()
    return Request(url=url, profile=profile, workdir=workdir, proxy=proxy, ffmpeg=tools.ffmpeg, **more)


@dataclass
class Remembering:
    """A handler that keeps all reports; `on_stage_do` runs when a stage is reached."""

    verdict: Verdict = Verdict.GO
    on_stage_do: dict[Stage, Callable[[], object]] = field(default_factory=dict)
    on_found_do: Callable[[], object] | None = None
    stages: list[Stage] = field(default_factory=list)
    media: list[Medium] = field(default_factory=list)
    progress: list[tuple[int, int | None]] = field(default_factory=list)
    reached: dict[Stage, threading.Event] = field(
        default_factory=lambda: {stage: threading.Event() for stage in Stage}
    )
    moving: threading.Event = field(default_factory=threading.Event)

    def on_stage(self, stage: Stage) -> None:
        self.stages.append(stage)
        self.reached[stage].set()
        if stage in self.on_stage_do:
            self.on_stage_do[stage]()

    def on_found(self, medium: Medium) -> Verdict:
        self.media.append(medium)
        if self.on_found_do is not None:
            self.on_found_do()
        return self.verdict

    def on_progress(self, downloaded: int, total: int | None, speed: float | None, eta: float | None) -> None:
        self.progress.append((downloaded, total))
        self.moving.set()


@dataclass
class Listening:
    """A list handler that keeps all reports; `on_entries_do` runs with every batch."""

    on_entries_do: Callable[[], object] | None = None
    sources: list[SourceFacts] = field(default_factory=list)
    batches: list[list[ListedEntry]] = field(default_factory=list)
    heard: threading.Event = field(default_factory=threading.Event)

    def on_source(self, facts: SourceFacts) -> None:
        self.sources.append(facts)

    def on_entries(self, entries: list[ListedEntry]) -> None:
        self.batches.append(entries)
        self.heard.set()
        if self.on_entries_do is not None:
            self.on_entries_do()

    @property
    def entries(self) -> list[ListedEntry]:
        return [entry for batch in self.batches for entry in batch]


def until(condition: Callable[[], object], seconds: float = 10.0, pause: float = 0.01) -> None:
    """Wait for a condition; fails when it does not come about in time. It is looked at every `pause` seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(pause)


def living_children(pid: int) -> list[psutil.Process]:
    """All descendants that are not zombies."""
    try:
        family = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [process for process in family if is_alive(process.pid)]


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def open_files() -> int:
    return psutil.Process(os.getpid()).num_fds()
