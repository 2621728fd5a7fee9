"""Signing in and proving who one is: passwords are compared between units of work, every attempt is noted."""

from __future__ import annotations

import hmac
from dataclasses import replace
from hashlib import sha256

from magpie.accounts import passwords, service, throttle
from magpie.accounts.models import SessionKind
from magpie.accounts.principal import Principal
from magpie.accounts.throttle import Attempt
from magpie.accounts.tokens import signer
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.kit.client import current_client
from magpie.kit.errors import InvalidCredentials, RuleBroken


def sign_in(context: AppContext, login: str, password: str, kind: SessionKind) -> service.SignedIn:
    """Open a session. Takes a hash's time.

    Raises `InvalidCredentials`, and `TooManyRequests` for an address that has failed too often.
    """
    client = current_client()
    with context.database.read() as session:
        stored = service.find_password(session, login)
        superuser = service.built_in_superuser(session, context.settings)
        tried = stored or superuser
        attempt = Attempt(tried.user_id if tried else None, login, client.ip)
        throttle.require_patience(session, attempt)
    verdict = passwords.check_password(password, stored.password_hash if stored else None)
    mark = None
    if superuser is not None and _is_same(password, context.settings.app_password):
        stored, verdict = superuser, passwords.Verdict(True)
        mark = signer(context.secret, context.settings.algorithm).mark(password)
    if stored is None or not verdict.right:
        _note_failure(context, attempt, login)
        raise InvalidCredentials(service.WRONG_CREDENTIALS)
    try:
        with context.database.write() as session:
            signed_in = service.sign_in(session, context.settings, stored, verdict.replacement, kind, client)
            throttle.forgive(session, attempt)
            details = {"kind": kind.value}
            audit.record(session, "login", principal=signed_in.principal, details=details)
            return replace(signed_in, claims=replace(signed_in.claims, mark=mark))
    except InvalidCredentials:
        _note_failure(context, attempt, login)
        raise


def confirm_password(context: AppContext, principal: Principal, password: str | None) -> None:
    """Make sure that it is the user who sits before the page. Raises `RuleBroken`, `TooManyRequests`."""
    attempt = Attempt(principal.id, principal.username, current_client().ip)
    with context.database.read() as session:
        throttle.require_patience(session, attempt)
        stored = service.get_user(session, principal).password_hash
    if password is not None and passwords.check_password(password, stored).right:
        return
    if password is None:
        raise RuleBroken(
            "the present password is needed for this", "body", "current_password", code="missing"
        )
    _note_failure(context, attempt, principal.username)
    raise RuleBroken("this is not the present password", "body", "current_password")


def _is_same(given: str, password: str) -> bool:
    """In a time that tells nothing of how much is right."""
    digests = [sha256(text.encode(errors="surrogatepass")).digest() for text in (given, password)]
    return hmac.compare_digest(*digests)


def _note_failure(context: AppContext, attempt: Attempt, login: str) -> None:
    with context.database.write() as session:
        throttle.note_failure(session, attempt)
        audit.record(session, "login", principal=None, outcome="failure", username=login)
