"""Notifications over HTTP: where you want to be told, and of what."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request

from magpie.accounts.security import CurrentUser
from magpie.downloads.bench import Bench
from magpie.kit.db import ReadSession
from magpie.kit.errors import (
    Conflict,
    NotAuthenticated,
    NotFound,
    RuleBroken,
    TooManyRequests,
    Unavailable,
    responses,
)
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId
from magpie.notifications import service
from magpie.notifications.courier import Courier
from magpie.notifications.models import NotificationTarget
from magpie.notifications.schemas import TargetCreate, TargetOut, TargetUpdate, TestResult
from magpie.web import Context

router = SliceRouter(
    prefix="/api/v1/notifications/targets", tags=["notifications"], responses=responses(NotAuthenticated)
)

# Each of these holds a thread and a process for as long as somebody else's service takes.
_places = threading.BoundedSemaphore(3)


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=5):
        raise TooManyRequests("Others are trying their targets: try again in a moment", retry_after=5)
    try:
        yield
    finally:
        _places.release()


def _out(target: NotificationTarget, waiting: int) -> TargetOut:
    fields = {name: getattr(target, name, None) for name in TargetOut.model_fields}
    return TargetOut.model_validate({**fields, "waiting": waiting})


def _shown(session: ReadSession, target: NotificationTarget) -> TargetOut:
    return _out(target, service.waiting(session, [target]).get(target.id, 0))


@router.get("")
def list_notification_targets(user: CurrentUser, session: ReadDb) -> list[TargetOut]:
    """Where you want to be told."""
    targets = service.targets(session, user)
    waiting = service.waiting(session, targets)
    return [_out(target, waiting.get(target.id, 0)) for target in targets]


@router.post("", responses=responses(RuleBroken, Conflict, TooManyRequests))
def create_notification_target(body: TargetCreate, user: CurrentUser, context: Context) -> TargetOut:
    """Add a target. Its address is kept sealed and never answered."""
    values = body.model_dump()
    with _place():
        values["url"] = service.understood(body.url)
    with context.database.write() as session:
        return _shown(session, service.create(context, session, user, values))


@router.get("/{target_id}", responses=responses(NotFound))
def get_notification_target(target_id: RowId, user: CurrentUser, session: ReadDb) -> TargetOut:
    """One target."""
    return _shown(session, service.get(session, user, target_id))


@router.put("/{target_id}", responses=responses(RuleBroken, NotFound, TooManyRequests))
def update_notification_target(
    target_id: RowId, body: TargetUpdate, user: CurrentUser, context: Context
) -> TargetOut:
    """Change a target; one that was paused is tried again."""
    values = body.model_dump(exclude_none=True)
    with context.database.read() as session:
        service.get(session, user, target_id)
    if body.url is not None:
        with _place():
            values["url"] = service.understood(body.url)
    with context.database.write() as session:
        return _shown(session, service.change(context, session, user, target_id, values))


@router.delete("/{target_id}", responses=responses(NotFound))
def delete_notification_target(target_id: RowId, user: CurrentUser, context: Context) -> TargetOut:
    """Remove a target, with all that waits for it."""
    with context.database.write() as session:
        return _out(service.delete(session, user, target_id), 0)


@router.post("/{target_id}/test", responses=responses(NotFound, TooManyRequests, Unavailable))
def test_notification_target(
    target_id: RowId, user: CurrentUser, request: Request, context: Context
) -> TestResult:
    """Send a test message there, now, and say what became of it."""
    bench: Bench | None = getattr(request.app.state, "bench", None)
    if bench is None:
        raise Unavailable("This server sends no messages itself.")
    with context.database.read() as session:
        service.get(session, user, target_id)
    with _place():
        outcome = service.try_out(context, Courier(bench), user, target_id)
    return TestResult(success=outcome.problem is None, message=outcome.problem or "The message was taken.")
