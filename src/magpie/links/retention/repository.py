"""Queries of retention."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from magpie.downloads.models import Download, Status
from magpie.kit.db import ReadSession, WriteSession
from magpie.library.models import Item, Membership
from magpie.links import tally
from magpie.links.checks.rules import Why
from magpie.links.models import Link, LinkEntry, Verdict
from magpie.links.retention.plan import Held, Stays

_UNSYNCHRONIZED = {"synchronize_session": False}
PART = 500
# Nothing but their absence tells of memberships that have ended, so all entries are looked through, these many in a turn:
# it takes a tenth of a second, however large the library is.
SPAN = 50_000
Entry = type[LinkEntry]


def _holds(entry: Entry) -> ColumnElement[bool]:
    """Whether an entry has its medium in the library: brought by its own link, or by another one before."""
    archived = and_(entry.verdict == Verdict.SKIPPED, entry.reason == Why.ARCHIVE)
    return and_(entry.item_id.is_not(None), or_(entry.verdict == Verdict.DOWNLOADED, archived))


def _asked_by_person() -> ColumnElement[bool]:
    """Whether somebody asked for the item by its address, or no link brought it: files that were taken over, say."""
    mine = (Download.item_id == LinkEntry.item_id, Download.user_id == Link.user_id)
    by_hand = exists().where(*mine, Download.link_id.is_(None))
    brought = exists().where(
        *mine, Download.link_id.is_not(None), Download.status.in_((Status.COMPLETED, Status.CANCELLED))
    )
    return or_(LinkEntry.by_person.is_(True), by_hand, ~brought)


def _held_by_link() -> ColumnElement[bool]:
    other, link = aliased(LinkEntry), aliased(Link)
    return exists().where(
        other.item_id == LinkEntry.item_id,
        other.id != LinkEntry.id,
        link.id == other.link_id,
        link.user_id == Link.user_id,
        _holds(other),
    )


def _held_by_user() -> ColumnElement[bool]:
    other = aliased(Membership)
    theirs = or_(other.user_id != Link.user_id, other.user_id.is_(None))
    return exists().where(other.item_id == LinkEntry.item_id, theirs)


def held(session: ReadSession, link_id: int, entry_ids: Collection[int] | None = None) -> list[Held]:
    """What the link has in its user's library, the newest first; of the given entries only, where they are given."""
    query = (
        select(
            LinkEntry.id, LinkEntry.item_id, LinkEntry.title, LinkEntry.downloaded_at, Item.size,
            Membership.created_at, Membership.pinned, _asked_by_person(), _held_by_link(), _held_by_user(),
        )
        .join(Link, Link.id == LinkEntry.link_id)
        .join(Item, Item.id == LinkEntry.item_id)
        .join(Membership, and_(Membership.item_id == Item.id, Membership.user_id == Link.user_id))
        # What lies in the trash is not counted among what the link keeps: it goes by itself.
        .where(LinkEntry.link_id == link_id, _holds(LinkEntry), Membership.trashed_at.is_(None))
        .order_by(LinkEntry.rank.desc(), LinkEntry.id)
    )  # fmt: skip
    if entry_ids is not None:
        query = query.where(LinkEntry.id.in_(entry_ids))
    return [_held(row) for row in session.execute(query)]


def _held(row: Any) -> Held:
    entry_id, item_id, title, downloaded_at, size, since, pinned, by_person, by_link, by_user = row
    stays = Stays.PINNED if pinned else Stays.PERSON if by_person else None
    return Held(entry_id, item_id, title, size, downloaded_at or since, stays, by_link, by_user)


def links_with_retention(session: ReadSession, after: int) -> list[tuple[int, dict[str, Any]]]:
    """Links behind this number that keep less than everything or look for better qualities."""
    query = select(Link.id, Link.retention).where(Link.id > after).order_by(Link.id)
    return [(link_id, retention) for link_id, retention in session.execute(query) if retention]


def let_go(entry: LinkEntry, detail: str) -> None:
    """Its medium is not this link's any more, and is not fetched again by itself."""
    entry.verdict, entry.reason, entry.detail = Verdict.REMOVED, Why.RETENTION, detail
    entry.item_id = entry.not_before = None


def next_span(session: ReadSession, after: int) -> tuple[int, int]:
    """First and last id of the next entries behind this id; from the first entry on where there are none."""
    ahead = select(func.min(LinkEntry.id)).where(LinkEntry.id > after)
    first = session.scalar(ahead) or session.scalar(select(func.min(LinkEntry.id))) or 0
    return first, first + SPAN - 1


def deleted(session: ReadSession, first: int, last: int) -> list[int]:
    """Entries between these ids whose medium a person has taken out of the library; the first few hundred."""
    member = exists().where(Membership.item_id == LinkEntry.item_id, Membership.user_id == Link.user_id)
    query = select(LinkEntry.id).join(Link, Link.id == LinkEntry.link_id)
    query = query.where(
        LinkEntry.id.between(first, last),
        LinkEntry.verdict == Verdict.DOWNLOADED,
        LinkEntry.reason.is_(None),
        ~member,
    )
    return list(session.scalars(query.limit(PART)))


def note_deleted(session: WriteSession, entry_ids: Collection[int]) -> None:
    """Those of the entries that are still taken for downloaded are not any more."""
    values = {
        "verdict": Verdict.REMOVED,
        "reason": Why.PERSON,
        "detail": "It was taken out of the library.",
        "item_id": None,
    }
    still = update(LinkEntry).where(LinkEntry.id.in_(entry_ids), LinkEntry.verdict == Verdict.DOWNLOADED)
    changed = session.execute(
        still.values(values).returning(LinkEntry.link_id), execution_options=_UNSYNCHRONIZED
    )
    for link_id in set(changed.scalars()):
        tally.changed(session, link_id)


# What is not fetched, because it would go at once.


def newest_held(session: ReadSession, link_id: int) -> list[tuple[int, int]]:
    """Rank and size of all that is in the library or on its way there (0 bytes), the newest first."""
    query = (
        select(LinkEntry.rank, Item.size)
        .outerjoin(Item, Item.id == LinkEntry.item_id)
        .where(LinkEntry.link_id == link_id, or_(_holds(LinkEntry), LinkEntry.verdict == Verdict.WANTED))
        .order_by(LinkEntry.rank.desc(), LinkEntry.id)
    )
    return [(rank, size or 0) for rank, size in session.execute(query)]


def leave_out_below(session: WriteSession, link_id: int, rank: int, detail: str) -> None:
    """Entries at this rank and below that wait for nothing but their turn are not wanted."""
    statement = update(LinkEntry).where(
        LinkEntry.link_id == link_id,
        LinkEntry.rank <= rank,
        LinkEntry.verdict == Verdict.WAITING,
        LinkEntry.reason.is_(None),
        LinkEntry.by_person.is_(False),
    )
    values = {"verdict": Verdict.SKIPPED, "reason": Why.RETENTION, "detail": detail}
    session.execute(statement.values(values), execution_options={"synchronize_session": "fetch"})
    tally.changed(session, link_id)


def reopen(session: WriteSession, link_id: int) -> None:
    """What was left out so waits for its turn again."""
    statement = update(LinkEntry).where(
        LinkEntry.link_id == link_id,
        LinkEntry.verdict == Verdict.SKIPPED,
        LinkEntry.reason == Why.RETENTION,
        LinkEntry.by_person.is_(False),
    )
    values = {"verdict": Verdict.WAITING, "reason": None, "detail": None}
    session.execute(statement.values(values), execution_options={"synchronize_session": "fetch"})
    tally.changed(session, link_id)


# Looking again for a better quality.


def due_for_upgrade(session: ReadSession, link_id: int, days: float, now: datetime, limit: int) -> list[int]:
    """Entries that were downloaded so long ago and have not been looked at again since, the oldest first."""
    query = select(LinkEntry.id).where(
        LinkEntry.link_id == link_id,
        LinkEntry.verdict == Verdict.DOWNLOADED,
        LinkEntry.item_id.is_not(None),
        LinkEntry.upgraded_at.is_(None),
        LinkEntry.gone_at.is_(None),
        LinkEntry.downloaded_at <= now - timedelta(days=days),
    )
    return list(session.scalars(query.order_by(LinkEntry.downloaded_at, LinkEntry.id).limit(limit)))
