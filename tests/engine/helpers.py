"""What the engine's tests share: engines with short settings, jobs, and waiting for an event."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from magpie.engine import JobRef
from magpie.engine.runner import DurableEngine
from magpie.kit.db import Database


@dataclass(frozen=True)
class Settings:
    """The settings that the engine reads."""

    data_dir: Path
    max_concurrent_downloads: int = 8
    site_concurrency: int = 2
    site_delay_seconds: float = 0.0
    worker_name: str = "test"


def new_ref(kind: str = "work", attempt: int = 0) -> JobRef:
    return JobRef(kind, uuid.uuid4().hex, 1, attempt)


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until a condition holds; fails the test when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


class Engines:
    """Makes engines on one database and stops those that a test leaves running."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self.url = url
        self.data_dir = data_dir
        self._made: list[tuple[DurableEngine, Database]] = []

    def make(self, **settings: object) -> DurableEngine:
        database = Database(self.url)
        engine = DurableEngine(Settings(self.data_dir, **settings), database)  # type: ignore[arg-type]
        self._made.append((engine, database))
        return engine

    def close(self) -> None:
        for engine, database in self._made:
            if engine.status().worker is not None:
                engine.stop(0.2)
            database.close()
