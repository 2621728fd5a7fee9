"""Databases as the first start of a program leaves them: making them takes longer than most tests do."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import magpie
from magpie.engine.store import Store
from magpie.kit.db import Database
from magpie.schema import migrate
from tests.support.tools import lay_tools

# In the checkout: all processes of a run use the same ones, and the next run does as long as the program is the same.
KEPT = Path(__file__).parents[2] / ".pytest_cache" / "databases"
NAMES = ("magpie.db", "engine.db")
_KEPT_SECONDS = 24 * 3600  # those of another state of the program; no run takes that long


def _origin() -> Iterator[object]:
    """Whatever they depend on, and more than that: any change to the program makes them anew."""
    for package in ("alembic", "dbos", "sqlalchemy"):
        yield version(package)
    yield sqlite3.sqlite_version
    for file in [Path(__file__), *sorted(Path(magpie.__file__).parent.rglob("*.py"))]:
        status = file.stat()
        yield file, status.st_size, status.st_mtime_ns


def _make(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'magpie.db'}")
    migrate(database, folder)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    Store(url=None, sqlite_file=folder / "engine.db", limits={}).close()


def _forget_old_ones() -> None:
    for folder in KEPT.iterdir():
        if folder.is_dir() and time.time() - folder.stat().st_mtime > _KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


@cache
def databases() -> Path:
    """The folder with both of them, up to date and empty: to be copied from, never to be opened."""
    folder = KEPT / sha256(repr(list(_origin())).encode()).hexdigest()[:16]
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other workers wait for the first one's
        if folder.exists():
            os.utime(folder)
            return folder
        _forget_old_ones()
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=KEPT))
        _make(draft)
        draft.rename(folder)
    return folder


def lay_databases(data_dir: Path) -> None:
    """Put copies into the folder of an installation that has never been started."""
    data_dir.mkdir(parents=True, exist_ok=True)
    if not any((data_dir / name).exists() for name in NAMES):
        for name in NAMES:
            shutil.copy(databases() / name, data_dir / name)
        lay_tools(data_dir)
