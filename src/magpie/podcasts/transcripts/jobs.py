"""Transcripts as the job engine sees them."""

from __future__ import annotations

from datetime import datetime

import structlog

from magpie.context import AppContext
from magpie.engine.port import Engine, Job, JobRef, JobState, Source, Wanted, Where
from magpie.podcasts.transcripts import queueing, repository
from magpie.podcasts.transcripts.worker import Scribe

log = structlog.get_logger(__name__)

# Each start that ended with the death of its process counts.
MAX_STARTS = 5
SWEEP_SECONDS = 3600.0


def register(engine: Engine, context: AppContext, scribe: Scribe) -> None:
    """Tell the engine how transcripts are made, and which ones wait."""

    def exhausted(job: Job) -> None:
        scribe.give_up(job.ref, f"Its process died {MAX_STARTS} times.")

    def pending(now: datetime) -> list[Wanted]:
        return _pending(context, now)

    def ended(ref: JobRef, state: JobState) -> None:
        _begin_anew(context, ref, state)

    engine.register(queueing.KIND, scribe.perform, max_starts=MAX_STARTS, exhausted=exhausted)
    engine.reconcile(Source(queueing.KIND, pending, ended))
    engine.on_stopping(scribe.holds.stop_all)
    engine.on_lost(scribe.holds.abandon_all)
    engine.every("transcripts left behind", SWEEP_SECONDS, scribe.sweep, Where.EACH)


def _pending(context: AppContext, now: datetime) -> list[Wanted]:
    with context.database.read() as session:
        epoch = context.job_epoch(session)
        return [
            Wanted(
                ref=queueing.job_of(one, epoch),
                lane=queueing.LANE,
                site=queueing.SITE,
                delay=max(0.0, (one.next_attempt_at - now).total_seconds()) if one.next_attempt_at else 0.0,
            )
            for one in repository.unfinished(session)
        ]


def _begin_anew(context: AppContext, ref: JobRef, state: JobState) -> None:
    """The engine is done with a job whose row still waits, after a restored database say: a new attempt."""
    with context.database.write() as session:
        row = repository.lock_by_key(session, ref.key)
        if row is None or row.status not in repository.UNFINISHED or row.attempt != ref.attempt:
            return
        log.info("transcript_begun_anew", transcript=row.id, engine_state=state.value)
        row.claim += 1
        queueing.queue(context, session, row)
