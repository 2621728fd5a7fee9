"""Who did what, when, from where, and whether it went well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from magpie.accounts.principal import Principal
from magpie.audit import repository
from magpie.audit.models import AuditRecord
from magpie.audit.repository import Filters
from magpie.kit.client import current_client
from magpie.kit.clock import utcnow
from magpie.kit.db import Database, ReadSession, WriteSession
from magpie.kit.logs import redact, redact_fields
from magpie.kit.paging import decode_cursor, encode_cursor

__all__ = ["Filters", "Outcome", "Page", "every", "note_export", "page", "prune", "record"]

Outcome = Literal["success", "failure"]

EXPORT_BATCH = 500
PRUNE_BATCH = 2000

# What a form can bring and PostgreSQL does not take: NUL, and halves of surrogate pairs.
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")


def record(
    session: WriteSession,
    action: str,
    *,
    principal: Principal | None,
    subject: str | None = None,
    outcome: Outcome = "success",
    username: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Note an action of the request that is being answered, in the same unit of work as the action itself.

    `action`: `download.create`, `login`, …; `subject`: what it was done to, `download:12`. `username`: the name as
    given, where nobody is signed in. `details` are redacted. A failed attempt is noted in a unit of work of its own,
    since its request's is rolled back.
    """
    client = current_client()
    name = username if username is not None or principal is None else principal.username
    entry = AuditRecord(
        at=utcnow(),
        user_id=principal.id if principal else None,
        username=_text(name, 254),
        action=action,
        subject=_text(subject, 255),
        outcome=outcome,
        ip=client.ip,
        user_agent=_text(redact(client.user_agent), 255),
        details=_storable(redact_fields(details or {})),
    )
    repository.add(session, entry)


def _text(value: str | None, length: int) -> str | None:
    return None if value is None else _NOT_STORABLE.sub("�", value)[:length]


def _storable(value: Any) -> Any:
    """JSON that both databases take."""
    if isinstance(value, str):
        return _NOT_STORABLE.sub("�", value)
    if isinstance(value, dict):
        return {_NOT_STORABLE.sub("�", key): _storable(inner) for key, inner in value.items()}
    return [_storable(inner) for inner in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Page:
    records: Sequence[AuditRecord]
    next_cursor: str | None


def page(session: ReadSession, filters: Filters, *, cursor: str | None, limit: int) -> Page:
    """A page of the records that the filters let pass, newest first."""
    before = int(decode_cursor(cursor, (int,))[0]) if cursor else None
    records = repository.newest(session, filters, before=before, limit=limit + 1)
    more, records = len(records) > limit, records[:limit]
    return Page(records, encode_cursor(records[-1].id) if more else None)


def every(database: Database, filters: Filters) -> Iterator[AuditRecord]:
    """All records that the filters let pass, newest first, in short units of work: readers may be slow."""
    before: int | None = None
    while True:
        with database.read() as session:
            records = repository.newest(session, filters, before=before, limit=EXPORT_BATCH)
        yield from records
        if len(records) < EXPORT_BATCH:
            return
        before = records[-1].id


def prune(database: Database, keep_days: int) -> int:
    """Delete records that are older, a few at a time, so that nobody waits for it; how many."""
    moment = utcnow() - timedelta(days=keep_days)
    total = 0
    while True:
        with database.write() as session:
            deleted = repository.delete_older(session, moment, PRUNE_BATCH)
        total += deleted
        if deleted < PRUNE_BATCH:
            return total


def note_export(session: WriteSession, principal: Principal, chosen: dict[str, Any]) -> None:
    """Note that somebody takes the records away; `chosen`: the format and the filters."""
    given = {name: value for name, value in chosen.items() if value is not None}
    record(session, "audit.export", principal=principal, details=given)
