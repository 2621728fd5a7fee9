"""Syncs as the job engine sees them."""

from __future__ import annotations

from datetime import datetime

import structlog

from magpie.context import AppContext
from magpie.engine.port import Engine, Job, JobRef, JobState, Lane, Source, Wanted, Where
from magpie.playlists.models import TaskStatus
from magpie.playlists.sync.worker import Syncer
from magpie.playlists.tasks import repository, turns
from magpie.playlists.tasks.schedule import TICK_SECONDS, Schedule

log = structlog.get_logger(__name__)

# Each start that ended with the death of its process counts.
MAX_STARTS = 10


def register(engine: Engine, context: AppContext, syncer: Syncer, schedule: Schedule | None = None) -> None:
    """Tell the engine how syncs are done, which ones wait, and when to look for those that are due."""

    def exhausted(job: Job) -> None:
        syncer.give_up(job.ref, f"Its process died {MAX_STARTS} times.")

    def pending(_now: datetime) -> list[Wanted]:
        with context.database.read() as session:
            epoch = context.job_epoch(session)
            return [
                Wanted(
                    ref=turns.job_of(task, epoch),
                    lane=Lane.CHECK,
                    site=turns.site_of(server_key),
                    priority=turns.priority_of(task),
                )
                for task, server_key in repository.unfinished(session)
            ]

    def ended(ref: JobRef, state: JobState) -> None:
        _begin_anew(context, ref, state)

    engine.register(turns.KIND, syncer.perform, max_starts=MAX_STARTS, exhausted=exhausted)
    engine.reconcile(Source(turns.KIND, pending, ended))
    engine.on_stopping(syncer.holds.stop_all)
    engine.on_lost(syncer.holds.abandon_all)
    engine.every("tasks that are due", TICK_SECONDS, (schedule or Schedule(context)).tick, Where.ONE)


def _begin_anew(context: AppContext, ref: JobRef, state: JobState) -> None:
    """The engine is done with a job whose task still waits, after a restored database say: a new number."""
    with context.database.write() as session:
        task = repository.lock_by_key(session, ref.key)
        if task is None or not turns.is_busy(task) or task.turn != ref.attempt:
            return
        log.info("sync_begun_anew", task_id=task.id, engine_state=state.value)
        task.status = TaskStatus.WAITING
        task.claim += 1
        turns.queue(context, session, task)
