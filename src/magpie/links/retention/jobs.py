"""Retention's turn: on one host, a few seconds at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError

from magpie.context import AppContext
from magpie.engine import Engine, Where
from magpie.kit.clock import utcnow
from magpie.links.retention import repository, service, upgrade

log = structlog.get_logger(__name__)

EVERY_SECONDS = 120.0
# Other periodic work waits meanwhile; what is left over goes in the next turn.
BUDGET_SECONDS = 5.0


class Keeper:
    """Applies every link's retention. `now` is there to be replaced."""

    def __init__(self, context: AppContext, *, now: Callable[[], datetime] = utcnow) -> None:
        self._context = context
        self._now = now
        self._after = 0  # the link at which the last turn ran out of time
        self._looked = 0  # the entry up to which media were looked for that are in the library no more

    def turn(self) -> None:
        """One look at all links, or at as many as there is time for. Never raises for a database out of reach."""
        try:
            self._look()
        except OperationalError as error:
            log.info("retention_not_applied", error=type(error).__name__)

    def _look(self) -> None:
        deadline = time.monotonic() + BUDGET_SECONDS
        self._note_deleted()
        with self._context.database.read() as session:
            links = repository.links_with_retention(session, self._after)
        self._after = 0
        for link_id, _retention in links:
            service.apply(self._context, link_id, self._now(), deadline)
            upgrade.begin_due(self._context, link_id, self._now())
            if time.monotonic() >= deadline:
                self._after = link_id
                return

    def _note_deleted(self) -> None:
        with self._context.database.read() as session:
            first, last = repository.next_span(session, self._looked)
            deleted = repository.deleted(session, first, last)
        if deleted:
            with self._context.database.write() as session:
                repository.note_deleted(session, deleted)
        self._looked = last if len(deleted) < repository.PART else first - 1


def register(engine: Engine, context: AppContext) -> None:
    """Have the retention of links applied while the engine runs."""
    engine.every("retention of links", EVERY_SECONDS, Keeper(context).turn, Where.ONE)
