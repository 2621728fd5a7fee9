"""The rules of notifications: whose targets there are, and what waits to be told to them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import structlog
from cryptography.fernet import InvalidToken

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.engine.port import JobRef, Lane
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken
from magpie.kit.languages import Language
from magpie.notifications import courier, repository
from magpie.notifications.courier import Courier, Message, Outcome
from magpie.notifications.digests import due_at
from magpie.notifications.models import Happening, Notice, NotificationTarget
from magpie.notifications.words import say

__all__ = ["Happening", "tell"]

log = structlog.get_logger(__name__)

KIND = "notice"
MOST_TARGETS = 20  # of one user
TITLE_LENGTH, BODY_LENGTH = 500, 2000
# What happens within so long after a message waits and is told in one.
GATHERING = timedelta(seconds=60)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
MOST_FAILURES = 8  # in a row, about a day; then the target is paused
MOST_LASTING_FAILURES = 3  # of those that trying again does not mend
NOT_OPENED = "The address was sealed with another key: enter it again."


def tell(
    context: AppContext,
    session: WriteSession,
    user_id: int,
    event: Happening,
    title: str,
    body: str | Callable[[Language], str],
) -> None:
    """Have a user told of something, at all targets that want to hear of such events, in this unit of work. `body`: a
    function where its words depend on the user's language.

    Only adds rows and locks none: it can be called wherever something happens.
    """
    now = utcnow()
    listening = [target for target in repository.listening(session, user_id) if event in target.events]
    if not listening:
        return
    text = body if isinstance(body, str) else body(repository.languages(session, {user_id})[user_id])
    for target in listening:
        session.add(notice_for(target, event, title, text, now))


def notice_for(target: NotificationTarget, event: Happening, title: str, body: str, now: datetime) -> Notice:
    return Notice(
        target_id=target.id,
        event=event,
        title=title[:TITLE_LENGTH],
        body=body[:BODY_LENGTH],
        due_at=due_at(target.digest, now),
        created_at=now,
    )


# Targets


def targets(session: ReadSession, principal: Principal) -> list[NotificationTarget]:
    """The user's own."""
    return repository.of_user(session, principal.id)


def waiting(session: ReadSession, targets: Collection[NotificationTarget]) -> dict[int, int]:
    """By target, how many notices wait."""
    return repository.waiting(session, [target.id for target in targets])


def get(session: ReadSession, principal: Principal, target_id: int) -> NotificationTarget:
    """Raises `NotFound` for what is not there or not the viewer's."""
    return owned(repository.get(session, target_id), principal)


def understood(url: str) -> str:
    """The address as it is kept, known to mean something. Takes half a second, so it is asked outside of any unit of
    work. Raises `RuleBroken`, which does not repeat it: there are passwords in it."""
    scheme = courier.scheme_of(url)
    if scheme is None:
        message = "This is no service that Magpie can tell: give an address of Apprise's that is reached by http, or mail:"
        raise RuleBroken(message, "body", "url")
    if scheme == courier.MAIL:
        if url.strip().lower().rstrip(":/") != courier.MAIL:
            raise RuleBroken(
                "Mail goes to the address of your account only: give mail: alone.", "body", "url"
            )
        return f"{courier.MAIL}:"
    cleaned = f"{scheme}{url.strip()[len(scheme) :]}"
    if not cleaned.isprintable() or not courier.is_understood(cleaned):
        raise RuleBroken("The service is known, but this address of it is not complete.", "body", "url")
    return cleaned


def create(
    context: AppContext, session: WriteSession, principal: Principal, values: dict[str, Any]
) -> NotificationTarget:
    """`values`: as in `schemas.TargetCreate`, with an address that is `understood`. Raises `Conflict`."""
    if repository.count_of_user(session, principal.id) >= MOST_TARGETS:
        raise Conflict(f"There are {MOST_TARGETS} targets already: remove one first.")
    scheme = courier.scheme_of(values["url"]) or ""
    target = NotificationTarget(
        user_id=principal.id,
        name=values["name"] or scheme,
        sealed_url=context.vault.seal(values["url"]),
        scheme=scheme,
        events=list(dict.fromkeys(values["events"])),
        digest=values["digest"],
        is_enabled=values["is_enabled"],
        created_at=utcnow(),
    )
    session.add(target)
    session.flush()
    _note(session, principal, "create", target)
    return target


def change(
    context: AppContext, session: WriteSession, principal: Principal, target_id: int, values: dict[str, Any]
) -> NotificationTarget:
    """`values`: what is to change. A change ends a pause; one that is switched off forgets what waits."""
    target = owned(repository.lock(session, target_id), principal)
    if (url := values.pop("url", None)) is not None:
        target.sealed_url, target.scheme = context.vault.seal(url), courier.scheme_of(url) or ""
    for name, value in values.items():
        setattr(target, name, list(dict.fromkeys(value)) if name == "events" else value)
    resume(target)
    if not target.is_enabled:
        repository.delete_notices(session, target.id)
    _note(session, principal, "update", target)
    return target


def resume(target: NotificationTarget) -> None:
    """Try it again, as if it had never failed."""
    target.paused_at = target.rests_until = target.last_error = None
    target.failures = 0


def delete(session: WriteSession, principal: Principal, target_id: int) -> NotificationTarget:
    target = owned(repository.lock(session, target_id), principal)
    session.delete(target)
    _note(session, principal, "delete", target)
    return target


def _note(session: WriteSession, principal: Principal, verb: str, target: NotificationTarget) -> None:
    details = {"scheme": target.scheme, "events": target.events, "digest": target.digest}
    subject = f"notification:{target.id}"
    audit.record(session, f"notification.{verb}", principal=principal, subject=subject, details=details)


def opened(context: AppContext, target: NotificationTarget) -> str | None:
    """The target's address; None if it was sealed with another key."""
    try:
        return context.vault.open(target.sealed_url)
    except InvalidToken:
        return None


def try_out(context: AppContext, carrier: Courier, principal: Principal, target_id: int) -> Outcome:
    """Send a test message now. In units of work of its own: none is open while the service is waited for."""
    with context.database.read() as session:
        target = get(session, principal, target_id)
        url, recipient = opened(context, target), repository.address_of(session, target.user_id)
        language = repository.languages(session, {target.user_id})[target.user_id]
    outcome = Outcome(NOT_OPENED, is_lasting=True)
    if url is not None:
        message = Message(say(language, "test.title"), say(language, "test.body"))
        outcome = carrier.send(context.settings, url, message, recipient=recipient)
    with context.database.write() as session:
        found = repository.lock(session, target_id)
        if found is None:
            raise NotFound
        if outcome.problem is None:
            resume(found)
            found.last_sent_at = utcnow()
        else:
            found.last_error = outcome.problem
        audit.record(
            session,
            "notification.test",
            principal=principal,
            subject=f"notification:{target_id}",
            outcome="failure" if outcome.problem else "success",
        )
    return outcome


# Deliveries


def job_of(target: NotificationTarget, epoch: int) -> JobRef:
    return JobRef(kind=KIND, key=target.key, epoch=epoch, attempt=target.turn)


def begin_turn(context: AppContext, session: WriteSession, target: NotificationTarget) -> None:
    """Have what is due told: a new job, handed over once it is committed."""
    target.turn += 1
    target.is_turn_open = True
    session.flush()
    engine = context.engine
    if engine is not None:
        job = job_of(target, context.job_epoch(session))
        session.after_commit(lambda: engine.enqueue(job, Lane.BACKGROUND))


def begin_due(context: AppContext, now: datetime) -> None:
    """Begin a delivery for each target for which it is time."""
    with context.database.read() as session:
        keys = repository.due(session, now)
    for key in keys:
        with context.database.write() as session:
            target = repository.lock_by_key(session, key)
            if target is not None and not target.is_turn_open:
                begin_turn(context, session, target)


def settle(target: NotificationTarget, outcome: Outcome, now: datetime) -> None:
    """What a delivery's end means for its target."""
    if outcome.problem is None:
        resume(target)
        target.last_sent_at, target.rests_until = now, now + GATHERING
        return
    target.failures += 1
    target.last_error = outcome.problem
    pause = BACK_OFF[min(target.failures, len(BACK_OFF)) - 1]
    asked = timedelta(seconds=min(outcome.retry_after or 0.0, 86400.0))
    target.rests_until = now + max(pause, asked)
    if target.failures >= (MOST_LASTING_FAILURES if outcome.is_lasting else MOST_FAILURES):
        target.paused_at = now
        log.info("notification_target_paused", target_id=target.id, failures=target.failures)
