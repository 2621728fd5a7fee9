"""Queries of checks: links that are due, and entries while they are listed and queued."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, update

from magpie.history.models import HistoryRecord
from magpie.kit.db import ReadSession, WriteSession
from magpie.links import tally
from magpie.links.checks.rules import FILTERS, Why
from magpie.links.models import Link, LinkEntry, Verdict

_UNSYNCHRONIZED = {"synchronize_session": False}
_PART = 500


# Links


def get(session: ReadSession, link_id: int) -> Link | None:
    return session.get(Link, link_id)


def by_key(session: ReadSession, key: str) -> Link | None:
    return session.scalar(select(Link).where(Link.key == key))


def lock_by_key(session: WriteSession, key: str) -> Link | None:
    """The link as it is now, nobody else's to change until the unit of work ends."""
    query = select(Link).where(Link.key == key).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def still_mine(session: WriteSession, link_id: int, claim: int, **values: Any) -> bool:
    """Write values into the link's row if the check still holds it."""
    held = update(Link).where(Link.id == link_id, Link.check_claim == claim, Link.check_mode.is_not(None))
    statement = held.values(values or {"check_claim": claim})
    result: Any = session.execute(statement, execution_options=_UNSYNCHRONIZED)
    return bool(result.rowcount)


def due(session: ReadSession, now: datetime, limit: int, without: Collection[str] = ()) -> list[Link]:
    """Links whose time has come, the longest waiting first; `without`: sites that are left out."""
    query = select(Link).where(
        Link.next_check_at <= now,
        Link.is_enabled.is_(True),
        Link.died_at.is_(None),
        Link.check_mode.is_(None),
        Link.site.not_in(without),
    )
    return list(session.scalars(query.order_by(Link.next_check_at, Link.id).limit(limit)))


def lock_due(session: WriteSession, ids: Collection[int], now: datetime) -> list[Link]:
    """Of those the ones that are still due, locked; what somebody else works on is left out."""
    query = select(Link).where(
        Link.id.in_(ids), Link.next_check_at <= now, Link.is_enabled.is_(True), Link.check_mode.is_(None)
    )
    query = query.order_by(Link.id).with_for_update(key_share=True, skip_locked=True)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def waiting_by_site(session: ReadSession) -> dict[str, int]:
    """How many checks wait or run, by site."""
    query = select(Link.site, func.count()).where(Link.check_mode.is_not(None)).group_by(Link.site)
    return dict(session.execute(query).all())


def enabled(session: ReadSession) -> list[Link]:
    """Links that are checked by themselves."""
    query = select(Link).where(Link.is_enabled.is_(True), Link.died_at.is_(None))
    return list(session.scalars(query.order_by(Link.id)))


def latest_record(session: ReadSession, link_id: int) -> HistoryRecord | None:
    query = select(HistoryRecord).where(HistoryRecord.link_id == link_id)
    return session.scalar(query.order_by(HistoryRecord.id.desc()).limit(1))


def unfinished(session: ReadSession) -> list[Link]:
    """Links whose check waits or runs, those first that are to be first."""
    query = select(Link).where(Link.check_mode.is_not(None))
    return list(session.scalars(query.order_by(Link.check_priority, Link.next_check_at, Link.id)))


# Entries


def entry_count(session: ReadSession, link_id: int) -> int:
    return session.scalar(select(func.count()).where(LinkEntry.link_id == link_id)) or 0


def verdict_count(session: ReadSession, link_id: int, verdict: Verdict) -> int:
    mine = (LinkEntry.link_id == link_id, LinkEntry.verdict == verdict)
    return session.scalar(select(func.count()).where(*mine)) or 0


def stop_keys(session: ReadSession, link_id: int, skip: int, limit: int) -> list[str]:
    """Keys that a listing may stop at, the newest `skip` left out."""
    query = select(LinkEntry.source_key).where(LinkEntry.link_id == link_id, LinkEntry.gone_at.is_(None))
    return list(
        session.scalars(query.order_by(LinkEntry.rank.desc(), LinkEntry.id).offset(skip).limit(limit))
    )


def lowest_rank(session: ReadSession, link_id: int) -> int | None:
    return session.scalar(select(func.min(LinkEntry.rank)).where(LinkEntry.link_id == link_id))


def known(
    session: ReadSession, link_id: int, keys: Collection[str], digests: Collection[str]
) -> list[LinkEntry]:
    """Entries that have one of the names or addresses."""
    mine = LinkEntry.link_id == link_id
    by_name = select(LinkEntry).where(mine, LinkEntry.source_key.in_(keys))
    by_address = select(LinkEntry).where(mine, LinkEntry.url_digest.in_(digests))
    found = {entry.id: entry for query in (by_name, by_address) for entry in session.scalars(query)}
    return list(found.values())


def held_elsewhere(session: ReadSession, link: Link, keys: Collection[str]) -> dict[str, int]:
    """Of these keys, those that another link of the same user and profile has brought, with their items."""
    other = select(Link.id).where(
        Link.user_id == link.user_id, Link.profile == link.profile, Link.id != link.id
    )
    query = select(LinkEntry.source_key, LinkEntry.item_id).where(
        LinkEntry.link_id.in_(other), LinkEntry.source_key.in_(keys), LinkEntry.item_id.is_not(None)
    )
    return {key: item_id for key, item_id in session.execute(query) if item_id is not None}


def add(session: WriteSession, link_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Store new entries in bulk."""
    session.execute(insert(LinkEntry), rows)
    tally.changed(session, link_id)


def by_source_keys(session: ReadSession, link_id: int, keys: Collection[str]) -> list[LinkEntry]:
    query = select(LinkEntry).where(LinkEntry.link_id == link_id, LinkEntry.source_key.in_(keys))
    return list(session.scalars(query.order_by(LinkEntry.rank.desc(), LinkEntry.id)))


def touch(session: WriteSession, ids: Sequence[int], now: datetime) -> None:
    """These were seen."""
    for start in range(0, len(ids), _PART):
        part = update(LinkEntry).where(LinkEntry.id.in_(ids[start : start + _PART]))
        session.execute(part.values(last_seen_at=now), execution_options=_UNSYNCHRONIZED)


def _vanished(link_id: int, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return LinkEntry.link_id == link_id, LinkEntry.last_seen_at < since, LinkEntry.gone_at.is_(None)


def count_vanished(session: ReadSession, link_id: int, since: datetime) -> int:
    return session.scalar(select(func.count()).where(*_vanished(link_id, since))) or 0


def mark_vanished(session: WriteSession, link_id: int, since: datetime, now: datetime) -> None:
    """Entries that were not seen since then are gone; what nobody has asked for yet cannot be had any more."""
    gone = _vanished(link_id, since)
    lost = {
        "verdict": Verdict.SKIPPED,
        "reason": Why.GONE,
        "detail": "The source does not list it any more.",
        "gone_at": now,
    }
    undecided = LinkEntry.verdict.in_((Verdict.LISTED, Verdict.WAITING))
    session.execute(
        update(LinkEntry).where(*gone, undecided, LinkEntry.by_person.is_(False)).values(lost),
        execution_options=_UNSYNCHRONIZED,
    )
    session.execute(update(LinkEntry).where(*gone).values(gone_at=now), execution_options=_UNSYNCHRONIZED)
    tally.changed(session, link_id)


# The queue


def take_turns(session: WriteSession, link_id: int, limit: int) -> list[LinkEntry]:
    """The newest entries that wait for nothing but their turn, locked; what others take is left out."""
    query = select(LinkEntry).where(
        LinkEntry.link_id == link_id, LinkEntry.verdict == Verdict.WAITING, LinkEntry.reason.is_(None)
    )
    query = query.order_by(LinkEntry.rank.desc(), LinkEntry.id).limit(limit)
    return list(session.scalars(query.with_for_update(key_share=True, skip_locked=True)))


def lock_entry(session: WriteSession, entry_id: int) -> LinkEntry | None:
    query = select(LinkEntry).where(LinkEntry.id == entry_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def take_timely(session: WriteSession, now: datetime, limit: int) -> list[LinkEntry]:
    """Entries whose time has come, locked."""
    query = select(LinkEntry).where(LinkEntry.not_before <= now, LinkEntry.verdict == Verdict.WAITING)
    query = query.order_by(LinkEntry.not_before, LinkEntry.id).limit(limit)
    return list(session.scalars(query.with_for_update(key_share=True, skip_locked=True)))


def any_timely(session: ReadSession, now: datetime) -> bool:
    query = select(LinkEntry.id).where(LinkEntry.not_before <= now, LinkEntry.verdict == Verdict.WAITING)
    return session.scalar(query.limit(1)) is not None


def tallies(session: ReadSession) -> list[tuple[int, dict[str, int]]]:
    """Every link's counts of entries by verdict."""
    return [(link_id, counts) for link_id, counts in session.execute(select(Link.id, Link.counts))]


# Deciding anew


def _by_rules() -> ColumnElement[bool]:
    """What rules may decide anew: nobody has queued it, and no person has said anything."""
    undecided = LinkEntry.verdict.in_((Verdict.LISTED, Verdict.WAITING))
    ruled_out = (LinkEntry.verdict == Verdict.SKIPPED) & LinkEntry.reason.in_(sorted(FILTERS))
    return or_(undecided, ruled_out) & LinkEntry.by_person.is_(False)


_FACTS = (
    LinkEntry.id, LinkEntry.title, LinkEntry.kind, LinkEntry.duration, LinkEntry.published_at, LinkEntry.facts,
    LinkEntry.verdict, LinkEntry.reason, LinkEntry.detail, LinkEntry.by_person, LinkEntry.not_before,
)  # fmt: skip


def facts_of_all(session: ReadSession, link_id: int) -> Sequence[Row[Any]]:
    """The whole catalogue of a link, as far as rules look at it, newest first."""
    query = select(*_FACTS).where(LinkEntry.link_id == link_id).order_by(LinkEntry.rank.desc(), LinkEntry.id)
    return session.execute(query).all()


def facts_by_rules(session: ReadSession, link_id: int) -> Sequence[Row[Any]]:
    """The entries that rules may decide anew."""
    return session.execute(select(*_FACTS).where(LinkEntry.link_id == link_id, _by_rules())).all()


def write_decisions(session: WriteSession, link_id: int, rows: Iterable[dict[str, Any]]) -> None:
    """`rows`: id and the columns to be set, the same ones in each."""
    session.execute(update(LinkEntry), list(rows))
    tally.changed(session, link_id)


def ask_again(session: WriteSession, link_id: int, reasons: Collection[str]) -> None:
    """Let wait for its turn what was only listed, and what failed for reasons that may be over."""
    listed = (LinkEntry.verdict == Verdict.LISTED) & LinkEntry.by_person.is_(False)
    failed = (LinkEntry.verdict == Verdict.FAILED) & LinkEntry.reason.in_(sorted(reasons))
    statement = update(LinkEntry).where(LinkEntry.link_id == link_id, or_(listed, failed))
    values = {"verdict": Verdict.WAITING, "reason": None, "detail": None}
    session.execute(statement.values(values), execution_options=_UNSYNCHRONIZED)
    tally.changed(session, link_id)


def only_list(session: WriteSession, link_id: int, why: str, detail: str) -> None:
    """Let what waits for its turn be listed only."""
    waiting = (LinkEntry.verdict == Verdict.WAITING) & LinkEntry.reason.is_(None)
    statement = update(LinkEntry).where(LinkEntry.link_id == link_id, waiting, LinkEntry.by_person.is_(False))
    values = {"verdict": Verdict.LISTED, "reason": why, "detail": detail}
    session.execute(statement.values(values), execution_options=_UNSYNCHRONIZED)
    tally.changed(session, link_id)
