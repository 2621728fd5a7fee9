"""Log lines as people see them: found again, and told to who watches."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from magpie.admin.logs import repository
from magpie.admin.logs.models import LogLine
from magpie.admin.logs.repository import Filters
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.events import Event

__all__ = [
    "LOG_EVENT",
    "Filters",
    "LogLine",
    "event_of",
    "find",
    "level_name",
    "level_number",
    "store",
    "trim",
]

LOG_EVENT = "log"
MAX_TOLD = 1000  # characters of a message in a live event; PostgreSQL carries no long ones


def level_number(name: str) -> int:
    return logging.getLevelNamesMapping()[name.upper()]


def level_name(number: int) -> str:
    """The name of the nearest level that is not above; libraries have levels of their own in between."""
    for level in (logging.CRITICAL, logging.ERROR, logging.WARNING, logging.INFO):
        if number >= level:
            return logging.getLevelName(level).lower()
    return "debug"


def find(session: ReadSession, filters: Filters, *, skip: int, limit: int) -> Sequence[LogLine]:
    """The newest lines that the filters let pass, newest first."""
    return repository.newest(session, filters, skip=skip, limit=limit)


def store(session: WriteSession, lines: Sequence[LogLine]) -> None:
    repository.add_all(session, lines)


def trim(session: WriteSession, kept: int) -> None:
    repository.trim(session, kept)


def event_of(line: LogLine) -> Event:
    """The live event of a line; superusers alone may see it."""
    body: dict[str, Any] = {
        "type": LOG_EVENT,
        "id": line.id,
        "timestamp": line.at.isoformat(),
        "level": level_name(line.level),
        "source": line.source,
        "host": line.host,
        "message": line.message[:MAX_TOLD],
        "task_id": line.task_id,
        "link_id": line.link_id,
        "download_id": line.download_id,
        "fields": line.fields,
    }
    return Event(None, body)
