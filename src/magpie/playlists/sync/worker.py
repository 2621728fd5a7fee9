"""Doing syncs: claiming a task, watching over the claim, and putting it down when the program stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from magpie.config import Settings
from magpie.context import AppContext
from magpie.engine.holding import Hold, Holds
from magpie.engine.port import Job, JobParked, JobRef
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.playlists.media_servers.service import Connect
from magpie.playlists.models import Run, RunStatus, Task, TaskStatus
from magpie.playlists.servers import service as kinds
from magpie.playlists.sources import service as sources
from magpie.playlists.sources.fetching import Fetcher
from magpie.playlists.sources.port import SourcePlaylist, SourceRef
from magpie.playlists.sync.matchers import Matchers
from magpie.playlists.sync.order import Order, PutDown, SyncLost, Trigger
from magpie.playlists.tasks import repository, turns

log = structlog.get_logger(__name__)

Fetch = Callable[[SourceRef, Settings], SourcePlaylist]


def fetch_source(ref: SourceRef, settings: Settings) -> SourcePlaylist:
    """The playlist as it is now. Raises `SourceFailed`."""
    with Fetcher(settings) as fetcher:
        return sources.fetch(ref, fetcher)


class Syncer:
    """Everything that syncs need, shared by all of them in this process. The rest is there to be replaced."""

    def __init__(
        self,
        context: AppContext,
        name: str,
        *,
        connect: Connect = kinds.connect,
        fetch: Fetch = fetch_source,
        now: Callable[[], datetime] = utcnow,
    ) -> None:
        """`name` tells workers apart."""
        self.context = context
        self.name = name
        self.connect = connect
        self.fetch = fetch
        self.now = now
        self.matchers = Matchers()
        self.holds = Holds("sync", context.database, beat=self._beat, held=self._is_held)

    def perform(self, job: Job) -> None:
        """Do one sync whose task says that this job is its turn.

        Never raises for what the sync met; `JobParked` if it was put down because the program stops.
        """
        from magpie.playlists.sync.perform import Sync  # it needs this class

        order = self._claim(job.ref)
        if order is None:
            return
        hold = Hold(order.id, order.claim, job)
        with structlog.contextvars.bound_contextvars(task_id=order.id), self.holds.watched(hold):
            sync = Sync(self, order, lambda: self._check(hold))
            try:
                sync.run()
            except PutDown:
                self._put_down(order)
            except SyncLost:
                log.info("sync_taken_over")

    def give_up(self, ref: JobRef, detail: str) -> None:
        """Record a sync that brings down every process that does it as failed."""
        from magpie.playlists.sync.perform import Sync

        order = self._claim(ref)
        if order is not None:
            Sync(self, order, lambda: None).give_up(detail)

    def _check(self, hold: Hold) -> None:
        """Before every write: is the task still ours, and the program not stopping?"""
        if hold.is_lost:
            raise SyncLost
        if self.holds.is_stopping(hold):
            raise PutDown

    def _put_down(self, order: Order) -> None:
        with self.context.database.write() as session:
            kept = {"status": TaskStatus.WAITING, "worker": None, "heartbeat_at": None}
            if not repository.still_mine(session, order.id, order.claim, **kept):
                return
        raise JobParked

    def _claim(self, ref: JobRef) -> Order | None:
        """Take the task; None if there is nothing to do any more."""
        context = self.context
        with context.database.write() as session:
            task = repository.lock_by_key(session, ref.key)
            if task is None or not turns.is_busy(task) or task.turn != ref.attempt:
                return None
            if ref.epoch != context.job_epoch(session):
                return None
            task.status = TaskStatus.SYNCING
            task.claim += 1
            task.worker = self.name
            task.heartbeat_at = utcnow()
            resumed = self._run_of(session, task)
            order = Order(
                id=task.id,
                key=task.key,
                claim=task.claim,
                user_id=task.user_id,
                trigger=Trigger(task.trigger),
                run_id=task.run_id or 0,
                is_resumed=resumed,
            )
            turns.announce(context, session, task)
        return order

    def _run_of(self, session: WriteSession, task: Task) -> bool:
        """The open run of the task, or a new one; whether there was one."""
        run = repository.run(session, task.run_id) if task.run_id else None
        if run is not None and run.status == RunStatus.RUNNING and run.trigger == task.trigger:
            return True
        if run is not None and run.status == RunStatus.RUNNING:
            run.status, run.ended_at = RunStatus.CANCELLED, self.now()
        run = Run(
            user_id=task.user_id,
            task_id=task.id,
            task_name=task.name,
            trigger=task.trigger,
            status=RunStatus.RUNNING,
            started_at=self.now(),
        )
        session.add(run)
        session.flush()
        task.run_id = run.id
        return False

    def _beat(self, session: WriteSession, hold: Hold, moment: datetime) -> bool:
        return repository.still_mine(session, hold.row_id, hold.claim, heartbeat_at=moment)

    def _is_held(self, session: ReadSession, hold: Hold) -> bool:
        task = repository.get(session, hold.row_id)
        return task is not None and task.claim == hold.claim and turns.is_busy(task)
