"""Downloads as the job engine sees them."""

from __future__ import annotations

from datetime import datetime

import structlog

from magpie.context import AppContext
from magpie.downloads import repository, service
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.models import Status
from magpie.downloads.worker import SILENCE, Workshop
from magpie.engine.port import Engine, Job, JobRef, JobState, Lane, Source, Wanted

log = structlog.get_logger(__name__)

# Each start that ended with the death of its process counts. A download that takes its worker down with it
# must end some day; one that was in the way of many restarts must not.
MAX_STARTS = 25


def register(engine: Engine, context: AppContext, workshop: Workshop) -> None:
    """Tell the engine how downloads are done, and which ones wait."""

    def handle(job: Job) -> None:
        workshop.perform(job)

    def exhausted(job: Job) -> None:
        _fail(context, job.ref)

    def pending(now: datetime) -> list[Wanted]:
        with context.database.read() as session:
            epoch = context.job_epoch(session)
            return [
                Wanted(
                    ref=JobRef(service.KIND, row.key, epoch, row.attempt),
                    lane=Lane.SITE,
                    site=row.site,
                    priority=row.priority,
                    delay=service.seconds_until(row.next_attempt_at),
                )
                for row in repository.unfinished(session, now - SILENCE)
            ]

    def ended(ref: JobRef, state: JobState) -> None:
        _begin_anew(context, ref, state)

    engine.register(service.KIND, handle, max_starts=MAX_STARTS, exhausted=exhausted)
    engine.reconcile(Source(service.KIND, pending, ended))
    engine.on_stopping(workshop.stop_all)
    engine.on_lost(workshop.abandon_all)


def _begin_anew(context: AppContext, ref: JobRef, state: JobState) -> None:
    """The engine is done with a job whose row still waits, after a restored database say: a new attempt."""
    with context.database.write() as session:
        download = repository.lock_by_key(session, ref.key)
        if download is None or Status(download.status).is_final or download.attempt != ref.attempt:
            return
        log.info("download_begun_anew", download_id=download.id, engine_state=state.value)
        service.queue_again(context, session, download)


def _fail(context: AppContext, ref: JobRef) -> None:
    with context.database.write() as session:
        download = repository.lock_by_key(session, ref.key)
        if download is None or Status(download.status).is_final or download.attempt != ref.attempt:
            return
        if ref.epoch != context.job_epoch(session):
            return
        failure = DownloadFailure(Reason.TOOL_ERROR, f"its process died {MAX_STARTS} times")
        service.settle_failure(context, session, download, failure, attempts=1)
        service.sweep_after(context, session, download)
