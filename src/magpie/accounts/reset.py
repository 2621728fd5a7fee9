"""Resetting a forgotten password: a link that serves once, for half an hour, and of which only a hash is kept.

Whoever asks is answered the same at once, whoever they name: all the rest happens after the answer. Where mail is set
up the link goes to the account's address; otherwise a superuser sees it, once, and hands it over.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

import structlog
from cryptography.fernet import InvalidToken

from magpie.accounts import repository, service
from magpie.accounts.models import PasswordReset, User
from magpie.accounts.names import folded
from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.config import Settings
from magpie.context import AppContext
from magpie.kit import mail
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import RuleBroken
from magpie.kit.languages import Language, language_of

log = structlog.get_logger(__name__)

LIFETIME = timedelta(minutes=30)
# Nobody's mailbox is flooded by strangers who ask again and again.
PAUSE = timedelta(minutes=2)
TOKEN_BYTES = 32
PAGE = "/reset"
NOT_VALID = "this link is not valid any more: ask for a new one"
# Subject and text of the mail, in the languages that people are spoken to in.
LETTERS: Final[Mapping[Language, tuple[str, str]]] = {
    "en": (
        "Your new password for Magpie",
        """Hello {name},

somebody, most likely you, has asked for a new password for your account on {server}.
Choose it here within half an hour:

{link}

The link serves once. If it was not you, do nothing: your password stays as it is.
""",
    ),
    "zh-CN": (
        "设置新的 Magpie 密码",
        """{name}，你好：

有人（很可能是你本人）为你在 {server} 上的账号申请了新密码。
请在半小时内通过以下链接设置：

{link}

链接只能使用一次。如果不是你本人申请的，请忽略这封邮件：密码不会改变。
""",
    ),
}


@dataclass(frozen=True, slots=True)
class Pending:
    """A link that a superuser is to hand over."""

    id: int
    user: User
    link: str
    created_at: datetime
    expires_at: datetime


def is_by_mail(settings: Settings) -> bool:
    """A link in a mail needs the public address: the `Host` header is whatever the one who asks has written."""
    return bool(settings.smtp_url and settings.public_url)


def _link(settings: Settings, token: str) -> str:
    return f"{settings.public_url.rstrip('/')}{PAGE}?token={token}"


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


def prepare(context: AppContext, email: str) -> None:
    """Make a reset for the account of that address, if there is one, and send the link. Runs after the answer."""
    settings = context.settings
    with context.database.write() as session:
        made = _make(context, session, email)
    if made is None or not is_by_mail(settings):
        return
    user, token = made
    try:
        _send(settings, user, token)
    except (mail.MailRefused, ValueError) as error:
        # Neither the address nor the link: logs are read by more people.
        log.error("reset_mail_not_sent", user_id=user.id, error=str(error))


def _make(context: AppContext, session: WriteSession, email: str) -> tuple[User, str] | None:
    key = folded(email)
    user = repository.user_by_email(session, key) if key else None
    now = utcnow()
    usable = user is not None and user.is_active
    audit.record(
        session,
        "password.reset.request",
        principal=None,
        subject=f"user:{user.id}" if user else None,
        outcome="success" if usable else "failure",
        username=email,
    )
    if user is None or not usable or repository.has_reset_since(session, user.id, now - PAUSE):
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    repository.end_resets(session, user.id, now)
    repository.add(
        session,
        PasswordReset(
            user_id=user.id,
            token_hash=_hash(token),
            created_at=now,
            expires_at=now + LIFETIME,
            sealed_token=None if is_by_mail(context.settings) else context.vault.seal(token),
        ),
    )
    return user, token


def _send(settings: Settings, user: User, token: str) -> None:
    if user.email is None:
        return
    host = urlsplit(settings.public_url).hostname or "localhost"
    subject, text = LETTERS[language_of(user.language)]
    text = text.format(
        name=user.display_name or user.username, server=settings.public_url, link=_link(settings, token)
    )
    mail.send(
        mail.server_of(settings.smtp_url),
        sender=settings.mail_from or f"Magpie <magpie@{host}>",
        recipient=user.email,
        subject=subject,
        text=text,
    )


def find_user(session: ReadSession, token: str) -> User:
    """Whose password the token resets; raises `RuleBroken` unless it counts."""
    return _find(session, token)[1]


def _find(session: ReadSession, token: str) -> tuple[PasswordReset, User]:
    found = repository.live_reset(session, _hash(token), utcnow())
    if found is None:
        raise RuleBroken(NOT_VALID, "body", "token", code="token_invalid")
    return found


def complete(session: WriteSession, token: str, password_hash: str) -> None:
    """Use the token up and set the password, which ends all sessions. Raises `RuleBroken`."""
    row, user = _find(session, token)
    if not repository.use_reset(session, row.id, utcnow()):
        # Somebody else has used it since the look above.
        raise RuleBroken(NOT_VALID, "body", "token", code="token_invalid")
    repository.end_resets(session, user.id, utcnow())
    service.set_password(session, user, password_hash)
    audit.record(session, "password.reset", principal=None, subject=f"user:{user.id}", username=user.username)


def show_pending(context: AppContext, session: WriteSession, superuser: Principal) -> list[Pending]:
    """The links that wait to be handed over, the oldest first. Each is shown once."""
    shown = []
    for row, user in repository.unseen_resets(session, utcnow()):
        sealed, row.sealed_token = row.sealed_token or "", None
        try:
            link = _link(context.settings, context.vault.open(sealed))
        except InvalidToken:
            continue  # sealed with another key: nobody can read it any more
        shown.append(Pending(row.id, user, link, row.created_at, row.expires_at))
        audit.record(session, "password.reset.show", principal=superuser, subject=f"user:{user.id}")
    return shown
