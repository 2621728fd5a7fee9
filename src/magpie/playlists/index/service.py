"""Keeping the index of a server's tracks: read whole once a day or when the counts differ, else only its changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import structlog

from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.playlists.index import repository
from magpie.playlists.media_servers import repository as servers
from magpie.playlists.models import Server
from magpie.playlists.servers.port import MediaServer
from magpie.playlists.tracks import Track

log = structlog.get_logger(__name__)

WHOLE_EVERY = timedelta(hours=24)
# Clocks differ, and a server may date a track by its file.
OVERLAP = timedelta(minutes=15)
BATCH = 1000  # tracks in one unit of work, so that the writer's lock is held briefly
MAX_ID = 255
LEAST_SHORT = 10  # tracks by which a listing may differ from the server's own count: some cannot be read

_NAMES = ("id", *repository.COLUMNS)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How the index is after it was brought up to date."""

    revision: int
    count: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    was_whole: bool = False


def _track(row: tuple[Any, ...]) -> Track:
    values = dict(zip(_NAMES, row, strict=True))
    return Track(**{**values, "artists": tuple(values["artists"])})


def tracks(session: ReadSession, server_id: int) -> list[Track]:
    """All tracks of a server that are known."""
    return [_track(row) for row in repository.facts(session, server_id)]


def by_ids(session: ReadSession, server_id: int, track_ids: Collection[str]) -> dict[str, Track]:
    """Those of these tracks that are known."""
    return {row[0]: _track(row) for row in repository.facts_of(session, server_id, track_ids)}


def by_paths(session: ReadSession, server_id: int, paths: Collection[str]) -> dict[str, Track]:
    """Tracks by their files, as the server sees them."""
    found = (_track(row) for row in repository.facts_by_paths(session, server_id, paths))
    return {track.path: track for track in found if track.path}


def ids(session: ReadSession, server_id: int) -> set[str]:
    """The ids of all tracks of a server that are known."""
    return repository.ids(session, server_id)


def search(session: ReadSession, server_id: int, words: str, limit: int) -> list[Track]:
    """Tracks in which all words stand."""
    return [_track(row) for row in repository.search(session, server_id, words.split()[:10], limit)]


def refresh(
    context: AppContext,
    server_id: int,
    connection: MediaServer,
    *,
    whole: bool = False,
    check: Callable[[], None] = lambda: None,
) -> Refreshed:
    """Bring the index of a server up to date through an open connection.

    `check` is called between the batches and may raise to end it; what was stored until then stays and is right.
    Raises `ServerFailed`; a listing that broke off removes nothing.
    """
    with context.database.read() as session:
        server = servers.get(session, server_id)
    if server is None:
        raise LookupError("the server is gone")
    return _Reading(context, server, connection, check).run(whole)


class _Reading:
    """One reading of one server."""

    def __init__(
        self, context: AppContext, server: Server, connection: MediaServer, check: Callable[[], None]
    ) -> None:
        self._context = context
        self._server = server
        self._connection = connection
        self._check = check
        self._began = utcnow()
        self._tally = {"added": 0, "changed": 0, "removed": 0}

    def run(self, whole: bool) -> Refreshed:
        total = self._connection.count(self._server.library_id)
        if not whole and not self._is_due(total):
            if not self._connection.capabilities.tells_changes:
                return self._settled(was_whole=False, looked=False)
            self._changes()
            if total is None or self._stored() == total:
                return self._settled(was_whole=False)
        return self._settled(was_whole=self._whole(total))

    def _is_due(self, total: int | None) -> bool:
        """Whether changes alone would not do."""
        listed = self._server.listed_at
        if listed is None or self._server.indexed_at is None or self._began - listed >= WHOLE_EVERY:
            return True
        if self._connection.capabilities.tells_changes:
            return False
        return total is None or total != self._server.track_count

    def _stored(self) -> int:
        with self._context.database.read() as session:
            return repository.count(session, self._server.id)

    def _changes(self) -> None:
        since = (self._server.indexed_at or self._began) - OVERLAP
        found = self._connection.tracks(self._server.library_id, since=since)
        for batch in _batches(found):
            with self._context.database.read() as session:
                known = {
                    row[0]: row
                    for row in repository.facts_of(session, self._server.id, [t.id for t in batch])
                }
            self._take(batch, known)

    def _whole(self, total: int | None) -> bool:
        """Read all of it. Whether all came: a listing that ends far before its `total`, without a word, may be a server's
        that has not found its files again; nothing is forgotten because of it."""
        with self._context.database.read() as session:
            known = {row[0]: row for row in repository.facts(session, self._server.id)}
        gone, told = set(known), 0
        for batch in _batches(self._connection.tracks(self._server.library_id)):
            self._take(batch, known)
            gone -= {track.id for track in batch}
            told += len(batch)
        if total is not None and total - told > max(LEAST_SHORT, total // 50):
            log.info("listing_short", server_id=self._server.id, told=told, total=total)
            return False
        if gone:
            with self._writing() as session:
                repository.forget(session, self._server.id, sorted(gone))
            self._tally["removed"] += len(gone)
        return True

    def _take(self, batch: list[Track], known: dict[str, tuple[Any, ...]]) -> None:
        """Store those of the tracks that are not known just so."""
        self._check()
        news = {}
        for track in batch:
            row = repository.row_of(self._server.id, track)
            before = known.get(track.id)
            if before is not None and before[1:] == tuple(row[name] for name in repository.COLUMNS):
                continue
            news[track.id] = row
            self._tally["added" if before is None else "changed"] += 1
        if news:
            with self._writing() as session:
                repository.store(session, list(news.values()))

    def _writing(self) -> Any:
        return _Revised(self._context, self._server.id)

    def _settled(self, *, was_whole: bool, looked: bool = True) -> Refreshed:
        with self._context.database.write() as session:
            server = servers.lock(session, self._server.id)
            if server is None:
                raise LookupError("the server is gone")
            if looked:
                server.indexed_at = self._began
                server.track_count = repository.count(session, server.id)
            if was_whole:
                server.listed_at = self._began
            outcome = Refreshed(server.revision, server.track_count, was_whole=was_whole, **self._tally)
        if any(self._tally.values()):
            log.info("server_indexed", server_id=self._server.id, whole=was_whole, **self._tally)
        return outcome


class _Revised:
    """A unit of work that changes the index: whoever has derived something from it sees that by its revision."""

    def __init__(self, context: AppContext, server_id: int) -> None:
        self._unit = context.database.write()
        self._server_id = server_id

    def __enter__(self) -> WriteSession:
        session = self._unit.__enter__()
        server = servers.lock(session, self._server_id)
        if server is None:
            raise LookupError("the server is gone")
        server.revision += 1
        session.flush()
        return session

    def __exit__(self, *error: Any) -> bool | None:
        return self._unit.__exit__(*error)


def _batches(found: Iterable[Track]) -> Iterator[list[Track]]:
    iterator = (track for track in found if 0 < len(track.id) <= MAX_ID)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def age(server: Server, now: datetime) -> timedelta | None:
    """How old what is known of a server is."""
    return now - server.indexed_at if server.indexed_at else None
