"""Migrations: from empty, repeated, and in agreement with the models."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, text
from sqlalchemy.exc import IntegrityError

import magpie
from magpie import schema
from magpie.kit.db import Database
from magpie.library.models import Item, ItemFile
from magpie.schema import HEAD, SchemaTooNew, is_of_the_models, metadata, migrate


def test_the_models_and_the_migrated_database_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        opts = {"compare_type": True, "include_object": is_of_the_models}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata()) == []


def _item(**others: str) -> Item:
    known = {"extractor": "test", "source_id": "1", "kind": "audio", "quality": "best"} | others
    return Item(**known, title="One", site="media.example", source_url="https://media.example/", size=1)


def test_no_two_files_have_one_path(database: Database) -> None:
    """Nothing else would tell: the comparison does not see what keeps them apart on PostgreSQL."""
    file = {"path": "a/b.mp3", "role": "media", "position": 0, "size": 1, "mime": "audio/mpeg"}
    with database.write() as session:
        item = _item()
        session.add(item)
        session.flush()
        session.execute(insert(ItemFile), [{**file, "item_id": item.id}])
        item_id = item.id
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(insert(ItemFile), [{**file, "item_id": item_id}])
    with database.write() as session:
        session.execute(insert(ItemFile), [{**file, "item_id": item_id, "path": "a/c.mp3"}])


def test_no_two_items_are_one_medium(database: Database) -> None:
    with database.write() as session:
        others: tuple[dict[str, str], ...] = (
            {},
            {"extractor": "other"},
            {"source_id": "2"},
            {"kind": "video"},
            {"quality": "1080p"},
        )
        session.add_all(_item(**one) for one in others)
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(_item())


def test_a_second_migration_has_nothing_to_do(database: Database, tmp_path: Path) -> None:
    assert migrate(database, tmp_path) is False


def test_a_newer_database_is_left_alone(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNew, match="newer Magpie"):
        migrate(database, tmp_path)


@pytest.mark.sqlite_only
def test_an_older_database_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'magpie.db'}")
    assert migrate(database, tmp_path) is True
    assert not (tmp_path / "backups").exists()  # there was nothing to copy
    assert "downloads" in inspect(database.engine).get_table_names()
    database.close()


def test_head_names_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(magpie.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


@pytest.mark.once
def test_a_copy_before_a_migration_is_whole_or_not_there(tmp_path: Path) -> None:
    """Half a copy, of a disk that was full, would look like one to go back to, and push out an older one."""
    (tmp_path / "broken.db").write_bytes(b"no database" * 1000)
    target = tmp_path / "backups" / "before-migration-20260101-000000-0007.db"
    target.parent.mkdir()
    with pytest.raises(sqlite3.DatabaseError):
        schema._copy(tmp_path / "broken.db", target)
    assert list(target.parent.iterdir()) == []
    with closing(sqlite3.connect(tmp_path / "sound.db")) as sound:
        sound.execute("CREATE TABLE one (id INTEGER)")
    schema._copy(tmp_path / "sound.db", target)
    assert list(target.parent.iterdir()) == [target]
    assert target.stat().st_mode & 0o777 == 0o600
