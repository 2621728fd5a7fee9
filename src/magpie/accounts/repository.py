"""Every query on users and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, Delete, Update, case, delete, exists, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from magpie.accounts.models import LoginSession, LoginThrottle, PasswordReset, SessionKind, User
from magpie.kit.db import ReadSession, WriteSession


def has_users(session: ReadSession) -> bool:
    return session.scalar(select(exists(select(User.id)))) or False


def keep_others_from_adding_users(session: WriteSession) -> None:
    """Until this unit of work ends nobody else adds a user. On SQLite a writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"))


def user_by_id(session: ReadSession, user_id: int) -> User | None:
    return session.get(User, user_id)


def lock_user(session: WriteSession, user_id: int) -> None:
    # Not from those who only refer to the row (`key_share`): two of them who lock it afterwards would wait for each other.
    session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def user_by_username(session: ReadSession, username_key: str) -> User | None:
    return session.scalar(select(User).where(User.username_key == username_key))


def user_by_email(session: ReadSession, email_key: str) -> User | None:
    return session.scalar(select(User).where(User.email_key == email_key))


def first_superuser(session: ReadSession) -> User | None:
    return session.scalar(select(User).where(User.is_superuser, User.is_active).order_by(User.id).limit(1))


def list_users(session: ReadSession, skip: int, limit: int | None) -> list[User]:
    return list(session.scalars(select(User).order_by(User.id).offset(skip).limit(limit)))


def usernames(session: ReadSession, user_ids: Sequence[int]) -> dict[int, str]:
    query = select(User.id, User.username).where(User.id.in_(user_ids))
    return {row.id: row.username for row in session.execute(query)}


def has_other_superuser(session: ReadSession, user_id: int) -> bool:
    """Whether somebody besides this user is an active superuser."""
    others = select(User.id).where(User.is_superuser, User.is_active, User.id != user_id)
    return session.scalar(select(exists(others))) or False


def flush(session: WriteSession) -> None:
    """Write now; raises `sqlalchemy.exc.IntegrityError` where a unique name is taken."""
    session.flush()


def delete_user(session: WriteSession, user: User) -> None:
    session.delete(user)
    session.flush()


def add(session: WriteSession, row: User | LoginSession | PasswordReset) -> None:
    """Insert; raises `sqlalchemy.exc.IntegrityError` where a unique name is taken."""
    session.add(row)
    session.flush()


def live_session(session: ReadSession, session_id: str, now: datetime) -> tuple[LoginSession, User] | None:
    """The session and its user while the session counts: not revoked, not expired, user active."""
    row = session.execute(
        select(LoginSession, User)
        .join(User, User.id == LoginSession.user_id)
        .where(
            LoginSession.id == session_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
            User.is_active,
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def revoke(session: WriteSession, session_id: str, now: datetime) -> None:
    _run(
        session,
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now),
    )


def revoke_all(
    session: WriteSession, user_id: int, now: datetime, *, but: str | None = None, tokens: bool = True
) -> int:
    """Revoke all sessions of a user but one, with or without the API tokens; returns how many counted until then."""
    statement = update(LoginSession).where(
        LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None), LoginSession.expires_at > now
    )
    if but is not None:
        statement = statement.where(LoginSession.id != but)
    if not tokens:
        statement = statement.where(LoginSession.kind != SessionKind.API.value)
    return _run(session, statement.values(revoked_at=now))


def live_sessions(session: ReadSession, user_id: int, now: datetime, *, tokens: bool) -> list[LoginSession]:
    """The API tokens of a user that count, or all other sessions that do, the latest first."""
    is_token = LoginSession.kind == SessionKind.API.value
    return list(
        session.scalars(
            select(LoginSession)
            .where(
                LoginSession.user_id == user_id,
                LoginSession.revoked_at.is_(None),
                LoginSession.expires_at > now,
                is_token if tokens else ~is_token,
            )
            .order_by(LoginSession.created_at.desc(), LoginSession.id)
        )
    )


def has_signed_in_from(session: ReadSession, user_id: int, ip: str) -> bool:
    """Whether a sign-in of this user from this address is remembered."""
    past = select(LoginSession.id).where(
        LoginSession.user_id == user_id, LoginSession.ip == ip, LoginSession.kind != SessionKind.API.value
    )
    return session.scalar(select(exists(past))) or False


def throttles(session: ReadSession, keys: Sequence[str], since: datetime) -> list[LoginThrottle]:
    """The counters of these keys that failed since that moment."""
    return list(
        session.scalars(
            select(LoginThrottle).where(LoginThrottle.key.in_(keys), LoginThrottle.last_failure_at > since)
        )
    )


def count_failure(session: WriteSession, key: str, now: datetime, since: datetime) -> None:
    """One failure more; a counter that was quiet since that moment starts anew."""
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    failures = case((LoginThrottle.last_failure_at > since, LoginThrottle.failures + 1), else_=1)
    statement = insert(LoginThrottle).values(key=key, failures=1, last_failure_at=now)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["key"], set_={"failures": failures, "last_failure_at": now}
        )
    )


def forget_throttle(session: WriteSession, key: str) -> None:
    _run(session, delete(LoginThrottle).where(LoginThrottle.key == key))


def delete_throttles(session: WriteSession, before: datetime) -> int:
    return _run(session, delete(LoginThrottle).where(LoginThrottle.last_failure_at <= before))


def has_reset_since(session: ReadSession, user_id: int, since: datetime) -> bool:
    late = select(PasswordReset.id).where(PasswordReset.user_id == user_id, PasswordReset.created_at > since)
    return session.scalar(select(exists(late))) or False


def live_reset(session: ReadSession, token_hash: str, now: datetime) -> tuple[PasswordReset, User] | None:
    """The reset and its user while it counts: not used, not expired, user active."""
    row = session.execute(
        select(PasswordReset, User)
        .join(User, User.id == PasswordReset.user_id)
        .where(
            PasswordReset.token_hash == token_hash,
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
            User.is_active,
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def use_reset(session: WriteSession, reset_id: int, now: datetime) -> bool:
    """Use it up; False if somebody else has. Of several at once one gets True."""
    statement = update(PasswordReset).where(PasswordReset.id == reset_id, PasswordReset.used_at.is_(None))
    return _run(session, statement.values(used_at=now, sealed_token=None)) == 1


def end_resets(session: WriteSession, user_id: int, now: datetime) -> None:
    """None of the user's resets counts any more."""
    statement = update(PasswordReset).where(PasswordReset.user_id == user_id, PasswordReset.used_at.is_(None))
    _run(session, statement.values(used_at=now, sealed_token=None))


def unseen_resets(session: WriteSession, now: datetime) -> list[tuple[PasswordReset, User]]:
    """Resets that count and whose link nobody has seen, the oldest first; nobody else's until the end."""
    rows = session.execute(
        select(PasswordReset, User)
        .join(User, User.id == PasswordReset.user_id)
        .where(
            PasswordReset.sealed_token.is_not(None),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
        )
        .order_by(PasswordReset.id)
        .with_for_update(of=PasswordReset)
    )
    return [(row[0], row[1]) for row in rows]


def delete_resets(session: WriteSession, before: datetime) -> int:
    return _run(session, delete(PasswordReset).where(PasswordReset.expires_at <= before))


def delete_expired(session: WriteSession, now: datetime) -> int:
    return _run(session, delete(LoginSession).where(LoginSession.expires_at <= now))


def _run(session: WriteSession, statement: Update | Delete) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return result.rowcount if isinstance(result, CursorResult) else 0
