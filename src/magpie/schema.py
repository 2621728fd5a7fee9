"""The whole database schema: all tables, and bringing a database up to date."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from magpie.kit.db import Base, Database
from magpie.kit.refusal import Refused

log = structlog.get_logger(__name__)

MODELS = (
    "magpie.accounts.models",
    "magpie.downloads.models",
    "magpie.engine.models",
    "magpie.kit.installation",
    "magpie.library.models",
)
# Any number that nobody else uses: PostgreSQL's advisory lock of the migration.
_LOCK_NUMBER = 0x4D41475049453031
_BACKUPS_KEPT = 5


class SchemaTooNew(Refused):
    """The database was written by a newer Magpie."""


def metadata() -> MetaData:
    """All tables of all slices."""
    for module in MODELS:
        import_module(module)
    return Base.metadata


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def present_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def migrate(database: Database, data_dir: Path) -> bool:
    """Bring the database up to date; True if anything had to be done.

    One process migrates at a time. An SQLite file is copied to `backups/` first; PostgreSQL runs all
    migrations in one transaction. Raises `SchemaTooNew`.
    """
    with _alone(database, data_dir):
        with database.engine.connect() as connection:
            present = present_revision(connection)
        if present == newest_revision():
            return False
        known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
        if present is not None and present not in known:
            raise SchemaTooNew(
                "The database was written by a newer Magpie. Install that version, or restore a backup."
            )
        if present is not None and database.is_sqlite:
            _copy_before(Path(database.url.database or ""), data_dir / "backups", present)
        log.info("migrating", present=present, target=newest_revision())
        with database.migrating() as connection:
            command.upgrade(_config(connection), "head")
        return True


@contextmanager
def _alone(database: Database, data_dir: Path) -> Iterator[None]:
    if database.is_sqlite:
        data_dir.mkdir(parents=True, exist_ok=True)
        with (data_dir / "migrate.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": _LOCK_NUMBER})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": _LOCK_NUMBER})


def _copy_before(file: Path, folder: Path, present: str) -> None:
    """A consistent copy of the SQLite file, by SQLite's own backup; the oldest such copies are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    target = folder / f"before-migration-{moment}-{present}.db"
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    target.chmod(0o600)
    for old in sorted(folder.glob("before-migration-*.db"))[:-_BACKUPS_KEPT]:
        old.unlink()
