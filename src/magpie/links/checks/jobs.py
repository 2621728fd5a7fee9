"""Checks as the job engine sees them."""

from __future__ import annotations

from datetime import datetime

import structlog

from magpie.context import AppContext
from magpie.downloads.models import Download
from magpie.downloads.worker import COMMAND_PREFIX, SILENCE
from magpie.engine.port import Engine, Job, JobRef, JobState, Lane, Source, Wanted, Where
from magpie.kit.db import WriteSession
from magpie.links.checks import followers, repository, service
from magpie.links.checks.schedule import TICK_SECONDS, Schedule
from magpie.links.checks.worker import Checker
from magpie.links.models import Link, LinkStatus

log = structlog.get_logger(__name__)

# Each start that ended with the death of its process counts.
MAX_STARTS = 10


def follow_downloads(context: AppContext) -> None:
    """Have the entries of links follow their downloads: in every process that does downloads."""

    def ended(session: WriteSession, download: Download) -> None:
        followers.download_ended(context, session, download)

    context.download_ended.append(ended)
    context.medium_found.append(lambda number, medium: followers.medium_found(context, number, medium))


def register(engine: Engine, context: AppContext, checker: Checker, schedule: Schedule | None = None) -> None:
    """Tell the engine how checks are done, which ones wait, and when to look for those that are due."""

    def exhausted(job: Job) -> None:
        checker.give_up(job.ref, f"its process died {MAX_STARTS} times")

    def pending(now: datetime) -> list[Wanted]:
        with context.database.read() as session:
            epoch = context.job_epoch(session)
            return [
                Wanted(
                    ref=service.job_of(link, epoch),
                    lane=Lane.CHECK,
                    site=link.site,
                    priority=link.check_priority,
                )
                for link in repository.unfinished(session)
                if not _is_commands(link, now)
            ]

    def ended(ref: JobRef, state: JobState) -> None:
        _begin_anew(context, ref, state)

    engine.register(service.KIND, checker.perform, max_starts=MAX_STARTS, exhausted=exhausted)
    engine.reconcile(Source(service.KIND, pending, ended))
    engine.on_stopping(checker.holds.stop_all)
    engine.on_lost(checker.holds.abandon_all)
    tick = (schedule or Schedule(context)).tick
    engine.every("links that are due", TICK_SECONDS, tick, Where.ONE)


def _is_commands(link: Link, now: datetime) -> bool:
    """Whether a command that is heard of checks it."""
    beat = link.check_heartbeat_at
    heard_of = beat is not None and beat >= now - SILENCE
    return heard_of and (link.check_worker or "").startswith(COMMAND_PREFIX)


def _begin_anew(context: AppContext, ref: JobRef, state: JobState) -> None:
    """The engine is done with a job whose link still waits, after a restored database say: a new number."""
    with context.database.write() as session:
        link = repository.lock_by_key(session, ref.key)
        if link is None or link.check_mode is None or link.checks != ref.attempt:
            return
        log.info("check_begun_anew", link_id=link.id, engine_state=state.value)
        if link.status == LinkStatus.CHECKING:
            link.status = LinkStatus.IDLE
        service.queue_again(context, session, link)
