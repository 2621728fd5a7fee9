"""Decides which waiting job starts next, and when.

One thread. It is woken by what can change the answer (a job enqueued, a slot freed, a note from another host)
and looks by itself once a second, or when a delayed job or a paused site is due. So a job starts within
milliseconds, and an idle worker asks its database one question a second.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping

from magpie.engine.port import Lane
from magpie.engine.store import UNREACHABLE, Claimed, LaneLimits, Store

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
# While a site's jobs wait for a place that another host may free.
CONTENDED_SECONDS = 0.25
# How long the jobs of this process are looked for after a fault of the database.
FAULT_SECONDS = 1.0


class Dispatcher:
    """Claims jobs and hands them to `start`, which must return at once and later call `ended`."""

    def __init__(
        self,
        store: Store,
        limits: Mapping[Lane, LaneLimits],
        executor: Callable[[], str | None],
        start: Callable[[Claimed], None],
        allowance: Callable[[str], int | None],
    ) -> None:
        """`executor` gives the id to claim under, or None while no work may be taken; `allowance` is as in
        `Engine.limit_sites`."""
        self._store = store
        self._limits = limits
        self._executor = executor
        self._start = start
        self._allowance = allowance
        self._lock = threading.Lock()
        self._running: Counter[Lane] = Counter()
        self._at_site: Counter[tuple[Lane, str]] = Counter()
        self._paused_until: dict[str, float] = {}
        self._woken = threading.Event()
        self._latest: Lane | None = None  # whose job was the last to begin at a site
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="engine-dispatch", daemon=True)

    def open(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Take no more work; a job that is being claimed at this moment is still handed over."""
        self._closed = True
        self.wake()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        self._woken.set()

    def relax(self, site_delay: float) -> None:
        """Let no site wait longer than a pause that was made shorter."""
        latest = time.monotonic() + site_delay
        # A copy: the claiming thread adds sites to its own dictionary meanwhile.
        self._paused_until = {site: min(until, latest) for site, until in dict(self._paused_until).items()}
        self.wake()

    def ended(self, claimed: Claimed) -> None:
        """Free the job's slot."""
        with self._lock:
            self._running[claimed.lane] -= 1
            if claimed.site is not None:
                self._at_site[claimed.lane, claimed.site] -= 1
                if self._at_site[claimed.lane, claimed.site] == 0:
                    del self._at_site[claimed.lane, claimed.site]
        self.wake()

    def running(self) -> dict[Lane, int]:
        with self._lock:
            return {lane: self._running[lane] for lane in self._limits}

    def _run(self) -> None:
        pause = 0.0
        while not self._closed:
            self._woken.wait(pause)
            self._woken.clear()
            if self._closed:
                return
            try:
                pause = self._round()
            except UNREACHABLE as error:
                logger.warning("The job store cannot be reached: %s", error.__class__.__name__)
                pause = FAULT_SECONDS
            except Exception:
                logger.exception("Handing out jobs failed")
                pause = FAULT_SECONDS

    def _round(self) -> float:
        """Start what can start; seconds until the next look."""
        free = [lane for lane in self._limits if self._free(lane) > 0]
        if not free or self._executor() is None:
            return IDLE_SECONDS
        waiting = self._store.waiting()
        if waiting.next_due is not None and waiting.next_due <= time.time():
            self._store.release_due()
            waiting = self._store.waiting()
        pause = IDLE_SECONDS
        if waiting.next_due is not None:
            pause = min(pause, max(0.0, waiting.next_due - time.time()) + 0.001)
        # Checks and downloads share the pause at a site: neither may always come first.
        for lane in sorted(free, key=lambda lane: lane is self._latest):
            if lane in waiting.lanes:
                pause = min(pause, self._fill(lane))
        return pause

    def _free(self, lane: Lane) -> int:
        with self._lock:
            return self._limits[lane].worker - self._running[lane]

    def _fill(self, lane: Lane) -> float:
        at_once = self._limits[lane].site
        if at_once is None:
            self._claim(lane, None, self._free(lane))
            return IDLE_SECONDS
        pause = IDLE_SECONDS
        for site in self._store.waiting_sites(lane):
            free = self._free(lane)
            if free <= 0 or self._closed:
                break
            pause = min(pause, self._fill_site(lane, site, min(free, at_once - self._at(lane, site))))
        return pause

    def _at(self, lane: Lane, site: str) -> int:
        with self._lock:
            return self._at_site[lane, site]

    def _fill_site(self, lane: Lane, site: str, room: int) -> float:
        most = self._allowance(site) if room > 0 else 0
        if most == 0:
            return IDLE_SECONDS
        delay = self._limits[lane].site_delay
        if not delay:
            claimed = self._claim(lane, site, room, most)
            return IDLE_SECONDS if claimed else CONTENDED_SECONDS
        left = self._paused_until.get(site, 0.0) - time.monotonic()
        if left > 0:
            return left
        if not self._claim(lane, site, 1, most):
            return CONTENDED_SECONDS
        self._latest = lane
        self._pause_site(site, delay)
        return delay

    def _pause_site(self, site: str, seconds: float) -> None:
        now = time.monotonic()
        self._paused_until[site] = now + seconds
        if len(self._paused_until) > 1000:
            self._paused_until = {name: until for name, until in self._paused_until.items() if until > now}

    def _claim(self, lane: Lane, site: str | None, limit: int, most: int | None = None) -> int:
        """Claim up to `limit` jobs, where at most `most` may be at the site; how many were."""
        executor = self._executor()
        if executor is None:
            return 0
        if site is not None and most is not None:
            claimed = self._store.claim_within(lane, executor, site, limit, most)
        else:
            claimed = self._store.claim(lane, executor, site, limit)
        with self._lock:
            self._running[lane] += len(claimed)
            if site is not None and claimed:
                self._at_site[lane, site] += len(claimed)
        for job in claimed:
            self._start(job)
        return len(claimed)
