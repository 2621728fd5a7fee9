"""Queries of the missing songs: what is wanted, what is ordered, and what is awaited at servers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, not_, or_, select, update
from sqlalchemy.orm import aliased, selectinload

from magpie.accounts.models import User
from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.downloads.models import Download
from magpie.kit.db import ReadSession, WriteSession
from magpie.library.models import Item, ItemFile, Membership
from magpie.library.search.terms import sort_key
from magpie.playlists.missing.models import (
    MissingSettings,
    OrderStatus,
    SessionStatus,
    SongArrival,
    SongOrder,
    SongSession,
)
from magpie.playlists.models import Server, Song, SongMatch, Target, Task

_UNSYNCHRONIZED = {"synchronize_session": False}
_PART = 500
QUEUED = (OrderStatus.PENDING, OrderStatus.SEARCHING)
ACTIVE = (*QUEUED, OrderStatus.DOWNLOADING)
MOST_SONGS = 5000  # in one session
MOST_LIKE_IT = 40  # items of one title that are looked at


def _not_there() -> ColumnElement[bool]:
    return (SongMatch.verdict == "missing") & SongMatch.is_decided.is_(False)


# How songs are fetched


def settings_of(session: ReadSession, user_id: int) -> MissingSettings | None:
    return session.get(MissingSettings, user_id)


def is_superuser(session: ReadSession, user_id: int) -> bool:
    return bool(session.scalar(select(User.is_superuser).where(User.id == user_id)))


def lock_user(session: WriteSession, user_id: int) -> None:
    """One session is begun for a user at a time, so that no song is ordered twice."""
    session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


# What is wanted


def missing(session: ReadSession, task_ids: Collection[int]) -> list[Song]:
    """The songs that are not on all servers of these tasks, each once, in the order of the playlists."""
    absent = exists().where(SongMatch.song_id == Song.id, _not_there())
    query = select(Song).where(Song.task_id.in_(task_ids), absent)
    found: dict[str, Song] = {}
    for song in session.scalars(query.order_by(Song.task_id, Song.position, Song.id)):
        found.setdefault(song.song_key, song)
    return list(found.values())[:MOST_SONGS]


def task_ids(session: ReadSession, user_id: int) -> list[int]:
    return list(session.scalars(select(Task.id).where(Task.user_id == user_id).order_by(Task.id)))


def waiting_places(session: ReadSession, user_id: int, song_key: str) -> list[tuple[Song, Target]]:
    """Where a user wants a song: each place in a playlist, with each target that does not have it."""
    matched = exists().where(
        SongMatch.song_id == Song.id, SongMatch.target_id == Target.id, SongMatch.verdict == "matched"
    )
    query = select(Song, Target).join(Task, Task.id == Song.task_id).join(Target, Target.task_id == Task.id)
    query = query.where(Task.user_id == user_id, Song.song_key == song_key, ~matched)
    return [(song, target) for song, target in session.execute(query.order_by(Song.id, Target.id))]


def waiting_songs(session: ReadSession, user_id: int, server_id: int, limit: int) -> list[Song]:
    """The songs of a user that are not on a server, or doubtful there."""
    waits = SongMatch.verdict.in_(("missing", "review")) & SongMatch.is_decided.is_(False)
    query = select(Song).join(SongMatch, SongMatch.song_id == Song.id)
    query = query.join(Target, Target.id == SongMatch.target_id).join(Task, Task.id == Target.task_id)
    query = query.where(Task.user_id == user_id, Target.server_id == server_id, waits)
    return list(session.scalars(query.order_by(Song.id).limit(limit)))


def servers_with_waiting(session: ReadSession, user_id: int) -> list[int]:
    """The servers on which some playlist of a user waits for songs."""
    waits = SongMatch.verdict.in_(("missing", "review")) & SongMatch.is_decided.is_(False)
    query = select(Target.server_id).join(Task, Task.id == Target.task_id)
    query = query.where(Task.user_id == user_id, exists().where(SongMatch.target_id == Target.id, waits))
    return list(session.scalars(query.distinct().order_by(Target.server_id)))


# Sessions


def session_of(session: ReadSession, session_id: int) -> SongSession | None:
    return session.get(SongSession, session_id)


def lock_session(session: WriteSession, session_id: int) -> SongSession | None:
    query = select(SongSession).where(SongSession.id == session_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def sessions(
    session: ReadSession,
    principal: Principal,
    *,
    session_id: int | None,
    task_id: int | None,
    since: datetime,
    limit: int,
) -> list[SongSession]:
    """Newest first, but for those that ended before `since`."""
    recent = or_(SongSession.ended_at.is_(None), SongSession.ended_at >= since)
    query = select(SongSession).where(visible_to(principal, SongSession.user_id), recent)
    if session_id is not None:
        query = query.where(SongSession.id == session_id)
    if task_id is not None:
        query = query.where(SongSession.task_id == task_id)
    return list(session.scalars(query.order_by(SongSession.id.desc()).limit(limit)))


def counts(session: ReadSession, session_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Of each session, how many orders are in each state."""
    query = select(SongOrder.session_id, SongOrder.status, func.count())
    query = query.where(SongOrder.session_id.in_(session_ids))
    found: dict[int, dict[str, int]] = {one: {} for one in session_ids}
    for session_id, status, count in session.execute(query.group_by(SongOrder.session_id, SongOrder.status)):
        found[session_id][status] = count
    return found


# Orders


def orders(session: ReadSession, session_id: int, limit: int) -> list[SongOrder]:
    query = select(SongOrder).where(SongOrder.session_id == session_id).order_by(SongOrder.id)
    return list(session.scalars(query.limit(limit)))


def order(session: ReadSession, order_id: int) -> SongOrder | None:
    return session.get(SongOrder, order_id)


def active_ids(session: ReadSession, session_id: int, statuses: Collection[str]) -> list[int]:
    query = select(SongOrder.id).where(SongOrder.session_id == session_id, SongOrder.status.in_(statuses))
    return list(session.scalars(query.order_by(SongOrder.id)))


def running_downloads(session: ReadSession, session_id: int) -> list[int]:
    query = select(SongOrder.download_id).where(
        SongOrder.session_id == session_id,
        SongOrder.status == OrderStatus.DOWNLOADING,
        SongOrder.download_id.is_not(None),
    )
    return [one for one in session.scalars(query.order_by(SongOrder.download_id)) if one is not None]


def has_active(session: ReadSession, session_id: int) -> bool:
    query = select(SongOrder.id).where(SongOrder.session_id == session_id, SongOrder.status.in_(ACTIVE))
    return session.scalar(query.limit(1)) is not None


def active_of_song(session: ReadSession, user_id: int, song_key: str) -> SongOrder | None:
    query = select(SongOrder).where(
        SongOrder.user_id == user_id, SongOrder.song_key == song_key, SongOrder.status.in_(ACTIVE)
    )
    return session.scalar(query.limit(1))


def latest_by_song(
    session: ReadSession, user_id: int, song_keys: Collection[str]
) -> dict[str, tuple[SongOrder, int]]:
    """Of each song the newest order, and how many of its orders have failed."""
    found: dict[str, tuple[SongOrder, int]] = {}
    keys = sorted(song_keys)
    for start in range(0, len(keys), _PART):
        query = select(SongOrder).where(
            SongOrder.user_id == user_id, SongOrder.song_key.in_(keys[start : start + _PART])
        )
        for one in session.scalars(query.order_by(SongOrder.id)):
            failed = found[one.song_key][1] if one.song_key in found else 0
            found[one.song_key] = one, failed + (one.status == OrderStatus.FAILED)
    return found


def lock(session: WriteSession, order_id: int) -> SongOrder | None:
    query = select(SongOrder).where(SongOrder.id == order_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def lock_by_key(session: WriteSession, key: str) -> SongOrder | None:
    query = select(SongOrder).where(SongOrder.key == key).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def lock_by_download(session: WriteSession, download_id: int) -> SongOrder | None:
    query = select(SongOrder).where(
        SongOrder.download_id == download_id, SongOrder.status == OrderStatus.DOWNLOADING
    )
    return session.scalar(query.with_for_update(key_share=True).execution_options(populate_existing=True))


def by_download(session: ReadSession, download_id: int) -> SongOrder | None:
    query = select(SongOrder).where(
        SongOrder.download_id == download_id, SongOrder.status == OrderStatus.DOWNLOADING
    )
    return session.scalar(query)


def still_mine(session: WriteSession, order_id: int, claim: int, **values: Any) -> bool:
    """Write values into the order's row if the search still holds it."""
    held = update(SongOrder).where(
        SongOrder.id == order_id, SongOrder.claim == claim, SongOrder.status == OrderStatus.SEARCHING
    )
    result: Any = session.execute(held.values(values or {"claim": claim}), execution_options=_UNSYNCHRONIZED)
    return bool(result.rowcount)


def unfinished(session: ReadSession) -> list[SongOrder]:
    """Orders whose search waits or runs."""
    query = select(SongOrder).where(SongOrder.status.in_(QUEUED)).order_by(SongOrder.id)
    return list(session.scalars(query))


def unended_sessions(session: ReadSession) -> list[int]:
    """Sessions that run although nothing of them is left to do."""
    active = exists().where(SongOrder.session_id == SongSession.id, SongOrder.status.in_(ACTIVE))
    query = select(SongSession.id).where(SongSession.status == SessionStatus.RUNNING, ~active)
    return list(session.scalars(query))


def forsaken(session: ReadSession) -> list[int]:
    """Orders whose download is not there any more."""
    query = select(SongOrder.id).where(
        SongOrder.status == OrderStatus.DOWNLOADING, SongOrder.download_id.is_(None)
    )
    return list(session.scalars(query))


def downloads_of(session: ReadSession, found: Sequence[SongOrder]) -> dict[int, Download]:
    """The downloads that run for orders, by id."""
    ids = [one.download_id for one in found if one.status == OrderStatus.DOWNLOADING and one.download_id]
    rows: dict[int, Download] = {}
    for start in range(0, len(ids), _PART):
        query = select(Download).where(Download.id.in_(ids[start : start + _PART]))
        rows |= {download.id: download for download in session.scalars(query)}
    return rows


# Forgetting


def forget_orders(session: WriteSession, before: datetime, after: int, limit: int, kept: int) -> int | None:
    """Of the next orders behind the id `after` whose session ended before that moment, delete what nothing will ask for,
    and of the others what was only there to be looked at. The last of their ids; None if there are no more.

    Needed are what runs; of a song that some playlist wants its newest `kept` orders, which say when it is looked for
    again, or that it is not to be; and what has fetched a song that is there still.
    """
    newer, fetched = aliased(SongOrder), aliased(SongOrder)
    count = select(func.count()).where(*_of_same_song(newer), newer.id > SongOrder.id).scalar_subquery()
    wanted = exists().where(
        Song.song_key == SongOrder.song_key, Task.id == Song.task_id, Task.user_id == SongOrder.user_id
    )
    later = exists().where(*_of_same_song(fetched), fetched.id > SongOrder.id, *_has_brought(fetched))
    needed = or_(
        SongOrder.status.in_(ACTIVE), wanted & (count < kept), and_(*_has_brought(SongOrder), not_(later))
    )
    query = select(SongOrder.id, needed.label("is_needed"))
    query = query.join(SongSession, SongSession.id == SongOrder.session_id)
    query = query.where(SongSession.ended_at < before, SongOrder.id > after)
    rows = session.execute(query.order_by(SongOrder.id).limit(limit)).all()
    gone = [row.id for row in rows if not row.is_needed]
    session.execute(delete(SongOrder).where(SongOrder.id.in_(gone)), execution_options=_UNSYNCHRONIZED)
    shown = update(SongOrder).where(SongOrder.id.in_({row.id for row in rows}.difference(gone)))
    ended = SongOrder.status.not_in(ACTIVE)
    session.execute(shown.where(ended).values(candidates=[]), execution_options=_UNSYNCHRONIZED)
    return rows[-1].id if rows else None


def _of_same_song(other: type[SongOrder]) -> tuple[ColumnElement[bool], ...]:
    return other.user_id == SongOrder.user_id, other.song_key == SongOrder.song_key


def _has_brought(order: type[SongOrder]) -> tuple[ColumnElement[bool], ...]:
    return order.status == OrderStatus.COMPLETED, order.item_id.is_not(None)


def forget_sessions(session: WriteSession, before: datetime) -> int:
    """Delete the sessions that ended before that moment and of which no order is left; how many."""
    left = exists().where(SongOrder.session_id == SongSession.id)
    gone = delete(SongSession).where(SongSession.ended_at < before, ~left).returning(SongSession.id)
    return len(session.scalars(gone, execution_options=_UNSYNCHRONIZED).all())


# The library


def fetched_before(session: ReadSession, user_id: int, song_key: str) -> Item | None:
    """What an earlier order has brought, if the user still has it."""
    query = select(Item).join(SongOrder, SongOrder.item_id == Item.id)
    query = query.join(Membership, Membership.item_id == Item.id).where(
        SongOrder.user_id == user_id,
        SongOrder.song_key == song_key,
        SongOrder.status == OrderStatus.COMPLETED,
        Membership.user_id == user_id,
        Membership.trashed_at.is_(None),
    )
    return session.scalar(query.order_by(SongOrder.id.desc()).limit(1))


def music_like(session: ReadSession, user_id: int, title: str, isrc: str | None) -> list[Item]:
    """Sound in the user's library with this title, as it is sorted, or this number."""
    same: list[ColumnElement[bool]] = [Item.sort_title == sort_key(title)]
    if isrc:
        same.append(Item.isrc == isrc)
    query = (
        select(Item)
        .join(Membership, Membership.item_id == Item.id)
        .where(
            Item.kind == "audio",
            or_(*same),
            Membership.user_id == user_id,
            Membership.trashed_at.is_(None),
        )
    )
    return list(session.scalars(query.order_by(Item.id).limit(MOST_LIKE_IT)))


def main_files(session: ReadSession, item_ids: Collection[int]) -> dict[int, str]:
    """The path of each item's main file, below its media folder."""
    query = select(ItemFile.item_id, ItemFile.path).where(
        ItemFile.item_id.in_(item_ids), ItemFile.position == 0, ItemFile.missing_since.is_(None)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def items(session: ReadSession, item_ids: Collection[int]) -> dict[int, Item]:
    query = select(Item).where(Item.id.in_(item_ids)).options(selectinload(Item.files))
    return {item.id: item for item in session.scalars(query)}


# Arrivals


def arrivals_due(session: ReadSession, server_id: int, now: datetime, limit: int) -> list[SongArrival]:
    query = select(SongArrival).where(SongArrival.server_id == server_id, SongArrival.due_at <= now)
    return list(session.scalars(query.order_by(SongArrival.due_at, SongArrival.id).limit(limit)))


def arrival_of(session: ReadSession, server_id: int, item_id: int) -> SongArrival | None:
    query = select(SongArrival).where(SongArrival.server_id == server_id, SongArrival.item_id == item_id)
    return session.scalar(query)


def lock_arrivals(session: WriteSession, ids: Sequence[int]) -> list[SongArrival]:
    query = select(SongArrival).where(SongArrival.id.in_(ids)).order_by(SongArrival.id)
    return list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def next_arrivals(session: ReadSession) -> list[tuple[str, datetime]]:
    """Of each server that is to be looked at, its key and when."""
    query = select(Server.key, func.min(SongArrival.due_at)).join(
        SongArrival, SongArrival.server_id == Server.id
    )
    return [(row[0], row[1]) for row in session.execute(query.group_by(Server.key).order_by(Server.key))]


def server_by_key(session: ReadSession, key: str) -> Server | None:
    return session.scalar(select(Server).where(Server.key == key))


def servers(session: ReadSession, ids: Collection[int]) -> list[Server]:
    return list(session.scalars(select(Server).where(Server.id.in_(ids)).order_by(Server.id)))


def is_running(found: SongSession | None) -> bool:
    return found is not None and found.status == SessionStatus.RUNNING
