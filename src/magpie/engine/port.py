"""The port to the job engine: what a slice sees of it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ParamSpec, Protocol, TypeVar

from magpie.kit.refusal import Refused

T = TypeVar("T")
P = ParamSpec("P")

_KIND = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_KEY = re.compile(r"[0-9a-f]{32}")
_ID = re.compile(rf"({_KIND.pattern}):({_KEY.pattern}):([0-9]{{1,18}})\.([0-9]{{1,18}})")


class EngineRefused(Refused):
    """The engine cannot run as configured; the message says what is wrong and how to mend it."""


class JobParked(BaseException):
    """Raised by a handler that was told to stop: the job goes back to its queue and starts again later.

    Like `JobLost` not an `Exception`, so that a handler's `except Exception` does not take it for a failure.
    """


class JobLost(BaseException):
    """Raised in a handler whose job belongs to another worker by now: end, and record nothing."""


class Lane(StrEnum):
    """The queues. They differ in what limits them, not in who may use them."""

    INTERACTIVE = "interactive"
    """Short work that somebody waits for. Four at once in a worker."""
    CHECK = "check"
    """Looking whether a site has something new. Four at once in a worker, one at once per site (all hosts together)."""
    SITE = "site"
    """Work at one site, limited per site (all hosts together) and per worker."""
    BACKGROUND = "background"
    """Upkeep. Two at once in a worker."""
    MAKING = "making"
    """What takes minutes or hours, most of them waiting for others: episodes of podcasts. Two at once in a worker."""


class JobState(StrEnum):
    """What the engine knows about a job."""

    UNKNOWN = "unknown"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


# Held by the one worker of an SQLite installation, in its data folder.
LOCK_FILE = "worker.lock"


class Where(StrEnum):
    """Which workers run a periodic function."""

    EACH = "each"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class JobRef:
    """Names one attempt at the work of one row.

    `kind`: lower-case word, says which handler. `key`: the row's uuid as 32 hex digits. `epoch`: rises when the
    database is replaced (import, restore), so that old results are not found again. `attempt`: rises with each
    try. Raises `ValueError` for anything else.
    """

    kind: str
    key: str
    epoch: int
    attempt: int

    def __post_init__(self) -> None:
        if (
            not _KIND.fullmatch(self.kind)
            or not _KEY.fullmatch(self.key)
            or min(self.epoch, self.attempt) < 0
        ):
            raise ValueError(f"not a job reference: {self.kind!r} {self.key!r} {self.epoch}.{self.attempt}")

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.key}:{self.epoch}.{self.attempt}"

    @classmethod
    def parse(cls, job_id: str) -> JobRef:
        """The reference that an id was made from. Raises `ValueError`."""
        match = _ID.fullmatch(job_id)
        if match is None:
            raise ValueError(f"not a job id: {job_id!r}")
        return cls(match[1], match[2], int(match[3]), int(match[4]))


class Job(Protocol):
    """One start of a job, as its handler sees it."""

    @property
    def ref(self) -> JobRef: ...

    @property
    def starts(self) -> int:
        """How often this job was started, this time included: more than one after a crash or a takeover.

        Starts that ended parked are not counted.
        """
        ...

    @property
    def stopping(self) -> threading.Event:
        """Set when the handler should end soon: put the work down and raise `JobParked`."""
        ...

    @property
    def lost(self) -> bool:
        """Whether this worker may no longer work on the job: end at once, place and record nothing."""
        ...

    def step(self, name: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function` once and record its result under `name`, which is unique within the job.

        The result must be JSON and comes back as JSON gives it (a tuple as a list), the first time as well as
        from the record. An exception passes through and is not recorded. Raises `JobLost`.
        """
        ...


Handler = Callable[[Job], None]


@dataclass(slots=True)
class DirectJob:
    """A job without an engine: for the command line, and for tests of handlers."""

    ref: JobRef
    starts: int = 1
    stopping: threading.Event = field(default_factory=threading.Event)
    lost: bool = False

    def step(self, name: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        result: T = as_json(function(*args, **kwargs))
        return result


def as_json(value: Any) -> Any:
    """The value as JSON gives it back. Raises `TypeError` or `ValueError` for what is not JSON."""
    return json.loads(json.dumps(value, allow_nan=False))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job that a row waits for. `site` belongs to `Lane.SITE` and `Lane.CHECK`; lower `priority` starts sooner;
    `delay` in seconds."""

    ref: JobRef
    lane: Lane
    site: str | None = None
    priority: int = 0
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Source:
    """What the reconciler asks a slice for.

    `pending(now)` gives the jobs of all rows that wait or run. Those that the engine does not know (after a
    restore, or because the process died between commit and enqueue) are enqueued. `ended(ref, state)` is told of
    rows whose job has ended in the engine while the row still waits: the slice looks at its row again, and if it
    really still waits, begins a new attempt or fails it.
    """

    name: str
    pending: Callable[[datetime], Sequence[Wanted]]
    ended: Callable[[JobRef, JobState], None]


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """How this worker is. `worker` is its id among the workers, None while it takes no work."""

    worker: str | None
    running: dict[Lane, int]
    slots: dict[Lane, int]


class Engine(Protocol):
    """The job engine of one process. Thread-safe; used once: register, start, stop."""

    def register(
        self, kind: str, handler: Handler, *, max_starts: int = 5, exhausted: Handler | None = None
    ) -> None:
        """Say who does the jobs of a kind. Before `start`.

        A job that was started `max_starts` times without ending (each time its process died) goes to
        `exhausted` instead, which should fail the row; without it, the job fails in the engine alone.
        """
        ...

    def every(self, name: str, seconds: float, function: Callable[[], None], where: Where) -> None:
        """Run a short function periodically while the engine runs, first right after the start.

        `Where.ONE`: on one worker of all, `Where.EACH`: on each. Not durable: a missed turn is missed.
        """
        ...

    def reconcile(self, source: Source) -> None:
        """Add a source of rows that the engine must know. Before `start`."""
        ...

    def reconcile_now(self) -> None:
        """Ask all sources at once, from whichever worker, instead of at the next turn: many rows have changed.

        What is found is queued for all workers.
        """
        ...

    def on_stopping(self, callback: Callable[[], None]) -> None:
        """Call when the engine begins to stop: running work should be put down."""
        ...

    def on_lost(self, callback: Callable[[], None]) -> None:
        """Call when this worker may have been declared dead: kill everything that its jobs started, at once."""
        ...

    def start(self) -> None:
        """Open the store, join the workers, take work. Raises `EngineRefused`."""
        ...

    def stop(self, grace: float) -> bool:
        """Take no more work, tell running handlers, wait up to `grace` seconds. Whether all of them ended."""
        ...

    def enqueue(
        self, ref: JobRef, lane: Lane, *, site: str | None = None, priority: int = 0, delay: float = 0.0
    ) -> None:
        """Have the job started. Idempotent: the same reference is the same job.

        Within one site (and within one lane without sites) lower `priority` starts first, then the older; among
        sites the one whose first waiting job has the lowest priority. `delay` in seconds.
        """
        ...

    def cancel(self, ref: JobRef) -> bool:
        """Cancel a job that has not started; whether it was cancelled. Running work is ended by its handler."""
        ...

    def state(self, ref: JobRef) -> JobState: ...

    def known(self, refs: Iterable[JobRef]) -> set[str]:
        """The ids of those that the engine knows and that have not ended."""
        ...

    def prune(self, older_than: timedelta) -> int:
        """Forget jobs that ended longer ago; how many."""
        ...

    def status(self) -> EngineStatus: ...

    def limit_sites(self, function: Callable[[str], int | None]) -> None:
        """Before the start: ask `function` how many jobs of `Lane.SITE` and `Lane.CHECK` together may be at a site at
        once, on all hosts: none, so many, or None for no more limits than there are already.

        It is asked for every site with waiting jobs, several times a second, and may raise where a database cannot
        be reached; then nothing is begun. Running jobs go on.
        """
        ...

    def reconfigure(self, downloads: int, at_site: int, site_delay: float) -> None:
        """Take other limits for `Lane.SITE`, before the start or while running: `downloads` at once in this worker,
        `at_site` at once at one site and `site_delay` seconds between two starts there, on all hosts. The pause
        counts for `Lane.CHECK`, too.

        Running jobs go on, also where they are more than the new limits allow. Each host is told by itself.
        """
        ...
