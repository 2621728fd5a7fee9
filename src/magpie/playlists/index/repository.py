"""Queries of the cached index of servers' tracks."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from magpie.kit.db import ReadSession, WriteSession
from magpie.playlists.models import ServerTrack
from magpie.playlists.tracks import Track

COLUMNS = ("title", "artists", "album", "album_artist", "duration", "isrc", "mbid", "path")
_FACTS = (ServerTrack.track_id, *(getattr(ServerTrack, name) for name in COLUMNS))
_PART = 500


def row_of(server_id: int, track: Track) -> dict[str, Any]:
    """A track as it is stored."""
    return {
        "server_id": server_id,
        "track_id": track.id,
        "title": track.title,
        "artists": list(track.artists),
        "album": track.album,
        "album_artist": track.album_artist,
        "duration": track.duration,
        "isrc": track.isrc,
        "mbid": track.mbid,
        "path": track.path,
    }


def facts(session: ReadSession, server_id: int) -> Iterator[tuple[Any, ...]]:
    """Of every track its id and `COLUMNS`, in no order."""
    query = select(*_FACTS).where(ServerTrack.server_id == server_id)
    result = session.execute(query.execution_options(yield_per=5000))
    return (tuple(row) for row in result)


def facts_of(session: ReadSession, server_id: int, track_ids: Collection[str]) -> Iterator[tuple[Any, ...]]:
    """As `facts`, of these tracks only."""
    wanted = list(track_ids)
    for start in range(0, len(wanted), _PART):
        part = ServerTrack.track_id.in_(wanted[start : start + _PART])
        yield from (tuple(row) for row in session.execute(select(*_FACTS).where(_of(server_id), part)))


def facts_by_paths(session: ReadSession, server_id: int, paths: Collection[str]) -> Iterator[tuple[Any, ...]]:
    """As `facts`, of the tracks with these paths."""
    wanted = list(paths)
    for start in range(0, len(wanted), _PART):
        part = ServerTrack.path.in_(wanted[start : start + _PART])
        yield from (tuple(row) for row in session.execute(select(*_FACTS).where(_of(server_id), part)))


def _of(server_id: int) -> ColumnElement[bool]:
    return ServerTrack.server_id == server_id


def store(session: WriteSession, rows: Sequence[dict[str, Any]]) -> None:
    """Add tracks, or bring those that are there already up to date."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement: Any = insert(ServerTrack)
    changed = {name: getattr(statement.excluded, name) for name in COLUMNS}
    session.execute(
        statement.on_conflict_do_update(index_elements=["server_id", "track_id"], set_=changed), rows
    )


def forget(session: WriteSession, server_id: int, track_ids: Sequence[str]) -> None:
    for start in range(0, len(track_ids), _PART):
        part = ServerTrack.track_id.in_(track_ids[start : start + _PART])
        session.execute(delete(ServerTrack).where(_of(server_id), part))


def count(session: ReadSession, server_id: int) -> int:
    return session.scalar(select(func.count()).where(_of(server_id))) or 0


def ids(session: ReadSession, server_id: int) -> set[str]:
    return set(session.scalars(select(ServerTrack.track_id).where(_of(server_id))))


def search(session: ReadSession, server_id: int, words: Sequence[str], limit: int) -> list[tuple[Any, ...]]:
    """Tracks in whose title, artists or album every word stands, the shortest titles first."""
    query = select(*_FACTS).where(_of(server_id), *(_has(word) for word in words))
    query = query.order_by(func.length(ServerTrack.title), ServerTrack.title, ServerTrack.track_id)
    return [tuple(row) for row in session.execute(query.limit(limit))]


def _has(word: str) -> ColumnElement[bool]:
    artists = cast(ServerTrack.artists, Text)
    columns = (ServerTrack.title, ServerTrack.album, ServerTrack.album_artist, artists)
    found = [column.ilike(_like(word), escape="\\") for column in columns]
    # Where the database keeps JSON as text, letters beyond ASCII stand in it as escapes.
    return or_(*found, artists.ilike(_like(json.dumps(word)[1:-1]), escape="\\"))


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
