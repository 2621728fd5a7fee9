"""The audit log over HTTP: for superusers only."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

from magpie.accounts.security import Superuser
from magpie.audit import export, service
from magpie.audit.schemas import AuditOut, AuditPage
from magpie.audit.service import Filters
from magpie.kit.clock import utcnow
from magpie.kit.errors import NotAllowed, NotAuthenticated, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import Moment, ReadDb, WriteDb
from magpie.web import Context

router = SliceRouter(
    prefix="/api/v1/audit", tags=["audit"], responses=responses(NotAuthenticated, NotAllowed, RuleBroken)
)


def _filters(
    user_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    username: Annotated[str | None, Query(max_length=254)] = None,
    action: Annotated[
        str | None, Query(max_length=64, description="how the action's name begins: `download.`")
    ] = None,
    outcome: Literal["success", "failure"] | None = None,
    ip: Annotated[str | None, Query(max_length=45)] = None,
    since: Annotated[Moment | None, Query(description="not before; UTC where no offset is given")] = None,
    until: Annotated[Moment | None, Query(description="before; UTC where no offset is given")] = None,
) -> Filters:
    return Filters(user_id, username, action, outcome, ip, since, until)


ChosenRecords = Annotated[Filters, Depends(_filters)]


@router.get("")
def list_audit(
    _user: Superuser,
    session: ReadDb,
    filters: ChosenRecords,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AuditPage:
    """Who did what, newest first."""
    page = service.page(session, filters, cursor=cursor, limit=limit)
    records = [AuditOut.model_validate(record) for record in page.records]
    return AuditPage(records=records, next_cursor=page.next_cursor)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}, "application/x-ndjson": {}}, "description": "The records."}},
)
def export_audit(
    user: Superuser,
    session: WriteDb,
    context: Context,
    filters: ChosenRecords,
    format: Annotated[Literal["csv", "jsonl"], Query()] = "csv",  # noqa: A002  the parameter's name
) -> StreamingResponse:
    """All records that the filters let pass, as CSV or as JSON lines; noted in the audit log itself."""
    service.note_export(session, user, {"format": format, **asdict(filters)})
    records = service.every(context.database, filters)
    lines = export.as_csv(records) if format == "csv" else export.as_json_lines(records)
    name = f"magpie-audit-{utcnow():%Y%m%d-%H%M%S}.{format}"
    return StreamingResponse(
        lines,
        media_type="text/csv; charset=utf-8" if format == "csv" else "application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
