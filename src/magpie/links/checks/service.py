"""Asking for checks, and what changes of a link mean for them."""

from __future__ import annotations

import random
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from magpie.context import AppContext
from magpie.downloads.failures import DIAGNOSES, Reason
from magpie.engine.port import Engine, JobRef, Lane
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.events import Event
from magpie.links.checks import cadence, catalogue, repository, turns
from magpie.links.models import Link, LinkStatus
from magpie.links.retention import repository as retention
from magpie.sites import service as sites

KIND = "check"
SOON = 0  # priority of what a person waits for
SCHEDULED = 100
LIVE = "live"  # the type of a link that leads to one broadcaster's stream
# Failures of a download that may be over when somebody asks for the link's media again.
FLEETING = frozenset(str(reason) for reason, diagnosis in DIAGNOSES.items() if diagnosis.transient)


class Mode(StrEnum):
    """`CHECK` does what the link says about downloading; `DOWNLOAD` downloads whatever it says."""

    CHECK = "check"
    DOWNLOAD = "download"


def job_of(link: Link, epoch: int) -> JobRef:
    return JobRef(kind=KIND, key=link.key, epoch=epoch, attempt=link.checks)


def request(context: AppContext, session: WriteSession, link: Link, mode: Mode, *, now: bool) -> None:
    """Have the link checked. One check of a link waits or runs at a time: a further wish changes that one.

    `now`: a person waits for it; it goes before all that are only due.
    """
    waits, runs = link.check_mode is not None, link.check_worker is not None
    priority = SOON if now else SCHEDULED
    if mode is Mode.DOWNLOAD or not waits:
        link.check_mode = mode
    if runs or (waits and link.checks and priority >= link.check_priority):
        return
    if waits:
        _forget(context, session, link)
    link.check_priority = priority
    _queue(context, session, link)


def _queue(context: AppContext, session: WriteSession, link: Link) -> None:
    """A new number, so that the engine takes it for another job; handed over once it is committed."""
    link.checks += 1
    link.check_worker = link.check_heartbeat_at = None
    rest = sites.resting(session, [link.site]).get(link.site)
    if rest is not None:
        link.status = LinkStatus.COOLING_DOWN
    session.flush()
    engine = context.engine
    if engine is None:
        return
    job, site, priority = job_of(link, context.job_epoch(session)), link.site, link.check_priority
    session.after_commit(lambda: engine.enqueue(job, Lane.CHECK, site=site, priority=priority))


def queue_again(context: AppContext, session: WriteSession, link: Link) -> None:
    """The engine is done with the job while the row still waits: a new one."""
    _queue(context, session, link)


def _forget(context: AppContext, session: WriteSession, link: Link) -> None:
    engine = context.engine
    if engine is not None:
        job = job_of(link, context.job_epoch(session))
        session.after_commit(lambda: _cancel(engine, job))


def _cancel(engine: Engine, job: JobRef) -> None:
    engine.cancel(job)  # if it has just begun, it finds that another number is wanted


def unfinished(session: ReadSession) -> list[Link]:
    """Everybody's links whose check waits or runs."""
    return repository.unfinished(session)


def withdraw(context: AppContext, session: WriteSession, link: Link) -> None:
    """Take back a check, also one that runs: it finds that it does not hold the link any more, and ends."""
    if link.check_mode is None:
        return
    _forget(context, session, link)
    link.check_mode = link.check_worker = link.check_heartbeat_at = None
    link.check_claim += 1
    if link.status == LinkStatus.CHECKING:
        link.status = LinkStatus.ERROR if link.error_message else LinkStatus.IDLE
    announce(context, session, link)


def begin_following(context: AppContext, session: WriteSession, link: Link) -> None:
    """A link that is new: its first check, unless it is not to be checked by itself."""
    if link.is_enabled:
        request(context, session, link, Mode.CHECK, now=True)


def end_downloads(session: WriteSession, link_id: int) -> None:
    """The link is about to go: as its downloads are cancelled in this unit of work, no others take their turn."""
    turns.begin_no_more(session, link_id)


def stop(context: AppContext, session: WriteSession, link: Link) -> None:
    """Check a link no more by itself."""
    withdraw(context, session, link)
    link.next_check_at = None


def bounds_of(context: AppContext, link: Link) -> cadence.Bounds:
    chosen = context.settings
    interval = link.interval_minutes
    if link.type == LIVE:  # whether it is on air cannot be told from when it was
        interval = interval or chosen.link_monitor_interval_minutes
    return cadence.bounds(
        interval,
        link.max_interval_minutes,
        chosen.link_monitor_interval_minutes,
        chosen.link_monitor_max_interval_minutes,
    )


def changed(context: AppContext, session: WriteSession, link: Link, what: Collection[str]) -> None:
    """A person has changed a link. `what`: the names of the columns."""
    if {"interval_minutes", "max_interval_minutes"} & set(what):
        reschedule(context, link, utcnow())
    if "download_automatically" in what and not link.download_automatically:
        catalogue.only_list(session, link)
    if {"filters", "download_automatically"} & set(what):
        catalogue.decide_again(context, session, link)
    if "retention" in what:
        retention.reopen(session, link.id)
    if {"filters", "download_automatically", "retention"} & set(what):
        turns.fill(context, session, link)


def reschedule(context: AppContext, link: Link, now: datetime) -> None:
    """Let a link's next check be due by its present interval."""
    if not link.is_enabled or link.died_at is not None or link.last_checked_at is None:
        return
    due = cadence.after_success(
        link.last_checked_at,
        bounds_of(context, link),
        link.new_per_day,
        random.random(),  # noqa: S311
    )
    link.next_check_at = max(due, now)


def announce(context: AppContext, session: WriteSession, link: Link, **more: object) -> None:
    """Tell open pages, once the unit of work is committed, how a link is."""
    session.flush()
    body = {
        "type": "check",
        "id": link.id,
        "status": link.status,
        "name": link.name,
        "reason": link.reason,
        "error_message": link.error_message,
        "last_checked_at": link.last_checked_at.isoformat() if link.last_checked_at else None,
        "next_check_at": link.next_check_at.isoformat() if link.next_check_at else None,
        **more,
    }
    event = Event(link.user_id, body)
    session.after_commit(lambda: context.events.publish([event]))


def wake(context: AppContext, session: WriteSession, link: Link) -> None:
    """A person wants what the link has: what was only listed, and what failed for reasons that may be over."""
    repository.ask_again(session, link.id, FLEETING)
    turns.fill(context, session, link)


def reason_of(link: Link) -> Reason | None:
    """The typed reason of the link's last failure, if it is one of ours."""
    try:
        return Reason(link.reason) if link.reason else None
    except ValueError:
        return None
