"""Links over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from magpie.accounts.security import CurrentUser
from magpie.downloads.bench import Bench
from magpie.kit.db import ReadSession
from magpie.kit.errors import Conflict, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import LARGEST_ROW_ID, ReadDb, RowId, WriteDb
from magpie.links import recognise, service
from magpie.links.models import Link, Verdict
from magpie.links.schemas import (
    BulkAnswer,
    Counts,
    DeletedLink,
    Filters,
    LinkCreate,
    LinkOut,
    LinksCreate,
    LinkUpdate,
    Message,
    Retention,
    Sort,
    StatusName,
    TypeName,
)
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/links", tags=["links"], responses=responses(NotAuthenticated))

TOTAL: dict[int | str, dict[str, object]] = {
    200: {
        "headers": {
            "X-Total-Count": {"description": "how many there are in all", "schema": {"type": "integer"}}
        }
    }
}
_MADE = ("filters", "retention", "status", "hint", "picture_url", "counts", "cookies", "has_cookies")


def link_out(link: Link, busy: dict[int, bool]) -> LinkOut:
    """`busy`: as `service.busy_links`."""
    fields = {name: getattr(link, name) for name in LinkOut.model_fields if name not in _MADE}
    return LinkOut(
        **fields,
        has_cookies=link.sealed_cookies is not None,
        filters=Filters.model_validate(link.filters),
        retention=Retention.model_validate(link.retention),
        status=service.status_of(link, busy),
        hint=service.hint_of(link),
        picture_url=f"/api/v1/links/{link.id}/picture" if link.picture_path else None,
        counts=counts_out(link),
    )


def counts_out(link: Link) -> Counts:
    """The entries by verdict, as the page shows them."""
    by_verdict = link.counts
    return Counts(
        known=sum(by_verdict.values()),
        downloaded=by_verdict.get(Verdict.DOWNLOADED, 0),
        wanted=by_verdict.get(Verdict.WANTED, 0) + by_verdict.get(Verdict.WAITING, 0),
        failed=by_verdict.get(Verdict.FAILED, 0),
        skipped=by_verdict.get(Verdict.SKIPPED, 0),
    )


def _answer(session: ReadSession, link: Link) -> LinkOut:
    return link_out(link, service.busy_links(session))


@router.post("", responses=responses(RuleBroken, Conflict))
async def create_link(body: LinkCreate, user: CurrentUser, request: Request, context: Context) -> LinkOut:
    """Follow a source: a channel, a playlist, an artist, a gallery, a feed, a live channel, or a page.

    It is looked at at once. Type and name are found out when they are left out.
    """
    bench: Bench | None = getattr(request.app.state, "bench", None)

    def create() -> LinkOut:
        # Outside of the unit of work: it may take a second.
        recognised = None if body.type not in (None, "auto") else recognise.looked_up(body.url, bench)
        with context.database.write() as session:
            link = service.create(context, session, user, body, recognised=recognised)
            return _answer(session, link)

    return await run_in_threadpool(create)


@router.get("", responses=TOTAL)
def list_links(
    user: CurrentUser,
    session: ReadDb,
    response: Response,
    q: Annotated[str | None, Query(max_length=200, description="words in name, address or tags")] = None,
    tag: Annotated[str | None, Query(max_length=100)] = None,
    type: TypeName | None = None,  # noqa: A002
    status: StatusName | None = None,
    is_enabled: bool | None = None,
    site: Annotated[str | None, Query(max_length=255)] = None,
    sort: Sort = "newest",
    skip: Annotated[int, Query(ge=0, le=LARGEST_ROW_ID)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[LinkOut]:
    """What you follow. The header `X-Total-Count` says how many links there are in all."""
    choice = service.Choice(q, tag, type, status, is_enabled, site)
    links, total, busy = service.page(session, user, choice, sort=sort, skip=skip, limit=limit)
    response.headers["X-Total-Count"] = str(total)
    return [link_out(link, busy) for link in links]


@router.post("/bulk", responses=responses(RuleBroken))
def create_links(body: LinksCreate, user: CurrentUser, session: WriteDb, context: Context) -> BulkAnswer:
    """Follow several sources alike. What is followed already, or cannot be, is told and stops nothing."""
    return service.create_several(context, session, user, body)


@router.get("/{link_id}", responses=responses(NotFound))
def get_link(link_id: RowId, user: CurrentUser, session: ReadDb) -> LinkOut:
    """One link."""
    return _answer(session, service.get(session, user, link_id))


@router.put("/{link_id}", responses=responses(NotFound, RuleBroken, Conflict))
def update_link(
    link_id: RowId, body: LinkUpdate, user: CurrentUser, session: WriteDb, context: Context
) -> LinkOut:
    """Change a link; what is left out stays. Disabling takes back the check that waits."""
    return _answer(session, service.update(context, session, user, link_id, body))


@router.delete("/{link_id}", responses=responses(NotFound))
def delete_link(
    link_id: RowId,
    user: CurrentUser,
    session: WriteDb,
    context: Context,
    items: Annotated[
        Literal["keep", "delete"],
        Query(description="`delete`: what no other link brought goes from the library, unless it is pinned"),
    ] = "keep",
) -> DeletedLink:
    """Follow a link no more. Its checks and downloads end; the history stays."""
    answer = _answer(session, service.get(session, user, link_id))
    _link, gone = service.remove(context, session, user, link_id, with_items=items == "delete")
    return DeletedLink(**answer.model_dump(exclude={"picture_url"}), picture_url=None, deleted_items=gone)


@router.post("/{link_id}/check", responses=responses(NotFound))
def check_link(link_id: RowId, user: CurrentUser, session: WriteDb, context: Context) -> Message:
    """Look for what is new, now. Downloads follow if the link downloads by itself."""
    service.trigger(context, session, user, link_id, service.Mode.CHECK)
    return Message(msg=f"Check triggered for link {link_id}")


@router.post("/{link_id}/trigger-download", responses=responses(NotFound))
def trigger_download(link_id: RowId, user: CurrentUser, session: WriteDb, context: Context) -> Message:
    """Look for what is new, now, and download it, whatever the link says of itself."""
    service.trigger(context, session, user, link_id, service.Mode.DOWNLOAD)
    return Message(msg=f"Download triggered for link {link_id}")


@router.get("/{link_id}/picture", response_class=FileResponse, responses=responses(NotFound))
def get_picture(link_id: RowId, user: CurrentUser, session: ReadDb, context: Context) -> FileResponse:
    """The source's picture: Magpie's own copy."""
    path = service.picture_file(context, service.get(session, user, link_id))
    if path is None or not path.is_file():
        raise NotFound
    return FileResponse(path, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})
