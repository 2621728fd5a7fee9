"""The folder of backups: names, making one, rotation. A name from outside never leads out of the folder."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from magpie.admin.database.dump import RowFilter, write_dump
from magpie.admin.database.format import Header, Sealing
from magpie.kit.clock import utcnow
from magpie.kit.db import Database
from magpie.kit.errors import NotFound

FOLDER = "backups"
# Files of work that was cut off; none takes so long.
LEFTOVER_SECONDS = 86400.0
_LEFTOVER = re.compile(r"\.(?:media_auto_saver|magpie|incoming|export|before)[-_].*")


class Why(StrEnum):
    """What a backup was made for. Those made by hand are never removed by themselves."""

    SCHEDULED = "scheduled"
    MANUAL = "manual"
    BEFORE_IMPORT = "before-import"


_NAME = re.compile(r"magpie-(\d{8}-\d{6})(?:-(\d{1,3}))?-(scheduled|manual|before-import)\.sql", re.ASCII)


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup; `size` in bytes."""

    path: Path
    name: str
    why: Why
    created_at: datetime
    size: int


class Backups:
    """All backups of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / FOLDER

    def prepare(self) -> Path:
        """The folder, made for its owner only."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.folder

    def all(self) -> list[Backup]:
        """Newest first."""
        names = (entry.name for entry in self.folder.iterdir()) if self.folder.is_dir() else iter(())
        found = [backup for name in names if (backup := self._look(name)) is not None]
        return sorted(found, key=lambda backup: (backup.created_at, backup.name), reverse=True)

    def _look(self, name: str) -> Backup | None:
        match = _NAME.fullmatch(name)
        path = self.folder / name
        if match is None or path.is_symlink() or not path.is_file():
            return None
        try:
            created = datetime.strptime(match[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
            return Backup(path, name, Why(match[3]), created, path.stat().st_size)
        except (ValueError, FileNotFoundError):
            return None

    def get(self, name: str) -> Backup:
        """Raises `NotFound`."""
        backup = self._look(name)
        if backup is None:
            raise NotFound("There is no backup of this name")
        return backup

    def make(
        self, database: Database, why: Why, row_filter: RowFilter, sealing: Sealing | None = None
    ) -> tuple[Backup, Header]:
        """A new backup of the database as it is now."""
        self.prepare()
        path = self._free_path(why)
        header = write_dump(database, path, row_filter, sealing)
        return self.get(path.name), header

    def _free_path(self, why: Why) -> Path:
        moment = f"{utcnow():%Y%m%d-%H%M%S}"
        names: Iterable[str] = (f"magpie-{moment}{f'-{n}' if n else ''}-{why}.sql" for n in range(1000))
        return next(self.folder / name for name in names if not (self.folder / name).exists())

    def rotate(self, keep: int) -> None:
        """Remove the oldest ones that were made by themselves, of each sort but so many; and leftovers."""
        for why in (Why.SCHEDULED, Why.BEFORE_IMPORT):
            for backup in [one for one in self.all() if one.why is why][keep:]:
                backup.path.unlink(missing_ok=True)
        for entry in self.folder.iterdir() if self.folder.is_dir() else ():
            if _LEFTOVER.fullmatch(entry.name) and time.time() - entry.lstat().st_mtime > LEFTOVER_SECONDS:
                entry.unlink(missing_ok=True)

    def is_due(self, hours: float) -> bool:
        """Whether the newest scheduled backup is that old; never where `hours` is 0."""
        newest = next((backup for backup in self.all() if backup.why is Why.SCHEDULED), None)
        return hours > 0 and (newest is None or utcnow() - newest.created_at >= timedelta(hours=hours))
