"""Notifications as the job engine sees them."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError

from magpie.context import AppContext
from magpie.engine.port import Engine, Job, JobRef, JobState, Lane, Source, Wanted, Where
from magpie.notifications import repository, service, sources
from magpie.notifications.delivery import Delivery

log = structlog.get_logger(__name__)

TICK_SECONDS = 5.0
LOOK_SECONDS = 60.0
# Each start that ended with the death of its process counts.
MAX_STARTS = 10


def register(engine: Engine, context: AppContext, delivery: Delivery) -> None:
    """Tell the engine how messages are sent, which ones wait, and when to look for those that are due."""

    def exhausted(job: Job) -> None:
        delivery.give_up(job.ref)

    def pending(_now: datetime) -> list[Wanted]:
        with context.database.read() as session:
            epoch = context.job_epoch(session)
            return [
                Wanted(service.job_of(target, epoch), Lane.BACKGROUND)
                for target in repository.open_turns(session)
            ]

    def ended(ref: JobRef, state: JobState) -> None:
        _begin_anew(context, ref, state)

    def tick() -> None:
        try:
            service.begin_due(context, delivery.now())
        except OperationalError as error:
            log.info("notices_not_read", error=type(error).__name__)

    def look() -> None:
        try:
            sources.look(context)
        except OperationalError as error:
            log.info("states_not_read", error=type(error).__name__)

    engine.register(service.KIND, delivery.perform, max_starts=MAX_STARTS, exhausted=exhausted)
    engine.reconcile(Source(service.KIND, pending, ended))
    engine.every("notices that are due", TICK_SECONDS, tick, Where.ONE)
    engine.every("what needs attention", LOOK_SECONDS, look, Where.ONE)


def _begin_anew(context: AppContext, ref: JobRef, state: JobState) -> None:
    """The engine is done with a job whose target still waits, after a restored database say: a new number."""
    with context.database.write() as session:
        target = repository.lock_by_key(session, ref.key)
        if target is None or not target.is_turn_open or target.turn != ref.attempt:
            return
        log.info("delivery_begun_anew", target_id=target.id, engine_state=state.value)
        service.begin_turn(context, session, target)
