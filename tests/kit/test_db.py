"""Units of work: all or nothing, one writer at a time, and nobody lost who waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import StatementError
from structlog.testing import capture_logs

from magpie.kit import db
from magpie.kit.db import Database, DatabaseRefused, ReadSession, normalise_url
from tests.kit.conftest import Note


class Sudden(Exception):
    """Something that goes wrong in the middle."""


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Note)) or 0


def test_what_ends_well_is_committed(notes: Database) -> None:
    with notes.write() as session:
        session.add(Note(text="kept", facts={"a": 1}))
    with notes.read() as session:
        [note] = session.scalars(select(Note))
        assert (note.text, note.facts) == ("kept", {"a": 1})


def test_what_fails_is_rolled_back(notes: Database) -> None:
    happened: list[str] = []

    def fail() -> None:
        with notes.write() as session:
            session.add(Note(text="lost"))
            session.flush()
            session.after_commit(lambda: happened.append("never"))
            raise Sudden

    for _ in range(2):  # the second finds the writer's turn free
        with pytest.raises(Sudden):
            fail()
    assert count(notes) == 0
    assert happened == []


def test_what_follows_the_commit_sees_it_and_may_write(notes: Database) -> None:
    seen: list[int] = []

    def follow() -> None:
        seen.append(count(notes))
        with notes.write() as session:
            session.add(Note(text="second"))

    with notes.write() as session:
        session.add(Note(text="first"))
        session.after_commit(follow)
        assert seen == []
    assert seen == [1]
    assert count(notes) == 2


def test_a_failing_follow_up_is_logged_and_no_failure_of_the_write(notes: Database) -> None:
    happened: list[str] = []

    def fail() -> None:
        raise Sudden

    with capture_logs() as logs, notes.write() as session:
        session.add(Note(text="kept"))
        session.after_commit(fail)
        session.after_commit(lambda: happened.append("after"))
    assert [entry["event"] for entry in logs] == ["after_commit_failed"]
    assert happened == ["after"]
    assert count(notes) == 1


def _add_new(session: ReadSession) -> None:
    session.add(Note(text="x"))


def _change(session: ReadSession) -> None:
    session.scalars(select(Note)).one().text = "y"


def _delete(session: ReadSession) -> None:
    session.delete(session.scalars(select(Note)).one())


# What is done to the session, and what brings it to the database.
WRITES: dict[str, tuple[Callable[[ReadSession], object], Callable[[ReadSession], object]]] = {
    "new": (_add_new, ReadSession.flush),
    "dirty": (_change, ReadSession.flush),
    "deleted": (_delete, ReadSession.flush),
    "autoflush": (_add_new, lambda session: session.scalar(select(Note))),
    "commit": (_add_new, ReadSession.commit),
    "insert": (ReadSession.expire_all, lambda session: session.execute(insert(Note).values(text="x"))),
    "update": (ReadSession.expire_all, lambda session: session.execute(update(Note).values(text="x"))),
    "delete": (ReadSession.expire_all, lambda session: session.execute(delete(Note))),
}


@pytest.mark.parametrize("how", WRITES)
def test_a_reading_session_refuses_to_write(notes: Database, how: str) -> None:
    with notes.write() as session:
        session.execute(insert(Note).values(text="here", facts={}))
    prepare, write = WRITES[how]
    with notes.read() as reading:
        prepare(reading)
        with pytest.raises(RuntimeError, match="asked to write"):
            write(reading)
    with notes.read() as reading:
        assert reading.scalars(select(Note.text)).all() == ["here"]


def test_times_come_back_in_utc(notes: Database) -> None:
    there = datetime(2026, 3, 1, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with notes.write() as session:
        session.add(Note(text="time", moment=there))
        session.add(Note(text="never"))
    with notes.read() as session:
        [moment] = session.scalars(select(Note.moment).where(Note.text == "time"))
        assert moment == there
        assert moment is not None
        assert moment.tzinfo is UTC
        assert session.scalars(select(Note.text).where(Note.moment <= there)).all() == ["time"]
        assert session.scalar(select(Note.moment).where(Note.text == "never")) is None


def test_a_time_without_a_zone_is_refused(notes: Database) -> None:
    with pytest.raises(StatementError, match="timezone-aware"), notes.write() as session:
        session.add(Note(text="when?", moment=datetime(2026, 3, 1)))  # noqa: DTZ001


def test_fifty_threads_lose_nothing(notes: Database) -> None:
    """Each reads a number and writes it back one higher: lost updates would show."""
    with notes.write() as session:
        session.add(Note(text="counter", facts={"n": 0}))

    def raise_it(_: int) -> None:
        with notes.write() as session:
            query = select(Note).where(Note.text == "counter").with_for_update()
            note = session.scalars(query).one()
            note.facts = {"n": note.facts["n"] + 1}

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(raise_it, range(150)))
    with notes.read() as reading:
        assert reading.scalars(select(Note.facts)).one() == {"n": 150}


def test_readers_do_not_wait_for_a_writer(notes: Database) -> None:
    with notes.write() as session:
        session.add(Note(text="unfinished"))
        session.flush()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(count, notes).result(timeout=10) == 0
    assert count(notes) == 1


@pytest.mark.sqlite_only
def test_a_reader_sees_one_state(notes: Database) -> None:
    """PostgreSQL's sessions read what is committed, statement by statement."""
    with notes.read() as reading:
        assert reading.scalar(select(func.count()).select_from(Note)) == 0
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_add, notes).result(timeout=10)
        assert reading.scalar(select(func.count()).select_from(Note)) == 0
    assert count(notes) == 1


def _add(database: Database) -> None:
    with database.write() as session:
        session.add(Note(text="meanwhile"))


def test_an_opened_session_holds_nobody_up(notes: Database) -> None:
    """The turn begins with the first statement: one that waits before it stops no other."""
    opened, go_on = threading.Event(), threading.Event()

    def idle() -> None:
        with notes.write() as session:
            opened.set()
            go_on.wait(10)
            session.add(Note(text="late"))

    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(idle)
        assert opened.wait(10)
        pool.submit(_add, notes).result(timeout=10)
        go_on.set()
        waiting.result(timeout=10)
    assert count(notes) == 2


@pytest.mark.sqlite_only
def test_a_large_write_leaves_no_large_log(notes: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "LOG_KEPT_BYTES", 100_000)
    notes.close()  # connections are set up anew
    log = Path(f"{notes.url.database}-wal")
    with notes.engine.connect() as other:  # the last one that is closed would take the log along
        other.execute(text("SELECT 1"))
        other.rollback()
        with notes.write() as session:
            session.execute(text("CREATE TABLE large (data BLOB)"))
            for _ in range(40):
                session.execute(text("INSERT INTO large VALUES (zeroblob(200000))"))
        assert log.stat().st_size > 8_000_000
        for _ in range(2):  # the first one finds all of it in the database, and begins the log anew
            with notes.write() as session:
                session.execute(text("INSERT INTO large VALUES (1)"))
        assert log.stat().st_size <= 100_000


@pytest.mark.sqlite_only
def test_sqlite_is_set_up_safely(notes: Database) -> None:
    with notes.engine.connect() as connection:
        facts = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys")
        }
        assert facts == {"journal_mode": "wal", "foreign_keys": 1}


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg"),
        ("sqlite:////x/y.db", "sqlite"),
    ],
)
def test_addresses_of_databases(url: str, driver: str) -> None:
    assert normalise_url(url).drivername == driver


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:hunter2@h/d",
        "hunter2",
        "",
        "postgresql://u:hunter2@h:port/d",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(DatabaseRefused) as refused:
        Database(url)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None
