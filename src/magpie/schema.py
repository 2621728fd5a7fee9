"""The whole database schema: all tables, and bringing a database up to date."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
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
    "magpie.library.search.models",
    "magpie.links.models",
    "magpie.notifications.models",
    "magpie.playlists.missing.models",
    "magpie.playlists.models",
    "magpie.podcasts.models",
    "magpie.profiles.models",
    "magpie.sites.models",
)
# The newest migration. A test compares it with the files; reading them would mean importing Alembic, which costs
# every start and every command a third of a second and 15 MB.
HEAD = "0008"
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


# What the migrations make beside the models' tables: the index of words, see `library.search.models`.
_OUTSIDE_THE_MODELS = ("search_index", "ix_items_search")
# What the migrations make of another kind on PostgreSQL, where the comparison does not see it: see the model.
_OF_ANOTHER_KIND = frozenset({"uq_item_files_path", "uq_items_extractor_source_id_kind_quality"})


def is_of_the_models(
    _object: object, name: str | None, _kind: str, is_in_database: bool, other: object
) -> bool:
    """For Alembic's comparison (`include_object`): whether a thing that it found belongs to the models."""
    if other is None and name in _OF_ANOTHER_KIND:
        return False
    return not (is_in_database and other is None and (name or "").startswith(_OUTSIDE_THE_MODELS))


def present_revision(connection: Connection) -> str | None:
    """The database's revision; None while it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


# Saves the database as it is, before it is changed, into a new file of that name; an empty one need not be saved.
SaveBefore = Callable[[Database, Path], None]


def migrate(database: Database, data_dir: Path, save: SaveBefore | None = None) -> bool:
    """Bring the database up to date; True if anything had to be done.

    One process migrates at a time. An SQLite file is copied to `backups/` first; for PostgreSQL, which runs all
    migrations in one transaction, `save` is called. Raises `SchemaTooNew`.
    """
    with _alone(database, data_dir):
        with database.engine.connect() as connection:
            present = present_revision(connection)
        if present == HEAD:
            return False
        _upgrade(database, data_dir, present, save)
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


def _upgrade(database: Database, data_dir: Path, present: str | None, save: SaveBefore | None) -> None:
    if present is not None and present not in revisions():
        raise SchemaTooNew(
            "The database was written by a newer Magpie. Install that version, or restore a backup."
        )
    if present is not None:
        _save_before(database, data_dir / "backups", present, save)
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


def _save_before(database: Database, folder: Path, present: str, save: SaveBefore | None) -> None:
    """Keep the state before the migration; the oldest such files are removed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    name = folder / f"before-migration-{moment}-{present}"
    if database.is_sqlite:
        _copy(Path(database.url.database or ""), name.with_name(f"{name.name}.db"))
    elif save is not None:
        save(database, name.with_name(f"{name.name}.sql"))
    for old in sorted(folder.glob("before-migration-*.*"))[:-_BACKUPS_KEPT]:
        old.unlink()


def _copy(file: Path, target: Path) -> None:
    """A consistent copy of the SQLite file, by SQLite's own backup; under its name only when it is whole."""
    draft = target.with_name(f".{target.name}.part")
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(draft)) as copy:
            source.backup(copy)
        draft.chmod(0o600)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
