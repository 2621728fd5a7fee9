"""Workers on PostgreSQL: slots, locks, heartbeats, and telling the dead from the living."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from magpie.engine import liveness
from magpie.engine.liveness import LEADER_LOCK, LOCK_CLASS, PostgresWorker
from tests.engine.helpers import wait_for

pytestmark = pytest.mark.postgres_only

Make = Callable[..., PostgresWorker]


@pytest.fixture(autouse=True)
def hasten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(liveness, "REATTACH_SECONDS", 1.0)


@pytest.fixture
def watcher(postgres_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def make(postgres_url: str) -> Iterator[Make]:
    made: list[PostgresWorker] = []

    def new(name: str = "nas", **events: Callable[[], None]) -> PostgresWorker:
        worker = PostgresWorker(make_url(postgres_url), name)
        worker.join()
        made.append(worker)
        if events:
            worker.watch(events.get("adopt", lambda: None), events.get("lost", lambda: None))
        return worker

    yield new
    for worker in made:
        worker.leave()


def locked(watcher: psycopg.Connection[Any], slot: str) -> bool:
    """Whether somebody else holds a slot's lock."""
    row = watcher.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", (LOCK_CLASS, slot)).fetchone()
    assert row is not None
    if row[0]:
        watcher.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (LOCK_CLASS, slot))
    return not row[0]


def test_workers_take_the_first_free_slot(make: Make, watcher: psycopg.Connection[Any]) -> None:
    first, second = make("our nas!"), make("our nas!")
    rows = watcher.execute("SELECT id, executor, generation FROM workers ORDER BY id").fetchall()
    assert [row[0] for row in rows] == ["our-nas-0", "our-nas-1"]
    assert [row[1] for row in rows] == [first.executor(), second.executor()]
    assert first.living() == {first.executor(), second.executor()}
    before = first.executor()
    first.leave()
    # The server lets go of a lock a moment after its connection was closed.
    wait_for(lambda: not locked(watcher, "our-nas-0"))
    assert second.living() == {second.executor()}
    third = make("our nas!")
    row = watcher.execute(
        "SELECT executor, generation, gone_at FROM workers WHERE id = 'our-nas-0'"
    ).fetchone()
    assert row == (third.executor(), 2, None)
    assert third.executor() != before


def test_a_worker_whose_connection_is_gone_is_buried_by_another(
    make: Make, watcher: psycopg.Connection[Any]
) -> None:
    dead = make("dead")
    executor = dead.executor()
    adopted = threading.Event()
    living = make("living", adopt=adopted.set)
    assert adopted.wait(5)
    assert executor in {
        row[0] for row in watcher.execute("SELECT executor FROM workers WHERE gone_at IS NULL")
    }
    dead._close()
    gone = "SELECT gone_at IS NOT NULL FROM workers WHERE id = 'dead-0'"
    wait_for(lambda: watcher.execute(gone).fetchone() == (True,))
    wait_for(lambda: not locked(watcher, "dead-0"))  # the slot is free for the next
    assert locked(watcher, "living-0")
    assert living.executor()


def test_a_frozen_worker_is_put_out_of_the_way(
    make: Make, watcher: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = make("frozen")
    watcher.execute("UPDATE workers SET heartbeat_at = now() - interval '9 seconds' WHERE id = 'frozen-0'")
    rounds: list[int] = []
    make("living", adopt=lambda: rounds.append(1))
    wait_for(lambda: len(rounds) >= 2)
    assert locked(watcher, "frozen-0"), "nine seconds are not enough"
    watcher.execute("UPDATE workers SET heartbeat_at = now() - interval '11 seconds' WHERE id = 'frozen-0'")
    wait_for(lambda: not locked(watcher, "frozen-0"))
    with pytest.raises(psycopg.OperationalError):
        frozen.living()


def test_only_the_backend_that_the_row_names_is_ended(make: Make, watcher: psycopg.Connection[Any]) -> None:
    make("frozen")
    watcher.execute(
        "UPDATE workers SET heartbeat_at = now() - interval '1 hour', backend_pid = backend_pid + 1"
        " WHERE id = 'frozen-0'"
    )
    rounds: list[int] = []
    make("living", adopt=lambda: rounds.append(1))
    wait_for(lambda: len(rounds) >= 3)
    assert locked(watcher, "frozen-0")


def test_a_dropped_connection_is_had_back_if_nobody_noticed(
    make: Make, watcher: psycopg.Connection[Any]
) -> None:
    lost, rounds = threading.Event(), []
    worker = make(adopt=lambda: rounds.append(1), lost=lost.set)
    executor = worker.executor()
    for _ in range(3):
        watcher.execute("SELECT pg_terminate_backend(backend_pid) FROM workers WHERE id = 'nas-0'")
        before = len(rounds)
        wait_for(lambda before=before: len(rounds) >= before + 2)  # type: ignore[misc]
        assert locked(watcher, "nas-0")
    assert worker.executor() == executor
    assert not lost.is_set()


def test_a_worker_that_was_declared_gone_is_lost_and_joins_as_another(
    make: Make, watcher: psycopg.Connection[Any]
) -> None:
    seen: list[str | None] = []
    workers: list[PostgresWorker] = []
    worker = make(lost=lambda: seen.append(workers[0].executor()))
    workers.append(worker)
    executor = worker.executor()
    watcher.execute("UPDATE workers SET gone_at = now() WHERE id = 'nas-0'")
    wait_for(lambda: bool(seen) and worker.executor() is not None)
    assert seen == [None], "while it is lost it takes no work"
    assert worker.executor() != executor
    row = watcher.execute("SELECT executor, generation, gone_at FROM workers").fetchone()
    assert row == (worker.executor(), 2, None)


def test_a_worker_that_cannot_reach_its_database_is_lost(
    make: Make, watcher: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, cut = threading.Event(), threading.Event()
    connect = psycopg.connect

    def refused(*arguments: Any, **options: Any) -> Any:
        if cut.is_set():
            raise psycopg.OperationalError("unplugged")
        return connect(*arguments, **options)

    worker = make(lost=lost.set)
    executor = worker.executor()
    monkeypatch.setattr(psycopg, "connect", refused)
    cut.set()
    watcher.execute("SELECT pg_terminate_backend(backend_pid) FROM workers")
    assert lost.wait(5)
    assert worker.executor() is None
    cut.clear()
    wait_for(lambda: worker.executor() is not None)
    assert worker.executor() != executor


def test_a_worker_that_slept_takes_nothing_before_it_has_asked(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = make()
    assert worker.executor() is not None
    now = liveness._clock()
    monkeypatch.setattr(liveness, "_clock", lambda: now + liveness.FRESH_SECONDS + 1)
    assert worker.executor() is None
    assert not worker.is_leader()


def test_the_garbage_collector_does_not_drop_the_lock(make: Make, watcher: psycopg.Connection[Any]) -> None:
    rounds: list[int] = []
    worker = make(adopt=lambda: rounds.append(1))
    row = watcher.execute("SELECT backend_pid FROM workers").fetchone()
    for _ in range(10):
        junk = [[object() for _ in range(1000)] for _ in range(20)]
        junk.append(junk)  # type: ignore[arg-type]
        del junk
        gc.collect()
        assert locked(watcher, "nas-0")
    wait_for(lambda: len(rounds) >= 5)
    assert watcher.execute("SELECT backend_pid FROM workers").fetchone() == row, (
        "the same connection all along"
    )
    assert worker.executor()


def test_one_of_all_leads_and_another_follows_it(make: Make, watcher: psycopg.Connection[Any]) -> None:
    events = {"adopt": lambda: None}
    first = make("a", **events)
    wait_for(first.is_leader)
    second = make("b", **events)
    assert locked(watcher, LEADER_LOCK)
    first.leave()
    wait_for(second.is_leader)
    assert not first.is_leader()
