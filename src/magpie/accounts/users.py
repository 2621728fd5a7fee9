"""The rules of users' administration: making, changing, shutting out and deleting accounts."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from sqlalchemy.exc import IntegrityError

from magpie.accounts import repository, service
from magpie.accounts.models import User
from magpie.accounts.names import email_of, username_of
from magpie.accounts.principal import Principal
from magpie.accounts.schemas import ItemsChoice, NewUser, OwnChanges, UserChanges
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken
from magpie.library import service as library
from magpie.links import service as links
from magpie.podcasts.episodes import service as podcasts

LAST_SUPERUSER = "This is the last active superuser: make somebody else one first"
OWN_ACCOUNT = "Nobody deletes their own account: let another superuser do it"
NAME_TAKEN = "This user name is taken: choose another"
ADDRESS_TAKEN = "This e-mail address belongs to an account already: use another one"


def list_users(session: ReadSession, skip: int, limit: int | None) -> list[User]:
    """All users, the oldest first."""
    return repository.list_users(session, skip, limit)


def get(session: ReadSession, user_id: int) -> User:
    """Raises `NotFound`."""
    user = repository.user_by_id(session, user_id)
    if user is None:
        raise NotFound
    return user


def create(session: WriteSession, actor: Principal | None, wanted: NewUser, password_hash: str) -> User:
    """Make a user as a superuser (or, without `actor`, a command) wants them. Raises `RuleBroken`, `Conflict`."""
    profile = service.checked_profile(wanted.username, wanted.email)
    user = service.add_user(session, profile, password_hash, is_superuser=wanted.is_superuser)
    user.is_active = wanted.is_active
    user.display_name = display_name_of(wanted.display_name)
    user.language = wanted.language
    details = {"username": user.username, "is_superuser": user.is_superuser, "is_active": user.is_active}
    audit.record(session, "user.create", principal=actor, subject=f"user:{user.id}", details=details)
    return user


def display_name_of(text: str | None) -> str | None:
    """Raises `RuleBroken` for what cannot be shown in one line."""
    name = unicodedata.normalize("NFC", (text or "").strip())
    if not name.isprintable():
        raise RuleBroken("the name holds characters that cannot be shown", "body", "display_name")
    return name or None


def update(
    session: WriteSession,
    actor: Principal | None,
    user_id: int,
    changes: OwnChanges | UserChanges,
    password_hash: str | None,
) -> User:
    """Change what `changes` names. A new password ends the user's sessions, but for the one that asks.

    Raises `NotFound`, `RuleBroken`, `Conflict` for a name that is taken and for the last superuser's end.
    """
    repository.keep_others_from_adding_users(
        session
    )  # so that two superusers cannot demote each other at once
    user = get(session, user_id)
    fields = changes.model_fields_set - {"current_password"}
    _rename(session, user, changes)
    if "display_name" in fields:
        user.display_name = display_name_of(changes.display_name)
    if "language" in fields:
        user.language = changes.language
    if isinstance(changes, UserChanges):
        _set_rights(session, user, changes)
    if password_hash is not None:
        own = actor.session_id if actor is not None and actor.id == user.id else None
        service.set_password(session, user, password_hash, keep_session=own)
    try:
        repository.flush(session)
    except IntegrityError:
        raise Conflict(NAME_TAKEN) from None
    action = "user.password" if fields == {"password"} else "user.update"
    details = {"fields": sorted(fields)}
    audit.record(session, action, principal=actor, subject=f"user:{user.id}", details=details)
    return user


def _rename(session: ReadSession, user: User, changes: OwnChanges | UserChanges) -> None:
    if changes.username is not None:
        name, key = username_of(changes.username)
        other = repository.user_by_username(session, key)
        if other is not None and other.id != user.id:
            raise Conflict(NAME_TAKEN)
        user.username, user.username_key = name, key
    if changes.email is not None:
        address, address_key = email_of(changes.email)
        other = repository.user_by_email(session, address_key)
        if other is not None and other.id != user.id:
            raise Conflict(ADDRESS_TAKEN)
        user.email, user.email_key = address, address_key
    elif "email" in changes.model_fields_set:
        user.email = user.email_key = None


def _set_rights(session: WriteSession, user: User, changes: UserChanges) -> None:
    if changes.is_active is False or changes.is_superuser is False:
        _require_another_superuser(session, user)
    if changes.is_superuser is not None:
        user.is_superuser = changes.is_superuser
    if "quota_gb" in changes.model_fields_set:
        user.quota_gb = changes.quota_gb
    if changes.is_active is not None:
        service.set_active(session, user, changes.is_active)


def _require_another_superuser(session: ReadSession, user: User) -> None:
    counts = user.is_superuser and user.is_active
    if counts and not repository.has_other_superuser(session, user.id):
        raise Conflict(LAST_SUPERUSER)


def delete(
    context: AppContext, session: WriteSession, actor: Principal, user_id: int, items: ItemsChoice
) -> None:
    """Delete a user with their sessions, downloads and links; the library is handed over or goes, as `items` says.

    Raises `NotFound`; `Conflict` for the last superuser and for oneself.
    """
    repository.keep_others_from_adding_users(session)
    user = get(session, user_id)
    _require_another_superuser(session, user)
    if user.id == actor.id:
        raise Conflict(OWN_ACCOUNT)
    links.end_downloads(session, user.id)
    downloads.cancel_all(context, session, actor, user.id)
    followed = links.remove_all(context, session, user.id)
    if items is ItemsChoice.KEEP:
        count = library.hand_over(session, user.id, actor.id)
        podcasts.hand_over(session, user.id, actor.id)
    else:
        podcasts.remove_all(context, session, user.id)
        count = library.remove_all(session, user.id, afterwards=_sweeper(context))
    details = {"username": user.username, "items": items.value, "count": count, "links": followed}
    repository.delete_user(session, user)
    audit.record(session, "user.delete", principal=actor, subject=f"user:{user_id}", details=details)


def _sweeper(context: AppContext) -> Callable[[], None]:
    filing = library.filing_of(context)
    return lambda: filing.recover(library.DELETED, 0)
