"""Queries of media servers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select, true, update

from magpie.accounts.models import User
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession, WriteSession
from magpie.playlists.models import Server, Target


def _usable_by(principal: Principal) -> ColumnElement[bool]:
    if principal.is_superuser:
        return true()
    return or_(Server.user_id == principal.id, Server.user_id.is_(None), Server.is_shared.is_(True))


def usable(
    session: ReadSession, principal: Principal, *, skip: int = 0, limit: int | None = None
) -> list[Server]:
    """One's own, the shared ones and the installation's; for superusers all."""
    query = select(Server).where(_usable_by(principal)).order_by(Server.id).offset(skip)
    return list(session.scalars(query.limit(limit) if limit is not None else query))


def usable_one(session: ReadSession, principal: Principal, server_id: int) -> Server | None:
    return session.scalar(select(Server).where(Server.id == server_id, _usable_by(principal)))


def get(session: ReadSession, server_id: int) -> Server | None:
    return session.get(Server, server_id)


def lock(session: WriteSession, server_id: int) -> Server | None:
    """The server as it is now, nobody else's to change until the unit of work ends."""
    query = select(Server).where(Server.id == server_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def of_environment(session: ReadSession) -> list[Server]:
    """Servers that the environment has provided, now or before."""
    return list(session.scalars(select(Server).where(Server.user_id.is_(None)).order_by(Server.id)))


def owner_is_superuser(session: ReadSession, server: Server) -> bool:
    """Whether who named it may name servers anywhere."""
    if server.user_id is None:
        return True
    return bool(session.scalar(select(User.is_superuser).where(User.id == server.user_id)))


def forget_playlists(session: WriteSession, server_id: int) -> None:
    """Tasks make new playlists there: the numbers they know are another server's."""
    gone: dict[str, None] = dict.fromkeys(
        (
            "playlist_id",
            "playlist_title",
            "making",
            "cover_digest",
            "description_digest",
            "matched_with",
            "synced_at",
        )
    )
    session.execute(update(Target).where(Target.server_id == server_id).values(entries=[], **gone))
