"""A live recording on the disk: parts, and what was recorded already.

A stream may break off and come back, and the program may be killed. Every beginning writes parts of its own, one for
each of the stream's playlists, with the segments as they came. Beside them stands, line by line, which segments are
held; what a stream still offers of them is not fetched twice, and what it offers besides is caught up on. At the end
the parts become one file.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from magpie.downloads.extractors.port import Medium, medium_from_wire, to_wire
from magpie.downloads.extractors.ytdlp.join import join
from magpie.downloads.extractors.ytdlp.segments import Journal, Sink

# What the first release wrote: parts that were put together while they were recorded.
_OLDER = "recording-*.ts"
_PARTS = "recording-*.raw"


class Parts:
    """The parts of one recording in a job's work folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._facts = folder / "recording.json"
        self._journal = Journal(folder / "recording.segments")

    def __bool__(self) -> bool:
        return bool(self.paths)

    @property
    def paths(self) -> list[Path]:
        """Parts that hold something, in their order."""
        found = [*sorted(self._folder.glob(_OLDER)), *sorted(self._folder.glob(_PARTS))]
        return [path for path in found if path.stat().st_size]

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.paths)

    def sink(self, source: int) -> Sink:
        """A new part for what one of the stream's playlists sends from now on. `source`: which of them, from 0."""
        numbers = [int(path.stem.rpartition("-")[2]) for path in self._folder.glob("recording-*.*")]
        path = self._folder / f"recording-{max(numbers, default=0) + 1:05}.raw"
        return Sink(path, source, self._journal)

    # What it is a recording of.

    def begin(self, medium: Medium, address: str) -> None:
        """Note what is recorded, if nothing is noted yet. `address`: of the stream."""
        if self._facts.exists():
            return
        draft = self._facts.with_suffix(".new")
        facts = {"medium": to_wire(medium), "stream": _stream(address), "began": time.time()}
        draft.write_text(json.dumps(facts))
        draft.rename(self._facts)

    def _noted(self) -> dict[str, Any]:
        with suppress(OSError, ValueError):
            facts = json.loads(self._facts.read_text())
            return facts if isinstance(facts, dict) else {}
        return {}

    @property
    def medium(self) -> Medium | None:
        told = self._noted().get("medium")
        return medium_from_wire(told) if told else None

    @property
    def age(self) -> float:
        """Seconds since it began."""
        began = self._noted().get("began")
        return max(0.0, time.time() - began) if isinstance(began, int | float) else 0.0

    @property
    def quiet(self) -> float:
        """Seconds since something was recorded."""
        times = [path.stat().st_mtime for path in self.paths]
        return max(0.0, time.time() - max(times)) if times else 0.0

    def is_of(self, address: str) -> bool:
        """Whether the stream at the address is the one that is recorded; its query may be another one."""
        return self._noted().get("stream") == _stream(address)

    def join(self, target: Path, form: str) -> None:
        """Write all parts as one file. Raises `FFmpegError` if none of them can be read."""
        join(self._folder, self._journal, sorted(self._folder.glob(_OLDER)), target, form)


def _stream(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.hostname}{parts.path}"
