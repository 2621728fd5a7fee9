"""The jobs' store: DBOS's system database. The only module that imports `dbos`.

Why its database and not its runtime: DBOS polls its queues (a job starts half an interval late, and a slot is
refilled no sooner), picks sites at random, keeps undaemonic threads that hold up the exit, recovers only what
ran under its own fixed executor id, and makes a run that lost its job wait for the other one's result. The
claims, ownership tokens, checkpoints and recovery below are DBOS's own functions; when they are called is ours
(`dispatch`, `runner`, `liveness`). They belong to DBOS's internals, which is why its version is pinned to 3.4
and `tests/engine` checks each of them on both databases.

Identifiers only are stored, as portable JSON; nothing is ever pickled.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa
from dbos import DBOSClient
from dbos._error import DBOSWorkflowConflictIDError
from dbos._serialization import DBOSPortableJSON
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from magpie.engine import statements
from magpie.engine.connect import SCHEMA, postgres_engine, sqlite_engine
from magpie.engine.port import JobLost, JobRef, JobState, Lane

logger = logging.getLogger(__name__)
T = TypeVar("T")

APPLICATION = "magpie"
# Constant, so that an update finds the jobs that the version before it left.
APPLICATION_VERSION = "1"
CHANNEL = "magpie_engine"
CLAIM_LOCK = 0x6D61_6773  # tells our advisory locks on sites from all others

_BATCH = 200
# DBOS takes priorities from 1 on; ours may be negative.
_PRIORITY_ZERO = 1_000_000_000
_STATES = {
    "ENQUEUED": JobState.QUEUED,
    "DELAYED": JobState.QUEUED,
    "PENDING": JobState.RUNNING,
    "SUCCESS": JobState.DONE,
    "ERROR": JobState.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": JobState.FAILED,
    "CANCELLED": JobState.CANCELLED,
}
# What a lost or busy database looks like: the statement may succeed when it is tried again.
UNREACHABLE = (OperationalError, InterfaceError, PoolTimeout)


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """`worker`: jobs at once in one worker. For lanes with sites, `site`: jobs at once at one site on all hosts,
    and `site_delay`: seconds between two starts at one site."""

    worker: int
    site: int | None = None
    site_delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that this worker now owns by the token `owner`."""

    ref: JobRef
    lane: Lane
    site: str | None
    owner: str
    starts: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Lanes with jobs that could start, and when (Unix time, seconds) the next delayed job is due."""

    lanes: frozenset[Lane]
    next_due: float | None


class Store:
    """The engine's database. Thread-safe. Raises SQLAlchemy's errors when it cannot be reached."""

    def __init__(self, *, url: URL | None, sqlite_file: Path, limits: Mapping[Lane, LaneLimits]) -> None:
        """Open and migrate: PostgreSQL at `url`, or SQLite in `sqlite_file`. Raises `EngineRefused`."""
        self.is_sqlite = url is None
        self._doubtful: set[str] = set()
        # One writer at a time within the process: waiting for a lock is faster than polling a busy file.
        self._writer: AbstractContextManager[Any] = threading.RLock() if self.is_sqlite else nullcontext()
        logging.getLogger("dbos").setLevel(logging.WARNING)
        self._engine = sqlite_engine(sqlite_file) if url is None else postgres_engine(url)
        self._client = DBOSClient(
            system_database_engine=self._engine,
            dbos_system_schema=SCHEMA,
            serializer=DBOSPortableJSON,
            application_name=APPLICATION,
            retry_connection_errors=False,
        )
        self._system = self._client._sys_db
        self._system.run_migrations()
        # With the limit that each was registered with: it may change between two looks.
        self._queues = {lane: (self._register(lane, limit), limit.worker) for lane, limit in limits.items()}

    def _register(self, lane: Lane, limits: LaneLimits) -> Any:
        # Between hosts the pause at a site is kept by the database; one process keeps it by itself, and exactly
        # (on SQLite DBOS's clock may have whole seconds).
        paced = limits.site_delay > 0 and not self.is_sqlite
        return self._client.register_queue(
            lane.value,
            worker_concurrency=limits.worker,
            partition_concurrency=limits.site,
            partition_limiter={"limit": 1, "period": limits.site_delay} if paced else None,
        )

    def reconfigure(self, lane: Lane, limits: LaneLimits) -> None:
        """Claim within other limits from now on."""
        with self._writer:
            self._queues[lane] = (self._register(lane, limits), limits.worker)

    def close(self) -> None:
        self._client.destroy()
        self._engine.dispose()

    # Queueing

    def enqueue(self, ref: JobRef, lane: Lane, site: str | None, priority: int, delay: float) -> None:
        """Queue a job; one that is known stays as it is."""
        options: dict[str, Any] = {
            "workflow_name": ref.kind,
            "workflow_id": ref.id,
            "queue_name": lane.value,
            "priority": _PRIORITY_ZERO + priority,
            "app_version": APPLICATION_VERSION,
        }
        if site is not None:
            options["queue_partition_key"] = site
        if delay > 0:
            options["delay_seconds"] = delay
        with self._writer:
            self._client.enqueue(options, ref.id)  # type: ignore[arg-type]

    def announce(self, sender: str) -> None:
        """Wake the other hosts (PostgreSQL)."""
        if not self.is_sqlite:
            with self._engine.begin() as connection:
                connection.execute(statements.NOTIFY, {"channel": CHANNEL, "sender": sender})

    def cancel(self, job_id: str) -> bool:
        """Cancel what has not started; whether it was."""
        return self._write(statements.CANCEL, id=job_id, now=_now_ms()) > 0

    # Looking

    def states(self, job_ids: Iterable[str]) -> dict[str, JobState]:
        """The states of those that the store knows."""
        found: dict[str, JobState] = {}
        for ids in _chunks(job_ids, 500):
            found.update((row[0], _STATES[row[1]]) for row in self._read(statements.STATES, ids=ids))
        return found

    def waiting(self) -> Waiting:
        """What could start now, in one statement: this is what an idle worker asks. For the claiming thread."""
        self._settle_doubtful()
        *flagged, next_due = self._read(statements.WAITING)[0]
        lanes = frozenset(lane for lane, flag in zip(Lane, flagged, strict=True) if flag)
        return Waiting(lanes, next_due / 1000 if next_due is not None else None)

    def waiting_sites(self, lane: Lane) -> list[str]:
        """The sites with waiting jobs, the one whose first job has the lowest priority (then age) first."""
        return [row[0] for row in self._read(statements.WAITING_SITES, lane=lane.value)]

    # Claiming and ending

    def release_due(self) -> None:
        """Move delayed jobs whose time has come into their queues."""
        with self._writer:
            self._system.transition_delayed_workflows()

    def claim(self, lane: Lane, executor: str, site: str | None, limit: int) -> list[Claimed]:
        """Claim up to `limit` waiting jobs, the first ones first, within what the site allows on all hosts.

        May give fewer, also none, when another worker claims at the same moment. For one thread only.
        """
        owner = uuid4().hex
        # Until its answer is here nobody knows whether the claim took place.
        self._doubtful.add(owner)
        ids = self._claim(lane, executor, site, limit, owner)
        starts = self._starts(ids)
        self._doubtful.discard(owner)
        return [Claimed(JobRef.parse(i), lane, site, owner, starts[i]) for i in ids]

    def claim_within(self, lane: Lane, executor: str, site: str, limit: int, most: int) -> list[Claimed]:
        """Claim as `claim` does, but only as far as at most `most` jobs are at the site, on all hosts and of all
        lanes."""
        with self._alone_at(site) as connection:
            running = connection.execute(statements.RUNNING_AT, {"site": site}).scalar_one()
            room = min(limit, most - running)
            return self.claim(lane, executor, site, room) if room > 0 else []

    @contextmanager
    def _alone_at(self, site: str) -> Iterator[sa.Connection]:
        """No other host claims within a limit at the site meanwhile. On SQLite there is no other."""
        with self._engine.connect() as connection, connection.begin():
            if not self.is_sqlite:
                connection.execute(statements.CLAIM_AT_SITE, {"kind": CLAIM_LOCK, "site": site})
            yield connection

    def _settle_doubtful(self) -> None:
        """Put back what was claimed while the answer got lost: this worker lives, so nobody else would."""
        for owner in list(self._doubtful):
            if self._write(statements.UNCLAIM, owner=owner, now=_now_ms()):
                logger.warning("Put a claim back whose answer was lost")
            self._doubtful.discard(owner)

    def _claim(self, lane: Lane, executor: str, site: str | None, limit: int, owner: str) -> list[str]:
        queue, slots = self._queues[lane]
        running = slots - limit
        try:
            with self._writer:
                ids, _ = self._system.start_queued_workflows(
                    queue,
                    executor,
                    APPLICATION_VERSION,
                    site,
                    running,
                    owner_xid=owner,
                    is_latest_version=True,
                )
        except DBAPIError as error:
            if self._system.is_lock_conflict(error) or self._system.is_serialization_conflict(error):
                return []
            raise
        return ids

    def _starts(self, ids: list[str]) -> dict[str, int]:
        return {row[0]: int(row[1]) for row in self._read(statements.STARTS, ids=ids)} if ids else {}

    def finish(self, claimed: Claimed, error: BaseException | None) -> bool:
        """Record the outcome; False if the job is no longer this claim's."""
        fault = None
        if error is not None:
            fault = json.dumps({"name": type(error).__name__, "message": str(error)[:500]})
        with self._writer:
            return self._system.update_workflow_outcome(
                claimed.ref.id,
                "SUCCESS" if error is None else "ERROR",
                output="null" if error is None else None,
                error=fault,
                owner_xid=claimed.owner,
            )

    def park(self, claimed: Claimed) -> bool:
        """Put the job back into its queue, this start uncounted; False if it is no longer this claim's."""
        return self._write(statements.PARK, id=claimed.ref.id, owner=claimed.owner, now=_now_ms()) > 0

    # Checkpoints

    def steps(self, job_id: str) -> dict[str, Any]:
        """The recorded results by the steps' names."""
        return {step["function_name"]: step["output"] for step in self._client.list_workflow_steps(job_id)}

    def record_step(self, claimed: Claimed, name: str, result: Any, started: float, completed: float) -> None:
        """Record a step's result (JSON); times are Unix times. Raises `JobLost`. Safe to repeat."""
        try:
            with self._writer:
                self._system.record_operation_result(
                    {
                        "workflow_uuid": claimed.ref.id,
                        "function_id": step_number(name),
                        "function_name": name,
                        "output": json.dumps(result, ensure_ascii=False, separators=(",", ":")),
                        "error": None,
                        "serialization": DBOSPortableJSON.name(),
                        "started_at_epoch_ms": int(started * 1000),
                        "child_workflow_id": None,
                    },
                    completed_at_epoch_ms=int(completed * 1000),
                    owner_xid=claimed.owner,
                )
        except DBOSWorkflowConflictIDError:
            raise JobLost(claimed.ref.id) from None

    # Recovery

    def running_executors(self) -> set[str]:
        """The ids under which running jobs were claimed."""
        return {row[0] for row in self._read(statements.RUNNING_EXECUTORS)}

    def requeue(self, executor: str) -> int:
        """Put every job that a dead executor ran back into its own queue; how many.

        Keeps site, priority, age and the count of starts. Safe to repeat and to do on two hosts at once: a job
        that somebody has claimed since bears another executor's id.
        """
        ids = [row[0] for row in self._read(statements.RUNNING_ON, id=executor)]
        fallback = Lane.BACKGROUND.value
        with self._writer:
            return sum(self._system.reenqueue_for_recovery(i, [executor], fallback) for i in ids)

    # Retention

    def prune(self, before: float) -> int:
        """Delete jobs that ended before a Unix time, in small batches so that nobody waits; how many."""
        deleted = 0
        while True:
            rows = self._read(statements.ENDED_BEFORE, before=int(before * 1000), batch=_BATCH)
            if rows:
                with self._writer:
                    self._client.delete_workflows([row[0] for row in rows])
            deleted += len(rows)
            if len(rows) < _BATCH:
                break
        if deleted and self.is_sqlite:
            self._give_space_back()
        return deleted

    def _give_space_back(self) -> None:
        with self._writer, self._engine.connect() as connection:
            cursor: Any = connection.connection.cursor()
            # As a script, because otherwise the driver stops after the first page.
            cursor.executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);")
            cursor.close()

    def _read(self, statement: sa.TextClause, **values: Any) -> Sequence[Any]:
        with self._engine.begin() as connection:
            return connection.execute(statement, values).all()

    def _write(self, statement: sa.TextClause, **values: Any) -> int:
        with self._writer, self._engine.begin() as connection:
            return connection.execute(statement, values).rowcount


def step_number(name: str) -> int:
    """The number that DBOS keeps a step under: made from the name, so that order does not matter."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


def patiently(action: Callable[[], T], still_wanted: Callable[[], bool]) -> T:
    """Do an action, again while the database cannot be reached, and as long as its result is wanted."""
    pause = 0.1
    while True:
        try:
            return action()
        except UNREACHABLE:
            if not still_wanted():
                raise
            time.sleep(pause)
            pause = min(2.0, pause * 2)


def _now_ms() -> int:
    return int(time.time() * 1000)


def _chunks(values: Iterable[str], size: int) -> Iterator[list[str]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk
