"""Limits that change while the engine runs."""

from __future__ import annotations

import threading

from magpie.engine import Job, JobState, Lane
from magpie.engine.runner import DurableEngine
from tests.engine.helpers import Engines, new_ref, wait_for


class Held:
    """Jobs that run until they are let go."""

    def __init__(self, engine: DurableEngine) -> None:
        self.go = threading.Event()
        self.begun = 0
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()
        engine.register("work", self._run)

    def _run(self, job: Job) -> None:
        with self._lock:
            self.begun += 1
            self._now += 1
            self.most = max(self.most, self._now)
        self.go.wait(30)
        with self._lock:
            self._now -= 1


def test_more_slots_are_filled_at_once(engines: Engines) -> None:
    engine = engines.make(max_concurrent_downloads=1, site_concurrency=1)
    held = Held(engine)
    engine.start()
    for site in ("a", "a", "b", "b"):
        engine.enqueue(new_ref(), Lane.SITE, site=site)
    wait_for(lambda: held.begun == 1)
    engine.reconfigure(4, 2, 0.0)
    wait_for(lambda: held.begun == 4)
    assert engine.status().slots[Lane.SITE] == 4
    held.go.set()


def test_fewer_slots_leave_running_jobs_alone_and_start_fewer(engines: Engines) -> None:
    engine = engines.make(max_concurrent_downloads=3, site_concurrency=3)
    held = Held(engine)
    engine.start()
    refs = [new_ref() for _ in range(8)]
    for ref in refs[:3]:
        engine.enqueue(ref, Lane.SITE, site="a")
    wait_for(lambda: held.begun == 3)
    engine.reconfigure(1, 1, 0.0)
    for ref in refs[3:]:
        engine.enqueue(ref, Lane.SITE, site="a")
    assert engine.status().running[Lane.SITE] == 3
    held.most = 0
    held.go.set()
    wait_for(lambda: all(engine.state(ref) is JobState.DONE for ref in refs))
    assert held.most == 1


def test_a_shorter_pause_counts_at_once(engines: Engines) -> None:
    engine = engines.make(site_delay_seconds=600.0)
    held = Held(engine)
    engine.start()
    held.go.set()
    refs = [new_ref() for _ in range(3)]
    for ref in refs:
        engine.enqueue(ref, Lane.SITE, site="a")
    wait_for(lambda: held.begun == 1)
    engine.reconfigure(8, 2, 0.0)
    wait_for(lambda: all(engine.state(ref) is JobState.DONE for ref in refs))


def test_limits_that_came_before_the_start_are_those_that_it_starts_with(engines: Engines) -> None:
    engine = engines.make(max_concurrent_downloads=1)
    held = Held(engine)
    engine.reconfigure(2, 2, 0.0)
    engine.start()
    for _ in range(3):
        engine.enqueue(new_ref(), Lane.SITE, site="a")
    wait_for(lambda: held.begun == 2)
    assert engine.status().running[Lane.SITE] == 2
    held.go.set()
