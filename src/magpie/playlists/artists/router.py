"""Further names of artists over HTTP."""

from __future__ import annotations

from magpie.accounts.security import CurrentUser
from magpie.kit.errors import NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.playlists.artists import service
from magpie.playlists.models import ArtistAlias
from magpie.playlists.tasks.schemas import ArtistIn, ArtistOut

router = SliceRouter(prefix="/api/v1/artists", tags=["tasks"], responses=responses(NotAuthenticated))


def _out(row: ArtistAlias) -> ArtistOut:
    return ArtistOut(id=row.id, names=[str(name) for name in row.names], created_at=row.created_at)


@router.get("")
def list_artist_names(user: CurrentUser, session: ReadDb) -> list[ArtistOut]:
    """Names of artists that you have added: they are the same to the matcher."""
    return [_out(row) for row in service.rows(session, user)]


@router.post("", responses=responses(RuleBroken))
def add_artist_names(body: ArtistIn, user: CurrentUser, session: WriteDb) -> ArtistOut:
    """Say that these names are one artist's. Your songs are judged anew at their next sync."""
    return _out(service.add(session, user, body.names))


@router.put("/{artist_id}", responses=responses(NotFound, RuleBroken))
def change_artist_names(artist_id: RowId, body: ArtistIn, user: CurrentUser, session: WriteDb) -> ArtistOut:
    """Other names for this artist."""
    return _out(service.change(session, user, artist_id, body.names))


@router.delete("/{artist_id}", responses=responses(NotFound))
def delete_artist_names(artist_id: RowId, user: CurrentUser, session: WriteDb) -> ArtistOut:
    """Forget these names."""
    return _out(service.remove(session, user, artist_id))
