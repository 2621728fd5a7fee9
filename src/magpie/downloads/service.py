"""The rules of downloads: what may be asked for, and how a download moves from state to state."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.downloads import repository
from magpie.downloads.extractors.port import IsAList, Stage
from magpie.downloads.extractors.titles import clean_text
from magpie.downloads.failures import DIAGNOSES, DownloadFailure, Reason
from magpie.downloads.lists import places_in
from magpie.downloads.models import Download, Status
from magpie.downloads.sites import site_of
from magpie.engine.port import Engine, JobRef, Lane
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound
from magpie.kit.events import Event
from magpie.kit.logs import redact
from magpie.library import service as library
from magpie.library.service import Item
from magpie.plugins import plugins
from magpie.profiles import service as profiles
from magpie.sites import service as sites

KIND = "download"
FIRST_RETRY_SECONDS = 5.0
RETRY_GROWTH = 4.0
LONGEST_RETRY_SECONDS = 6 * 3600.0
# These wait for something other than luck: no attempt is counted, and they look again after so many seconds.
PATIENT: dict[Reason, float] = {
    Reason.NO_SPACE: 300.0,
    Reason.FOLDER_MISSING: 120.0,
    Reason.NOT_YET: 900.0,
    Reason.RATE_LIMITED: FIRST_RETRY_SECONDS,  # for longer its site's circuit breaker sees to it
}
# Where one fresh extraction may help, and more only annoys the site.
TRIED_ONCE_MORE = frozenset({Reason.FORBIDDEN, Reason.BOT_CHECK})
# A channel is a list of lists. What nests deeper is a site that would go on for ever.
MAX_LIST_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """A download as asked for."""

    url: str
    profile: str = "video"
    title: str | None = None
    artist: str | None = None
    parent_id: int | None = None
    # Where a check of a followed link asks for it.
    link_id: int | None = None
    entry_id: int | None = None
    history_id: int | None = None
    priority: int = 100  # lower is sooner
    is_upgrade: bool = False  # only if it is better than what is in the library
    hints: dict[str, Any] | None = None  # what the list that it is part of says of it


def hint_of(download: Download) -> str | None:
    """What to do about the download's reason."""
    try:
        return DIAGNOSES[Reason(download.reason)].hint if download.reason else None
    except ValueError:
        return None


def waiting_for(download: Download, rest: sites.Rest) -> dict[str, Any]:
    """How a download that waits is shown while its site is left alone."""
    until = max(rest.until, download.next_attempt_at or rest.until)
    hint = DIAGNOSES[Reason.SITE_RESTS].hint
    message = sites.sentence_of(rest)
    return {"next_attempt_at": until, "reason": Reason.SITE_RESTS, "error_message": message, "hint": hint}


def event_of(download: Download) -> Event:
    """The live event that tells the present state."""
    body: dict[str, Any] = {
        "type": "download",
        "id": download.id,
        "status": download.status,
        "stage": download.stage,
        "title": download.title,
        "reason": download.reason,
        "error_message": download.error_message,
        "item_id": download.item_id,
        "downloaded_bytes": download.downloaded_bytes,
        "total_bytes": download.total_bytes,
        "speed": download.speed,
        "eta": download.eta,
        "attempt": download.attempt,
    }
    return Event(download.user_id, body)


def announce(context: AppContext, session: WriteSession, download: Download) -> None:
    """Tell open pages once the unit of work is committed."""
    session.flush()
    event = event_of(download)
    session.after_commit(lambda: context.events.publish([event]))


def job_of(download: Download, epoch: int) -> JobRef:
    return JobRef(kind=KIND, key=download.key, epoch=epoch, attempt=download.attempt)


def _hand_over(context: AppContext, session: WriteSession, download: Download) -> None:
    """Give the job to the engine once its row is committed; what is lost in between, the reconciler finds."""
    announce(context, session, download)
    engine = context.engine
    if engine is None:
        return
    epoch = context.job_epoch(session)
    job, site, priority = job_of(download, epoch), download.site, download.priority
    delay = seconds_until(download.next_attempt_at)
    session.after_commit(lambda: engine.enqueue(job, Lane.SITE, site=site, priority=priority, delay=delay))


def seconds_until(moment: datetime | None) -> float:
    """Seconds from now; 0 for what is due already."""
    return max(0.0, (moment - utcnow()).total_seconds()) if moment else 0.0


def create(context: AppContext, session: WriteSession, user_id: int | None, wanted: Wanted) -> Download:
    """Ask for a download."""
    download = Download(
        user_id=user_id,
        parent_id=wanted.parent_id,
        url=wanted.url,
        site=site_of(wanted.url, plugins().sites),
        profile=wanted.profile,
        title=wanted.title,
        artist=wanted.artist,
        wanted_title=wanted.title,
        wanted_artist=wanted.artist,
        link_id=wanted.link_id,
        entry_id=wanted.entry_id,
        history_id=wanted.history_id,
        priority=wanted.priority,
        is_upgrade=wanted.is_upgrade,
        hints=wanted.hints,
        status=Status.PENDING,
        stage=Stage.QUEUED,
        created_at=utcnow(),
    )
    session.add(download)
    _hand_over(context, session, download)
    return download


def ask_for(context: AppContext, session: WriteSession, principal: Principal, wanted: Wanted) -> Download:
    """Create a download for somebody who asked for it. Raises `RuleBroken` for a profile that is not there."""
    profiles.check(session, principal.id, wanted.profile)
    download = create(context, session, principal.id, wanted)
    _note(session, principal, "create", download, url=download.url, profile=download.profile)
    return download


def _note(session: WriteSession, principal: Principal, verb: str, download: Download, **details: Any) -> None:
    subject = f"download:{download.id}"
    audit.record(session, f"download.{verb}", principal=principal, subject=subject, details=details)


def get(session: ReadSession, principal: Principal, download_id: int) -> Download:
    """Raises `NotFound` for what is not there or not the viewer's."""
    download = repository.get(session, principal, download_id)
    if download is None:
        raise NotFound
    return download


def cancel_of_entry(context: AppContext, session: WriteSession, principal: Principal, entry_id: int) -> None:
    """End what waits or runs of a followed link's entry."""
    for download_id in repository.unended_of_entry(session, entry_id):
        cancel(context, session, principal, download_id)


def hasten(context: AppContext, session: WriteSession, entry_id: int) -> bool:
    """Let the waiting download of a followed link's entry go before all others. False if none waits."""
    download = repository.lock_waiting_of_entry(session, entry_id)
    if download is None:
        return False
    engine = context.engine
    if engine is not None:
        job = job_of(download, context.job_epoch(session))
        session.after_commit(lambda: _forget(engine, job))
    download.priority = 0
    queue_again(context, session, download)
    return True


def next_of_link(
    session: ReadSession,
    link_id: int,
    tried: Collection[str],
    *,
    patience: float = 0.0,
    silent_since: datetime,
) -> Download | None:
    """The download of a link that is due first, now or within `patience` seconds, or whose worker has died: it has
    not been heard of since that moment. `tried`: attempts (`key.attempt`) that are left out."""
    until = utcnow() + timedelta(seconds=patience)
    waiting = repository.waiting_of_link(session, link_id, until, silent_since)
    return next((one for one in waiting if f"{one.key}.{one.attempt}" not in tried), None)


def entry_of(session: ReadSession, download_id: int) -> int | None:
    """The entry of a followed link that the download is for."""
    return repository.entry_of(session, download_id)


def count_by_status(session: ReadSession) -> dict[str, int]:
    return repository.count_by_status(session)


def count_by_site(session: ReadSession, principal: Principal) -> dict[str, dict[str, int]]:
    """By site and state, the downloads that wait or run."""
    return repository.count_by_site(session, principal)


def page(
    session: ReadSession, principal: Principal, *, statuses: Sequence[str], number: int, size: int
) -> tuple[list[Download], int]:
    return repository.page(session, principal, statuses=statuses, offset=(number - 1) * size, limit=size)


def cancel(context: AppContext, session: WriteSession, principal: Principal, download_id: int) -> Download:
    """End a download. One that runs is ended by its worker, which kills its processes first.

    Raises `Conflict` if it has ended already.
    """
    download = repository.lock(session, principal, download_id)
    if download is None:
        raise NotFound
    if Status(download.status).is_final:
        raise Conflict(f"This download is {download.status} already.")
    download.cancel_requested = True
    if download.status == Status.PENDING:
        end(context, session, download, Status.CANCELLED)
        sweep_after(context, session, download)
        engine = context.engine
        if engine is not None:
            job = job_of(download, context.job_epoch(session))
            session.after_commit(lambda: _forget(engine, job))
    announce(context, session, download)
    _note(session, principal, "cancel", download)
    return download


def cancel_all(context: AppContext, session: WriteSession, principal: Principal, user_id: int) -> None:
    """End all downloads of a user that have not ended yet."""
    for download_id in repository.unended_of(session, user_id):
        cancel(context, session, principal, download_id)


def unended(session: ReadSession) -> list[Download]:
    """Everybody's downloads that wait or run."""
    return repository.unended(session)


def cancel_of_link(context: AppContext, session: WriteSession, principal: Principal, link_id: int) -> None:
    """End all downloads of a link that have not ended yet."""
    for download_id in repository.unended_of_link(session, link_id):
        cancel(context, session, principal, download_id)


def running_of_links(session: ReadSession) -> dict[int, bool]:
    """The links whose downloads run, and whether one of those is a recording."""
    return repository.running_of_links(session)


def sweep_after(context: AppContext, session: WriteSession, download: Download) -> None:
    """Once its end is committed, take away what earlier attempts have left for a next one."""
    filing = library.filing_of(context)
    key, claim, root = download.key, download.claim, download.root
    session.after_commit(lambda: filing.sweep(key, claim, root))


def _forget(engine: Engine, job: JobRef) -> None:
    engine.cancel(job)  # if it has just begun, it finds the row ended


def retry(context: AppContext, session: WriteSession, principal: Principal, download_id: int) -> Download:
    """Start a download anew; one that waits for its next attempt is tried now. `Conflict` while it runs.

    A rest that its site has asked for is kept: the download waits, and says so.
    """
    download = repository.lock(session, principal, download_id)
    if download is None:
        raise NotFound
    if download.status == Status.DOWNLOADING:
        raise Conflict("This download is running.")
    if download.status == Status.COMPLETED:
        raise Conflict("This download is completed already.")
    download.failures = 0
    sites.end_rest(context, session, principal, download.site)
    queue_again(context, session, download)
    _note(session, principal, "retry", download)
    return download


def queue_again(
    context: AppContext, session: WriteSession, download: Download, *, not_before: datetime | None = None
) -> None:
    """Put the download back into the queue as a new attempt."""
    download.status, download.stage = Status.PENDING, Stage.QUEUED
    download.attempt += 1
    download.cancel_requested = False
    download.next_attempt_at = not_before
    download.completed_at = None
    download.speed = download.eta = None
    if not_before is None:
        download.reason = download.error_message = None
        download.downloaded_bytes = download.total_bytes = None
    _hand_over(context, session, download)


def park(context: AppContext, session: WriteSession, download: Download) -> None:
    """Put a running download down, to go on with the same attempt after a stop of the server."""
    download.status, download.stage = Status.PENDING, Stage.QUEUED
    download.speed = download.eta = None
    announce(context, session, download)


def end(
    context: AppContext,
    session: WriteSession,
    download: Download,
    status: Status,
    reason: str | None = None,
    message: str | None = None,
) -> None:
    """Write a final state into the row, and let those who follow downloads make of it what they must.

    `reason`: one of `Reason`, or a typed code of whoever asked for the download and does not want it after all.
    """
    download.status, download.stage = status, None
    download.reason, download.error_message = reason, message
    download.speed = download.eta = None
    download.completed_at = utcnow()
    for follower in context.download_ended:
        follower(session, download)
    download.next_attempt_at = None


def settle_failure(
    context: AppContext, session: WriteSession, download: Download, failure: DownloadFailure, attempts: int
) -> None:
    """Try again later, or give up, as the reason asks for."""
    if download.cancel_requested:  # nobody waits for it any more, whatever went wrong on its way out
        end(context, session, download, Status.CANCELLED)
        announce(context, session, download)
        return
    message = redact(failure.message)
    if failure.reason is Reason.NOT_YET and download.entry_id is not None:
        _postpone(context, session, download, failure, message)
        return
    delay = _delay_before_retry(download, failure, attempts)
    if delay is None:
        end(context, session, download, Status.FAILED, failure.reason, message)
        announce(context, session, download)
        return
    if failure.reason not in PATIENT:
        download.failures += 1
    download.reason, download.error_message = failure.reason, message
    queue_again(context, session, download, not_before=utcnow() + timedelta(seconds=delay))


def settle_unknown_profile(context: AppContext, session: WriteSession, download: Download) -> None:
    """Its profile has been deleted: nobody can say how to save it."""
    message = f"The profile “{download.profile}” is no longer there."
    end(context, session, download, Status.FAILED, Reason.NO_PROFILE, message)
    sweep_after(context, session, download)
    announce(context, session, download)


def _postpone(
    context: AppContext, session: WriteSession, download: Download, failure: DownloadFailure, message: str
) -> None:
    """A followed link's medium is still to come: its entry waits for the time, and no download does."""
    if failure.retry_after is not None:
        download.next_attempt_at = utcnow() + timedelta(seconds=failure.retry_after)
    end(context, session, download, Status.SKIPPED, Reason.NOT_YET, message)
    announce(context, session, download)


def settle_resting(context: AppContext, session: WriteSession, download: Download, rest: sites.Rest) -> None:
    """Its site is left alone, and nobody is there who would wait."""
    end(context, session, download, Status.FAILED, Reason.SITE_RESTS, sites.sentence_of(rest))
    sweep_after(context, session, download)
    announce(context, session, download)


def _delay_before_retry(download: Download, failure: DownloadFailure, attempts: int) -> float | None:
    """Seconds until the next attempt; None when there is to be none."""
    if not failure.diagnosis.transient:
        return None
    if failure.reason in PATIENT and attempts > 1:
        return failure.retry_after or PATIENT[failure.reason]
    allowed = min(attempts, 2) if failure.reason in TRIED_ONCE_MORE else attempts
    if download.failures + 1 >= allowed:
        return None
    delay = FIRST_RETRY_SECONDS * RETRY_GROWTH**download.failures
    # Jitter: what failed together does not come back together.
    delay *= random.uniform(0.8, 1.2)  # noqa: S311
    return max(min(delay, LONGEST_RETRY_SECONDS), failure.retry_after or 0.0)


def settle_success(context: AppContext, session: WriteSession, download: Download, item: Item) -> None:
    """The medium is in the library. A recording that was cancelled keeps what it has."""
    status = Status.CANCELLED if download.cancel_requested else Status.COMPLETED
    _lead_to(download, item)
    download.downloaded_bytes = download.total_bytes = item.size
    end(context, session, download, status)
    announce(context, session, download)


def settle_held(
    context: AppContext, session: WriteSession, download: Download, item: Item, *, was_member: bool
) -> None:
    """The medium is stored already: for this user a skip, for another user's medium a completed download."""
    _lead_to(download, item)
    if was_member:
        message = DIAGNOSES[Reason.ALREADY_HELD].message
        end(context, session, download, Status.SKIPPED, Reason.ALREADY_HELD, message)
    else:
        end(context, session, download, Status.COMPLETED)
    announce(context, session, download)


def _lead_to(download: Download, item: Item) -> None:
    download.item_id = item.id
    download.title = item.title
    download.artist = item.artist
    download.file_path = item.files[0].path if item.files else None


def settle_list(
    context: AppContext, session: WriteSession, download: Download, found: IsAList
) -> list[Download]:
    """The address is a list: each entry becomes a download of its own; lists in lists in lists fail."""
    if repository.depth(session, download, MAX_LIST_DEPTH) >= MAX_LIST_DEPTH:
        failure = DownloadFailure(Reason.UNSUPPORTED, "lists within lists within lists")
        end(context, session, download, Status.FAILED, failure.reason, failure.message)
        announce(context, session, download)
        return []
    parts = places_in(found)
    download.title = download.title or clean_text(found.title) or None
    end(
        context,
        session,
        download,
        Status.SKIPPED,
        Reason.IS_A_LIST,
        f"The address is a list of {len(parts)}; each is a download of its own.",
    )
    announce(context, session, download)
    return [
        create(context, session, download.user_id, _part_of(download, url, hints)) for url, hints in parts
    ]


def _part_of(download: Download, url: str, hints: dict[str, Any]) -> Wanted:
    """A part of a list belongs to whom the list belongs to."""
    return Wanted(
        url,
        download.profile,
        parent_id=download.id,
        link_id=download.link_id,
        history_id=download.history_id,
        priority=download.priority,
        hints=hints,
    )


def highest_claim(session: ReadSession) -> int:
    """The highest number under which any download was ever worked on, as far as the rows tell."""
    return repository.highest_claim(session)


def start_over(session: WriteSession, claim: int) -> None:
    """After all rows were replaced: nobody who held one, under a number up to `claim`, holds it any more."""
    repository.start_over(session, claim)


def rename_root(session: WriteSession, old: str, new: str) -> None:
    """A media folder is named otherwise from now on."""
    repository.rename_root(session, old, new)
