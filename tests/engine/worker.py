"""A worker process for the fault tests: does the jobs that a file lists once it is there, and writes down what it does.

`python -m tests.engine.worker URL DATA_DIR JOBS LOG NAME [hasten]`. Every line of LOG is a JSON object with `pid`,
`event` and, where they apply, `job` and `step`; `at` is the system's monotonic clock.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from magpie.engine import Job, JobLost, JobRef, Lane, Source, Wanted, liveness
from magpie.engine.runner import DurableEngine
from magpie.kit.db import Database
from tests.engine.helpers import Settings

STEPS = 3


def read_jobs(file: Path, ended: threading.Event) -> list[Wanted]:
    while not file.exists() and not ended.is_set():
        time.sleep(0.01)
    refs = [JobRef.parse(line) for line in file.read_text().split()]
    return [Wanted(ref, Lane.SITE, site="abcd"[number % 4]) for number, ref in enumerate(refs)]


def main(url: str, data_dir: str, jobs: str, log: str, name: str, *options: str) -> None:
    if "hasten" in options:
        liveness.BEAT_SECONDS, liveness.STALE_SECONDS, liveness.FRESH_SECONDS = 0.3, 2.0, 1.0
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(event: str, job: JobRef | None = None, step: int | None = None) -> None:
        entry = {
            "pid": os.getpid(),
            "event": event,
            "job": job and job.id,
            "step": step,
            "at": time.monotonic(),
        }
        os.write(file, (json.dumps(entry) + "\n").encode())

    def chain(job: Job) -> None:
        def work(number: int) -> int:
            note("begin", job.ref, number)
            time.sleep(0.02)
            note("end", job.ref, number)
            return number

        for number in range(STEPS):
            assert job.step(f"step-{number}", work, number) == number

    def long(job: Job) -> None:
        """Never ends at its first start."""

        def work() -> None:
            note("begin", job.ref)
            if job.starts == 1:
                job.stopping.wait(60)
                note("interrupted", job.ref)
                raise JobLost
            note("end", job.ref)

        job.step("work", work)

    ended = threading.Event()
    database = Database(url)
    settings = Settings(Path(data_dir), max_concurrent_downloads=4, site_concurrency=4, worker_name=name)
    engine = DurableEngine(settings, database)
    engine.register("chain", chain, max_starts=1000)
    engine.register("long", long)
    engine.reconcile(Source("jobs", lambda _now: read_jobs(Path(jobs), ended), lambda ref, state: None))
    engine.on_lost(lambda: note("lost"))
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    engine.start()
    note("started")
    ended.wait()
    note("stopped" if engine.stop(5) else "abandoned")


if __name__ == "__main__":
    main(*sys.argv[1:])
