"""Real worker processes, killed, frozen and cut off: nothing is lost, and no completed step runs again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from magpie.engine import JobRef
from magpie.kit.db import Database
from tests.engine.helpers import wait_for
from tests.engine.worker import STEPS

ROOT = Path(__file__).parents[2]


class Workers:
    """Worker processes on one database, and the log they share."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.log = folder / "log"
        self.jobs = folder / "jobs"
        self.refs: list[JobRef] = []
        self._processes: list[subprocess.Popen[bytes]] = []

    def want(self, kind: str, count: int) -> None:
        self.refs = [JobRef(kind, uuid.uuid4().hex, 1, 0) for _ in range(count)]
        # In one move, so that no worker reads half of it.
        self.jobs.with_suffix(".new").write_text("\n".join(ref.id for ref in self.refs))
        self.jobs.with_suffix(".new").rename(self.jobs)

    def start(self, name: str, *options: str) -> subprocess.Popen[bytes]:
        arguments = [self.url, str(self.folder / "data"), str(self.jobs), str(self.log), name, *options]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.worker", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    def events(self, event: str | None = None, pid: int | None = None) -> list[dict[str, Any]]:
        text = self.log.read_text() if self.log.exists() else ""
        entries = [json.loads(line) for line in text.splitlines()]
        return [e for e in entries if event in (None, e["event"]) and pid in (None, e["pid"])]

    def finished(self) -> bool:
        """Whether the engine knows every job as done."""
        table = "workflow_status" if self.url.startswith("sqlite") else "dbos.workflow_status"
        url = f"sqlite:///{self.folder / 'data' / 'engine.db'}" if self.url.startswith("sqlite") else self.url
        database = Database(url)
        try:
            with database.engine.connect() as connection:
                counted = connection.execute(sa.text(f"SELECT status, count(*) FROM {table} GROUP BY status"))  # noqa: S608
                return {row[0]: row[1] for row in counted} == {"SUCCESS": len(self.refs)}
        finally:
            database.close()

    def close(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def finish(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    assert process.wait(20) == 0


@pytest.fixture
def workers(database_url: str, tmp_path: Path) -> Iterator[Workers]:
    made = Workers(database_url, tmp_path)
    yield made
    made.close()


def check_order(workers: Workers) -> None:
    """Every step ran, and none began again once the next one had begun: its result was recorded."""
    reached: Counter[str] = Counter()
    for entry in workers.events("begin"):
        assert entry["step"] >= reached[entry["job"]], f"step {entry['step']} of {entry['job']} ran again"
        reached[entry["job"]] = entry["step"]
    ends = {(entry["job"], entry["step"]) for entry in workers.events("end")}
    assert ends == {(ref.id, number) for ref in workers.refs for number in range(STEPS)}


def kill_and_restart(workers: Workers, moments: list[int]) -> None:
    """Kill the worker whenever the log has grown so long, and start it again; then let it finish."""
    for lines in moments:
        worker = workers.start("only")
        wait_for(lambda lines=lines: len(workers.events()) >= lines, 30)  # type: ignore[misc]
        kill(worker)
    worker = workers.start("only")
    wait_for(
        lambda: len({e["job"] for e in workers.events("end") if e["step"] == STEPS - 1}) == len(workers.refs),
        60,
    )
    wait_for(workers.finished, 10)
    finish(worker)
    check_order(workers)


def test_a_worker_killed_in_the_middle_goes_on_where_it_was(workers: Workers) -> None:
    workers.want("chain", 40)
    kill_and_restart(workers, [40, 110])


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_a_worker_killed_twenty_times_loses_nothing(workers: Workers) -> None:
    workers.want("chain", 200)
    total = 200 * STEPS * 2
    kill_and_restart(workers, sorted(random.sample(range(10, total - 10), 20)))


@pytest.mark.postgres_only
def test_the_work_of_a_dead_host_is_done_by_another(workers: Workers) -> None:
    dead, living = workers.start("dead"), workers.start("living")
    wait_for(lambda: len(workers.events("started")) == 2, 20)
    workers.want("chain", 60)
    wait_for(lambda: all(len(workers.events("end", p.pid)) >= 12 for p in (dead, living)), 30)

    def unfinished() -> set[str]:
        ends = {(e["job"], e["step"]) for e in workers.events("end", dead.pid)}
        return {e["job"] for e in workers.events("begin", dead.pid) if (e["job"], STEPS - 1) not in ends}

    def is_caught_at_work() -> bool:
        os.killpg(dead.pid, signal.SIGSTOP)
        caught = bool(unfinished())
        if not caught:
            os.killpg(dead.pid, signal.SIGCONT)
        return caught

    wait_for(is_caught_at_work, 20)
    kill(dead)
    orphans = unfinished()
    last = max(e["at"] for e in workers.events(pid=dead.pid))
    wait_for(workers.finished, 30)
    check_order(workers)
    taken_up = [e["at"] for e in workers.events("begin", living.pid) if e["job"] in orphans]
    assert min(taken_up) - last < 15
    finish(living)


@pytest.mark.postgres_only
@pytest.mark.parametrize(
    "options", [("hasten",), pytest.param((), marks=[pytest.mark.soak])], ids=["hastened", "at its own pace"]
)
def test_a_frozen_worker_is_replaced_and_notices_when_it_wakes(
    workers: Workers, options: tuple[str, ...]
) -> None:
    workers.want("long", 1)
    frozen = workers.start("frozen", *options)
    wait_for(lambda: bool(workers.events("begin", frozen.pid)), 20)
    living = workers.start("living", *options)
    wait_for(lambda: bool(workers.events("started", living.pid)), 20)
    os.killpg(frozen.pid, signal.SIGSTOP)
    wait_for(lambda: bool(workers.events("end", living.pid)), 20)
    assert not workers.events("lost")
    os.killpg(frozen.pid, signal.SIGCONT)
    wait_for(lambda: bool(workers.events("interrupted", frozen.pid)), 10)
    wait_for(lambda: bool(workers.events("lost", frozen.pid)))
    wait_for(workers.finished)
    with psycopg.connect(workers.url) as connection:

        def back_again() -> bool:
            query = "SELECT generation FROM workers WHERE id = 'frozen-0' AND gone_at IS NULL"
            with connection.transaction():
                return connection.execute(query).fetchone() == (2,)

        wait_for(back_again)
    finish(frozen)
    finish(living)
    assert [e["pid"] for e in workers.events("end")] == [living.pid]


@pytest.mark.postgres_only
def test_a_worker_whose_connections_are_all_cut_does_its_work_once(workers: Workers) -> None:
    workers.want("chain", 60)
    worker, other = workers.start("cut"), workers.start("other")
    for one in (worker, other):  # whose start may end without a database
        wait_for(lambda one=one: bool(workers.events("started", one.pid)), 20)  # type: ignore[misc]
    with psycopg.connect(workers.url, autocommit=True) as connection:
        for share in (1, 2, 3):
            wait_for(lambda share=share: len(workers.events("end")) >= share * 30, 30)  # type: ignore[misc]
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    wait_for(workers.finished, 30)
    check_order(workers)
    finish(worker)
    finish(other)
