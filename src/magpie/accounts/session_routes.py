"""A user's own sessions and API tokens over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response

from magpie.accounts import sessions
from magpie.accounts.models import SESSION_ID_LENGTH, LoginSession, Scope
from magpie.accounts.schemas import ApiTokenAnswer, Message, NewToken, NewTokenAnswer, SessionAnswer
from magpie.accounts.security import AccountOwner, CurrentUser, token_signer
from magpie.kit.errors import Conflict, NotAllowed, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, WriteDb
from magpie.web import Context

router = SliceRouter(tags=["accounts"], prefix="/api/v1/users/me", responses=responses(NotAuthenticated))

SessionId = Annotated[str, Path(pattern=rf"^[0-9a-f]{{{SESSION_ID_LENGTH}}}$")]


@router.get("/sessions")
def list_sessions(principal: CurrentUser, session: ReadDb) -> list[SessionAnswer]:
    """Where you are signed in, the latest first."""
    answers = [SessionAnswer.model_validate(row) for row in sessions.list_sessions(session, principal)]
    return [answer.model_copy(update={"current": answer.id == principal.session_id}) for answer in answers]


@router.delete("/sessions", responses=responses(NotAllowed))
def revoke_other_sessions(principal: AccountOwner, session: WriteDb) -> Message:
    """Sign out everywhere else. API tokens stay."""
    count = sessions.revoke_others(session, principal)
    return Message(message=f"Signed out {count} times elsewhere")


@router.delete("/sessions/{session_id}", responses=responses(NotAllowed, NotFound))
def revoke_session(session_id: SessionId, principal: AccountOwner, session: WriteDb) -> Message:
    """End one session."""
    sessions.revoke(session, principal, session_id, is_token=False)
    return Message(message="Signed out there")


@router.get("/tokens")
def list_tokens(principal: CurrentUser, session: ReadDb) -> list[ApiTokenAnswer]:
    """Your API tokens, the latest first."""
    return [_token(row) for row in sessions.list_tokens(session, principal)]


@router.post("/tokens", responses=responses(RuleBroken, NotAllowed, Conflict))
def create_token(
    wanted: NewToken, principal: AccountOwner, session: WriteDb, context: Context, response: Response
) -> NewTokenAnswer:
    """Make a long-lived token for a script. The answer shows it this once."""
    row, made = sessions.make_token(session, principal, wanted)
    response.headers["Cache-Control"] = "no-store"
    token = token_signer(context).issue(made.claims, made.issued_at, made.token_expires_at)
    return NewTokenAnswer(**_token(row).model_dump(), token=token)


@router.delete("/tokens/{token_id}", responses=responses(NotAllowed, NotFound))
def revoke_token(token_id: SessionId, principal: AccountOwner, session: WriteDb) -> Message:
    """Revoke an API token at once."""
    sessions.revoke(session, principal, token_id, is_token=True)
    return Message(message="Token revoked")


def _token(row: LoginSession) -> ApiTokenAnswer:
    return ApiTokenAnswer(
        id=row.id,
        name=row.name or "",
        scopes=[Scope(scope) for scope in (row.scopes or "").split()],
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
    )
