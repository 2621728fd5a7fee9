"""The rules of fetching missing songs: how an order moves from state to state, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.engine.port import Engine, JobRef, Lane
from magpie.kit.clock import utcnow
from magpie.kit.db import Database, ReadSession, WriteSession
from magpie.kit.events import Event
from magpie.kit.logs import redact
from magpie.playlists.missing import arriving, choosing, options, repository, searching
from magpie.playlists.missing.models import OrderStatus, SessionStatus, SongOrder, SongSession
from magpie.playlists.missing.schemas import OrderFault
from magpie.playlists.tracks import Track
from magpie.sites import service as sites

KIND = "song"
PRIORITY = 200  # of searches, behind checks that people wait for
DOWNLOAD_PRIORITY = 120
SESSIONS_KEPT = timedelta(days=90)  # after their end
# Of a song that is wanted: as many failures as lead to the longest pause (`ordering.LONGEST_PAUSE`), and some more.
ORDERS_KEPT = 10
_PRUNED_AT_ONCE = 500
RETRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
SONG = ("title", "album", "duration", "isrc", "mbid", "source", "source_id", "url", "cover_url")


# What an order is about


def song_of(order: SongOrder) -> Track:
    """The song of an order, as the matcher takes it."""
    facts: dict[str, Any] = {name: order.song.get(name) for name in SONG}
    return Track(
        id=str(order.song.get("song_id") or order.id),
        artists=tuple(order.song.get("artists") or ()),
        aliases=tuple(order.song.get("aliases") or ()),
        **{**facts, "title": facts["title"] or ""},
    )


def present_candidate(order: SongOrder) -> dict[str, Any]:
    """The candidate that is being fetched."""
    found: dict[str, Any] = next((one for one in order.candidates if one["url"] == order.url), {})
    return found


def job_of(order: SongOrder, epoch: int) -> JobRef:
    return JobRef(kind=KIND, key=order.key, epoch=epoch, attempt=order.attempt)


def site_for(session: ReadSession, user_id: int) -> str:
    """Where a user's searches queue: at the first site that is not left alone, or at their own downloader."""
    row = repository.settings_of(session, user_id)
    if row is not None and row.api_url:
        return f"songs-{urlsplit(row.api_url).hostname}"
    names = [search.site for search in searching.searches((row.searches if row else None) or [])]
    resting = sites.resting(session, set(names))
    return next((name for name in names if name not in resting), names[0])


def chosen(order: SongOrder, url: str, by: str) -> dict[str, Any]:
    """A candidate that no search has found; `by`: `person`, or `api` for the external downloader's."""
    track = replace(song_of(order), id=url, duration=None)
    return choosing.candidate(track, by, choosing.Judgement(choosing.Worth.FITS, 1.0, ()))


# The queue


def queue(
    context: AppContext,
    session: WriteSession,
    order: SongOrder,
    *,
    site: str | None = None,
    delay: timedelta | None = None,
) -> None:
    """Hand the search to the engine as a new attempt, once it is committed."""
    order.status = OrderStatus.PENDING
    order.attempt += 1
    order.worker = order.heartbeat_at = None
    order.next_attempt_at = utcnow() + delay if delay else None
    session.flush()
    engine = context.engine
    if engine is None:
        return
    job = job_of(order, context.job_epoch(session))
    place = site or site_for(session, order.user_id)
    seconds = delay.total_seconds() if delay else 0.0
    session.after_commit(
        lambda: engine.enqueue(job, Lane.CHECK, site=place, priority=PRIORITY, delay=seconds)
    )


def withdraw(context: AppContext, session: WriteSession, order: SongOrder) -> None:
    """Take back the search that waits."""
    engine = context.engine
    if engine is not None:
        job = job_of(order, context.job_epoch(session))
        session.after_commit(lambda: _forget(engine, job))


def _forget(engine: Engine, job: JobRef) -> None:
    engine.cancel(job)  # if it has just begun, it finds the order ended


# What becomes of an order


def try_next(context: AppContext, session: WriteSession, order: SongOrder) -> None:
    """Have the best candidate that was not tried downloaded; without one the order has failed."""
    if not repository.is_running(repository.session_of(session, order.session_id)):
        finish(context, session, order, OrderStatus.CANCELLED)
        return
    place = choosing.next_of(order.candidates)
    if place is None:
        finish(context, session, order, OrderStatus.FAILED, *_why(order))
        return
    profile, folder = options.saving_of(session, order.user_id)
    order.url = order.candidates[place]["url"]
    song = {**{name: order.song.get(name) for name in ("title", "artists", "album", "isrc", "cover_url")}}
    hints: dict[str, Any] = {"song": song, **({"folder": folder} if folder else {})}
    download = downloads.create(
        context,
        session,
        order.user_id,
        downloads.Wanted(order.url or "", profile, priority=DOWNLOAD_PRIORITY, hints=hints),
    )
    session.flush()
    order.status, order.download_id = OrderStatus.DOWNLOADING, download.id
    order.worker = order.heartbeat_at = order.next_attempt_at = None
    announce(context, session, order.session_id)


def _why(order: SongOrder) -> tuple[str, str]:
    """Why nothing came of the candidates."""
    failed = [one for one in order.candidates if one.get("tried") and one.get("message")]
    if failed:
        return OrderFault.DOWNLOAD_FAILED, str(failed[-1]["message"])
    others = [one for one in order.candidates if one.get("heard")]
    if others:
        told = _named(others[-1]["heard"])
        return OrderFault.NOT_THE_SONG, f"What was found turned out to be another song: {told}."
    if order.candidates:
        return OrderFault.NOT_FOUND, "Nothing that was found is surely this song: look at the candidates."
    return OrderFault.NOT_FOUND, "Nothing like it was found."


def _named(heard: Mapping[str, Any]) -> str:
    """A song in words: its title, artists and length."""
    by = f" by {', '.join(heard['artists'])}" if heard["artists"] else ""
    minutes, seconds = divmod(round(heard["duration"] or 0), 60)
    long = f" ({minutes}:{seconds:02})" if heard["duration"] else ""
    return f"“{heard['title']}”{by}{long}"


def note_heard(order: SongOrder, heard: Mapping[str, Any]) -> None:
    """Write down what the present candidate turned out to be."""
    order.candidates = [
        {**one, "heard": dict(heard)} if one["url"] == order.url and not one.get("tried") else one
        for one in order.candidates
    ]


def note_tried(order: SongOrder, reason: str, message: str | None = None) -> None:
    """Write down how the present candidate went; `message` only if something went wrong with its download."""
    order.candidates = [
        {**one, "tried": reason, **({"message": message} if message else {})}
        if one["url"] == order.url and not one.get("tried")
        else one
        for one in order.candidates
    ]


def complete(context: AppContext, session: WriteSession, order: SongOrder, item_id: int) -> None:
    """The song is in the library: have the servers told, whose playlists wait for it."""
    order.item_id = item_id
    finish(context, session, order, OrderStatus.COMPLETED)
    arriving.await_song(context, session, order, item_id)


def finish(
    context: AppContext,
    session: WriteSession,
    order: SongOrder,
    status: OrderStatus,
    reason: str | None = None,
    message: str | None = None,
) -> None:
    """Write a final state into the row. Its session is looked at in a unit of work of its own: whoever ends a session
    holds its row while they take downloads and orders, so nobody who holds those may wait for it."""
    order.status, order.reason = status, reason
    order.error_message = redact(message) if message else None
    order.ended_at = utcnow()
    order.worker = order.heartbeat_at = order.next_attempt_at = None
    session_id = order.session_id
    session.after_commit(lambda: conclude(context, session_id))


def conclude(context: AppContext, session_id: int) -> None:
    """End a session whose last order has ended; tell open pages how it is."""
    with context.database.write() as session:
        found = repository.lock_session(session, session_id)
        if found is not None:
            settle(context, session, found)


def settle(context: AppContext, session: WriteSession, found: SongSession) -> None:
    """As `conclude`, within the unit of work that has made the session."""
    session.flush()
    if found.status == SessionStatus.RUNNING and not repository.has_active(session, found.id):
        found.status, found.ended_at = SessionStatus.COMPLETED, utcnow()
    announce(context, session, found.id)


def announce(context: AppContext, session: WriteSession, session_id: int) -> None:
    """Tell open pages, once the unit of work is committed, how a session is."""
    session.flush()
    found = repository.session_of(session, session_id)
    if found is None:
        return
    sums = sums_of(repository.counts(session, [session_id])[session_id])
    body = {"type": "song_session", "id": found.id, "task_id": found.task_id, "status": found.status, **sums}
    event = Event(found.user_id, body)
    session.after_commit(lambda: context.events.publish([event]))


def sums_of(counts: dict[str, int]) -> dict[str, int]:
    """Of a session's orders by state: how many there are in all, and how many have ended in which way."""
    return {
        "total": sum(counts.values()),
        "completed": counts.get(OrderStatus.COMPLETED, 0),
        "failed": counts.get(OrderStatus.FAILED, 0),
        "cancelled": counts.get(OrderStatus.CANCELLED, 0),
    }


def sessions(
    session: ReadSession, principal: Principal, *, session_id: int | None, task_id: int | None, limit: int
) -> list[SongSession]:
    """Those that the caller may see, newest first."""
    return repository.sessions(
        session,
        principal,
        session_id=session_id,
        task_id=task_id,
        since=utcnow() - SESSIONS_KEPT,
        limit=limit,
    )


def prune(database: Database, now: datetime) -> int:
    """Forget sessions that ended long ago, a few orders at a time, so that nobody waits; how many. What they say of songs
    that are still wanted, or that they have brought, stays, and is shown no more."""
    before = now - SESSIONS_KEPT
    last: int | None = 0
    while last is not None:
        with database.write() as session:
            last = repository.forget_orders(session, before, last, _PRUNED_AT_ONCE, ORDERS_KEPT)
    with database.write() as session:
        return repository.forget_sessions(session, before)
