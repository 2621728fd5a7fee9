"""Searches for songs, and their arrivals at servers, as the job engine sees them."""

from __future__ import annotations

from datetime import datetime

import structlog

from magpie.context import AppContext
from magpie.engine.port import Engine, Job, JobRef, JobState, Lane, Source, Wanted, Where
from magpie.kit.clock import utcnow
from magpie.playlists.missing import arriving, repository, service
from magpie.playlists.missing.arriving import Arrivals
from magpie.playlists.missing.models import OrderStatus
from magpie.playlists.missing.worker import Seeker

log = structlog.get_logger(__name__)

# Each start that ended with the death of its process counts.
MAX_STARTS = 10
SWEEP_SECONDS = 300.0
DAY = 86400.0


def register(engine: Engine, context: AppContext, seeker: Seeker, arrivals: Arrivals | None = None) -> None:
    """Tell the engine how songs are looked for and awaited, and which ones wait."""
    look = arrivals or Arrivals(context)

    def exhausted(job: Job) -> None:
        seeker.give_up(job.ref, f"Its process died {MAX_STARTS} times.")

    def pending(now: datetime) -> list[Wanted]:
        return _pending(context, now)

    def ended(ref: JobRef, state: JobState) -> None:
        _begin_anew(context, ref, state)

    engine.register(service.KIND, seeker.perform, max_starts=MAX_STARTS, exhausted=exhausted)
    engine.reconcile(Source(service.KIND, pending, ended))
    engine.register(arriving.KIND, look.perform, max_starts=MAX_STARTS)
    engine.reconcile(
        Source(
            arriving.KIND,
            lambda now: arriving.pending(context, now),
            lambda ref, state: arriving.begin_anew(context, ref, state),
        )
    )
    engine.on_stopping(seeker.holds.stop_all)
    engine.on_lost(seeker.holds.abandon_all)
    engine.every("songs left behind", SWEEP_SECONDS, lambda: sweep(context), Where.ONE)
    engine.every("old sessions of songs", DAY, lambda: prune(context), Where.ONE)


def _pending(context: AppContext, now: datetime) -> list[Wanted]:
    with context.database.read() as session:
        epoch = context.job_epoch(session)
        waiting = repository.unfinished(session)
        places = {one: service.site_for(session, one) for one in {order.user_id for order in waiting}}
        return [
            Wanted(
                ref=service.job_of(order, epoch),
                lane=Lane.CHECK,
                site=places[order.user_id],
                priority=service.PRIORITY,
                delay=max(0.0, (order.next_attempt_at - now).total_seconds())
                if order.next_attempt_at
                else 0.0,
            )
            for order in waiting
        ]


def _begin_anew(context: AppContext, ref: JobRef, state: JobState) -> None:
    """The engine is done with a job whose order still waits, after a restored database say: a new attempt."""
    with context.database.write() as session:
        order = repository.lock_by_key(session, ref.key)
        if order is None or order.status not in repository.QUEUED or order.attempt != ref.attempt:
            return
        log.info("song_search_begun_anew", order_id=order.id, engine_state=state.value)
        order.claim += 1
        service.queue(context, session, order)


def sweep(context: AppContext) -> None:
    """Orders whose download was deleted are looked for again, and sessions ended that a killed process could not end."""
    with context.database.read() as session:
        ids, ended = repository.forsaken(session), repository.unended_sessions(session)
    for session_id in ended:
        service.conclude(context, session_id)
    for order_id in ids:
        with context.database.write() as session:
            order = repository.lock(session, order_id)
            if order is not None and order.status == OrderStatus.DOWNLOADING and order.download_id is None:
                service.queue(context, session, order)


def prune(context: AppContext) -> None:
    """Forget sessions of long ago."""
    forgotten = service.prune(context.database, utcnow())
    if forgotten:
        log.info("song_sessions_forgotten", count=forgotten)
