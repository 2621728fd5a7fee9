"""Every query on log lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Text, cast, delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from magpie.admin.logs.models import LogLine
from magpie.kit.db import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Filters:
    """Which lines; what is None does not matter. `level`: this number and above; `source`: how it begins."""

    level: int | None = None
    source: str | None = None
    host: str | None = None
    task_id: int | None = None
    link_id: int | None = None
    download_id: int | None = None
    q: str | None = None
    before_id: int | None = None


def add_all(session: WriteSession, lines: Sequence[LogLine]) -> None:
    """Add the lines, in this order; they have their ids afterwards."""
    session.add_all(lines)
    session.flush()


def newest(session: ReadSession, filters: Filters, *, skip: int, limit: int) -> Sequence[LogLine]:
    query: Select[LogLine] = select(LogLine).order_by(LogLine.id.desc()).offset(skip).limit(limit)
    for column, value in (
        (LogLine.host, filters.host),
        (LogLine.task_id, filters.task_id),
        (LogLine.link_id, filters.link_id),
        (LogLine.download_id, filters.download_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if filters.level is not None:
        query = query.where(LogLine.level >= filters.level)
    if filters.source is not None:
        query = query.where(LogLine.source.startswith(filters.source, autoescape=True))
    if filters.before_id is not None:
        query = query.where(LogLine.id < filters.before_id)
    for word in (filters.q or "").split():
        query = query.where(_holds(word, is_sqlite=session.get_bind().dialect.name == "sqlite"))
    return session.scalars(query).all()


def _holds(word: str, *, is_sqlite: bool) -> ColumnElement[bool]:
    """Whether message or fields hold the word. SQLite keeps JSON as text in which only ASCII is plain."""
    in_json = json.dumps(word, ensure_ascii=is_sqlite)[1:-1]
    return or_(_like(LogLine.message, word), _like(cast(LogLine.fields, Text), in_json))


def _like(column: InstrumentedAttribute[str] | ColumnElement[str], text: str) -> ColumnElement[bool]:
    return column.icontains(text, autoescape=True)


def trim(session: WriteSession, kept: int) -> None:
    """Delete all but the newest lines."""
    last = select(LogLine.id).order_by(LogLine.id.desc()).offset(kept).limit(1).scalar_subquery()
    session.execute(delete(LogLine).where(LogLine.id <= last))
