"""Every query of the downloads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, union_all, update

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.downloads.models import Download, Status
from magpie.kit.db import ReadSession, WriteSession

_UNSYNCHRONIZED = {"synchronize_session": False}  # nothing of what is changed was loaded before


def get(session: ReadSession, principal: Principal, download_id: int) -> Download | None:
    return session.scalar(
        select(Download).where(Download.id == download_id, visible_to(principal, Download.user_id))
    )


def page(
    session: ReadSession, principal: Principal, *, statuses: Sequence[str], offset: int, limit: int
) -> tuple[list[Download], int]:
    """A page of downloads, newest first, and how many there are in all."""
    conditions = [visible_to(principal, Download.user_id)]
    newest = select(Download.id).where(*conditions)
    if statuses:
        conditions.append(Download.status.in_(statuses))
        newest = _newest_of_each(visible_to(principal, Download.user_id), statuses, offset + limit)
    total = session.scalar(select(func.count()).select_from(Download).where(*conditions)) or 0
    ids = newest.order_by(newest.selected_columns[0].desc()).offset(offset).limit(limit)
    query = select(Download).where(Download.id.in_(list(session.scalars(ids))))
    return list(session.scalars(query.order_by(Download.id.desc()))), total


def _newest_of_each(mine: ColumnElement[bool], statuses: Sequence[str], count: int) -> Select[int]:
    """The ids of the newest of each state. Asked for all states at once, databases walk through whatever there is,
    which takes half a second among a million."""
    parts = []
    for status in sorted(set(statuses)):
        of_it = select(Download.id).where(mine, Download.status == status)
        newest = of_it.order_by(Download.id.desc()).limit(count).subquery()
        parts.append(select(newest.c.id))
    return select(union_all(*parts).subquery().c.id)


def lock_by_key(session: WriteSession, key: str) -> Download | None:
    """The row, locked until the end of the unit of work (SQLite locks the whole database anyway)."""
    query = select(Download).where(Download.key == key).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update())


def lock(session: WriteSession, principal: Principal, download_id: int) -> Download | None:
    query = select(Download).where(Download.id == download_id, visible_to(principal, Download.user_id))
    return session.scalar(query.with_for_update())


def unended_of_entry(session: ReadSession, entry_id: int) -> list[int]:
    """Ids of the downloads of a link's entry that wait or run, in the order in which they are locked."""
    going = Download.status.in_((Status.PENDING, Status.DOWNLOADING))
    query = select(Download.id).where(Download.entry_id == entry_id, going)
    return list(session.scalars(query.order_by(Download.id)))


def lock_waiting_of_entry(session: WriteSession, entry_id: int) -> Download | None:
    query = select(Download).where(Download.entry_id == entry_id, Download.status == Status.PENDING)
    return session.scalar(query.order_by(Download.id).limit(1).with_for_update())


def waiting_of_link(
    session: ReadSession, link_id: int, now: datetime, silent_since: datetime
) -> list[Download]:
    """The downloads of a link that are due, in the order in which they are done; those tried before come last.

    Those that are said to run are among them if they have not been heard of since that moment.
    """
    due = or_(Download.next_attempt_at.is_(None), Download.next_attempt_at <= now)
    going = or_(Download.status == Status.PENDING, _is_silent(silent_since))
    query = select(Download).where(Download.link_id == link_id, going, due)
    first = (Download.next_attempt_at.is_not(None), Download.next_attempt_at)
    return list(session.scalars(query.order_by(*first, Download.priority, Download.id)))


def entry_of(session: ReadSession, download_id: int) -> int | None:
    return session.scalar(select(Download.entry_id).where(Download.id == download_id))


def unended_of(session: ReadSession, user_id: int) -> list[int]:
    """Ids of a user's downloads that wait or run, in the order in which they are locked."""
    going = Download.status.in_((Status.PENDING, Status.DOWNLOADING))
    return list(
        session.scalars(select(Download.id).where(Download.user_id == user_id, going).order_by(Download.id))
    )


def unended(session: ReadSession) -> list[Download]:
    """All that wait or run, those first that run or are to be first."""
    going = Download.status.in_((Status.PENDING, Status.DOWNLOADING))
    order = (Download.status != Status.DOWNLOADING, Download.priority, Download.id)
    return list(session.scalars(select(Download).where(going).order_by(*order)))


def unended_of_link(session: ReadSession, link_id: int) -> list[int]:
    """As `unended_of`, for a link."""
    going = Download.status.in_((Status.PENDING, Status.DOWNLOADING))
    return list(
        session.scalars(select(Download.id).where(Download.link_id == link_id, going).order_by(Download.id))
    )


def running_of_links(session: ReadSession) -> dict[int, bool]:
    """Links with running downloads: whether one of those records."""
    query = select(Download.link_id, Download.stage).where(
        Download.status == Status.DOWNLOADING, Download.link_id.is_not(None)
    )
    running: dict[int, bool] = {}
    for link_id, stage in session.execute(query):
        if link_id is not None:
            running[link_id] = running.get(link_id, False) or stage == "recording"
    return running


def get_by_key(session: ReadSession, key: str) -> Download | None:
    return session.scalar(select(Download).where(Download.key == key))


def children(session: ReadSession, parent_id: int) -> list[Download]:
    """The downloads that a list became."""
    return list(
        session.scalars(select(Download).where(Download.parent_id == parent_id).order_by(Download.id))
    )


def depth(session: ReadSession, download: Download, most: int) -> int:
    """How many lists the download came through, counted up to `most`."""
    found, parent_id = 0, download.parent_id
    while parent_id is not None and found < most:
        found += 1
        parent_id = session.scalar(select(Download.parent_id).where(Download.id == parent_id))
    return found


def write_progress(session: WriteSession, key: str, claim: int, values: dict[str, Any]) -> None:
    """Store the progress of a download that is still held under `claim`."""
    held = (Download.key == key, Download.claim == claim, Download.status == Status.DOWNLOADING)
    session.execute(update(Download).where(*held).values(values), execution_options=_UNSYNCHRONIZED)


def orders_for(session: ReadSession, keys: Iterable[str]) -> dict[str, tuple[int, bool, str]]:
    """For running downloads: the present claim, whether a cancel was asked for, and the status."""
    query = select(Download.key, Download.claim, Download.cancel_requested, Download.status)
    rows = session.execute(query.where(Download.key.in_(list(keys))))
    return {key: (claim, cancel, status) for key, claim, cancel, status in rows}


def _is_silent(since: datetime) -> ColumnElement[bool]:
    """Is said to run, and has not been heard of since then."""
    silent = or_(Download.heartbeat_at.is_(None), Download.heartbeat_at < since)
    return and_(Download.status == Status.DOWNLOADING, silent)


# What the engine is told of a download that waits.
_QUEUED = (Download.key, Download.attempt, Download.site, Download.priority, Download.next_attempt_at)


def unfinished(
    session: ReadSession, silent_since: datetime
) -> Sequence[Row[str, int, str, int, datetime | None]]:
    """Downloads that wait, and those that are said to run and have not been heard of since that moment.

    Columns only: there may be tens of thousands, and they are asked for three times a minute.
    """
    query = select(*_QUEUED).where(or_(Download.status == Status.PENDING, _is_silent(silent_since)))
    return session.execute(query.order_by(Download.priority, Download.id)).all()


def count_by_status(session: ReadSession) -> dict[str, int]:
    query = select(Download.status, func.count()).group_by(Download.status)
    return dict(session.execute(query).all())


def count_by_site(session: ReadSession, principal: Principal) -> dict[str, dict[str, int]]:
    going = Download.status.in_((Status.PENDING, Status.DOWNLOADING))
    query = select(Download.site, Download.status, func.count()).where(
        going, visible_to(principal, Download.user_id)
    )
    found: dict[str, dict[str, int]] = {}
    for site, status, count in session.execute(query.group_by(Download.site, Download.status)):
        found.setdefault(site, {})[status] = count
    return found


def highest_claim(session: ReadSession) -> int:
    return session.scalar(select(func.max(Download.claim))) or 0


def start_over(session: WriteSession, claim: int) -> None:
    """Raise every claim above `claim`, and let what is said to run wait."""
    highest = case((Download.claim > claim, Download.claim), else_=claim)
    session.execute(update(Download).values(claim=highest + 1), execution_options=_UNSYNCHRONIZED)
    waiting = {"status": Status.PENDING, "stage": "queued", "worker": None, "heartbeat_at": None}
    running = update(Download).where(Download.status == Status.DOWNLOADING)
    session.execute(
        running.values({**waiting, "speed": None, "eta": None}), execution_options=_UNSYNCHRONIZED
    )


def rename_root(session: WriteSession, old: str, new: str) -> None:
    """Name a media folder otherwise wherever an attempt has worked in it."""
    session.execute(
        update(Download).where(Download.root == old).values(root=new),
        execution_options={"synchronize_session": False},
    )
