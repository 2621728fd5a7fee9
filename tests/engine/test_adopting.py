"""Taking up dead workers' jobs by hand, and only those."""

from __future__ import annotations

import threading

import pytest

from magpie.engine import EngineRefused, Job, JobState, Lane
from magpie.engine.adopting import adopt
from magpie.engine.liveness import PostgresWorker
from magpie.engine.runner import DurableEngine
from magpie.kit.db import Database
from tests.engine.helpers import Engines, Settings, new_ref, wait_for

pytestmark = pytest.mark.database


def _killed(engine: DurableEngine) -> None:
    """As after `kill -9`: nobody said goodbye, the jobs are as they were."""
    assert engine._dispatcher is not None
    engine._dispatcher.close()
    engine._ticker.close(timeout=5)
    membership = engine._membership
    if not isinstance(membership, PostgresWorker):
        membership.leave()
        return
    membership._leaving.set()
    assert membership._thread is not None
    membership._thread.join(10)
    membership._close()


def test_jobs_of_the_dead_are_queued_again_and_those_of_the_living_are_left(engines: Engines) -> None:
    started, go_on = threading.Event(), threading.Event()

    def work(_job: Job) -> None:
        started.set()
        go_on.wait(30)

    engine = engines.make()
    engine.register("work", work)
    engine.start()
    settings, database = Settings(engines.data_dir), Database(engines.url)
    job = new_ref()
    engine.enqueue(job, Lane.INTERACTIVE)
    assert started.wait(10)
    if database.is_sqlite:
        with pytest.raises(EngineRefused, match="Another Magpie worker"):
            adopt(settings, database)
    else:
        assert adopt(settings, database) == 0
    assert engine.state(job) is JobState.RUNNING
    _killed(engine)
    adopted: list[int] = []

    def is_adopted() -> bool:  # PostgreSQL lets go of a lock a moment after its connection was closed
        adopted.append(adopt(settings, database))
        return adopted[-1] > 0

    wait_for(is_adopted)
    assert adopted[-1] == 1
    assert engine.state(job) is JobState.QUEUED
    assert adopt(settings, database) == 0
    go_on.set()
    database.close()


def test_where_nothing_ever_ran_there_is_nothing_to_take_up(engines: Engines) -> None:
    database = Database(engines.url)
    assert adopt(Settings(engines.data_dir), database) == 0
    database.close()
