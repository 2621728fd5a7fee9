"""Media servers over HTTP, under their own name and under the one of Plex Playlist Sync."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Query, Response

from magpie.accounts.security import CurrentUser
from magpie.kit.errors import (
    Conflict,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    OutOfReach,
    RuleBroken,
    TooManyRequests,
    responses,
)
from magpie.kit.routing import SliceRouter
from magpie.kit.web import LARGEST_ROW_ID, ReadDb, RowId, WriteDb
from magpie.playlists.index import service as index
from magpie.playlists.media_servers import browsing, service
from magpie.playlists.media_servers.answers import server_out
from magpie.playlists.media_servers.schemas import (
    Format,
    KindOut,
    LibraryOut,
    PlaylistOut,
    ServerCreate,
    ServerOut,
    ServerUpdate,
    TestAnswer,
    TrackOut,
)
from magpie.playlists.servers import service as kinds
from magpie.playlists.servers.port import Checked, Fault, ServerFailed
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/servers", tags=["servers"], responses=responses(NotAuthenticated))
# Plex Playlist Sync called them settings. What it had at `GET /settings` is in the settings' own answer.
aliases = SliceRouter(prefix="/api/v1/settings", tags=["servers"], responses=responses(NotAuthenticated))

# Each of these holds a thread for as long as somebody's server takes.
_places = threading.BoundedSemaphore(6)
MAX_QUERY = 200


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=5):
        raise TooManyRequests("Other servers are being asked: try again in a moment", retry_after=5)
    try:
        yield
    finally:
        _places.release()


@router.get("")
def list_servers(
    user: CurrentUser,
    session: ReadDb,
    context: Context,
    skip: Annotated[int, Query(ge=0, le=LARGEST_ROW_ID)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[ServerOut]:
    """The media servers that you may keep playlists on: your own, and those that are shared."""
    return [server_out(context, server) for server in service.page(session, user, skip=skip, limit=limit)]


@router.get("/kinds")
def list_server_kinds(_user: CurrentUser) -> list[KindOut]:
    """The kinds of media servers that there are, and what they can do."""
    return [
        KindOut(
            name=kind.name,
            title=kind.title,
            logins=list(kind.logins),
            **{
                name: getattr(kind.capabilities, name)
                for name in KindOut.model_fields
                if hasattr(kind.capabilities, name)
            },
        )
        for kind in kinds.kinds().values()
    ]


@aliases.post("", responses=responses(RuleBroken, NotAllowed), include_in_schema=False)
@router.post("", responses=responses(RuleBroken, NotAllowed))
def create_server(body: ServerCreate, user: CurrentUser, session: WriteDb, context: Context) -> ServerOut:
    """Add a media server. Nothing is asked of it until it is tested or used."""
    return server_out(context, service.create(context, session, user, body))


@router.post("/test", responses=responses(RuleBroken, TooManyRequests))
def try_server(body: ServerCreate, user: CurrentUser, context: Context) -> TestAnswer:
    """Try a server before it is saved."""
    return _outcome(browsing.tried(context, user, body, _place))


@aliases.get("/{server_id}", responses=responses(NotFound), include_in_schema=False)
@router.get("/{server_id}", responses=responses(NotFound))
def get_server(server_id: RowId, user: CurrentUser, session: ReadDb, context: Context) -> ServerOut:
    """One media server."""
    return server_out(context, service.get(session, user, server_id))


@aliases.put(
    "/{server_id}", responses=responses(NotFound, RuleBroken, NotAllowed, Conflict), include_in_schema=False
)
@router.put("/{server_id}", responses=responses(NotFound, RuleBroken, NotAllowed, Conflict))
def update_server(
    server_id: RowId, body: ServerUpdate, user: CurrentUser, session: WriteDb, context: Context
) -> ServerOut:
    """Change a media server; what is left out stays. Another address without a new secret drops the old secret."""
    return server_out(context, service.update(context, session, user, server_id, body))


@aliases.delete("/{server_id}", responses=responses(NotFound, NotAllowed, Conflict), include_in_schema=False)
@router.delete("/{server_id}", responses=responses(NotFound, NotAllowed, Conflict))
def delete_server(server_id: RowId, user: CurrentUser, session: WriteDb, context: Context) -> ServerOut:
    """Forget a media server. Its playlists stay as they are."""
    answer = server_out(context, service.get(session, user, server_id))
    service.remove(context, session, user, server_id)
    return answer


@aliases.post("/{server_id}/test", responses=responses(NotFound, TooManyRequests), include_in_schema=False)
@router.post("/{server_id}/test", responses=responses(NotFound, TooManyRequests))
def test_server(server_id: RowId, user: CurrentUser, context: Context) -> TestAnswer:
    """Connect, and name the fault: address, DNS, TLS, refused, token, no music library, no right to write."""
    return _outcome(browsing.checked(context, user, server_id, _place, by_hand=True))


@router.get("/{server_id}/libraries", responses=responses(NotFound, TooManyRequests, OutOfReach))
def list_server_libraries(server_id: RowId, user: CurrentUser, context: Context) -> list[LibraryOut]:
    """The server's music libraries."""
    found = browsing.checked(context, user, server_id, _place)
    if isinstance(found, ServerFailed):
        raise OutOfReach(found.message)
    return _libraries(found)


@router.get("/{server_id}/playlists", responses=responses(NotFound, TooManyRequests, OutOfReach))
def list_server_playlists(server_id: RowId, user: CurrentUser, context: Context) -> list[PlaylistOut]:
    """The playlists that are on the server."""
    with browsing.reached(context, user, server_id, _place) as connection:
        return [
            PlaylistOut(
                id=one.id,
                title=one.title,
                count=one.count,
                is_writable=one.is_writable,
                description=one.description,
            )
            for one in connection.playlists()
        ]


@router.get(
    "/{server_id}/playlists/{playlist_id}/export",
    response_class=Response,
    responses=responses(NotFound, TooManyRequests, OutOfReach),
)
def export_server_playlist(
    server_id: RowId,
    playlist_id: str,
    user: CurrentUser,
    context: Context,
    format: Format = "m3u",  # noqa: A002
) -> Response:
    """A server's playlist as a file."""
    with browsing.reached(context, user, server_id, _place) as connection:
        made = browsing.listed(context, server_id, connection, playlist_id)
    return browsing.file_answer(made, format)


@router.get("/{server_id}/tracks", responses=responses(NotFound))
def search_server_tracks(
    server_id: RowId,
    user: CurrentUser,
    session: ReadDb,
    q: Annotated[str, Query(min_length=1, max_length=MAX_QUERY, description="words of title, artist, album")],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[TrackOut]:
    """Search what is known of the server's music, to pick a song by hand."""
    server = service.get(session, user, server_id)
    return [
        TrackOut(
            track_id=track.id,
            title=track.title,
            artists=list(track.artists),
            album=track.album,
            duration=track.duration,
        )
        for track in index.search(session, server.id, q, limit)
    ]


def _libraries(found: Checked) -> list[LibraryOut]:
    return [LibraryOut(id=one.id, name=one.name, folders=list(one.folders)) for one in found.libraries]


def _outcome(found: Checked | ServerFailed) -> TestAnswer:
    if isinstance(found, ServerFailed):
        return TestAnswer(success=False, message=found.message, reason=Fault(found.reason).value)
    user = f" as {found.user}" if found.user else ""
    return TestAnswer(
        success=True,
        message=f"Connected to {found.name} {found.version}{user}.".replace("  ", " "),
        reason=None,
        name=found.name,
        version=found.version,
        user=found.user,
        libraries=_libraries(found),
    )
