"""Databases as the first start of a program leaves them: making them takes longer than most tests do."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from magpie.engine.store import Store
from magpie.kit.db import Database
from magpie.schema import migrate
from tests.support.tools import lay_tools


@cache
def _made() -> Path:
    """The folder in which this process has made them, up to date and empty."""
    folder = Path(tempfile.mkdtemp(prefix="magpie-databases-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = Database(f"sqlite:///{folder / 'magpie.db'}")
    migrate(database, folder)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    Store(url=None, sqlite_file=folder / "engine.db", limits={}).close()
    return folder


def lay_databases(data_dir: Path) -> None:
    """Put copies into the folder of an installation that has never been started."""
    data_dir.mkdir(parents=True, exist_ok=True)
    names = ("magpie.db", "engine.db")
    if not any((data_dir / name).exists() for name in names):
        for name in names:
            shutil.copy(_made() / name, data_dir / name)
        lay_tools(data_dir)
