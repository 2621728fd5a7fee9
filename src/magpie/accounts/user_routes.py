"""Users over HTTP: making, seeing, changing and deleting accounts."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request

from magpie.accounts import login, passwords, service, users
from magpie.accounts.hashing import HashingTurn
from magpie.accounts.schemas import (
    ItemsChoice,
    Message,
    NewAccount,
    NewUser,
    OwnChanges,
    UserAnswer,
    UserChanges,
)
from magpie.accounts.security import AccountOwner, OptionalUser, Superuser
from magpie.accounts.strength import require_strong
from magpie.context import AppContext
from magpie.kit.errors import (
    Conflict,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RuleBroken,
    TooManyRequests,
    responses,
)
from magpie.kit.languages import wished
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.web import Context

router = SliceRouter(tags=["accounts"], prefix="/api/v1/users")

REGISTERING = responses(RuleBroken, NotAllowed, Conflict)
SUPERUSERS = responses(NotAuthenticated, NotAllowed)


def register_account(context: AppContext, account: NewAccount, request: Request) -> UserAnswer:
    """Make an account for whoever asks, while registration is open."""
    profile = service.checked_profile(account.username, account.email)
    require_strong(account.password, account.username, account.email)
    with context.database.read() as session:
        service.require_open_registration(session, context.settings)
    password_hash = passwords.hash_password(account.password)
    with context.database.write() as session:
        user = service.register(session, context.settings, profile, password_hash)
        user.language = account.language or wished(request.headers.get("accept-language"))
        return UserAnswer.model_validate(user)


@router.post("", dependencies=[HashingTurn], responses=REGISTERING | responses(NotAuthenticated))
def create_user(account: NewUser, request: Request, context: Context, principal: OptionalUser) -> UserAnswer:
    """Make an account: as a superuser; or without signing in, the first one or while registration is open."""
    if principal is None or not principal.is_superuser:
        with context.database.read() as session:
            if principal is None and not service.is_registration_open(session, context.settings):
                raise NotAuthenticated
        return register_account(context, account, request)
    service.checked_profile(account.username, account.email)
    require_strong(account.password, account.username, account.email)
    password_hash = passwords.hash_password(account.password)
    with context.database.write() as session:
        return UserAnswer.model_validate(users.create(session, principal, account, password_hash))


@router.get("", responses=SUPERUSERS)
def list_users(
    _superuser: Superuser,
    session: ReadDb,
    skip: Annotated[int, Query(ge=0, le=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[UserAnswer]:
    """All users, the oldest first."""
    return [UserAnswer.model_validate(user) for user in users.list_users(session, skip, limit)]


@router.put(
    "/me",
    dependencies=[HashingTurn],
    responses=responses(RuleBroken, NotAuthenticated, NotAllowed, Conflict, TooManyRequests),
)
def update_me(changes: OwnChanges, context: Context, principal: AccountOwner) -> UserAnswer:
    """Change your own account. A new password ends all other sessions and tokens.

    Signed in by cookie, `current_password` is needed to change password or address.
    """
    if principal.is_cookie and (changes.password is not None or "email" in changes.model_fields_set):
        login.confirm_password(context, principal, changes.current_password)
    password_hash = _new_hash(context, principal.id, changes)
    with context.database.write() as session:
        user = users.update(session, principal, principal.id, changes, password_hash)
        return UserAnswer.model_validate(user)


@router.get("/{user_id}", responses=SUPERUSERS | responses(NotFound))
def get_user(user_id: RowId, _superuser: Superuser, session: ReadDb) -> UserAnswer:
    """One user."""
    return UserAnswer.model_validate(users.get(session, user_id))


@router.put(
    "/{user_id}",
    dependencies=[HashingTurn],
    responses=SUPERUSERS | responses(RuleBroken, NotFound, Conflict),
)
def update_user(user_id: RowId, changes: UserChanges, context: Context, superuser: Superuser) -> UserAnswer:
    """Change an account. A new password, or `is_active: false`, ends its sessions and tokens at once."""
    password_hash = _new_hash(context, user_id, changes)
    with context.database.write() as session:
        return UserAnswer.model_validate(users.update(session, superuser, user_id, changes, password_hash))


@router.delete("/{user_id}", responses=SUPERUSERS | responses(NotFound, Conflict))
def delete_user(
    user_id: RowId,
    superuser: Superuser,
    session: WriteDb,
    context: Context,
    items: Annotated[
        ItemsChoice, Query(description="`keep`: the library goes to you; `delete`: what nobody else has goes")
    ] = ItemsChoice.KEEP,
) -> Message:
    """Delete an account with its sessions and downloads."""
    users.delete(context, session, superuser, user_id, items)
    return Message(message="User deleted")


def _new_hash(context: AppContext, user_id: int, changes: OwnChanges | UserChanges) -> str | None:
    """The hash of the new password, if there is to be one."""
    if changes.password is None:
        return None
    with context.database.read() as session:
        user = users.get(session, user_id)
    names = (user.username, user.email, changes.username, changes.email)
    require_strong(changes.password, *names)
    return passwords.hash_password(changes.password)
