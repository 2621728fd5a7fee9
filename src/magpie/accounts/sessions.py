"""The rules of a user's own sessions and API tokens: seeing them, making tokens, ending either."""

from __future__ import annotations

from datetime import timedelta

from magpie.accounts import repository, service
from magpie.accounts.models import LoginSession, Scope, SessionKind
from magpie.accounts.principal import Principal
from magpie.accounts.schemas import NewToken
from magpie.accounts.service import SignedIn
from magpie.accounts.tokens import Claims
from magpie.audit import service as audit
from magpie.kit.client import current_client
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken

MOST_TOKENS = 100
_ORDER = [Scope.READ, Scope.WRITE, Scope.ADMIN]


def list_sessions(session: ReadSession, principal: Principal) -> list[LoginSession]:
    """Where the user is signed in, the latest first; API tokens are listed apart."""
    return repository.live_sessions(session, principal.id, utcnow(), tokens=False)


def list_tokens(session: ReadSession, principal: Principal) -> list[LoginSession]:
    """The user's API tokens that count, the latest first."""
    return repository.live_sessions(session, principal.id, utcnow(), tokens=True)


def revoke(session: WriteSession, principal: Principal, session_id: str, *, is_token: bool) -> None:
    """End one of the user's sessions or tokens. Raises `NotFound` for what is not theirs or has ended."""
    rows = list_tokens(session, principal) if is_token else list_sessions(session, principal)
    row = next((row for row in rows if row.id == session_id), None)
    if row is None:
        raise NotFound
    repository.revoke(session, row.id, utcnow())
    action = "token.revoke" if is_token else "session.revoke"
    details = {"name": row.name} if is_token else {"kind": row.kind, "ip": row.ip}
    audit.record(session, action, principal=principal, subject=f"session:{row.id[:8]}", details=details)


def revoke_others(session: WriteSession, principal: Principal) -> int:
    """End all the user's sessions but the one that asks; tokens stay. Returns how many."""
    count = repository.revoke_all(session, principal.id, utcnow(), but=principal.session_id, tokens=False)
    audit.record(session, "session.revoke_others", principal=principal, details={"count": count})
    return count


def make_token(
    session: WriteSession, principal: Principal, wanted: NewToken
) -> tuple[LoginSession, SignedIn]:
    """An API token for a script. Raises `RuleBroken`, and `Conflict` for one too many."""
    name = wanted.name.strip()
    if not name or not name.isprintable():
        raise RuleBroken("give the token a name that says what it is for", "body", "name")
    if len(list_tokens(session, principal)) >= MOST_TOKENS:
        raise Conflict(f"There are {MOST_TOKENS} tokens already: delete those that are not used any more")
    now = utcnow()
    expires_at = now + timedelta(days=wanted.expires_in_days)
    row = service.new_session(principal.id, SessionKind.API, current_client(), now, expires_at)
    row.name = name
    row.scopes = " ".join(scope for scope in _ORDER if scope in wanted.scopes)
    repository.add(session, row)
    details = {"name": name, "scopes": row.scopes}
    audit.record(
        session, "token.create", principal=principal, subject=f"session:{row.id[:8]}", details=details
    )
    return row, SignedIn(Claims(principal.id, row.id, principal.mark), now, expires_at, principal)
