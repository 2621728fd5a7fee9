"""What the jobs of one process hold: a row each, under a number that somebody else's claim makes worthless.

A handler claims a row (its number `claim` goes up by one), runs inside `Holds.watched`, and asks `must_end` before
whatever it would be sorry for. Meanwhile the hold is watched: a heartbeat is written, and whoever took the row over, or
took the work back, is noticed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from magpie.engine.port import Job
from magpie.kit.clock import utcnow
from magpie.kit.db import Database, ReadSession, WriteSession

log = structlog.get_logger(__name__)

WATCH_SECONDS = 2.0
HEARTBEAT = timedelta(seconds=15)

Beat = Callable[[WriteSession, "Hold", datetime], bool]
Held = Callable[[ReadSession, "Hold"], bool]


@dataclass(slots=True, eq=False)
class Hold:
    """A claimed row. `name` is that of the job's processes, where it has some."""

    row_id: int
    claim: int
    job: Job
    name: str = ""
    lost: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether the row is not this job's any more: nothing may be recorded."""
        return self.lost or self.job.lost


class Holds:
    """All that the jobs of one kind hold in this process. Thread-safe."""

    def __init__(
        self,
        kind: str,
        database: Database,
        *,
        beat: Beat,
        held: Held,
        end: Callable[[Hold], object] | None = None,
        watch_seconds: float = WATCH_SECONDS,
    ) -> None:
        """`beat` writes the heartbeat into the row, `held` only looks; both say whether the row is still held.

        `end` is called, possibly more than once and in any thread, when a job must end: it kills the job's processes.
        """
        self._kind = kind
        self._database = database
        self._beat = beat
        self._held = held
        self._end = end or (lambda _hold: None)
        self._watch_seconds = watch_seconds
        self._stopping = threading.Event()
        self._holds: set[Hold] = set()
        self._lock = threading.Lock()

    def stop_all(self) -> None:
        """The program stops: end what runs, to be taken up again; begin nothing more."""
        self._stopping.set()
        self._end_all()

    def abandon_all(self) -> None:
        """End what runs: other workers have taken it over. Others may be begun afterwards."""
        with self._lock:
            for hold in self._holds:
                hold.lost = True
        self._end_all()

    def _end_all(self) -> None:
        with self._lock:
            holds = list(self._holds)
        for hold in holds:
            self._end(hold)

    def is_stopping(self, hold: Hold) -> bool:
        """Whether the job must end because the program does."""
        return self._stopping.is_set() or hold.job.stopping.is_set()

    def must_end(self, hold: Hold) -> bool:
        """Whether the job must end, whyever."""
        return hold.is_lost or self.is_stopping(hold)

    @contextmanager
    def watched(self, hold: Hold) -> Iterator[None]:
        """While the job runs, look every now and then whether it still holds its row."""
        ended = threading.Event()
        with self._lock:
            self._holds.add(hold)
        watch = threading.Thread(
            target=self._watch, args=(hold, ended), name=f"{self._kind}-watch", daemon=True
        )
        watch.start()
        try:
            yield
        finally:
            ended.set()
            with self._lock:
                self._holds.discard(hold)
            watch.join(WATCH_SECONDS)

    def _watch(self, hold: Hold, ended: threading.Event) -> None:
        beaten = utcnow()
        while not ended.wait(self._watch_seconds):
            try:
                if utcnow() - beaten >= HEARTBEAT:
                    beaten = utcnow()
                    with self._database.write() as session:
                        mine = self._beat(session, hold, beaten)
                else:
                    with self._database.read() as session:
                        mine = self._held(session, hold)
                hold.lost = hold.lost or not mine
            except Exception as error:  # noqa: BLE001  (whatever ails the database: the job itself will tell)
                log.info("job_not_watched", kind=self._kind, error=type(error).__name__)
            if self.must_end(hold):
                self._end(hold)
