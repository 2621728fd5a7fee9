"""Having transcripts made: one job for each, handed to the engine once it is committed."""

from __future__ import annotations

from datetime import timedelta

from magpie.context import AppContext
from magpie.engine.port import JobRef, Lane
from magpie.kit.clock import utcnow
from magpie.kit.db import WriteSession
from magpie.kit.events import Event
from magpie.podcasts.models import ItemTranscript, TranscriptStatus

KIND = "transcript"
# One at a time on all hosts together: recognisers take all of a machine, and a film takes hours. Not among the upkeep,
# which that would hold up.
LANE, SITE = Lane.CHECK, "transcripts"


def job_of(transcript: ItemTranscript, epoch: int) -> JobRef:
    return JobRef(kind=KIND, key=transcript.key, epoch=epoch, attempt=transcript.attempt)


def queue(
    context: AppContext, session: WriteSession, transcript: ItemTranscript, *, delay: float = 0.0
) -> None:
    """Have it made, or gone on with, in `delay` seconds. A new number, so that the engine takes it for another job."""
    transcript.attempt += 1
    transcript.status = TranscriptStatus.PENDING
    transcript.worker = transcript.heartbeat_at = None
    transcript.next_attempt_at = utcnow() + timedelta(seconds=delay) if delay else None
    session.flush()
    announce(context, session, transcript)
    engine = context.engine
    if engine is None:
        return
    job = job_of(transcript, context.job_epoch(session))
    session.after_commit(lambda: engine.enqueue(job, LANE, site=SITE, delay=delay))


def end(
    context: AppContext,
    session: WriteSession,
    transcript: ItemTranscript,
    status: TranscriptStatus,
    code: str | None = None,
    message: str | None = None,
) -> None:
    """The last word on it. A job that waits is taken back; one that runs finds that the row is not its own any more."""
    engine = context.engine
    if engine is not None and transcript.status == TranscriptStatus.PENDING:
        job = job_of(transcript, context.job_epoch(session))

        def cancel() -> None:
            engine.cancel(job)

        session.after_commit(cancel)
    transcript.status = status
    transcript.claim += 1
    transcript.worker = transcript.heartbeat_at = transcript.next_attempt_at = None
    transcript.error_code, transcript.error_message = code, message
    transcript.completed_at = utcnow()
    announce(context, session, transcript)


def announce(context: AppContext, session: WriteSession, transcript: ItemTranscript) -> None:
    """Tell open pages, once the unit of work is committed, how it is."""
    session.flush()
    body = {
        "type": KIND,
        "id": transcript.id,
        "item_id": transcript.item_id,
        "status": transcript.status,
        "progress": transcript.progress,
        "language": transcript.language,
        "error_code": transcript.error_code,
    }
    event = Event(transcript.user_id, body)
    session.after_commit(lambda: context.events.publish([event]))
