"""A link's catalogue: every medium that was seen there, why it is or is not in the library, and a person's word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound
from magpie.kit.paging import decode_cursor, encode_cursor
from magpie.links import service
from magpie.links.checks import catalogue as checks
from magpie.links.checks import repository, turns
from magpie.links.models import Link, LinkEntry, Verdict
from magpie.links.schemas import Filters

_WORDS: dict[str, str] = {
    Verdict.LISTED: "It is only listed.",
    Verdict.WAITING: "It waits for its turn: others of this link go first.",
    Verdict.WANTED: "Its download waits or runs.",
    Verdict.DOWNLOADED: "It is in the library.",
    Verdict.SKIPPED: "It was left out.",
    Verdict.FAILED: "Its download failed.",
    Verdict.REMOVED: "It was in the library, and was taken away.",
}


@dataclass(frozen=True, slots=True)
class Page:
    entries: list[LinkEntry]
    next_cursor: str | None
    total: int


def why(entry: LinkEntry) -> str:
    """“Why (not) downloaded?” in plain words."""
    return entry.detail or _WORDS[entry.verdict]


def page(
    session: ReadSession,
    principal: Principal,
    link_id: int,
    *,
    verdict: str | None = None,
    reason: str | None = None,
    q: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of the catalogue, newest first. Raises `NotFound`, `RuleBroken` for a cursor that is none of ours."""
    link = service.get(session, principal, link_id)
    conditions = _conditions(link, verdict, reason, q)
    query = select(LinkEntry).where(*conditions)
    if cursor:
        rank, number = decode_cursor(cursor, (int, int))
        after = (LinkEntry.rank == rank) & (LinkEntry.id > number)
        query = query.where(LinkEntry.rank <= rank, (LinkEntry.rank < rank) | after)
    query = query.order_by(LinkEntry.rank.desc(), LinkEntry.id).limit(limit + 1)
    found = list(session.scalars(query))
    more, found = len(found) > limit, found[:limit]
    total = session.scalar(select(func.count()).select_from(LinkEntry).where(*conditions)) or 0
    return Page(found, encode_cursor(found[-1].rank, found[-1].id) if more else None, total)


def _conditions(
    link: Link, verdict: str | None, reason: str | None, q: str | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [LinkEntry.link_id == link.id]
    if verdict:
        conditions.append(LinkEntry.verdict == verdict)
    if reason:
        conditions.append(LinkEntry.reason == reason)
    text = func.coalesce(LinkEntry.title, LinkEntry.url)
    return conditions + [text.icontains(word, autoescape=True) for word in (q or "").split()]


def try_rules(
    session: ReadSession, principal: Principal, link_id: int, filters: Filters | None
) -> checks.Trial:
    """What filters would make of the whole catalogue (None: the link's own). Nothing is written."""
    link = service.get(session, principal, link_id)
    given: dict[str, Any] = filters.model_dump(mode="json") if filters is not None else link.filters
    return checks.try_rules(session, link, given)


def download(
    context: AppContext, session: WriteSession, principal: Principal, link_id: int, entry_id: int
) -> LinkEntry:
    """A person wants this one, now, whatever the rules say. Raises `Conflict` while it is being downloaded."""
    link, entry = _entry(session, principal, link_id, entry_id)
    if entry.verdict == Verdict.WANTED and not downloads.hasten(context, session, entry.id):
        raise Conflict("It is being downloaded already.")
    if entry.verdict != Verdict.WANTED:
        entry.by_person = True
        turns.begin(context, session, link, [entry], turns.NOW)
    _note(session, principal, "download", entry)
    return entry


def skip(
    context: AppContext, session: WriteSession, principal: Principal, link_id: int, entry_id: int
) -> LinkEntry:
    """A person does not want this one; what of it waits or runs ends. What is in the library stays there."""
    service.get(session, principal, link_id)
    downloads.cancel_of_entry(context, session, principal, entry_id)
    _link, entry = _entry(session, principal, link_id, entry_id)
    if entry.verdict == Verdict.DOWNLOADED:
        raise Conflict("It is in the library: delete it there.")
    checks.skip(entry)
    _note(session, principal, "skip", entry)
    return entry


def _entry(
    session: WriteSession, principal: Principal, link_id: int, entry_id: int
) -> tuple[Link, LinkEntry]:
    link = service.get(session, principal, link_id)
    entry = repository.lock_entry(session, entry_id)
    if entry is None or entry.link_id != link.id:
        raise NotFound
    return link, entry


def _note(session: WriteSession, principal: Principal, verb: str, entry: LinkEntry) -> None:
    details = {"title": entry.title, "url": entry.url}
    subject = f"link:{entry.link_id}"
    audit.record(session, f"link.entry.{verb}", principal=principal, subject=subject, details=details)
