"""Downloads over HTTP: the canonical paths, and the older names as aliases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query, Request

from magpie.accounts.security import CurrentUser
from magpie.downloads import service
from magpie.downloads.bench import Bench
from magpie.downloads.models import Download, Status
from magpie.downloads.schemas import (
    DownloadCreate,
    DownloadOut,
    DownloadPage,
    Inspection,
    InspectRequest,
    StatusName,
)
from magpie.kit.db import ReadSession
from magpie.kit.errors import Conflict, NotAuthenticated, NotFound, RuleBroken, Unavailable, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.sites import service as sites
from magpie.sites.service import Rest
from magpie.web import Context

router = SliceRouter(tags=["downloads"], responses=responses(NotAuthenticated))

CANONICAL = "/api/v1/downloads"


def _out(session: ReadSession, download: Download) -> DownloadOut:
    return download_out(download, sites.resting(session, [download.site]))


def download_out(download: Download, rests: Mapping[str, Rest] | None = None) -> DownloadOut:
    """A download as it is answered. `rests`: the sites that are left alone; what waits for one says so."""
    fields = {name: getattr(download, name, None) for name in DownloadOut.model_fields}
    fields["hint"] = service.hint_of(download)
    rest = (rests or {}).get(download.site)
    if rest is not None and download.status == Status.PENDING:
        fields |= service.waiting_for(download, rest)
    fields["thumbnail_url"] = f"/api/v1/items/{download.item_id}/thumbnail" if download.item_id else None
    return DownloadOut.model_validate(fields)


@router.post("/api/download", include_in_schema=False)
@router.post("/api/downloads", include_in_schema=False)
@router.post(CANONICAL, responses=responses(RuleBroken))
def create_download(
    body: DownloadCreate, user: CurrentUser, session: WriteDb, context: Context
) -> DownloadOut:
    """Save the medium at an address."""
    wanted = service.Wanted(body.url, body.profile, body.title or None, body.artist or None)
    return _out(session, service.ask_for(context, session, user, wanted))


@router.get("/api/downloads", include_in_schema=False)
@router.get(CANONICAL)
def list_downloads(
    user: CurrentUser,
    session: ReadDb,
    page: Annotated[int, Query(ge=1, le=10_000_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=200)] = 20,
    status: Annotated[list[StatusName] | None, Query(description="only these states")] = None,
) -> DownloadPage:
    """Your downloads, newest first."""
    downloads, total = service.page(session, user, statuses=status or (), number=page, size=per_page)
    rests = sites.resting(session, {download.site for download in downloads})
    return DownloadPage(
        downloads=[download_out(download, rests) for download in downloads],
        total=total,
        page=page,
        per_page=per_page,
    )


@router.get("/api/downloads/{download_id}", include_in_schema=False)
@router.get(CANONICAL + "/{download_id}", responses=responses(NotFound))
def get_download(download_id: RowId, user: CurrentUser, session: ReadDb) -> DownloadOut:
    """One download."""
    return _out(session, service.get(session, user, download_id))


@router.post("/api/downloads/{download_id}/cancel", include_in_schema=False)
@router.post(CANONICAL + "/{download_id}/cancel", responses=responses(NotFound, Conflict))
def cancel_download(download_id: RowId, user: CurrentUser, session: WriteDb, context: Context) -> DownloadOut:
    """End a download; its processes and temporary files are gone within two seconds."""
    return _out(session, service.cancel(context, session, user, download_id))


@router.post("/api/downloads/{download_id}/retry", include_in_schema=False)
@router.post(CANONICAL + "/{download_id}/retry", responses=responses(NotFound, Conflict))
def retry_download(download_id: RowId, user: CurrentUser, session: WriteDb, context: Context) -> DownloadOut:
    """Try a download again, now; where its site has asked for a rest, when that is over."""
    return _out(session, service.retry(context, session, user, download_id))


@router.post("/api/v1/inspect", responses=responses(RuleBroken, Unavailable))
def inspect(body: InspectRequest, _user: CurrentUser, request: Request) -> Inspection:
    """Say what an address is and what can be done with it, within about a second."""
    bench: Bench | None = getattr(request.app.state, "bench", None)
    if bench is None:
        raise Unavailable("This server does not look at addresses itself.")
    return bench.inspect(body.url)
