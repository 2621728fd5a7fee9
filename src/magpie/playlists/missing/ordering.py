"""Asking for missing songs, and taking that back: what is ordered when, and never twice at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.downloads.addresses import BadAddress, clean_address
from magpie.kit.clock import utcnow
from magpie.kit.db import WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken
from magpie.playlists.missing import repository, service
from magpie.playlists.missing.models import OrderStatus, SessionStatus, SongOrder, SongSession
from magpie.playlists.missing.schemas import Single
from magpie.playlists.models import Song, Task
from magpie.playlists.sync.songs import track_of
from magpie.playlists.tasks import repository as tables
from magpie.playlists.tasks import service as tasks

FIRST_PAUSE = timedelta(days=1)  # before a failed song is looked for again by itself; doubled each time
LONGEST_PAUSE = timedelta(days=32)


def facts_of(song: Song) -> dict[str, Any]:
    """The song as its order keeps it, whatever becomes of the playlist."""
    track = track_of(song)
    facts = {name: getattr(track, name) for name in service.SONG}
    return {**facts, "song_id": song.song_id, "artists": list(track.artists), "aliases": list(track.aliases)}


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
    site = service.site_for(session, user_id)
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
            service.queue(context, session, order, site=site)
    service.settle(context, session, made)
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
    order.candidates = [service.chosen(order, address, "person")]
    service.try_next(context, session, order)


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
            service.withdraw(context, session, order)
            order.claim += 1
            service.finish(context, session, order, OrderStatus.CANCELLED)
    service.announce(context, session, session_id)
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
