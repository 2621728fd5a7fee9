"""The board of running downloads: writes their progress, and reads the orders that concern them.

Two threads for all running downloads. One tells open pages what moved and needs no turn at the database, so that
nothing that holds the database up is seen there. The other stores what moved in one transaction, and looks whether
somebody has cancelled a download or another worker has taken it over; that works the same within one process and
between hosts. Either is promised once a second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from magpie.downloads import repository
from magpie.downloads.extractors import figures
from magpie.downloads.extractors.port import Stage
from magpie.downloads.models import Status
from magpie.kit.clock import utcnow
from magpie.kit.db import Database
from magpie.kit.events import Event, EventBus
from magpie.sites import service as sites

log = structlog.get_logger(__name__)

TICK_SECONDS = 0.4
# Not with every look: what is stored is read by those who poll, and each time costs a transaction.
STORE_SECONDS = 0.7
HEARTBEAT_SECONDS = 5.0


@dataclass(slots=True)
class Running:
    """One running download, as its worker sees it."""

    id: int
    key: str
    claim: int
    user_id: int | None
    title: str | None = None
    site: str = ""  # for which it can be put down; none if it cannot
    stage: Stage = Stage.EXTRACTING
    downloaded: int | None = None
    total: int | None = None
    speed: float | None = None
    eta: float | None = None
    is_live: bool = False
    reserved: int = 0  # bytes of disk that it is expected to take yet
    disk: int = 0  # which one: the device's number
    on_cancel: Callable[[], None] | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    fence_lost: threading.Event = field(default_factory=threading.Event)
    put_down: threading.Event = field(default_factory=threading.Event)  # its site asked for a rest
    changed: bool = True  # since it was told
    to_store: bool = True  # has changed since it was stored
    written_at: float = 0.0

    @property
    def job_id(self) -> str:
        """Its processes' name. One that was taken from this worker may still be ending while the next one runs."""
        return f"{self.key}-{self.claim}"

    def moved(self, downloaded: int, total: int | None, speed: float | None, eta: float | None) -> None:
        """Note the progress that a job reports; its figures are a site's."""
        self.downloaded, self.total = figures.count(downloaded), figures.count(total)
        self.speed, self.eta = figures.amount(speed), figures.amount(eta)
        if self.total:
            self.reserved = max(0, self.total - (self.downloaded or 0))
        self.note()

    def note(self) -> None:
        """Have what is known now told and stored."""
        self.changed = self.to_store = True

    @property
    def can_be_put_down(self) -> bool:
        """Whether it asks its site for more, and can go on later where it was."""
        busy = self.stage in (Stage.EXTRACTING, Stage.DOWNLOADING) and not self.is_live
        return busy and not self.put_down.is_set()

    def body(self) -> dict[str, Any]:
        return {
            "type": "download",
            "id": self.id,
            "status": Status.DOWNLOADING,
            "stage": self.stage,
            "title": self.title,
            "downloaded_bytes": self.downloaded,
            "total_bytes": self.total,
            "speed": self.speed,
            "eta": self.eta,
            "at": utcnow().isoformat(),
        }


class Board:
    """All downloads that run in this worker."""

    def __init__(self, database: Database, events: EventBus) -> None:
        self._database = database
        self._events = events
        self._running: dict[str, Running] = {}
        self._lock = threading.Lock()
        self._present = threading.Condition(self._lock)
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        for name, work in (("telling", self.tell), ("storing", self.tick)):
            thread = threading.Thread(
                target=self._run, args=(name, work), name=f"download-{name}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._stopping.set()
        with self._present:
            self._present.notify_all()
        for thread in self._threads:
            thread.join(timeout=10)

    def add(self, running: Running) -> None:
        with self._present:
            self._running[running.job_id] = running
            self._present.notify_all()

    def remove(self, running: Running) -> None:
        with self._lock:
            self._running.pop(running.job_id, None)

    def all(self) -> list[Running]:
        with self._lock:
            return list(self._running.values())

    def reserved_bytes(self, disk: int) -> int:
        """Space of one disk that running downloads are still expected to take."""
        return sum(running.reserved for running in self.all() if running.disk == disk)

    def _run(self, name: str, work: Callable[[], None]) -> None:
        """Do the work at every tick, at a steady pace however long it takes, while anything runs."""
        due = time.monotonic()
        while self._wait_for_work(due):
            began = time.monotonic()
            try:
                work()
            except Exception:
                # The database is away or busy, most likely: progress waits, the downloads go on. Whatever it is,
                # without this thread nobody would hear of a cancel any more.
                log.warning("progress_failed", what=name, exc_info=True)
            due = began + TICK_SECONDS

    def _wait_for_work(self, due: float) -> bool:
        """Until it is time and something runs; False when all is to end."""
        self._stopping.wait(max(0.0, due - time.monotonic()))
        with self._present:
            self._present.wait_for(lambda: self._running or self._stopping.is_set())
        return not self._stopping.is_set()

    def tell(self) -> None:
        """Tell open pages what has changed."""
        moved = [one for one in self.all() if one.changed]
        for one in moved:
            one.changed = False
        if moved:
            self._events.publish([Event(one.user_id, one.body()) for one in moved])

    def tick(self) -> None:
        """Carry out orders; store what has changed."""
        running = self.all()
        if not running:
            return
        self._obey(running)
        now = time.monotonic()
        due = [
            one
            for one in running
            if now - one.written_at >= (STORE_SECONDS if one.to_store else HEARTBEAT_SECONDS)
        ]
        if due:
            self._store(due)

    def _store(self, due: list[Running]) -> None:
        for one in due:
            one.to_store = False  # before it is read: what changes from here on is stored next time
        try:
            self._write(due)
        except BaseException:
            for one in due:
                one.to_store = True
            raise
        for one in due:
            one.written_at = time.monotonic()

    def _write(self, due: list[Running]) -> None:
        with self._database.write() as session:
            for one in due:
                values = {
                    "stage": one.stage,
                    "title": one.title,
                    "downloaded_bytes": one.downloaded,
                    "total_bytes": one.total,
                    "speed": one.speed,
                    "eta": one.eta,
                    "heartbeat_at": utcnow(),
                }
                repository.write_progress(session, one.key, one.claim, values)

    def _obey(self, running: list[Running]) -> None:
        with self._database.read() as session:
            orders = repository.orders_for(session, [one.key for one in running])
            rests = sites.resting(session, {one.site for one in running if one.site})
        for one in running:
            claim, cancel, status = orders.get(one.key, (-1, False, ""))
            if (claim != one.claim or status != Status.DOWNLOADING) and not one.fence_lost.is_set():
                one.fence_lost.set()
                self._end(one)
            elif cancel and not one.cancelled.is_set():
                one.cancelled.set()
                self._end(one)
            elif one.site in rests and rests[one.site].is_asked and one.can_be_put_down:
                one.put_down.set()
                self._end(one)

    def _end(self, one: Running) -> None:
        if one.on_cancel:
            # Killing waits for the processes to be gone; other downloads are not to wait for that.
            threading.Thread(target=one.on_cancel, name=f"end-{one.id}", daemon=True).start()
