"""Sites that may not be visited as often as the settings would have it: left alone, one canary, a ramp."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import OperationalError

from magpie.engine import Job, JobState, Lane
from tests.engine.helpers import Engines, new_ref, wait_for


class Yard:
    """Jobs on any number of engines that run until they are let go, and how many ever ran at once."""

    def __init__(self) -> None:
        self.most_allowed: dict[str, int | None] = {}
        self.asked: set[str] = set()
        self.go = threading.Semaphore(0)
        self.begun = 0
        self.now = 0
        self.most = 0
        self._lock = threading.Lock()

    def allowance(self, site: str) -> int | None:
        self.asked.add(site)
        return self.most_allowed.get(site)

    def work(self, job: Job) -> None:
        with self._lock:
            self.begun += 1
            self.now += 1
            self.most = max(self.most, self.now)
        self.go.acquire(timeout=30)
        with self._lock:
            self.now -= 1


@pytest.fixture
def yard() -> Yard:
    return Yard()


def test_a_site_that_is_left_alone_gets_no_job_and_others_do(engines: Engines, yard: Yard) -> None:
    yard.most_allowed["a"] = 0
    engine = engines.make()
    engine.register("work", yard.work)
    engine.limit_sites(yard.allowance)
    engine.start()
    resting = [new_ref(), new_ref()]
    engine.enqueue(resting[0], Lane.SITE, site="a")
    engine.enqueue(resting[1], Lane.CHECK, site="a")
    other = new_ref()
    engine.enqueue(other, Lane.SITE, site="b")
    yard.go.release(3)
    wait_for(lambda: engine.state(other) is JobState.DONE and yard.asked == {"a", "b"})
    assert [engine.state(ref) for ref in resting] == [JobState.QUEUED] * 2
    yard.most_allowed.clear()
    wait_for(lambda: all(engine.state(ref) is JobState.DONE for ref in resting))


@pytest.mark.parametrize("hosts", [1, pytest.param(2, marks=pytest.mark.postgres_only)])
@pytest.mark.parametrize("most", [1, 2])
def test_no_more_than_allowed_are_at_a_site_on_all_hosts_and_lanes(
    engines: Engines, yard: Yard, hosts: int, most: int
) -> None:
    yard.most_allowed["a"] = most
    made = [engines.make(site_concurrency=4, worker_name=f"host{number}") for number in range(hosts)]
    for engine in made:
        engine.register("work", yard.work)
        engine.limit_sites(yard.allowance)
        engine.start()
    refs = [new_ref() for _ in range(12)]
    for number, ref in enumerate(refs):
        lane = Lane.CHECK if number % 3 == 0 else Lane.SITE
        made[number % hosts].enqueue(ref, lane, site="a")
    for done in range(len(refs)):
        wait_for(lambda done=done: yard.begun >= min(done + most, len(refs)))  # type: ignore[misc]
        yard.go.release()
    wait_for(lambda: all(made[0].state(ref) is JobState.DONE for ref in refs), 20)
    assert yard.most == most


def test_checks_go_one_at_a_time_at_a_site_and_not_in_each_others_way(engines: Engines, yard: Yard) -> None:
    engine = engines.make()
    engine.register("work", yard.work)
    engine.start()
    for site in ("a", "a", "a", "b", "c"):
        engine.enqueue(new_ref(), Lane.CHECK, site=site)
    engine.enqueue(new_ref(), Lane.SITE, site="a")
    wait_for(lambda: yard.begun == 4)
    assert engine.status().running[Lane.CHECK] == 3
    yard.go.release(6)
    wait_for(lambda: yard.begun == 6 and yard.now == 0)
    assert yard.most == 4


def test_checks_keep_the_pause_and_leave_downloads_their_turn(engines: Engines, yard: Yard) -> None:
    engine = engines.make(site_delay_seconds=0.1)
    engine.register("work", yard.work)
    engine.start()
    yard.go.release(30)
    checks = [new_ref() for _ in range(20)]
    for ref in checks:
        engine.enqueue(ref, Lane.CHECK, site="a")
    download = new_ref()
    engine.enqueue(download, Lane.SITE, site="a")
    wait_for(lambda: engine.state(download) is JobState.DONE)
    assert JobState.QUEUED in {engine.state(ref) for ref in checks}


def test_nothing_begins_while_nobody_can_say_whether_it_may(engines: Engines, yard: Yard) -> None:
    broken = threading.Event()
    asked = threading.Event()

    def allowance(site: str) -> int | None:
        asked.set()
        if not broken.is_set():
            raise OperationalError("", {}, Exception())
        return None

    engine = engines.make()
    engine.register("work", yard.work)
    engine.limit_sites(allowance)
    engine.start()
    ref = new_ref()
    engine.enqueue(ref, Lane.SITE, site="a")
    assert asked.wait(10)
    assert engine.state(ref) is JobState.QUEUED
    broken.set()
    yard.go.release()
    wait_for(lambda: engine.state(ref) is JobState.DONE)
