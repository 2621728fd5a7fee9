"""A PostgreSQL database is kept as it was before it is migrated; SQLite's file is copied as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from magpie.accounts.models import User
from magpie.admin.database import service
from magpie.context import AppContext
from magpie.downloads.models import Download
from magpie.kit.db import Database
from magpie.preparation import prepare
from magpie.schema import HEAD, present_revision, upgrade
from tests.admin.database.conftest import context_of

pytestmark = pytest.mark.database

USER = """
    INSERT INTO users (id, username, username_key, password_hash, is_superuser, is_active, created_at)
    VALUES (1, 'ada', 'ada', 'x', TRUE, TRUE, '2025-11-02 10:20:30.123456')
"""
DOWNLOAD = """
    INSERT INTO downloads (id, key, user_id, url, site, profile, priority, status, attempt, failures,
        cancel_requested, claim, created_at)
    VALUES (7, '0123456789abcdef0123456789abcdef', 1, 'https://media.example/it''s', 'media.example', 'video', 100,
        'completed', 1, 0, FALSE, 1, '2025-11-02 10:20:30.123456')
"""


@pytest.fixture
def old(database: Database, tmp_path: Path) -> AppContext:
    """An installation at the first revision."""
    with database.migrating() as connection:
        if database.is_sqlite:
            for table in inspect(connection).get_table_names():
                if not table.startswith(("sqlite_", "search_index_")):  # the latter go with search_index
                    connection.execute(text(f'DROP TABLE "{table}"'))
        else:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    upgrade(database, "0001")
    return context_of(database, tmp_path / "old")


def kept(context: AppContext) -> list[Path]:
    return sorted((context.settings.data_dir / "backups").glob("before-migration-*"))


def test_the_state_before_is_kept_and_can_be_restored(old: AppContext) -> None:
    with old.database.write() as session:
        session.execute(text("INSERT INTO installation (id, identity, job_epoch) VALUES (1, 'x', 1)"))
        session.execute(text(USER))
        session.execute(text(DOWNLOAD))
    prepare(old)
    with old.database.engine.connect() as connection:
        assert present_revision(connection) == HEAD
    [file] = kept(old)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.name.endswith("-0001.db" if old.database.is_sqlite else "-0001.sql")
    if old.database.is_sqlite:
        return
    with old.database.write() as session:
        session.execute(text("DELETE FROM downloads"))
        session.execute(text("UPDATE users SET username = 'somebody else'"))
    service.import_dump(old, file, report=lambda _stage, _part: None, username="ada", source=file.name)
    with old.database.read() as session:
        [user], [download] = session.scalars(select(User)), session.scalars(select(Download))
    assert (user.username, user.is_superuser) == ("ada", True)
    assert (download.id, download.url) == (7, "https://media.example/it's")
    prepare(old)
    assert kept(old) == [file]  # nothing to migrate, nothing to keep


@pytest.mark.postgres_only
def test_where_nobody_has_an_account_nothing_is_kept(old: AppContext) -> None:
    prepare(old)
    assert kept(old) == []
