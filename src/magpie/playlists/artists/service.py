"""Names of one artist, as a user has added them: they count for all of that user's playlists."""

from __future__ import annotations

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import NotFound, RuleBroken
from magpie.playlists.models import ArtistAlias
from magpie.playlists.tasks import repository

MOST_ROWS = 2000


def rows(session: ReadSession, principal: Principal) -> list[ArtistAlias]:
    """The caller's own rows."""
    return repository.alias_rows(session, principal.id)


def add(session: WriteSession, principal: Principal, names: list[str]) -> ArtistAlias:
    """Raises `RuleBroken` for fewer than two different names."""
    if len(repository.alias_rows(session, principal.id)) >= MOST_ROWS:
        raise RuleBroken(f"there are {MOST_ROWS} rows already", "body", "names")
    row = ArtistAlias(user_id=principal.id, names=_clean(names))
    session.add(row)
    session.flush()
    _note(session, principal, "create", row)
    return row


def change(session: WriteSession, principal: Principal, row_id: int, names: list[str]) -> ArtistAlias:
    """Raises `NotFound`, `RuleBroken`."""
    row = _mine(session, principal, row_id)
    row.names = _clean(names)
    _note(session, principal, "update", row)
    return row


def remove(session: WriteSession, principal: Principal, row_id: int) -> ArtistAlias:
    """Raises `NotFound`."""
    row = _mine(session, principal, row_id)
    _note(session, principal, "delete", row)
    session.delete(row)
    return row


def _mine(session: WriteSession, principal: Principal, row_id: int) -> ArtistAlias:
    row = session.get(ArtistAlias, row_id)
    if row is None or (row.user_id != principal.id and not principal.is_superuser):
        raise NotFound
    return row


def _clean(names: list[str]) -> list[str]:
    lines = (" ".join("".join(one if one.isprintable() else " " for one in name).split()) for name in names)
    found = list(dict.fromkeys(line for line in lines if line))
    if len(found) < 2:
        raise RuleBroken("an artist has at least two names here", "body", "names")
    return found


def _note(session: WriteSession, principal: Principal, verb: str, row: ArtistAlias) -> None:
    audit.record(
        session,
        f"artist.{verb}",
        principal=principal,
        subject=f"artist:{row.id}",
        details={"names": list(row.names)},
    )
