"""The rules of accounts: who may register, who may sign in, which session still counts.

Hashing a password takes tens of milliseconds, and on SQLite one thread writes at a time: callers hash and compare
passwords between units of work, never inside a writing one.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from magpie.accounts import passwords, repository, throttle
from magpie.accounts.models import (
    MAX_ADDRESS,
    MAX_USER_AGENT,
    SESSION_ID_LENGTH,
    LoginSession,
    Scope,
    SessionKind,
    User,
)
from magpie.accounts.names import email_of, folded, username_of
from magpie.accounts.principal import Principal
from magpie.accounts.tokens import Claims
from magpie.audit import service as audit
from magpie.config import Settings, SettingsRefused
from magpie.kit.client import Client
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, InvalidCredentials, NotAllowed, RuleBroken

REGISTRATION_CLOSED = "Registration is closed: ask an administrator of this server for an account"
BUILT_IN_SUPERUSER = "admin"
WRONG_CREDENTIALS = "Incorrect username or password"
# Writing at every request that somebody was here would cost more than it tells.
TOUCH_AFTER = timedelta(minutes=1)
# However much it is used, a session ends some day; browsers keep no cookie longer either (RFC 6265bis, 5.5).
LONGEST_COOKIE_SESSION = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Profile:
    """A new user's checked name and address with their folded forms."""

    username: str
    username_key: str
    email: str | None = None
    email_key: str | None = None


@dataclass(frozen=True, slots=True)
class StoredPassword:
    """Whose password is to be compared with what."""

    user_id: int
    password_hash: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; `token_expires_at` is the last moment that its token can count."""

    claims: Claims
    issued_at: datetime
    token_expires_at: datetime
    principal: Principal


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token stands for, and whether it is time to note that the session is used."""

    principal: Principal
    kind: SessionKind
    is_touch_due: bool


def checked_profile(username: str, email: str | None) -> Profile:
    """Raises `RuleBroken`."""
    name, name_key = username_of(username)
    address, address_key = email_of(email) if email is not None else (None, None)
    return Profile(name, name_key, address, address_key)


def needs_first_user(session: ReadSession) -> bool:
    return not repository.has_users(session)


def is_registration_open(session: ReadSession, settings: Settings) -> bool:
    """The first user may always register; strangers after that only by the operator's leave.

    Where one password signs in, there is one account, and nobody registers.
    """
    return not settings.app_password and (settings.allow_registration or needs_first_user(session))


def require_open_registration(session: ReadSession, settings: Settings) -> None:
    if not is_registration_open(session, settings):
        raise NotAllowed(REGISTRATION_CLOSED)


def register(session: WriteSession, settings: Settings, profile: Profile, password_hash: str) -> User:
    """Make an account; the first one is the superuser's, and of several at once exactly one is first.

    Raises `NotAllowed` while registration is closed, `Conflict` for a name or address that is taken.
    """
    is_first = _is_first(session)
    require_open_registration(session, settings)
    user = add_user(session, profile, password_hash, is_superuser=is_first)
    subject, details = f"user:{user.id}", {"username": user.username, "is_superuser": is_first}
    audit.record(
        session, "user.register", principal=None, username=user.username, subject=subject, details=details
    )
    return user


def _is_first(session: WriteSession) -> bool:
    if not needs_first_user(session):
        return False
    repository.keep_others_from_adding_users(session)
    return needs_first_user(session)


def add_user(session: WriteSession, profile: Profile, password_hash: str, *, is_superuser: bool) -> User:
    """Raises `Conflict` for a name or address that is taken."""
    if repository.user_by_username(session, profile.username_key):
        raise Conflict("This user name is taken: choose another")
    if profile.email_key and repository.user_by_email(session, profile.email_key):
        raise Conflict("This e-mail address belongs to an account already: sign in, or use another address")
    user = User(
        username=profile.username,
        username_key=profile.username_key,
        email=profile.email,
        email_key=profile.email_key,
        password_hash=password_hash,
        is_active=True,
        is_superuser=is_superuser,
        created_at=utcnow(),
    )
    try:
        repository.add(session, user)
    except IntegrityError:
        # Taken by somebody else since the look above.
        raise Conflict("This user name or e-mail address is taken: choose another") from None
    return user


def ensure_initial_superuser(session: WriteSession, settings: Settings) -> User | None:
    """Make the superuser that the settings name, on an empty database only; returns the user if one was made.

    Where one password signs in (`app_password`), its superuser is made if no other is named; that account has no
    password of its own. Raises `SettingsRefused` where the settings name half a user or one that breaks a rule.
    """
    name, password = settings.initial_superuser_username, settings.initial_superuser_password
    if not (name or password or settings.app_password) or not _is_first(session):
        return None
    if settings.app_password and not (name and password):
        name, password = name or BUILT_IN_SUPERUSER, password or secrets.token_urlsafe(32)
    if not (name and password):
        missing = "PASSWORD" if name else "USERNAME"
        raise SettingsRefused(
            f"MAGPIE_INITIAL_SUPERUSER_{missing} is missing: set it, or leave the other out too."
        )
    try:
        profile = checked_profile(name, settings.initial_superuser_email or None)
        password_hash = passwords.hash_password(password)
    except RuleBroken as error:
        field = str(error.fault.loc[-1]).upper()
        raise SettingsRefused(f"MAGPIE_INITIAL_SUPERUSER_{field}: {error}") from None
    return add_user(session, profile, password_hash, is_superuser=True)


def built_in_superuser(session: ReadSession, settings: Settings) -> StoredPassword | None:
    """Whom the one password signs in, where there is one."""
    user = repository.first_superuser(session) if settings.app_password else None
    return None if user is None else StoredPassword(user.id, user.password_hash)


def first_superuser(session: ReadSession) -> User | None:
    """The oldest active superuser: who owns what a command saves."""
    return repository.first_superuser(session)


def user_named(session: ReadSession, username: str) -> User | None:
    """The user of this name, however it is spelt."""
    key = folded(username)
    return repository.user_by_username(session, key) if key else None


def names_of(session: ReadSession, user_ids: Sequence[int]) -> dict[int, str]:
    """The names of these users, as far as there are such users."""
    return repository.usernames(session, user_ids)


def user_numbered(session: ReadSession, user_id: int) -> User | None:
    """The user with this id."""
    return repository.user_by_id(session, user_id)


def get_user(session: ReadSession, principal: Principal) -> User:
    """The user behind a request; raises `InvalidCredentials` if deleted in this very moment."""
    user = repository.user_by_id(session, principal.id)
    if user is None:
        raise InvalidCredentials
    return user


def lock_user(session: WriteSession, user_id: int) -> None:
    """Keep others from doing in the same moment what a user may do so often only; until the unit of work ends."""
    repository.lock_user(session, user_id)


def feed_reader(session: ReadSession, user_id: int) -> Principal | None:
    """Whoever reads a user's feeds by their secret address: the user, while active, but never as a superuser."""
    user = repository.user_by_id(session, user_id)
    if user is None or not user.is_active:
        return None
    return Principal(user.id, user.username, is_superuser=False, scopes=frozenset({Scope.READ.value}))


def find_password(session: ReadSession, login: str) -> StoredPassword | None:
    """The stored password of a user name or e-mail address; None if nobody is called so."""
    key = folded(login)
    if key is None:
        return None
    find = repository.user_by_email if "@" in key else repository.user_by_username
    user = find(session, key)
    return None if user is None else StoredPassword(user.id, user.password_hash)


def sign_in(
    session: WriteSession,
    settings: Settings,
    checked: StoredPassword,
    replacement: str | None,
    kind: SessionKind,
    client: Client,
) -> SignedIn:
    """Open a session for somebody whose password was right, and store the better hash of it, if there is one.

    Raises `InvalidCredentials` for a deactivated user, or if the password was changed since it was compared.
    """
    user = repository.user_by_id(session, checked.user_id)
    if user is None or user.password_hash != checked.password_hash:
        raise InvalidCredentials(WRONG_CREDENTIALS)
    if not user.is_active:
        raise InvalidCredentials("This account is deactivated: ask an administrator of this server")
    now = utcnow()
    user.last_login_at = now
    user.password_hash = replacement or user.password_hash
    row = new_session(user.id, kind, client, now, _expiry(settings, kind, created_at=now, used_at=now))
    repository.add(session, row)
    last_moment = now + LONGEST_COOKIE_SESSION if kind is SessionKind.COOKIE else row.expires_at
    return SignedIn(Claims(user.id, row.id), now, last_moment, _principal(row, user))


def new_session(
    user_id: int, kind: SessionKind, client: Client, created_at: datetime, expires_at: datetime
) -> LoginSession:
    return LoginSession(
        id=secrets.token_hex(SESSION_ID_LENGTH // 2),
        user_id=user_id,
        kind=kind.value,
        created_at=created_at,
        last_seen_at=created_at,
        expires_at=expires_at,
        ip=_printable(client.ip, MAX_ADDRESS),
        user_agent=_printable(client.user_agent, MAX_USER_AGENT),
    )


def _expiry(settings: Settings, kind: SessionKind, created_at: datetime, used_at: datetime) -> datetime:
    """A token ends when it was said to; the page's session ends so long after its last use."""
    if kind is SessionKind.BEARER:
        return created_at + timedelta(minutes=settings.access_token_expire_minutes)
    return min(used_at + timedelta(days=settings.session_days), created_at + LONGEST_COOKIE_SESSION)


def _printable(text: str, length: int) -> str:
    return "".join(char for char in text if char.isprintable())[:length]


def identify(session: ReadSession, claims: Claims, kind: SessionKind) -> Identity:
    """Who these claims stand for; raises `InvalidCredentials` unless the session counts and travels as it should."""
    now = utcnow()
    found = repository.live_session(session, claims.session_id, now)
    if found is None:
        raise InvalidCredentials
    row, user = found
    # API tokens travel as bearer tokens do.
    travels = SessionKind.BEARER if row.kind == SessionKind.API else SessionKind(row.kind)
    if row.user_id != claims.user_id or travels is not kind:
        raise InvalidCredentials
    principal = replace(_principal(row, user), mark=claims.mark)
    return Identity(principal, kind, is_touch_due=now - row.last_seen_at > TOUCH_AFTER)


def _principal(row: LoginSession, user: User) -> Principal:
    """The user with the rights of this session: an API token has its superuser's only with the scope `admin`."""
    scopes = None if row.scopes is None else frozenset(row.scopes.split())
    is_superuser = user.is_superuser and (scopes is None or Scope.ADMIN in scopes)
    is_cookie = row.kind == SessionKind.COOKIE
    return Principal(user.id, user.username, is_superuser, row.id, scopes, is_cookie)


def touch(session: WriteSession, settings: Settings, session_id: str) -> None:
    """Note that a session is used, which moves the end of a page's session; at most once a minute."""
    now = utcnow()
    found = repository.live_session(session, session_id, now)
    if found is None:
        return
    row, _ = found
    if now - row.last_seen_at > TOUCH_AFTER:
        row.last_seen_at = now
        if row.kind == SessionKind.COOKIE:
            row.expires_at = _expiry(settings, SessionKind.COOKIE, row.created_at, now)


def session_alive(session: ReadSession, session_id: str) -> bool:
    """Whether a session still counts: asked every few seconds for a connection that stays open."""
    return repository.live_session(session, session_id, utcnow()) is not None


def sign_out(session: WriteSession, principal: Principal) -> None:
    """Revoke the session of this request."""
    audit.record(session, "logout", principal=principal)
    if principal.session_id is not None:
        repository.revoke(session, principal.session_id, utcnow())


def set_password(
    session: WriteSession, user: User, password_hash: str, *, keep_session: str | None = None
) -> None:
    """Replace a user's password and end all their sessions and API tokens, but for `keep_session`."""
    user.password_hash = password_hash
    repository.revoke_all(session, user.id, utcnow(), but=keep_session)


def set_active(session: WriteSession, user: User, is_active: bool) -> None:
    """Let a user in or shut them out; shutting out ends all their sessions for good."""
    user.is_active = is_active
    if not is_active:
        repository.revoke_all(session, user.id, utcnow())


def delete_expired(session: WriteSession) -> int:
    """Delete the sessions that have expired, revoked or not; returns how many. Run hourly.

    Expired resets and forgotten failures go with them.
    """
    now = utcnow()
    repository.delete_resets(session, now)
    throttle.delete_forgotten(session)
    return repository.delete_expired(session, now)
