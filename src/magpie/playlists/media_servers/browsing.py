"""Looking at a server while a person waits: is it there, which playlists has it, and one of them as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Response

from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.errors import NotFound, OutOfReach
from magpie.playlists.index import service as index
from magpie.playlists.media_servers import service
from magpie.playlists.media_servers.schemas import ServerCreate
from magpie.playlists.servers.port import Checked, Fault, MediaServer, ServerFailed
from magpie.playlists.sources.files import service as files
from magpie.playlists.sources.files.facts import Entry
from magpie.playlists.tracks import Track

Place = Callable[[], AbstractContextManager[None]]


def checked(
    context: AppContext, principal: Principal, server_id: int, place: Place, *, by_hand: bool = False
) -> Checked | ServerFailed:
    """How the server answers; it is remembered, and noted if it is done `by_hand`. If another server answers than before,
    it is accepted `by_hand` of somebody who may change the server. Raises `NotFound`."""
    found: Checked | ServerFailed
    is_meant = False
    try:
        with context.database.read() as session:
            server = service.get(session, principal, server_id)
            is_meant = by_hand and service.may_change(principal, server)
            way = service.way_to(context, session, server)
        with place():
            found = service.probe(way)
    except ServerFailed as failure:
        found = failure
    with context.database.write() as session:
        found = service.note_check(session, server_id, found, is_meant=is_meant)
        if by_hand:
            service.note_test(session, principal, f"server:{server_id}", found)
    return found


def tried(
    context: AppContext, principal: Principal, wanted: ServerCreate, place: Place
) -> Checked | ServerFailed:
    """How a server answers that has not been saved. Raises `RuleBroken`."""
    way = service.way_of_draft(context, principal, wanted)
    found: Checked | ServerFailed
    try:
        with place():
            found = service.probe(way)
    except ServerFailed as failure:
        found = failure
    with context.database.write() as session:
        service.note_test(session, principal, None, found)
    return found


@contextmanager
def reached(context: AppContext, principal: Principal, server_id: int, place: Place) -> Iterator[MediaServer]:
    """A connection to the server. Raises `NotFound` for what is not there, `OutOfReach` for whatever ails the server."""
    try:
        with context.database.read() as session:
            way = service.way_to(context, session, service.get(session, principal, server_id))
        with place():
            connection = service.open_way(way)
            try:
                yield connection
            finally:
                connection.close()
    except ServerFailed as failure:
        if failure.reason is Fault.NOT_FOUND:
            raise NotFound from None
        raise OutOfReach(failure.message) from None


@dataclass(frozen=True, slots=True)
class Listing:
    """A playlist that is to be written into a file."""

    title: str
    entries: tuple[Entry, ...]


def listed(context: AppContext, server_id: int, connection: MediaServer, playlist_id: str) -> Listing:
    """A server's playlist with all that is known of its tracks. Raises `ServerFailed`, `NotFound`."""
    playlist = connection.playlist(playlist_id)
    if playlist is None:
        raise NotFound
    places = connection.entries(playlist_id)
    with context.database.read() as session:
        known = index.by_ids(session, server_id, [place.track_id for place in places])
    tracks = (
        known.get(place.track_id) or place.track or Track(place.track_id, place.track_id) for place in places
    )
    return Listing(playlist.title, tuple(Entry(track, track) for track in tracks))


def file_answer(listing: Listing, kind: str) -> Response:
    """A playlist as a file to be saved."""
    name = quote(files.file_name(kind, listing.title), safe="")
    headers = {"Content-Disposition": f"attachment; filename=\"playlist.{kind}\"; filename*=UTF-8''{name}"}
    body = files.write(kind, listing.title, listing.entries)
    return Response(body, media_type=files.FORMATS[kind].mime, headers=headers)
