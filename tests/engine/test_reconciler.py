"""Rows and engine are brought into step, and periodic work is done where it should be."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from magpie.engine import JobRef, JobState, Lane, Source, Wanted, Where
from tests.engine.helpers import Engines, new_ref, wait_for


def test_rows_that_the_engine_does_not_know_are_enqueued_and_ended_ones_reported(
    engines: Engines, caplog: pytest.LogCaptureFixture
) -> None:
    ended = new_ref()
    first = engines.make()
    first.register("work", lambda job: None)
    first.start()
    first.enqueue(ended, Lane.SITE, site="a")
    wait_for(lambda: first.state(ended) is JobState.DONE)
    assert first.stop(5)

    forgotten, runs, reports = new_ref(), [], []

    def pending(now: datetime) -> list[Wanted]:
        assert now.tzinfo is not None
        return [Wanted(ended, Lane.SITE, site="a"), Wanted(forgotten, Lane.SITE, site="a", priority=2)]

    def broken(now: datetime) -> list[Wanted]:
        raise OSError("this slice is ill")

    second = engines.make()
    second.register("work", lambda job: runs.append(job.ref))
    second.reconcile(Source("broken", broken, lambda ref, state: None))
    second.reconcile(Source("work", pending, lambda ref, state: reports.append((ref, state))))
    second.start()
    wait_for(lambda: second.state(forgotten) is JobState.DONE)
    assert runs == [forgotten]
    assert reports == [(ended, JobState.DONE)]
    assert "this slice is ill" in caplog.text


def test_rows_that_the_engine_works_on_are_left_alone(engines: Engines) -> None:
    engine, gate, runs = engines.make(), threading.Event(), []
    seen: list[JobRef] = []
    running = new_ref()

    def pending(now: datetime) -> list[Wanted]:
        seen.append(running)
        return [Wanted(running, Lane.BACKGROUND)]

    engine.register("work", lambda job: runs.append(job.ref) if gate.wait(10) else None)
    source = Source("work", pending, lambda ref, state: seen.clear())
    engine.reconcile(source)
    engine.start()
    wait_for(lambda: engine.state(running) is JobState.RUNNING)
    assert engine._reconciler.run() == 0
    gate.set()
    wait_for(lambda: runs == [running])
    assert len(seen) == 2


def test_rows_that_came_all_at_once_are_not_left_to_the_next_turn(engines: Engines) -> None:
    looks, runs = threading.Semaphore(0), []
    rows: list[JobRef] = []

    def pending(now: datetime) -> list[Wanted]:
        looks.release()
        return [Wanted(ref, Lane.BACKGROUND) for ref in rows]

    engine = engines.make()
    engine.register("work", lambda job: runs.append(job.ref))
    engine.reconcile(Source("work", pending, lambda ref, state: None))
    engine.start()
    assert looks.acquire(timeout=10)  # its own look, right after the start
    rows.append(new_ref())
    engine.reconcile_now()
    assert engine.state(rows[0]) is not JobState.UNKNOWN
    wait_for(lambda: runs == rows)


def test_periodic_work_goes_on_after_a_fault(engines: Engines) -> None:
    engine, turns = engines.make(), []

    def turn() -> None:
        turns.append(threading.current_thread().name)
        raise LookupError("once more")

    engine.every("turn", 0.05, turn, Where.EACH)
    engine.start()
    wait_for(lambda: len(turns) >= 3)
    assert engine.stop(1)
    assert set(turns) == {"engine-ticker"}


@pytest.mark.postgres_only
def test_what_one_worker_does_only_one_does_and_another_inherits_it(engines: Engines) -> None:
    workers, turns = [engines.make() for _ in range(2)], [0, 0]
    each = [0, 0]

    def count(counts: list[int], number: int) -> None:
        counts[number] += 1

    for number, worker in enumerate(workers):
        worker.every("one", 0.05, lambda number=number: count(turns, number), Where.ONE)  # type: ignore[misc]
        worker.every("each", 0.05, lambda number=number: count(each, number), Where.EACH)  # type: ignore[misc]
        worker.start()
    wait_for(lambda: sum(turns) >= 5 and min(each) >= 5)
    assert sorted(turns)[0] == 0
    leader = turns.index(max(turns))
    assert workers[leader].stop(1)
    wait_for(lambda: turns[1 - leader] >= 3, 15)
