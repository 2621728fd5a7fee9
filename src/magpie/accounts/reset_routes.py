"""Password reset over HTTP."""

from __future__ import annotations

from fastapi import BackgroundTasks

from magpie.accounts import passwords, reset, throttle
from magpie.accounts.hashing import HashingTurn
from magpie.accounts.schemas import PendingReset, ResetAnswer, ResetRequest, ResetWanted
from magpie.accounts.security import Superuser
from magpie.accounts.strength import require_strong
from magpie.kit.client import current_client
from magpie.kit.errors import NotAllowed, NotAuthenticated, RuleBroken, TooManyRequests, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import WriteDb
from magpie.web import Context

router = SliceRouter(tags=["accounts"], prefix="/api/v1/password-reset")

FREE_REQUESTS = 10


@router.post("/request-reset", responses=responses(TooManyRequests))
def request_password_reset(wanted: ResetWanted, background: BackgroundTasks, context: Context) -> ResetAnswer:
    """Ask for a link to set a new password. The answer is always the same, whether there is such an account or not."""
    with context.database.write() as session:
        throttle.take_turn(session, throttle.address_key("reset", current_client().ip), FREE_REQUESTS)
    background.add_task(reset.prepare, context, wanted.email)
    return ResetAnswer(
        msg="If there is an account with this address, a link to set a new password is on its way"
    )


@router.post("/reset", dependencies=[HashingTurn], responses=responses(RuleBroken))
def reset_password(wanted: ResetRequest, context: Context) -> ResetAnswer:
    """Set a new password by the token of the link, which serves once. All sessions end."""
    with context.database.read() as session:
        user = reset.find_user(session, wanted.token)
    require_strong(wanted.new_password, user.username, user.email, field="new_password")
    password_hash = passwords.hash_password(wanted.new_password)
    with context.database.write() as session:
        reset.complete(session, wanted.token, password_hash)
    return ResetAnswer(msg="Password updated successfully")


@router.post("/pending", responses=responses(NotAuthenticated, NotAllowed))
def show_pending_password_resets(
    superuser: Superuser, session: WriteDb, context: Context
) -> list[PendingReset]:
    """Show the links to hand over where no mail is set up; each is shown this once."""
    return [
        PendingReset(
            id=pending.id,
            user_id=pending.user.id,
            username=pending.user.username,
            email=pending.user.email,
            link=pending.link,
            created_at=pending.created_at,
            expires_at=pending.expires_at,
        )
        for pending in reset.show_pending(context, session, superuser)
    ]
