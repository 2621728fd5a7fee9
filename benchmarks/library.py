"""A library of a million items: pages at any depth, searches, filing one more item, and the room that it takes.

    python -m benchmarks.library [items] [sqlite|postgresql] [--kept FOLDER] [--prepare]

Without a database's name it runs on both, PostgreSQL's being one of its own. Items are made up (`_items`). One user
has all of them, another one of a thousand. Pages are asked of the service, whole items with their files; searches are
of every kind that is promised. Filing is the real unit of work, without the files' bytes.

Making the items takes far longer than measuring. With `--kept` they are made once, in that folder, and each run
measures a copy; `--prepare` does no more than make them.

Promised: a page in ≤ 20 ms, a search in ≤ 60 ms, filing in ≤ 5 ms (each for 95 of 100), ≤ 1.5 kB an item. What a
busy machine leaves comparable is the processor time, of this process and of PostgreSQL's: it is printed beside each.
"""

from __future__ import annotations

import argparse
import logging
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

import structlog
from sqlalchemy import func, select, text

from benchmarks._items import Writer
from benchmarks._measure import Figure, report
from benchmarks._prepared import ADA, BOB, copied, is_made, postgres, prepare
from magpie.accounts.principal import Principal
from magpie.downloads.extractors.port import Kind, Medium, Role, Saved, SavedFile
from magpie.kit import collector
from magpie.kit.db import Database
from magpie.kit.paging import encode_cursor
from magpie.library import pages
from magpie.library.filing import Delivery, Filing
from magpie.library.filtering import Filter
from magpie.library.models import Item
from magpie.library.pages import Sort
from magpie.library.roots import Roots
from magpie.library.search import terms
from magpie.schema import migrate

ITEMS = 1_000_000
ROUNDS = 5
INSERTS = 300
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


class Times:
    """Milliseconds of many calls, by what was called: as the clock sees it, and of processor time: of this process
    and of those that PostgreSQL has for it."""

    def __init__(self, database: Database) -> None:
        self.wall: dict[str, list[float]] = {}
        self.cpu: dict[str, list[float]] = {}
        self._others: list[Path] = []
        if not database.is_sqlite:
            query = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
            with database.read() as session:
                # https://docs.kernel.org/scheduler/sched-stats.html: nanoseconds spent on the processor come first.
                self._others = [Path(f"/proc/{pid}/schedstat") for pid in session.scalars(query)]

    def take(self, name: str, call: Callable[[], object]) -> None:
        cpu, wall = self._spent(), time.perf_counter()
        call()
        self.wall.setdefault(name, []).append((time.perf_counter() - wall) * 1000)
        self.cpu.setdefault(name, []).append((self._spent() - cpu) * 1000)

    def _spent(self) -> float:
        return time.process_time() + sum(int(one.read_text().split()[0]) for one in self._others) / 1e9

    @property
    def p95(self) -> float:
        return p95([one for several in self.wall.values() for one in several])

    @property
    def cpu_p95(self) -> float:
        return p95([one for several in self.cpu.values() for one in several])

    def told(self) -> dict[str, dict[str, float]]:
        return {
            name: {
                "p95": round(p95(several), 1),
                "least": round(min(several), 1),
                "cpu p95": round(p95(self.cpu[name]), 1),
                "cpu least": round(min(self.cpu[name]), 1),
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
    times, chance = Times(database), random.Random(1)
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
    times = Times(database)
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
    writer, times = Writer(), Times(database)
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
    """Measure a prepared database; it is another one afterwards."""
    name = "SQLite" if database.is_sqlite else "PostgreSQL"
    migrate(database, folder)
    before = size_of(database)
    listed, found = measure_pages(database, count), measure_searches(database, count)
    filed = measure_filing(database, count, folder)
    vacuum(database)
    after = size_of(database)
    listed_again, found_again = measure_pages(database, count), measure_searches(database, count)
    figures = [
        Figure("page p95, ms", listed.p95, 20, name),
        Figure("search p95, ms", found.p95, 60, name),
        Figure("filing p95, ms", filed.p95, 5, name),
        Figure("bytes an item", before / count, 1500, name),
        Figure("page p95 after VACUUM, ms", listed_again.p95, 20, name),
        Figure("search p95 after VACUUM, ms", found_again.p95, 60, name),
        Figure("bytes an item after VACUUM", after / count, 1500, name),
    ]
    times = {
        "pages": listed,
        "searches": found,
        "filing": filed,
        "pages after VACUUM": listed_again,
        "searches after VACUUM": found_again,
    }
    details: dict[str, Any] = {what: several.told() for what, several in times.items()}
    details["cpu p95"] = {what: round(several.cpu_p95, 1) for what, several in times.items()}
    return figures, details


def on_sqlite(count: int, kept: Path | None, is_measured: bool) -> tuple[list[Figure], dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="magpie-library-", dir=kept) as place:
        made = (kept or Path(place)) / "magpie.db"
        with closing(Database(f"sqlite:///{made}")) as database:
            if not is_made(database, count):
                prepare(database, count, made.parent)
        if not is_measured:
            return [], {}
        if kept:
            made = Path(shutil.copy(made, place))
        with closing(Database(f"sqlite:///{made}")) as database:
            return run(database, count, Path(place))


def on_postgres(count: int, kept: Path | None, is_measured: bool) -> tuple[list[Figure], dict[str, Any]]:
    with (
        postgres(kept) as url,
        closing(Database(url)) as database,
        tempfile.TemporaryDirectory(prefix="magpie-library-") as place,
    ):
        if not is_made(database, count):
            prepare(database, count, Path(place))
        if not is_measured:
            return [], {}
        with closing(copied(database, "measured")) as copy:
            return run(copy, count, Path(place))


def main(count: int, kinds: list[str], kept: Path | None, is_measured: bool) -> int:
    """Run, print the figures as JSON; 1 if a promise is not kept."""
    collector.relax()  # as the server does: otherwise one call in fifty waits for a look at all modules
    collector.settle()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    figures: list[Figure] = []
    details: dict[str, Any] = {}
    for kind in kinds:
        place = kept / kind if kept else None
        if place:
            place.mkdir(parents=True, exist_ok=True)
        more, details[kind] = (on_sqlite if kind == "sqlite" else on_postgres)(count, place, is_measured)
        figures += more
    return report("library", figures, items=count, **details)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="*", help="how many items, and on which databases")
    parser.add_argument("--kept", type=Path, help="folder of prepared databases")
    parser.add_argument("--prepare", action="store_true", help="make the databases, measure nothing")
    return parser.parse_args()


if __name__ == "__main__":
    asked = _arguments()
    numbers = [int(one) for one in asked.what if one.isdigit()]
    named = [one for one in asked.what if not one.isdigit()]
    folder = asked.kept.resolve() if asked.kept else None
    count = numbers[0] if numbers else ITEMS
    sys.exit(main(count, named or ["sqlite", "postgresql"], folder, not asked.prepare))
