"""The whole database schema: all tables, and bringing a database up to date."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection, MetaData, inspect, text

from magpie.kit.db import Base, Database
from magpie.kit.refusal import Refused

if TYPE_CHECKING:
    from alembic.config import Config

log = structlog.get_logger(__name__)

MODELS = (
    "magpie.accounts.models",
    "magpie.admin.logs.models",
    "magpie.admin.settings.models",
    "magpie.audit.models",
    "magpie.downloads.models",
    "magpie.engine.models",
    "magpie.history.models",
    "magpie.kit.installation",
    "magpie.library.models",
    "magpie.links.models",
    "magpie.notifications.models",
    "magpie.profiles.models",
    "magpie.sites.models",
)
# The newest migration. A test compares it with the files; reading them would mean importing Alembic, which costs
# every start and every command a third of a second and 15 MB.
HEAD = "0004"
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


def present_revision(connection: Connection) -> str | None:
    """The database's revision; None while it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def migrate(database: Database, data_dir: Path) -> bool:
    """Bring the database up to date; True if anything had to be done.

    One process migrates at a time. An SQLite file is copied to `backups/` first; PostgreSQL runs all
    migrations in one transaction. Raises `SchemaTooNew`.
    """
    with _alone(database, data_dir):
        with database.engine.connect() as connection:
            present = present_revision(connection)
        if present == HEAD:
            return False
        _upgrade(database, data_dir, present)
        return True


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def revisions() -> set[str]:
    """All revisions that this program can bring up to date."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(database: Database, revision: str) -> None:
    """Bring a database that nobody else uses to a revision; no copy is made."""
    from alembic import command

    config = _config()
    with database.migrating() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def _upgrade(database: Database, data_dir: Path, present: str | None) -> None:
    if present is not None and present not in revisions():
        raise SchemaTooNew(
            "The database was written by a newer Magpie. Install that version, or restore a backup."
        )
    if present is not None and database.is_sqlite:
        _copy_before(Path(database.url.database or ""), data_dir / "backups", present)
    log.info("migrating", present=present, target=HEAD)
    upgrade(database, HEAD)


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
