"""Job processes that have listed something, kept for a moment for more of the same kin.

A fork of the server costs tens of milliseconds of processor time, most of them for memory that is shared no more,
while a listing in which nothing is new needs few. So a process may carry out one listing after another, if they are
of the same user and the same site and go without cookies: what a hostile page might have done to it, it could only
use against that site's own listings. It is ready for no longer than a burst of checks lasts.
"""

from __future__ import annotations

import threading
import time
from collections import deque

from magpie.downloads.nest.generation import Job

KEPT_SECONDS = 3.0
MOST = 4


class Spares:
    """All methods may be called from any thread."""

    def __init__(self, seconds: float = KEPT_SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        # Until when, whose, and the process; the oldest first.
        self._kept: deque[tuple[float, str, Job]] = deque()
        self._timer: threading.Timer | None = None

    def take(self, kin: str) -> Job | None:
        """A living process of that kin, the caller's from now on."""
        with self._lock:
            found = next((entry for entry in self._kept if entry[1] == kin), None)
            if found is None:
                return None
            self._kept.remove(found)
        job = found[2]
        if job.ended.is_set() or job.generation.dead.is_set():
            job.close()
            return None
        return job

    def keep(self, kin: str, job: Job) -> None:
        """Keep a process that waits for another order."""
        with self._lock:
            self._kept.append((time.monotonic() + self._seconds, kin, job))
            surplus = [self._kept.popleft() for _ in range(len(self._kept) - MOST)]
            self._watch()
        _release(surplus)

    def release_all(self) -> None:
        """End them all."""
        with self._lock:
            surplus = list(self._kept)
            self._kept.clear()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        _release(surplus)

    def _watch(self) -> None:
        if self._timer is None and self._kept:
            self._timer = threading.Timer(max(0.0, self._kept[0][0] - time.monotonic()), self._look)
            self._timer.daemon = True
            self._timer.start()

    def _look(self) -> None:
        """Let those go that nobody has wanted."""
        surplus = []
        with self._lock:
            self._timer = None
            while self._kept and self._kept[0][0] <= time.monotonic():
                surplus.append(self._kept.popleft())
            self._watch()
        _release(surplus)


def _release(entries: list[tuple[float, str, Job]]) -> None:
    """The end of the line tells a process to go."""
    for _, _, job in entries:
        job.close()
