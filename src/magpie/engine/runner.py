"""The engine of one process: handlers, running jobs, start and stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar
from uuid import uuid4

import structlog

from magpie.engine.dispatch import Dispatcher
from magpie.engine.listen import Listener
from magpie.engine.liveness import Membership, PostgresWorker, SoleWorker, conninfo
from magpie.engine.port import (
    LOCK_FILE,
    EngineStatus,
    Handler,
    JobLost,
    JobParked,
    JobRef,
    JobState,
    Lane,
    Source,
    Wanted,
    Where,
    as_json,
)
from magpie.engine.reconciler import EVERY_SECONDS, Reconciler
from magpie.engine.store import CHANNEL, UNREACHABLE, Claimed, LaneLimits, Store, patiently
from magpie.engine.ticker import Ticker
from magpie.kit.db import Database

logger = logging.getLogger(__name__)
T = TypeVar("T")
P = ParamSpec("P")

ENGINE_FILE = "engine.db"
INTERACTIVE_SLOTS = 4
CHECK_SLOTS = 4
CHECKS_AT_SITE = 1
BACKGROUND_SLOTS = 2
MAKING_SLOTS = 2
# How long a lost worker waits for its killed jobs' handlers before it joins again.
LOST_GRACE_SECONDS = 10.0


class EngineSettings(Protocol):
    """The settings that the engine begins with; limits that change later are told to `reconfigure`."""

    @property
    def data_dir(self) -> Path: ...
    @property
    def max_concurrent_downloads(self) -> int: ...
    @property
    def site_concurrency(self) -> int: ...
    @property
    def site_delay_seconds(self) -> float: ...
    @property
    def worker_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Kind:
    handler: Handler
    max_starts: int
    exhausted: Handler | None


class RunningJob:
    """One start of a job in this process."""

    def __init__(self, claimed: Claimed, store: Store) -> None:
        self.claimed = claimed
        self.stopping = threading.Event()
        self.lost = False
        self._store = store
        self._recorded: dict[str, Any] | None = None
        self._names: set[str] = set()

    @property
    def ref(self) -> JobRef:
        return self.claimed.ref

    @property
    def starts(self) -> int:
        return self.claimed.starts

    def step(self, name: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if name in self._names:
            raise ValueError(f"two steps of one job are named {name!r}")
        self._names.add(name)
        self._end_if_lost()
        if self._recorded is None:
            self._recorded = patiently(lambda: self._store.steps(self.ref.id), self._is_ours)
        result: T
        if name in self._recorded:
            result = self._recorded[name]
            return result
        started = time.time()
        result = as_json(function(*args, **kwargs))
        completed = time.time()
        self._end_if_lost()
        patiently(
            lambda: self._store.record_step(self.claimed, name, result, started, completed), self._is_ours
        )
        return result

    def _is_ours(self) -> bool:
        return not self.lost

    def _end_if_lost(self) -> None:
        if self.lost:
            raise JobLost(self.ref.id)


class DurableEngine:
    """`magpie.engine.Engine` on DBOS's system database."""

    def __init__(self, settings: EngineSettings, database: Database) -> None:
        self._limits = {
            Lane.INTERACTIVE: LaneLimits(INTERACTIVE_SLOTS),
            Lane.CHECK: _check_limits(settings.site_delay_seconds),
            Lane.SITE: LaneLimits(
                settings.max_concurrent_downloads, settings.site_concurrency, settings.site_delay_seconds
            ),
            Lane.BACKGROUND: LaneLimits(BACKGROUND_SLOTS),
            Lane.MAKING: LaneLimits(MAKING_SLOTS),
        }
        self._file = settings.data_dir / ENGINE_FILE
        self._url = None if database.is_sqlite else database.url
        self._membership: Membership = (
            SoleWorker(settings.data_dir / LOCK_FILE)
            if self._url is None
            else PostgresWorker(self._url, settings.worker_name)
        )
        self._me = uuid4().hex
        self._kinds: dict[str, _Kind] = {}
        self._stopping_callbacks: list[Callable[[], None]] = []
        self._lost_callbacks: list[Callable[[], None]] = []
        self._jobs: dict[str, RunningJob] = {}
        self._jobs_changed = threading.Condition()
        self._stopping = False
        self._open_store: Store | None = None
        self._dispatcher: Dispatcher | None = None
        self._allowance: Callable[[str], int | None] = _unlimited
        self._listener: Listener | None = None
        self._ticker = Ticker(self._membership.is_leader)
        self._reconciler = Reconciler(self._states_patiently, self._enqueue_wanted)

    # Setting up

    def register(
        self, kind: str, handler: Handler, *, max_starts: int = 5, exhausted: Handler | None = None
    ) -> None:
        if kind in self._kinds:
            raise ValueError(f"the job kind {kind!r} has a handler already")
        self._kinds[kind] = _Kind(handler, max_starts, exhausted)

    def every(self, name: str, seconds: float, function: Callable[[], None], where: Where) -> None:
        self._ticker.add(name, seconds, function, where)

    def reconcile(self, source: Source) -> None:
        self._reconciler.add(source)

    def reconcile_now(self) -> None:
        self._reconciler.run()

    def on_stopping(self, callback: Callable[[], None]) -> None:
        self._stopping_callbacks.append(callback)

    def on_lost(self, callback: Callable[[], None]) -> None:
        self._lost_callbacks.append(callback)

    def limit_sites(self, function: Callable[[str], int | None]) -> None:
        self._allowance = function

    # Life

    def start(self) -> None:
        try:
            self._start()
        except BaseException:
            self._membership.leave()
            raise

    def _start(self) -> None:
        if self._url is None:
            # The lock first: only its holder may open and migrate the file.
            self._membership.join()
        self._open_store = Store(url=self._url, sqlite_file=self._file, limits=self._limits)
        if self._url is not None:
            self._membership.join()
        self._dispatcher = Dispatcher(
            self._open_store, self._limits, self._membership.executor, self._begin, self._allowance
        )
        self._membership.watch(self._adopt, self._lost)
        if self._url is not None:
            self._listener = Listener(conninfo(self._url), CHANNEL, self._me, self._wake)
            self._listener.open()
        self._dispatcher.open()
        self._ticker.add("reconcile", EVERY_SECONDS, self._reconcile, Where.ONE)
        self._ticker.open()

    def stop(self, grace: float) -> bool:
        deadline = time.monotonic() + grace
        if self._dispatcher is not None:
            self._dispatcher.close()
        self._stopping = True
        for job in self._running_jobs():
            job.stopping.set()
        _call_all(self._stopping_callbacks)
        ended = self._wait_until_idle(deadline)
        for job in self._running_jobs():
            # Whatever it still does, it records nothing: the next worker takes the job up.
            job.lost = True
        self._ticker.close(timeout=5)
        if self._listener is not None:
            self._listener.close(self._nudge)
        self._membership.leave()
        if self._open_store is not None:
            self._open_store.close()
        return ended

    def status(self) -> EngineStatus:
        slots = {lane: limit.worker for lane, limit in self._limits.items()}
        running = self._dispatcher.running() if self._dispatcher is not None else dict.fromkeys(slots, 0)
        worker = None if self._stopping or self._dispatcher is None else self._membership.executor()
        return EngineStatus(worker, running, slots)

    def reconfigure(self, downloads: int, at_site: int, site_delay: float) -> None:
        wanted = {
            Lane.SITE: LaneLimits(downloads, at_site, site_delay),
            Lane.CHECK: _check_limits(site_delay),
        }
        if all(self._limits[lane] == limits for lane, limits in wanted.items()):
            return
        if self._open_store is not None:
            for lane, limits in wanted.items():
                self._open_store.reconfigure(lane, limits)
        # Last, so that a call that met an unreachable store can be repeated.
        self._limits.update(wanted)
        if self._dispatcher is not None:
            self._dispatcher.relax(site_delay)

    # Jobs from outside

    def enqueue(
        self, ref: JobRef, lane: Lane, *, site: str | None = None, priority: int = 0, delay: float = 0.0
    ) -> None:
        if (site is not None) != (self._limits[lane].site is not None):
            raise ValueError(f"the lane {lane} {'needs a' if site is None else 'has no'} site")
        self._store.enqueue(ref, lane, site, priority, delay)
        if delay <= 0:
            self._store.announce(self._me)
        self._wake()

    def cancel(self, ref: JobRef) -> bool:
        return self._store.cancel(ref.id)

    def state(self, ref: JobRef) -> JobState:
        return self._store.states([ref.id]).get(ref.id, JobState.UNKNOWN)

    def known(self, refs: Iterable[JobRef]) -> set[str]:
        states = self._states(refs)
        return {job_id for job_id, state in states.items() if state in (JobState.QUEUED, JobState.RUNNING)}

    def prune(self, older_than: timedelta) -> int:
        return self._store.prune(time.time() - older_than.total_seconds())

    # Inside

    @property
    def _store(self) -> Store:
        if self._open_store is None:
            raise RuntimeError("the engine is not started")
        return self._open_store

    def _wake(self) -> None:
        if self._dispatcher is not None:
            self._dispatcher.wake()

    def _nudge(self) -> None:
        with suppress(*UNREACHABLE):
            self._store.announce(self._me)

    def _states(self, refs: Iterable[JobRef]) -> dict[str, JobState]:
        return self._store.states(ref.id for ref in refs)

    def _states_patiently(self, refs: Iterable[JobRef]) -> dict[str, JobState]:
        asked = list(refs)
        return patiently(lambda: self._states(asked), self._goes_on)

    def _enqueue_wanted(self, wanted: Wanted) -> None:
        def enqueue() -> None:
            self.enqueue(
                wanted.ref, wanted.lane, site=wanted.site, priority=wanted.priority, delay=wanted.delay
            )

        patiently(enqueue, self._goes_on)

    def _goes_on(self) -> bool:
        return not self._stopping

    def _reconcile(self) -> None:
        self._reconciler.run()

    def _begin(self, claimed: Claimed) -> None:
        job = RunningJob(claimed, self._store)
        with self._jobs_changed:
            self._jobs[claimed.owner + claimed.ref.id] = job
            if self._stopping:
                job.stopping.set()
        # A thread of its own for each: daemonic, so that a stuck handler cannot hold up the exit.
        thread = threading.Thread(target=self._run, args=(job,), name=f"job-{claimed.ref.kind}", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system has no more threads to give
            self._put_away(job)
            self._store.park(claimed)
            raise

    def _run(self, job: RunningJob) -> None:
        try:
            with structlog.contextvars.bound_contextvars(job=job.ref.id):
                self._end(job, self._call_handler(job))
        except UNREACHABLE:
            logger.warning("The end of job %s could not be recorded; it will be started again", job.ref.id)
        except Exception:
            logger.exception("Ending job %s failed", job.ref.id)
        finally:
            self._put_away(job)

    def _put_away(self, job: RunningJob) -> None:
        with self._jobs_changed:
            del self._jobs[job.claimed.owner + job.ref.id]
            self._jobs_changed.notify_all()
        if self._dispatcher is not None:
            self._dispatcher.ended(job.claimed)

    def _call_handler(self, job: RunningJob) -> BaseException | None:
        """Run the job; how it ended, None for well."""
        kind = self._kinds.get(job.ref.kind)
        if kind is None:
            return LookupError(f"no handler for jobs of kind {job.ref.kind}")
        try:
            if job.starts <= kind.max_starts:
                kind.handler(job)
                return None
            if kind.exhausted is not None:
                kind.exhausted(job)
            return RuntimeError(f"started {job.starts - 1} times without an end")
        except (JobParked, JobLost) as ending:
            return ending
        except Exception as error:
            if not job.lost and not job.stopping.is_set():
                logger.exception("Job %s failed", job.ref.id)
            return error

    def _end(self, job: RunningJob, ending: BaseException | None) -> None:
        if job.lost or isinstance(ending, JobLost):
            return
        action: Callable[[], bool]
        if isinstance(ending, JobParked):
            action = lambda: self._store.park(job.claimed)  # noqa: E731
        else:
            action = lambda: self._store.finish(job.claimed, ending)  # noqa: E731
        if not patiently(action, lambda: not job.lost):
            logger.warning("Job %s was taken over by another worker while it ended here", job.ref.id)

    def _running_jobs(self) -> list[RunningJob]:
        with self._jobs_changed:
            return list(self._jobs.values())

    def _wait_until_idle(self, deadline: float) -> bool:
        with self._jobs_changed:
            return self._jobs_changed.wait_for(lambda: not self._jobs, max(0.0, deadline - time.monotonic()))

    # Called by the membership's thread

    def _adopt(self) -> None:
        """Queue again what dead workers ran.

        The order matters: whoever claimed a job had joined before. Read the other way round, a worker that
        joins in between would be taken for dead.
        """
        try:
            running = self._store.running_executors()
            adopted = sum(self._store.requeue(dead) for dead in running - self._membership.living())
        except UNREACHABLE:
            logger.warning("The job store cannot be reached; the jobs of dead workers have to wait")
            return
        if adopted:
            logger.warning("Took up %d jobs of workers that are gone", adopted)
        self._wake()

    def _lost(self) -> None:
        for job in self._running_jobs():
            job.lost = True
            job.stopping.set()
        _call_all(self._lost_callbacks)
        self._wait_until_idle(time.monotonic() + LOST_GRACE_SECONDS)


def _check_limits(site_delay: float) -> LaneLimits:
    return LaneLimits(CHECK_SLOTS, CHECKS_AT_SITE, site_delay)


def _unlimited(_site: str) -> int | None:
    return None


def _call_all(callbacks: Iterable[Callable[[], None]]) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception:
            logger.exception("A callback of the engine failed")
