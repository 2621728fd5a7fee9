"""Every query on audit records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select

from magpie.audit.models import AuditRecord
from magpie.kit.db import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Filters:
    """Which records; what is None does not matter. `action`: how the name begins."""

    user_id: int | None = None
    username: str | None = None
    action: str | None = None
    outcome: str | None = None
    ip: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def add(session: WriteSession, record: AuditRecord) -> None:
    session.add(record)


def _chosen(filters: Filters, before: int | None, limit: int) -> Select[AuditRecord]:
    query = select(AuditRecord).order_by(AuditRecord.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditRecord.id < before)
    for column, value in (
        (AuditRecord.user_id, filters.user_id),
        (AuditRecord.username, filters.username),
        (AuditRecord.outcome, filters.outcome),
        (AuditRecord.ip, filters.ip),
    ):
        if value is not None:
            query = query.where(column == value)
    if filters.action is not None:
        query = query.where(AuditRecord.action.startswith(filters.action.lower(), autoescape=True))
    if filters.since is not None:
        query = query.where(AuditRecord.at >= filters.since)
    if filters.until is not None:
        query = query.where(AuditRecord.at < filters.until)
    return query


def newest(
    session: ReadSession, filters: Filters, *, before: int | None = None, limit: int
) -> Sequence[AuditRecord]:
    """The newest records with an id below `before`."""
    return session.scalars(_chosen(filters, before, limit)).all()


def delete_older(session: WriteSession, moment: datetime, limit: int) -> int:
    """Delete up to `limit` of the records from before `moment`; how many."""
    old = select(AuditRecord.id).where(AuditRecord.at < moment).limit(limit)
    deleted = session.scalars(delete(AuditRecord).where(AuditRecord.id.in_(old)).returning(AuditRecord.id))
    return len(deleted.all())
