"""Care over HTTP: scans are for superusers, storage is for everybody."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from magpie.accounts.security import CurrentUser, Superuser
from magpie.kit.errors import Conflict, NotAllowed, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.library.care import service, storage
from magpie.library.care.schemas import ScanOut, ScanPage, ScanWanted, Storage
from magpie.library.models import Scan
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/library", tags=["library"], responses=responses(NotAuthenticated))


def _scan_out(scan: Scan) -> ScanOut:
    return ScanOut.model_validate(
        {
            "id": scan.id,
            "status": scan.status,
            "adopts": scan.adopts,
            "counts": scan.counts or {},
            "problems": scan.problems or [],
            "message": scan.message,
            "created_at": scan.created_at,
            "started_at": scan.started_at,
            "ended_at": scan.ended_at,
        }
    )


@router.post("/scans", responses=responses(NotAllowed, Conflict))
def begin_scan(body: ScanWanted, user: Superuser, context: Context, session: WriteDb) -> ScanOut:
    """Look through the media folders for files that have moved, changed or gone, and for media that no item has."""
    return _scan_out(service.begin(context, session, user, adopt=body.adopt))


@router.get("/scans", responses=responses(NotAllowed, RuleBroken))
def list_scans(
    _user: Superuser,
    session: ReadDb,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = service.PAGE,
) -> ScanPage:
    """The scans of late, newest first."""
    page = service.page(session, cursor, limit)
    return ScanPage(scans=[_scan_out(scan) for scan in page.scans], next_cursor=page.next_cursor)


@router.get("/scans/{scan_id}", responses=responses(NotAllowed, NotFound))
def get_scan(scan_id: RowId, _user: Superuser, session: ReadDb) -> ScanOut:
    """One scan, and how far it is."""
    return _scan_out(service.get(session, scan_id))


@router.post("/scans/{scan_id}/cancel", responses=responses(NotAllowed, NotFound))
def cancel_scan(scan_id: RowId, user: Superuser, context: Context, session: WriteDb) -> ScanOut:
    """End a scan. What it has noted stays."""
    return _scan_out(service.cancel(context, session, user, scan_id))


@router.get("/storage")
def get_storage(user: CurrentUser, context: Context, session: ReadDb) -> Storage:
    """What takes how much room, and how much there is."""
    return storage.of(context, session, user)
