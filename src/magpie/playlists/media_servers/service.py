"""The rules of media servers: whose they are, where they may be, and how they are reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import structlog
from cryptography.fernet import InvalidToken

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.egress.errors import EgressError, EgressRefused
from magpie.kit.egress.policy import EgressPolicy
from magpie.kit.errors import Conflict, NotAllowed, NotFound, RuleBroken
from magpie.kit.logs import redact
from magpie.playlists.media_servers import repository
from magpie.playlists.media_servers.schemas import ServerCreate, ServerSettings, ServerUpdate
from magpie.playlists.models import Server
from magpie.playlists.servers import service as kinds
from magpie.playlists.servers.port import Checked, Fault, Login, MediaServer, ServerFailed

log = structlog.get_logger(__name__)

PLEX = "plex"
MAX_UID = 255
_PORTS = {"http": 80, "https": 443}
ENVIRONMENT_NAME = "Plex"
Connect = Callable[[str, Login], MediaServer]
# What the index and the playlists' names on it are worth nothing for, when it changes.
_ADDRESS = ("server_type", "url", "library_id")


@dataclass(frozen=True, slots=True)
class Way:
    """How a server is reached: everything that a connection needs, read in one unit of work. Shows no secret."""

    server_id: int
    kind: str
    login: Login
    library_id: str | None


def is_locked(context: AppContext, server: Server) -> bool:
    """Whether the environment provides it."""
    return server.user_id is None and bool(context.settings.plex_url)


def has_secret(context: AppContext, server: Server) -> bool:
    return server.sealed_secret is not None or (
        is_locked(context, server) and bool(context.settings.plex_token)
    )


def page(
    session: ReadSession, principal: Principal, *, skip: int = 0, limit: int | None = None
) -> list[Server]:
    return repository.usable(session, principal, skip=skip, limit=limit)


def get(session: ReadSession, principal: Principal, server_id: int) -> Server:
    """One that the caller may use. Raises `NotFound`."""
    server = repository.usable_one(session, principal, server_id)
    if server is None:
        raise NotFound
    return server


def _mine(context: AppContext, session: WriteSession, principal: Principal, server_id: int) -> Server:
    """One that the caller may change."""
    server = repository.lock(session, server_id)
    if server is None or repository.usable_one(session, principal, server_id) is None:
        raise NotFound
    if not may_change(principal, server):
        raise NotAllowed
    if is_locked(context, server):
        raise Conflict("This server is set by PLEX_URL in the environment: change it there")
    return server


def create(context: AppContext, session: WriteSession, principal: Principal, wanted: ServerCreate) -> Server:
    """Note a server; nothing is asked of it yet. Raises `RuleBroken`, `NotAllowed`."""
    server = Server(user_id=principal.id, name=wanted.name, server_type=_kind(wanted.server_type), url="")
    server.url = _address(context, principal, wanted.url)
    _apply(context, principal, server, wanted)
    session.add(server)
    session.flush()
    _note(session, principal, "create", server)
    return server


def update(
    context: AppContext, session: WriteSession, principal: Principal, server_id: int, wanted: ServerUpdate
) -> Server:
    """Change a server; what is left out stays. Raises as `create`, `NotFound`, and `Conflict` for a locked one."""
    server = _mine(context, session, principal, server_id)
    before = {name: getattr(server, name) for name in _ADDRESS}
    if wanted.name is not None:
        server.name = wanted.name
    if wanted.server_type is not None:
        server.server_type = _kind(wanted.server_type)
    if wanted.url is not None and wanted.url != server.url:
        url = _address(context, principal, wanted.url)
        if _place_of(url) != _place_of(server.url) and not wanted.token and not wanted.password:
            # Whoever may change the address must not have the secret sent to another place.
            server.sealed_secret = None
        server.url = url
    _apply(context, principal, server, wanted)
    server.updated_at = utcnow()
    if before != {name: getattr(server, name) for name in _ADDRESS}:
        server.listed_at = server.indexed_at = None
    _note(session, principal, "update", server)
    return server


def remove(context: AppContext, session: WriteSession, principal: Principal, server_id: int) -> Server:
    """Forget a server. Its playlists stay as they are; tasks lose it as a target."""
    server = _mine(context, session, principal, server_id)
    _note(session, principal, "delete", server)
    session.delete(server)
    return server


def _kind(name: str) -> str:
    known = kinds.kinds()
    if name not in known:
        raise RuleBroken(f"must be one of {', '.join(sorted(known))}", "body", "server_type")
    return name


def _apply(context: AppContext, principal: Principal, server: Server, wanted: ServerSettings) -> None:
    said = wanted.model_fields_set
    if "username" in said:
        server.username = wanted.username or None
    if wanted.token and wanted.password:
        raise RuleBroken("give either a token, or a name and a password", "body", "password")
    if wanted.token or wanted.password:
        server.is_token = bool(wanted.token)
        server.sealed_secret = context.vault.seal(wanted.token or wanted.password or "")
    if wanted.verify_tls is not None:
        server.verify_tls = wanted.verify_tls
    if wanted.is_shared is not None and wanted.is_shared != bool(server.is_shared):
        if not principal.is_superuser:
            raise NotAllowed("Only superusers share servers with everybody")
        server.is_shared = wanted.is_shared
    if "library_id" in said:
        server.library_id = wanted.library_id or None
    if "media_root" in said:
        server.media_root = wanted.media_root or None


def _address(context: AppContext, principal: Principal, typed: str) -> str:
    """The address as it was typed, if it is one, and if this user may have it asked. Raises `RuleBroken`."""
    url = typed.strip()
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise RuleBroken("is no valid address", "body", "url") from None
    if not host or parts.scheme not in ("http", "https") or not url.isprintable() or " " in url:
        raise RuleBroken("must look like http://server.example:32400", "body", "url")
    if "@" in parts.netloc:
        raise RuleBroken("name and password have fields of their own", "body", "url")
    if not principal.is_superuser:
        require_public(context, url)
    return url


def policy_of(context: AppContext) -> EgressPolicy:
    """Where servers may be that no superuser has named."""
    return EgressPolicy([entry for entry in context.settings.egress_allow.split(",") if entry.strip()])


def require_public(context: AppContext, url: str, field: str = "url") -> None:
    """Raises `RuleBroken` for an address that only superusers may name."""
    try:
        target = policy_of(context).check_url(url)
        policy_of(context).resolve(target.host, target.port)
    except EgressRefused:
        raise RuleBroken(
            "only superusers may name servers in private networks", "body", field, code="private_address"
        ) from None
    except EgressError as error:
        raise RuleBroken(str(error), "body", field) from None


def _place_of(url: str) -> tuple[str | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None, None


def way_to(context: AppContext, session: ReadSession, server: Server) -> Way:
    """Everything that a connection to the server needs. Raises `ServerFailed` if its secret cannot be opened."""
    login = Login(url=server.url, username=server.username, verify_tls=server.verify_tls)
    if is_locked(context, server):
        login = replace(login, url=context.settings.plex_url, token=context.settings.plex_token or None)
    elif server.sealed_secret is not None:
        secret = _opened(context, server)
        login = replace(login, token=secret) if server.is_token else replace(login, password=secret)
    if not repository.owner_is_superuser(session, server):
        login = replace(login, policy=policy_of(context))
    return Way(server.id, server.server_type, login, server.library_id)


def _opened(context: AppContext, server: Server) -> str:
    try:
        return context.vault.open(server.sealed_secret or "")
    except InvalidToken:
        raise ServerFailed(
            Fault.TOKEN,
            f"The credentials of {server.name} were sealed with another key: enter them again.",
        ) from None


def open_way(way: Way, connect: Connect | None = None) -> MediaServer:
    """A connection that has asked nothing yet; close it. Raises `ServerFailed`."""
    try:
        return (connect or kinds.connect)(way.kind, way.login)
    except LookupError:
        raise ServerFailed(Fault.WRONG_KIND, f"There is no media server of the kind {way.kind}.") from None


def probe(way: Way, connect: Connect | None = None) -> Checked:
    """Ask the server who it is. Raises `ServerFailed`."""
    server = open_way(way, connect)
    try:
        return server.check()
    finally:
        server.close()


def way_of_draft(context: AppContext, principal: Principal, wanted: ServerCreate) -> Way:
    """As `way_to`, for a server that has not been saved. Raises `RuleBroken`."""
    url = _address(context, principal, wanted.url)
    login = Login(
        url=url,
        token=wanted.token,
        username=wanted.username,
        password=wanted.password,
        verify_tls=wanted.verify_tls is not False,
        policy=None if principal.is_superuser else policy_of(context),
    )
    return Way(0, _kind(wanted.server_type), login, wanted.library_id)


def may_change(principal: Principal, server: Server) -> bool:
    """Whether somebody who may use a server may change it, too."""
    return principal.is_superuser or server.user_id == principal.id


def require_same(server: Server, found: Checked) -> None:
    """Raises `ServerFailed` if another server answers than the one that is known: it has other tracks and other
    playlists under the same numbers."""
    if server.server_uid is not None and found.id[:MAX_UID] != server.server_uid:
        raise ServerFailed(
            Fault.WRONG_KIND, f"Another server answers for {server.name} now: test it, if that is meant."
        )


def note_check(
    session: WriteSession, server_id: int, found: Checked | ServerFailed, *, is_meant: bool = False
) -> Checked | ServerFailed:
    """Remember how a server answered; what is to be told of that. Another server than before is taken for this one only
    if somebody means it to be: tasks make new playlists there then."""
    server = repository.lock(session, server_id)
    if server is None:
        return found
    server.checked_at = utcnow()
    if not isinstance(found, ServerFailed):
        try:
            require_same(server, found)
        except ServerFailed as failure:
            if is_meant:
                server.listed_at = None
                repository.forget_playlists(session, server.id)
            else:
                found = failure
    if isinstance(found, ServerFailed):
        server.reason, server.message = found.reason.value, redact(found.message)
    else:
        server.server_uid, server.version = found.id[:MAX_UID], found.version[:64]
        server.reason = server.message = None
    return found


def note_test(
    session: WriteSession, principal: Principal, subject: str | None, found: Checked | ServerFailed
) -> None:
    """Note that somebody has tried a server."""
    details = {"reason": found.reason.value} if isinstance(found, ServerFailed) else {"name": found.name}
    audit.record(session, "server.test", principal=principal, subject=subject, details=details)


def keep_environment(context: AppContext, session: WriteSession) -> None:
    """Have the server that the environment provides among the others; one that it provides no more stays, and is the
    superusers' to change or delete."""
    settings = context.settings
    if not settings.plex_url:
        return
    found = repository.of_environment(session)
    server = found[0] if found else None
    if server is None:
        server = Server(
            user_id=None, name=ENVIRONMENT_NAME, server_type=PLEX, url=settings.plex_url, is_shared=True
        )
        session.add(server)
    elif server.url != settings.plex_url:
        server.url, server.listed_at = settings.plex_url, None
        server.reason = server.message = None


def _note(session: WriteSession, principal: Principal, verb: str, server: Server, **details: Any) -> None:
    details = {"name": server.name, "type": server.server_type, **details}
    audit.record(
        session, f"server.{verb}", principal=principal, subject=f"server:{server.id}", details=details
    )
