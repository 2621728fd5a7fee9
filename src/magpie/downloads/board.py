"""The board of running downloads: writes their progress, and reads the orders that concern them.

One thread for all running downloads: every half second it stores what moved in one transaction, tells open
pages, and looks whether somebody has cancelled a download or another worker has taken it over. That works the
same within one process and between hosts.
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

log = structlog.get_logger(__name__)

TICK_SECONDS = 0.5
HEARTBEAT_SECONDS = 5.0


@dataclass(slots=True)
class Running:
    """One running download, as its worker sees it."""

    id: int
    key: str
    claim: int
    user_id: int | None
    title: str | None = None
    stage: Stage = Stage.EXTRACTING
    downloaded: int | None = None
    total: int | None = None
    speed: float | None = None
    eta: float | None = None
    is_live: bool = False
    reserved: int = 0  # bytes of disk that it is expected to take yet
    on_cancel: Callable[[], None] | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    fence_lost: threading.Event = field(default_factory=threading.Event)
    changed: bool = True
    written_at: float = 0.0

    def moved(self, downloaded: int, total: int | None, speed: float | None, eta: float | None) -> None:
        """Note the progress that a job reports; its figures are a site's."""
        self.downloaded, self.total = figures.count(downloaded), figures.count(total)
        self.speed, self.eta = figures.amount(speed), figures.amount(eta)
        if self.total:
            self.reserved = max(0, self.total - (self.downloaded or 0))
        self.changed = True

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
        }


class Board:
    """All downloads that run in this worker."""

    def __init__(self, database: Database, events: EventBus) -> None:
        self._database = database
        self._events = events
        self._running: dict[str, Running] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="download-board", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout=10)

    def add(self, running: Running) -> None:
        with self._lock:
            self._running[running.key] = running
        self._wake.set()

    def remove(self, running: Running) -> None:
        with self._lock:
            if self._running.get(running.key) is running:
                del self._running[running.key]

    def all(self) -> list[Running]:
        with self._lock:
            return list(self._running.values())

    def reserved_bytes(self) -> int:
        """Disk space that running downloads are still expected to take."""
        return sum(running.reserved for running in self.all())

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self.all():
                self._wake.wait()
            self._wake.clear()
            self._stopping.wait(TICK_SECONDS)
            try:
                self.tick()
            except Exception:
                # The database is away or busy, most likely: progress waits, the downloads go on. Whatever it is,
                # without this thread nobody would hear of a cancel any more.
                log.warning("progress_not_stored", exc_info=True)

    def tick(self) -> None:
        """Store and tell what has changed; carry out orders."""
        running = self.all()
        if not running:
            return
        self._obey(running)
        moved = [one for one in running if one.changed]
        for one in moved:
            one.changed = False
        self._events.publish([Event(one.user_id, one.body()) for one in moved])
        now = time.monotonic()
        due = [one for one in running if one in moved or now - one.written_at > HEARTBEAT_SECONDS]
        # Half of the ticks only tell: one write a second is enough for those who poll.
        due = [one for one in due if now - one.written_at >= TICK_SECONDS * 1.5]
        if due:
            self._store(due)

    def _store(self, due: list[Running]) -> None:
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
        for one in due:
            one.written_at = time.monotonic()

    def _obey(self, running: list[Running]) -> None:
        with self._database.read() as session:
            orders = repository.orders_for(session, [one.key for one in running])
        for one in running:
            claim, cancel, status = orders.get(one.key, (-1, False, ""))
            if (claim != one.claim or status != Status.DOWNLOADING) and not one.fence_lost.is_set():
                one.fence_lost.set()
                self._end(one)
            elif cancel and not one.cancelled.is_set():
                one.cancelled.set()
                self._end(one)

    def _end(self, one: Running) -> None:
        if one.on_cancel:
            # Killing waits for the processes to be gone; other downloads are not to wait for that.
            threading.Thread(target=one.on_cancel, name=f"end-{one.id}", daemon=True).start()
