"""Databases with something in them, and what is needed to compare them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from magpie.accounts.models import User
from magpie.admin.database.dump import render_rows, snapshot
from magpie.admin.database.tables import dumped_tables
from magpie.config import Settings
from magpie.context import AppContext
from magpie.downloads.models import Download, Status
from magpie.kit.crypto import Vault
from magpie.kit.db import Database, WriteSession
from magpie.kit.events import EventBus
from magpie.kit.installation import ensure_installation
from magpie.library.models import Item, ItemFile, Membership

SECRET = "a secret of at least thirty-two characters"
MOMENT = datetime(2026, 2, 3, 4, 5, 6, 789, UTC)


def context_of(database: Database, data_dir: Path) -> AppContext:
    settings = Settings(secret_key=SECRET, data_dir=data_dir)
    return AppContext(settings, database, SECRET, Vault(SECRET), EventBus())


@pytest.fixture
def context(database: Database, tmp_path: Path) -> AppContext:
    with database.write() as session:
        ensure_installation(session)
    return context_of(database, tmp_path / "data")


@pytest.fixture
def other_url(request: pytest.FixtureRequest, database: Database) -> str:
    """A fresh database of the other kind."""
    url: str = request.getfixturevalue("postgres_url" if database.is_sqlite else "sqlite_url")
    return url


def add_user(session: WriteSession, name: str, *, is_superuser: bool = True) -> User:
    user = User(
        username=name,
        username_key=name,
        email=f"{name}@example.com",
        email_key=f"{name}@example.com",
        password_hash="$argon2id$not-a-real-one",
        is_superuser=is_superuser,
        created_at=MOMENT,
    )
    session.add(user)
    session.flush()
    return user


def add_download(
    session: WriteSession, user: User, status: Status = Status.PENDING, **more: object
) -> Download:
    download = Download(
        key=uuid.uuid4().hex,
        user_id=user.id,
        url="https://media.example/watch?v='quoted'",
        site="media.example",
        status=status,
        **more,
    )
    session.add(download)
    session.flush()
    return download


def add_item(session: WriteSession, user: User, title: str = "A title") -> Item:
    item = Item(
        extractor="demo",
        source_id=uuid.uuid4().hex,
        kind="video",
        quality="best",
        title=title,
        site="media.example",
        source_url="https://media.example/1",
        duration=1.5,
        size=5_000_000_000,
        published_at=MOMENT,
        extra={"tags": ["a'b", "\\n", "雀"], "deep": {"none": None, "yes": True}},
        files=[ItemFile(path=uuid.uuid4().hex, role="media", position=0, size=1, mime="video/mp4")],
    )
    session.add(item)
    session.flush()
    session.add(Membership(item_id=item.id, user_id=user.id))
    return item


def contents(database: Database) -> dict[str, list[str]]:
    """All rows of the tables that a dump holds, as they are written."""
    with snapshot(database) as connection:
        return {
            table.name: list(render_rows(connection, table, lambda _table, row: row))
            for table in dumped_tables()
        }
