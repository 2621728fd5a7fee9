"""Feed tokens: secret parts of addresses. Whoever knows one reads its owner's feeds and their files, and nothing else.

Of a token the database holds a digest, by which it is found, and the token sealed with the installation's key, so that
its addresses can be shown again.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from cryptography.fernet import InvalidToken

from magpie.accounts import service as accounts
from magpie.accounts import throttle
from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.kit.client import current_client
from magpie.kit.clock import utcnow
from magpie.kit.crypto import Vault
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken
from magpie.library.feeds import repository
from magpie.library.models import FeedToken

TOKEN_BYTES = 24  # 192 bits
MOST_TOKENS = 50
FIRST_NAME = "default"
MAX_NAME = 100
# An app that goes on asking with a revoked token is no attack; it asks a few times an hour.
FREE_GUESSES = 20
# Writing at every request that somebody was here would cost more than it tells.
TOUCH_AFTER = timedelta(hours=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks by a token, as whom; and whether it is time to note that the token is used."""

    principal: Principal
    token_id: int
    is_touch_due: bool


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def reader_of(context: AppContext, token: str) -> Reader:
    """Raises `NotFound` unless the token counts and its user is active; `TooManyRequests` for who tries many.

    A token that counts never waits: it cannot be guessed in any time, and its app may share its address with one
    whose token was revoked.
    """
    if not _TOKEN.fullmatch(token):
        raise NotFound
    digest = _digest(token)
    with context.database.read() as session:
        row = repository.token_by_digest(session, digest)
        if row is not None and hmac.compare_digest(row.digest, digest):
            principal = accounts.feed_reader(session, row.user_id)
            if principal is None:
                raise NotFound
            now = utcnow()
            is_due = row.last_used_at is None or now - row.last_used_at > TOUCH_AFTER
            return Reader(principal, row.id, is_due)
    with context.database.write() as writing:
        throttle.take_turn(writing, throttle.address_key("feed", current_client().ip), FREE_GUESSES)
    raise NotFound


def touch(context: AppContext, token_id: int) -> None:
    """Note that a token is used."""
    with context.database.write() as session:
        repository.touch_token(session, token_id, utcnow())


def own_token(context: AppContext, principal: Principal) -> tuple[FeedToken, str]:
    """The user's oldest token that can be shown, and its text; the first one is made here."""
    with context.database.read() as session:
        found = _shown(session, context.vault, principal.id)
    if found is not None:
        return found
    with context.database.write() as writing:
        accounts.lock_user(writing, principal.id)
        # No audit record: nobody has asked for it.
        shown = _shown(writing, context.vault, principal.id)
        return shown or _make(writing, context.vault, principal.id, FIRST_NAME)


def _shown(session: ReadSession, vault: Vault, user_id: int) -> tuple[FeedToken, str] | None:
    for row in repository.tokens_of(session, user_id):
        if (text := text_of(vault, row)) is not None:
            return row, text
    return None


def text_of(vault: Vault, row: FeedToken) -> str | None:
    """The token itself; None if it was sealed with a key that this installation has not: it still counts."""
    try:
        return vault.open(row.sealed) if row.sealed else None
    except InvalidToken:
        return None


def list_tokens(session: ReadSession, principal: Principal) -> list[FeedToken]:
    """The user's tokens, the oldest first."""
    return repository.tokens_of(session, principal.id)


def get(session: ReadSession, principal: Principal, token_id: int) -> FeedToken:
    """One of the user's own tokens; raises `NotFound`. Nobody sees those of others, superusers neither."""
    row = next((row for row in list_tokens(session, principal) if row.id == token_id), None)
    if row is None:
        raise NotFound
    return row


def create(session: WriteSession, vault: Vault, principal: Principal, name: str) -> tuple[FeedToken, str]:
    """Another token, and its text. Raises `RuleBroken`, and `Conflict` for one too many."""
    name = name.strip()
    if not name or not name.isprintable():
        raise RuleBroken("give the token a name that says where it is used", "body", "name")
    accounts.lock_user(session, principal.id)
    if len(list_tokens(session, principal)) >= MOST_TOKENS:
        raise Conflict(f"There are {MOST_TOKENS} tokens already: delete those that are not used any more")
    row, text = _make(session, vault, principal.id, name)
    subject, details = f"feed_token:{row.id}", {"name": name}
    audit.record(session, "feed_token.create", principal=principal, subject=subject, details=details)
    return row, text


def _make(session: WriteSession, vault: Vault, user_id: int, name: str) -> tuple[FeedToken, str]:
    text = secrets.token_urlsafe(TOKEN_BYTES)
    row = FeedToken(user_id=user_id, name=name, digest=_digest(text), sealed=vault.seal(text))
    repository.add_token(session, row)
    return row, text


def revoke(session: WriteSession, principal: Principal, token_id: int) -> None:
    """Its addresses are gone at once. Raises `NotFound`."""
    row = get(session, principal, token_id)
    subject, details = f"feed_token:{row.id}", {"name": row.name}
    audit.record(session, "feed_token.revoke", principal=principal, subject=subject, details=details)
    repository.delete_token(session, row)
