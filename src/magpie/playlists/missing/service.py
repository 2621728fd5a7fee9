"""The rules of fetching missing songs: what is ordered, how an order moves from state to state, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.downloads.addresses import BadAddress, clean_address
from magpie.engine.port import Engine, JobRef, Lane
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken
from magpie.kit.events import Event
from magpie.kit.logs import redact
from magpie.playlists.missing import arriving, choosing, options, repository, searching
from magpie.playlists.missing.models import OrderStatus, SessionStatus, SongOrder, SongSession
from magpie.playlists.missing.schemas import OrderFault, Single
from magpie.playlists.models import Song, Task
from magpie.playlists.sync.songs import track_of
from magpie.playlists.tasks import repository as tables
from magpie.playlists.tasks import service as tasks
from magpie.playlists.tracks import Track
from magpie.sites import service as sites

KIND = "song"
PRIORITY = 200  # of searches, behind checks that people wait for
DOWNLOAD_PRIORITY = 120
RETRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
FIRST_PAUSE = timedelta(days=1)  # before a failed song is looked for again by itself; doubled each time
LONGEST_PAUSE = timedelta(days=32)
_SONG = ("title", "album", "duration", "isrc", "mbid", "source", "source_id", "url", "cover_url")


# What an order is about


def facts_of(song: Song) -> dict[str, Any]:
    """The song as its order keeps it, whatever becomes of the playlist."""
    track = track_of(song)
    facts = {name: getattr(track, name) for name in _SONG}
    return {**facts, "song_id": song.song_id, "artists": list(track.artists), "aliases": list(track.aliases)}


def song_of(order: SongOrder) -> Track:
    """The song of an order, as the matcher takes it."""
    facts: dict[str, Any] = {name: order.song.get(name) for name in _SONG}
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


# Ordering


def order_missing(
    context: AppContext, session: WriteSession, principal: Principal, task_id: int | None
) -> SongSession:
    """Look for all that is missing: of one task, or of all of the caller's. Raises `NotFound`."""
    if task_id is not None:
        task = tasks.get(session, principal, task_id)
        user_id, ids = task.user_id, [task.id]
    else:
        user_id, ids = principal.id, repository.task_ids(session, principal.id)
    repository.lock_user(session, user_id)
    songs = repository.missing(session, ids)
    known = repository.latest_by_song(session, user_id, [song.song_key for song in songs])
    wanted = [song for song in songs if not _is_active(known.get(song.song_key))]
    made = _begin(context, session, user_id, task_id, wanted)
    _note(session, principal, "order", made, songs=len(wanted))
    return made


def order_by_itself(context: AppContext, session: WriteSession, task: Task, now: datetime) -> None:
    """After a sync: what is missing and was never looked for, and what was not found, after growing pauses."""
    repository.lock_user(session, task.user_id)
    songs = repository.missing(session, [task.id])
    known = repository.latest_by_song(session, task.user_id, [song.song_key for song in songs])
    due = [song for song in songs if _is_due(known.get(song.song_key), now)]
    if due:
        _begin(context, session, task.user_id, task.id, due)


def _is_active(known: tuple[SongOrder, int] | None) -> bool:
    return known is not None and known[0].status in repository.ACTIVE


def _is_due(known: tuple[SongOrder, int] | None, now: datetime) -> bool:
    """Whether a song is to be looked for by itself. What somebody has cancelled, or what has come, is not."""
    if known is None:
        return True
    order, failures = known
    if order.status != OrderStatus.FAILED or order.ended_at is None:
        return False
    doubled: int = 2 ** min(max(failures - 1, 0), 10)
    return now - order.ended_at >= min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def order_single(
    context: AppContext, session: WriteSession, principal: Principal, wanted: Single
) -> SongSession:
    """Look for one song of a playlist, or save what somebody has found for it. Raises `NotFound`, `RuleBroken`."""
    task = tasks.get(session, principal, wanted.task_id)
    song = tables.song_of(session, task.id, wanted.song_id)
    if song is None:
        raise NotFound
    repository.lock_user(session, task.user_id)
    known = repository.active_of_song(session, task.user_id, song.song_key)
    if known is not None:
        found = repository.session_of(session, known.session_id)
        if found is None or wanted.url:
            raise Conflict("This song is being fetched already: cancel that first")
        return found
    made = _begin(context, session, task.user_id, task.id, [song], wanted)
    _note(session, principal, "order", made, songs=1, song=song.song_id)
    return made


def _begin(
    context: AppContext,
    session: WriteSession,
    user_id: int,
    task_id: int | None,
    songs: Sequence[Song],
    said: Single | None = None,
) -> SongSession:
    made = SongSession(user_id=user_id, task_id=task_id, status=SessionStatus.RUNNING)
    session.add(made)
    session.flush()
    site = site_for(session, user_id)
    for song in songs:
        order = SongOrder(
            session_id=made.id,
            user_id=user_id,
            task_id=song.task_id,
            song_key=song.song_key,
            song=_as_said(facts_of(song), said),
            status=OrderStatus.PENDING,
            candidates=[],
            attempt=0,
            claim=0,
            failures=0,
        )
        session.add(order)
        session.flush()
        if said is not None and said.url:
            _take(context, session, order, said.url)
        else:
            queue(context, session, order, site=site)
    _conclude(context, session, made)
    return made


def _as_said(facts: dict[str, Any], said: Single | None) -> dict[str, Any]:
    """What a person searches for instead of what the playlist says. Another title has no known number."""
    if said is None:
        return facts
    if said.title and said.title != facts["title"]:
        facts |= {"title": said.title, "isrc": None, "mbid": None, "aliases": []}
    if said.artist and said.artist != ", ".join(facts["artists"]):
        facts["artists"] = [said.artist]
    if said.album:
        facts["album"] = said.album
    return facts


def _take(context: AppContext, session: WriteSession, order: SongOrder, url: str) -> None:
    """Save what a person has chosen; nobody asks whether it is the song."""
    try:
        address = clean_address(url)
    except BadAddress as bad:
        raise RuleBroken(str(bad), "body", "url") from None
    order.candidates = [chosen(order, address, "person")]
    try_next(context, session, order)


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


def _withdraw(context: AppContext, session: WriteSession, order: SongOrder) -> None:
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
    if order.candidates:
        return OrderFault.NOT_FOUND, "Nothing that was found is surely this song: look at the candidates."
    return OrderFault.NOT_FOUND, "Nothing like it was found."


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
            _conclude(context, session, found)


def _conclude(context: AppContext, session: WriteSession, found: SongSession) -> None:
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
    return repository.sessions(session, principal, session_id=session_id, task_id=task_id, limit=limit)


# Cancelling


def cancel(context: AppContext, session: WriteSession, principal: Principal, session_id: int) -> SongSession:
    """End a session: what waits, what is searched for, and what is being downloaded. Raises `NotFound`, `Conflict`."""
    found = owned(repository.session_of(session, session_id), principal)
    if found.status != SessionStatus.RUNNING:
        raise Conflict(f"This session is {found.status} already.")
    found.status, found.ended_at = SessionStatus.CANCELLED, utcnow()
    session.flush()
    # Downloads first, each before its order: whoever ends a download locks them in this sequence, too.
    for download_id in repository.running_downloads(session, session_id):
        _cancel_download(context, session, principal, download_id)
    for order_id in repository.active_ids(session, session_id, repository.QUEUED):
        order = repository.lock(session, order_id)
        if order is not None and order.status in repository.QUEUED:
            _withdraw(context, session, order)
            order.claim += 1
            finish(context, session, order, OrderStatus.CANCELLED)
    announce(context, session, session_id)
    _note(session, principal, "cancel", found)
    return found


def _cancel_download(
    context: AppContext, session: WriteSession, principal: Principal, download_id: int
) -> None:
    try:
        downloads.cancel(context, session, principal, download_id)
    except (Conflict, NotFound):  # it has just ended
        return


def _note(session: WriteSession, principal: Principal, verb: str, made: SongSession, **details: Any) -> None:
    subject = f"song_session:{made.id}"
    audit.record(
        session,
        f"missing.{verb}",
        principal=principal,
        subject=subject,
        details={"task_id": made.task_id, **details},
    )
