"""Episodes as the job engine sees them."""

from __future__ import annotations

from datetime import datetime

import structlog

from magpie.context import AppContext
from magpie.engine.port import Engine, Job, JobRef, JobState, Source, Wanted
from magpie.podcasts.episodes import queueing, repository
from magpie.podcasts.worker import Producer

log = structlog.get_logger(__name__)

# Each start that ended with the death of its process counts.
MAX_STARTS = 20


def register(engine: Engine, context: AppContext, producer: Producer) -> None:
    """Tell the engine how episodes are made, and which ones wait."""

    def exhausted(job: Job) -> None:
        producer.give_up(job.ref, f"Its process died {MAX_STARTS} times.")

    def pending(now: datetime) -> list[Wanted]:
        with context.database.read() as session:
            epoch = context.job_epoch(session)
            return [
                Wanted(
                    ref=queueing.job_of(episode, epoch),
                    lane=queueing.LANE,
                    delay=max(0.0, (episode.next_attempt_at - now).total_seconds())
                    if episode.next_attempt_at
                    else 0.0,
                )
                for episode in repository.unfinished(session)
            ]

    def ended(ref: JobRef, state: JobState) -> None:
        _begin_anew(context, ref, state)

    engine.register(queueing.KIND, producer.perform, max_starts=MAX_STARTS, exhausted=exhausted)
    engine.reconcile(Source(queueing.KIND, pending, ended))
    engine.on_stopping(producer.holds.stop_all)
    engine.on_lost(producer.holds.abandon_all)


def _begin_anew(context: AppContext, ref: JobRef, state: JobState) -> None:
    """The engine is done with a job whose episode still waits, after a restored database say: a new number."""
    with context.database.write() as session:
        episode = repository.lock_by_key(session, ref.key)
        if episode is None or episode.status not in repository.BUSY or episode.attempt != ref.attempt:
            return
        log.info("episode_begun_anew", episode_id=episode.id, engine_state=state.value)
        queueing.queue(context, session, episode)
