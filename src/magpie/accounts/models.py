"""Tables of users and their sessions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String, true
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.db import Base

SESSION_ID_LENGTH = 32
MAX_USER_AGENT = 255
GIGABYTE = 10**9
MAX_DISPLAY_NAME = 100
MAX_TOKEN_NAME = 100
MAX_ADDRESS = 45  # an IPv6 address with an embedded IPv4 one


class SessionKind(StrEnum):
    """How a session's token travels; a token is accepted that way only."""

    BEARER = "bearer"
    COOKIE = "cookie"
    API = "api"  # a long-lived token for a script, with a name and scopes


class Scope(StrEnum):
    """What an API token may do."""

    READ = "read"  # safe methods
    WRITE = "write"  # all methods, but nothing that only superusers may, and nothing that changes the account itself
    ADMIN = "admin"  # all that its user may do


class User(Base):
    """A person with an account.

    Names and addresses are unique whatever their case: the `_key` columns hold the folded form, because the two
    databases fold text differently.
    """

    __tablename__ = "users"
    # SQLite would give a deleted user's number, and all that still refers to it, to the next user.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64))
    username_key: Mapped[str] = mapped_column(String, unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_superuser: Mapped[bool] = mapped_column(default=False)
    display_name: Mapped[str | None] = mapped_column(String(MAX_DISPLAY_NAME))
    language: Mapped[str | None] = mapped_column(String(16))  # one of `kit.languages`; None: not known yet
    quota_bytes: Mapped[int | None] = mapped_column(BigInteger)  # None: what the settings say for everybody
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]

    @property
    def quota_gb(self) -> float | None:
        """The quota as people say it, in GB."""
        return None if self.quota_bytes is None else self.quota_bytes / GIGABYTE

    @quota_gb.setter
    def quota_gb(self, quota: float | None) -> None:
        self.quota_bytes = None if quota is None else round(quota * GIGABYTE)


class LoginSession(Base):
    """One sign-in. A token is valid only while its row lives, is not revoked and has not expired."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(SESSION_ID_LENGTH), primary_key=True)  # the token's `jti`
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    ip: Mapped[str] = mapped_column(String(MAX_ADDRESS), default="")
    user_agent: Mapped[str] = mapped_column(String(MAX_USER_AGENT), default="")
    name: Mapped[str | None] = mapped_column(
        String(MAX_TOKEN_NAME)
    )  # what its owner calls it; API tokens only
    scopes: Mapped[str | None] = mapped_column(String(64))  # space-separated; None: all that the user may do


class PasswordReset(Base):
    """A reset that was asked for. Only a hash of its token is kept; it serves once and not for long."""

    __tablename__ = "password_resets"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256, hexadecimal
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    # Sealed, for the superuser to hand out where no mail is set up; forgotten once shown.
    sealed_token: Mapped[str | None] = mapped_column(String(500))


class LoginThrottle(Base):
    """Failed logins of late, by account or by address: `user:…` or `ip:…`."""

    __tablename__ = "login_throttles"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    failures: Mapped[int]
    last_failure_at: Mapped[datetime] = mapped_column(index=True)
