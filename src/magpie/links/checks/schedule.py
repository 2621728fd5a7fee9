"""The schedule: one host asks, every few seconds, whose time has come.

What was missed while nothing ran is due now, once, however often it would have been. Hundreds that are due at the
same moment begin a few at a time.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError

from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.db import WriteSession
from magpie.links.checks import repository, service, turns
from magpie.links.checks.service import Mode
from magpie.links.models import Link, LinkStatus, Verdict
from magpie.sites import service as sites

log = structlog.get_logger(__name__)

TICK_SECONDS = 2.0
# Checks of one site that wait or run at once. They are quick, and what does not wait in the engine can still be put
# off. A site that does not answer keeps its own links waiting, not those of all others.
MOST_WAITING = 40
MOST_IN_ALL = 400
TIMELY_AT_ONCE = 50
FILL_EVERY = timedelta(seconds=60)


def _with_room_at_their_sites(links: Iterable[Link], waiting: Counter[str]) -> list[int]:
    """The ids of those that may wait, too, besides so many at each site."""
    chosen = []
    for link in links:
        if waiting[link.site] < MOST_WAITING:
            waiting[link.site] += 1
            chosen.append(link.id)
    return chosen


class Schedule:
    """Begins checks that are due, and downloads whose time has come. `now` and `dice` are there to be replaced."""

    def __init__(
        self,
        context: AppContext,
        *,
        now: Callable[[], datetime] = utcnow,
        dice: Callable[[], float] = random.random,
    ) -> None:
        self._context = context
        self._now = now
        self._dice = dice
        self._filled_at: datetime | None = None

    def tick(self) -> None:
        """One look. Never raises for a database that is out of reach for a while."""
        try:
            self._begin_due()
            self._begin_timely()
            self._fill()
        except OperationalError as error:
            log.info("schedule_not_read", error=type(error).__name__)

    def _begin_due(self) -> None:
        now = self._now()
        with self._context.database.read() as session:
            waiting = Counter(repository.waiting_by_site(session))
            full = [site for site, count in waiting.items() if count >= MOST_WAITING]
            room = MOST_IN_ALL - waiting.total()
            links = repository.due(session, now, room, full) if room > 0 else []
        ids = _with_room_at_their_sites(links, waiting)
        if not ids:
            return
        with self._context.database.write() as session:
            links = repository.lock_due(session, ids, now)
            resting = sites.resting(session, {link.site for link in links})
            for link in links:
                rest = resting.get(link.site)
                if rest is None:
                    service.request(self._context, session, link, Mode.CHECK, now=False)
                else:
                    self._put_off(session, link, rest.until)

    def _put_off(self, session: WriteSession, link: Link, until: datetime) -> None:
        """Its site is left alone: the link waits, and not all of a site's links come back at the same moment."""
        link.next_check_at = max(until, self._now()) + timedelta(seconds=5 + 115 * self._dice())
        link.status = LinkStatus.COOLING_DOWN
        service.announce(self._context, session, link)

    def _begin_timely(self) -> None:
        """Premieres, and what was not published yet."""
        now = self._now()
        with self._context.database.read() as session:
            if not repository.any_timely(session, now):
                return
        with self._context.database.write() as session:
            for entry in repository.take_timely(session, now, TIMELY_AT_ONCE):
                link = repository.get(session, entry.link_id)
                if link is not None:
                    turns.begin(self._context, session, link, [entry], turns.NEW)

    def _fill(self) -> None:
        """Downloads take their turn when others end; where none is left to end, here."""
        now = self._now()
        if self._filled_at is not None and now - self._filled_at < FILL_EVERY:
            return
        self._filled_at = now
        with self._context.database.read() as session:
            counts = repository.tallies(session)
        for link_id, count in counts:
            if count.get(Verdict.WAITING) and count.get(Verdict.WANTED, 0) <= turns.LOW:
                with self._context.database.write() as session:
                    link = repository.get(session, link_id)
                    if link is not None:
                        turns.fill(self._context, session, link)
