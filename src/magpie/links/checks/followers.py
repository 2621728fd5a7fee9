"""What the downloads of a link mean for its entries: asked while one begins, told when one ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.downloads.extractors.port import Kind, Medium, Role
from magpie.downloads.failures import Reason
from magpie.downloads.models import Download, Status
from magpie.history import service as history
from magpie.kit.clock import utcnow
from magpie.kit.db import WriteSession
from magpie.library import service as library
from magpie.links.checks import repository, turns
from magpie.links.checks.intake import facts_of
from magpie.links.checks.rules import FILTERS, Facts, Rules, Why, decide, moment
from magpie.links.models import LinkEntry, Verdict
from magpie.links.retention import upgrade

# When to look again at what is not published yet and does not say when it will be.
NOT_YET_AGAIN = timedelta(minutes=15)


def download_ended(context: AppContext, session: WriteSession, download: Download) -> None:
    """In the unit of work in which a download ends: the history, the entry, and who is next."""
    if download.history_id is not None:
        _tell_history(session, download)
    if download.entry_id is None:
        return
    entry = repository.lock_entry(session, download.entry_id)
    if entry is None:
        return
    if download.is_upgrade:
        upgrade.ended(entry, download)
        return
    _judge(entry, download, utcnow())
    link = repository.get(session, entry.link_id)
    if link is not None:
        turns.fill(context, session, link)


def _tell_history(session: WriteSession, download: Download) -> None:
    if download.item_id is not None and download.status in (Status.COMPLETED, Status.CANCELLED):
        history.landed(session, download, _paths(session, download.item_id))
    elif download.reason == Reason.NOT_YET:
        history.postponed(session, download)
    elif download.status == Status.SKIPPED:
        history.held(session, download)
    elif download.status in (Status.FAILED, Status.CANCELLED):
        history.missed(session, download)


def _paths(session: WriteSession, item_id: int) -> list[str]:
    """The item's files, the main one first, thumbnails left out."""
    item = session.get(library.Item, item_id)
    return [file.path for file in item.files if file.role != Role.THUMBNAIL] if item else []


def _judge(entry: LinkEntry, download: Download, now: datetime) -> None:
    entry.not_before = None
    if download.item_id is not None:
        _judge_held(entry, download, now)
    elif download.reason == Reason.NOT_YET:
        _judge_postponed(entry, download, now)
    elif download.status == Status.SKIPPED:
        _judge_skipped(entry, download)
    elif download.status == Status.CANCELLED:
        entry.verdict, entry.reason, entry.by_person = Verdict.SKIPPED, Why.PERSON, True
        entry.detail = "Its download was cancelled."
    else:
        entry.verdict, entry.reason = Verdict.FAILED, download.reason
        entry.detail = download.error_message


def _judge_postponed(entry: LinkEntry, download: Download, now: datetime) -> None:
    """It is still to come: at the time that the listing or the site's refusal tells, else it is looked at soon."""
    entry.verdict = Verdict.WAITING
    entry.reason = Why.LIVE if entry.kind == "live" else Why.PREMIERE
    told = moment(entry.facts.get("starts_at")), download.next_attempt_at
    entry.not_before = next((one for one in told if one is not None and one > now), now + NOT_YET_AGAIN)
    entry.detail = f"{download.error_message or ''} Tried on {entry.not_before:%Y-%m-%d %H:%M} UTC.".strip()


def _judge_held(entry: LinkEntry, download: Download, now: datetime) -> None:
    """It is in the library; through this link, or it was there before."""
    was_there = download.status == Status.SKIPPED and entry.downloaded_at is None
    entry.item_id = download.item_id
    if was_there:
        entry.verdict, entry.reason, entry.detail = Verdict.SKIPPED, Why.ARCHIVE, download.error_message
        return
    entry.verdict, entry.reason, entry.detail = Verdict.DOWNLOADED, None, None
    entry.downloaded_at = entry.downloaded_at or now
    if download.status == Status.CANCELLED:  # a recording that a person has ended
        entry.by_person = True


def _judge_skipped(entry: LinkEntry, download: Download) -> None:
    if download.reason == Reason.IS_A_LIST:
        entry.verdict, entry.reason = Verdict.DOWNLOADED, Why.LIST
    else:
        entry.verdict, entry.reason = Verdict.SKIPPED, download.reason
    entry.detail = download.error_message


def medium_found(context: AppContext, download_id: int, medium: Medium) -> tuple[str, str] | None:
    """The extractor has identified a medium: what the listing did not tell is noted, and the rules that waited for
    it decide. A typed reason and its sentence if the medium is not wanted after all."""
    with context.database.read() as session:
        entry_id = downloads.entry_of(session, download_id)
        entry = session.get(LinkEntry, entry_id) if entry_id is not None else None
        link = repository.get(session, entry.link_id) if entry is not None else None
        if entry is None or link is None:
            return None
        facts = _completed(entry, medium)
        learnt = facts != facts_of(entry)
        filters, by_person = link.filters, entry.by_person
    if learnt:
        with context.database.write() as session:
            _learn(session, entry.id, facts)
    if by_person:
        return None
    decision = decide(facts, Rules.of(filters), utcnow())
    if decision.reason in FILTERS and decision.reason is not None:
        return decision.reason.value, decision.detail or ""
    return None


def _completed(entry: LinkEntry, medium: Medium) -> Facts:
    """The entry's facts, with those of the medium where the listing told none. Only the title is the medium's."""
    told = facts_of(entry)
    language = medium.extra.get("language")
    return replace(
        told,
        title=medium.title or told.title,
        kind=told.kind or _kind(medium),
        duration=medium.duration if medium.duration is not None else told.duration,
        published_at=moment(medium.published_at) or told.published_at,
        size=medium.estimated_bytes if medium.estimated_bytes is not None else told.size,
        language=told.language or (language if isinstance(language, str) else None),
    )


def _kind(medium: Medium) -> str:
    if medium.is_live:
        return "live"
    return "video" if medium.kind is Kind.FILE else medium.kind.value


def _learn(session: WriteSession, entry_id: int, facts: Facts) -> None:
    entry = repository.lock_entry(session, entry_id)
    if entry is None:
        return
    entry.title, entry.duration, entry.published_at = facts.title, facts.duration, facts.published_at
    more: dict[str, Any] = {"size": facts.size, "language": facts.language}
    kept = {name: value for name, value in entry.facts.items() if name != "kind_unknown"}
    entry.facts = kept | {name: value for name, value in more.items() if value is not None}
    entry.kind = facts.kind or entry.kind
