"""Having work done on an episode: one job at a time for each, handed to the engine once it is committed."""

from __future__ import annotations

from typing import Any

from magpie.context import AppContext
from magpie.engine.port import JobRef, Lane
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.events import Event
from magpie.podcasts.episodes import repository
from magpie.podcasts.models import Episode, EpisodeStatus

KIND = "episode"
LANE = Lane.MAKING


def job_of(episode: Episode, epoch: int) -> JobRef:
    return JobRef(kind=KIND, key=episode.key, epoch=epoch, attempt=episode.attempt)


def is_busy(episode: Episode) -> bool:
    return episode.status in repository.BUSY


def unfinished(session: ReadSession) -> list[Episode]:
    """Everybody's episodes on which work waits or runs."""
    return repository.unfinished(session)


def queue(context: AppContext, session: WriteSession, episode: Episode, *, delay: float = 0.0) -> None:
    """Have the work begun, or gone on with, in `delay` seconds. A new number, so that the engine takes it for another
    job."""
    episode.attempt += 1
    episode.status = EpisodeStatus.PENDING
    episode.worker = episode.heartbeat_at = None
    episode.error_code = episode.error_message = None
    session.flush()
    announce(context, session, episode)
    engine = context.engine
    if engine is None:
        return
    job = job_of(episode, context.job_epoch(session))
    session.after_commit(lambda: engine.enqueue(job, LANE, delay=delay))


def withdraw(context: AppContext, session: WriteSession, episode: Episode, status: EpisodeStatus) -> None:
    """Take back the job that waits; one that runs finds at its next look that the episode is not its own any more."""
    engine = context.engine
    if engine is not None and is_busy(episode):
        job = job_of(episode, context.job_epoch(session))

        def cancel() -> None:
            engine.cancel(job)

        session.after_commit(cancel)
    episode.status = status
    episode.claim += 1
    episode.worker = episode.heartbeat_at = episode.next_attempt_at = None


def announce(context: AppContext, session: WriteSession, episode: Episode, **more: Any) -> None:
    """Tell open pages, once the unit of work is committed, how an episode is."""
    session.flush()
    body = {
        "type": "episode",
        "id": episode.key,
        "status": episode.status,
        "title": episode.title,
        "step": episode.step,
        "stepsDone": episode.steps_done,
        "stepsTotal": episode.steps_total,
        "errorCode": episode.error_code,
        "errorMessage": episode.error_message,
        **more,
    }
    event = Event(episode.user_id, body)
    session.after_commit(lambda: context.events.publish([event]))
