"""Importing a large database: how long it takes, how long others cannot write meanwhile, and what memory it needs.

    python -m benchmarks.import_rows [rows] [address of an empty PostgreSQL database]

An export of so many downloads (200,000 if nothing is said) is imported over the same number. A thread writes all the
time, as a server at work does: its longest wait for one write is how long the import blocks others.

Promised per 100,000 rows on an idle machine: ≤ 15 s, of which ≤ 1.5 s (SQLite) or ≤ 10 s (PostgreSQL) block writers;
and ≤ 120 MB beyond what the process had before, whatever the number.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import insert, select, update

from benchmarks._measure import Figure, report
from magpie.accounts.models import User
from magpie.admin.database import service
from magpie.admin.database.dump import write_dump
from magpie.admin.database.secrets import without_secrets
from magpie.config import Settings
from magpie.context import AppContext
from magpie.downloads.models import Download
from magpie.kit.crypto import Vault
from magpie.kit.db import Database
from magpie.kit.errors import Unavailable
from magpie.kit.events import EventBus
from magpie.kit.installation import ensure_installation
from magpie.schema import migrate

SECRET = "a secret of at least thirty-two characters"  # noqa: S105 - of a database that is made here
MOMENT = datetime(2026, 2, 3, 4, 5, 6, 789, UTC)
MEGABYTE = 2**20


def fill(database: Database, rows: int) -> None:
    with database.write() as session:
        ensure_installation(session)
        user = User(username="ada", username_key="ada", is_superuser=True, created_at=MOMENT)
        user.password_hash = "no hash"  # noqa: S105
        session.add(user)
        session.flush()
        for start in range(0, rows, 10_000):
            session.execute(
                insert(Download),
                [
                    {
                        "key": uuid.uuid4().hex,
                        "user_id": user.id,
                        "url": f"https://media.example/watch?v={number}",
                        "site": "media.example",
                        "status": "completed",
                        "title": f"It's title {number}",
                        "downloaded_bytes": number * 1000,
                        "total_bytes": number * 1000,
                        "created_at": MOMENT,
                    }
                    for number in range(start, min(rows, start + 10_000))
                ],
            )


class Watch:
    """The longest wait of one write, in seconds, and the largest memory, in bytes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stop = threading.Event()
        self._process = psutil.Process()
        self.before = self._process.memory_info().rss
        self.memory = self.before
        self.blocked = 0.0

    def _write(self) -> None:
        while not self._stop.wait(0.01):
            began = time.perf_counter()
            while not self._written():
                pass
            self.blocked = max(self.blocked, time.perf_counter() - began)

    def _written(self) -> bool:
        try:
            with self._database.write() as session:
                session.execute(update(User).values(display_name="busy"))
        except Unavailable:  # after half a minute
            return False
        return True

    def _look(self) -> None:
        while not self._stop.wait(0.05):
            self.memory = max(self.memory, self._process.memory_info().rss)

    @contextmanager
    def watching(self) -> Iterator[None]:
        threads = [threading.Thread(target=target) for target in (self._write, self._look)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()


def main(rows: int, url: str | None) -> int:
    with tempfile.TemporaryDirectory(prefix="magpie-import-") as place:
        data_dir = Path(place)
        database = Database(url or f"sqlite:///{data_dir / 'magpie.db'}")
        migrate(database, data_dir)
        settings = Settings(secret_key=SECRET, data_dir=data_dir)
        context = AppContext(settings, database, SECRET, Vault(SECRET), EventBus())
        fill(database, rows)
        file = data_dir / "export.sql"
        began = time.perf_counter()
        write_dump(database, file, without_secrets)
        written = time.perf_counter() - began
        stages: dict[str, float] = {}
        watch = Watch(database)
        began = time.perf_counter()

        def note(stage: str, _part: float) -> None:
            stages.setdefault(stage, round(time.perf_counter() - began, 2))

        with watch.watching():
            service.import_dump(context, file, report=note, username="ada", source=file.name)
        took = time.perf_counter() - began
        with database.read() as session:
            assert session.scalar(select(Download.id).order_by(Download.id.desc()).limit(1)) == rows
        kind = "SQLite" if database.is_sqlite else "PostgreSQL"
        parts = rows / 100_000
        figures = [
            Figure("seconds per 100,000 rows", took / parts, 15, kind),
            Figure(
                "seconds that writers wait per 100,000 rows",
                watch.blocked / parts,
                1.5 if database.is_sqlite else 10,
                kind,
            ),
            Figure("megabytes of memory", (watch.memory - watch.before) / MEGABYTE, 120, kind),
        ]
        size = round(file.stat().st_size / MEGABYTE)
        database.close()
        return report(
            "import_rows", figures, rows=rows, megabytes=size, export_seconds=round(written, 1), begun=stages
        )


if __name__ == "__main__":
    sys.exit(
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000, sys.argv[2] if len(sys.argv) > 2 else None)
    )
