"""The schedule: one host asks, every few seconds, whose time has come.

What was missed while nothing ran is due now, once, however often it would have been.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError

from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.playlists.sync.order import Trigger
from magpie.playlists.tasks import repository, turns

log = structlog.get_logger(__name__)

TICK_SECONDS = 5.0
# Syncs that wait or run at once; what does not wait in the engine can still be put off.
MOST_WAITING = 40
# How often servers are asked whether songs have come that some playlist waits for, if no sync has asked them.
ARRIVALS_EVERY = timedelta(minutes=30)


class Schedule:
    """Begins syncs that are due. `now` is there to be replaced."""

    def __init__(self, context: AppContext, *, now: Callable[[], datetime] = utcnow) -> None:
        self._context = context
        self._now = now
        self._looked_at: datetime | None = None

    def tick(self) -> None:
        """One look. Never raises for a database that is out of reach for a while."""
        try:
            self._begin_due()
            self._look_for_arrivals()
        except OperationalError as error:
            log.info("task_schedule_not_read", error=type(error).__name__)

    def _begin_due(self) -> None:
        now = self._now()
        with self._context.database.read() as session:
            room = MOST_WAITING - repository.count_busy(session)
            ids = repository.due(session, now, room) if room > 0 else []
        if not ids:
            return
        with self._context.database.write() as session:
            for task in repository.lock_due(session, ids, now):
                turns.request(self._context, session, task, Trigger.SCHEDULE)

    def _look_for_arrivals(self) -> None:
        """One task of each server for which some playlist waits: its sync has the index brought up to date, and if
        something has come, that has the others filled, too."""
        now = self._now()
        if self._looked_at is None:
            self._looked_at = now  # a server has just started: nothing is gained by a storm of questions
        if now - self._looked_at < ARRIVALS_EVERY:
            return
        self._looked_at = now
        with self._context.database.read() as session:
            ids = repository.waiting_tasks_by_server(session, before=now - ARRIVALS_EVERY)
        for task_id in ids:
            with self._context.database.write() as session:
                task = repository.lock(session, task_id)
                if task is not None and task.is_enabled and not turns.is_busy(task):
                    turns.request(self._context, session, task, Trigger.ARRIVAL)
