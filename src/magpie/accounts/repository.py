"""Every query on users and sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CursorResult, Delete, Update, delete, exists, select, text, update

from magpie.accounts.models import LoginSession, User
from magpie.kit.db import ReadSession, WriteSession


def has_users(session: ReadSession) -> bool:
    return session.scalar(select(exists(select(User.id)))) or False


def keep_others_from_adding_users(session: WriteSession) -> None:
    """Until this unit of work ends nobody else adds a user. On SQLite a writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"))


def user_by_id(session: ReadSession, user_id: int) -> User | None:
    return session.get(User, user_id)


def user_by_username(session: ReadSession, username_key: str) -> User | None:
    return session.scalar(select(User).where(User.username_key == username_key))


def user_by_email(session: ReadSession, email_key: str) -> User | None:
    return session.scalar(select(User).where(User.email_key == email_key))


def first_superuser(session: ReadSession) -> User | None:
    return session.scalar(select(User).where(User.is_superuser, User.is_active).order_by(User.id).limit(1))


def add(session: WriteSession, row: User | LoginSession) -> None:
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


def revoke_all(session: WriteSession, user_id: int, now: datetime) -> int:
    """Revoke all sessions of a user; returns how many counted until then."""
    return _run(
        session,
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now),
    )


def delete_expired(session: WriteSession, now: datetime) -> int:
    return _run(session, delete(LoginSession).where(LoginSession.expires_at <= now))


def _run(session: WriteSession, statement: Update | Delete) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return result.rowcount if isinstance(result, CursorResult) else 0
