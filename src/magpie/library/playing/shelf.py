"""What was made of files and can be made again: facts and waveforms, in the folder `cache/playing` of the data folder.

Each thing is kept under the file's number and its state (its ETag), so that a changed file has none. An empty one says
that the file has nothing of that kind. Whatever was not asked for for the longest time goes first when room is short.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from magpie.library.playing.conditions import Validators

FOLDER = Path("cache", "playing")
FULL_TO = 0.9  # what pruning leaves, of the limit
ABANDONED_SECONDS = 86_400
_NEW = ".new-"
ROUNDED = 4096  # bytes that the smallest file takes


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one thing; `file_id` and the file's state are in its name."""

    path: Path

    def read(self) -> bytes | None:
        """What is there; empty if the file has nothing of the kind, None if nobody has looked yet."""
        try:
            content = self.path.read_bytes()
        except OSError:
            return None
        with suppress(OSError):
            os.utime(self.path)  # it was asked for
        return content


class Shelf:
    """The folder. Several processes may use it at once."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def slot(self, kind: str, file_id: int, state: Validators) -> Slot:
        """Where the file's `kind` (facts, peaks) is kept."""
        name = f"{file_id}-{state.etag.strip(chr(34))}.{kind}"
        return Slot(self._folder / f"{file_id % 256:02x}" / name)

    def fill(self, slot: Slot, make: Callable[[Path], bool]) -> None:
        """Have the thing made under another name, and moved into place. False from `make`: there is none."""
        slot.path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=slot.path.parent, prefix=_NEW) as folder:
            made = Path(folder) / "made"
            if not make(made):
                made.write_bytes(b"")
            made.replace(slot.path)

    def prune(self, limit: int, exist: Callable[[Collection[int]], Collection[int]]) -> int:
        """Remove what belongs to no file any more (`exist`: which of these files there are), and the oldest things beyond
        `limit` bytes; returns how many things that were."""
        kept, removed = [], 0
        for room in self._rooms():
            entries = list(self._entries(room))
            living = exist({file_id for file_id, _, _, _ in entries}) if entries else ()
            for file_id, asked, size, path in entries:
                if file_id in living:
                    kept.append((asked, size, path))
                else:
                    removed += _remove(path)
        total = sum(size for _, size, _ in kept)
        if total > limit:
            for _, size, path in sorted(kept):
                if total <= limit * FULL_TO:
                    break
                removed += _remove(path)
                total -= size
        return removed

    def _rooms(self) -> list[Path]:
        return sorted(self._folder.iterdir()) if self._folder.is_dir() else []

    def _entries(self, room: Path) -> Iterator[tuple[int, float, int, Path]]:
        """The file's number, when the thing was last asked for, how many bytes it takes, and where it is."""
        for path in room.iterdir():
            number = path.name.partition("-")[0]
            with suppress(OSError):
                facts = path.stat()
                if path.name.startswith(_NEW) and facts.st_mtime < time.time() - ABANDONED_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)  # of a process that was killed
                elif number.isdecimal():
                    yield int(number), facts.st_mtime, max(facts.st_size, ROUNDED), path


def _remove(path: Path) -> int:
    try:
        path.unlink()
    except OSError:
        return 0
    return 1
