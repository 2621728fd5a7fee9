"""The logs of all hosts over HTTP: for superusers only."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from magpie.accounts.security import Superuser
from magpie.admin.logs import service
from magpie.admin.logs.schemas import LevelName, LogOut
from magpie.admin.logs.service import Filters, LogLine
from magpie.kit.errors import NotAllowed, NotAuthenticated, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb

router = SliceRouter(
    prefix="/api/v1/logs", tags=["logs"], responses=responses(NotAuthenticated, NotAllowed, RuleBroken)
)

Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


def _log_out(line: LogLine) -> LogOut:
    return LogOut.model_validate(
        {
            "id": line.id,
            "timestamp": line.at,
            "level": service.level_name(line.level),
            "source": line.source,
            "host": line.host,
            "message": line.message,
            "task_id": line.task_id,
            "link_id": line.link_id,
            "download_id": line.download_id,
            "fields": line.fields,
        }
    )


@router.get("")
def list_logs(
    _user: Superuser,
    session: ReadDb,
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    level: Annotated[LevelName | None, Query(description="this one and graver ones")] = None,
    source: Annotated[str | None, Query(max_length=128, description="how the source begins")] = None,
    host: Annotated[str | None, Query(max_length=128)] = None,
    task_id: Number = None,
    link_id: Number = None,
    download_id: Number = None,
    q: Annotated[str | None, Query(max_length=200, description="words that message or fields hold")] = None,
    before_id: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="older than this line")] = None,
) -> list[LogOut]:
    """Lines of the log, newest first."""
    number = service.level_number(level) if level else None
    filters = Filters(number, source, host, task_id, link_id, download_id, q, before_id)
    return [_log_out(line) for line in service.find(session, filters, skip=skip, limit=limit)]
