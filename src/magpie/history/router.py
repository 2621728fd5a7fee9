"""The history over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from magpie.accounts.security import CurrentUser
from magpie.history import service
from magpie.history.schemas import CheckDetails, HistoryOut, StatusName
from magpie.kit.errors import NotAuthenticated, NotFound, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import LARGEST_ROW_ID, ReadDb, RowId

router = SliceRouter(prefix="/api/v1/history", tags=["history"], responses=responses(NotAuthenticated))

RowIdQuery = Annotated[int | None, Query(ge=1, le=LARGEST_ROW_ID)]


def history_out(told: service.Told) -> HistoryOut:
    record = told.record
    return HistoryOut(
        id=record.id,
        link_id=record.link_id,
        link_name=record.link_name,
        timestamp=record.timestamp,
        status="failure" if record.status == service.FAILURE else "success",
        message=record.message,
        downloaded_files=told.files,
        details=CheckDetails.model_validate(record.details),
        queued=record.queued,
        landed=record.landed,
        failed=record.failed,
    )


@router.get("")
def list_history(
    user: CurrentUser,
    session: ReadDb,
    link_id: RowIdQuery = None,
    status: StatusName | None = None,
    before: Annotated[
        int | None,
        Query(
            ge=1, le=LARGEST_ROW_ID, description="only records with a smaller id: the same cost at any depth"
        ),
    ] = None,
    skip: Annotated[int, Query(ge=0, le=LARGEST_ROW_ID)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[HistoryOut]:
    """The checks of your links, newest first. To page deeply, send the last id as `before` instead of skipping."""
    told = service.page(session, user, link_id=link_id, status=status, before=before, skip=skip, limit=limit)
    return [history_out(one) for one in told]


@router.get("/{history_id}", responses=responses(NotFound))
def get_history(history_id: RowId, user: CurrentUser, session: ReadDb) -> HistoryOut:
    """One check."""
    return history_out(service.get(session, user, history_id))
