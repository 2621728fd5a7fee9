"""The library over HTTP."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import FileResponse

from magpie.accounts.security import CurrentUser
from magpie.context import AppContext
from magpie.kit.errors import NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.library import service
from magpie.library.models import Item, ItemFile
from magpie.library.playing.files import ASK_AGAIN, PreconditionFailed, RangeNotSatisfiable, answer
from magpie.library.schemas import FileOut, ItemKind, ItemOut, ItemPage, Pin
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/items", tags=["library"], responses=responses(NotAuthenticated))

FILE_ANSWERS = responses(NotFound, PreconditionFailed, RangeNotSatisfiable)


def item_out(item: Item, pinned: Collection[int] = ()) -> ItemOut:
    """`pinned`: ids of items that the caller has pinned."""
    path = f"/api/v1/items/{item.id}"
    return ItemOut(
        id=item.id,
        kind=item.kind,
        title=item.title,
        artist=item.artist,
        album=item.album,
        description=item.description,
        duration=item.duration,
        size=item.size,
        source_url=item.source_url,
        site=item.site,
        extractor=item.extractor,
        quality=item.quality,
        published_at=item.published_at,
        created_at=item.created_at,
        thumbnail_url=f"{path}/thumbnail" if service.thumbnail(item) else None,
        file_url=f"{path}/file",
        pinned=item.id in pinned,
        files=[FileOut.model_validate(file) for file in item.files],
    )


@router.get("", responses=responses(RuleBroken))
def list_items(
    user: CurrentUser,
    session: ReadDb,
    q: Annotated[
        str | None, Query(max_length=200, description="words that title, artist or album hold")
    ] = None,
    kind: ItemKind | None = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ItemPage:
    """What has been saved, newest first."""
    page = service.list_items(session, user, q=q, kind=kind, cursor=cursor, limit=limit)
    pinned = service.pinned(session, user, [item.id for item in page.items])
    items = [item_out(item, pinned) for item in page.items]
    return ItemPage(items=items, next_cursor=page.next_cursor, total=page.total)


@router.get("/{item_id}", responses=responses(NotFound))
def get_item(item_id: RowId, user: CurrentUser, session: ReadDb) -> ItemOut:
    """One item with its files."""
    item = service.get_item(session, user, item_id)
    return item_out(item, service.pinned(session, user, [item_id]))


@router.put("/{item_id}/pin", responses=responses(NotFound))
def pin_item(item_id: RowId, body: Pin, user: CurrentUser, session: WriteDb) -> ItemOut:
    """Keep the item whatever the retention of links says, or give it up to that again."""
    item = service.pin(session, user, item_id, pinned=body.pinned)
    return item_out(item, service.pinned(session, user, [item_id]))


def _send(
    request: Request,
    context: AppContext,
    file: ItemFile | None,
    *,
    download: bool = False,
    cache: str = ASK_AGAIN,
) -> Response:
    if file is None:
        raise NotFound
    path = service.open_file(service.roots_of(context), file)
    return answer(request, path, name=path.name, mime=file.mime, download=download, cache=cache)


@router.head("/{item_id}/file", include_in_schema=False)
@router.get("/{item_id}/file", response_class=FileResponse, responses=FILE_ANSWERS)
def get_file(
    item_id: RowId,
    user: CurrentUser,
    session: ReadDb,
    context: Context,
    request: Request,
    file: Annotated[
        int | None, Query(description="id of one of the item's files; the main file if left out")
    ] = None,
    download: bool = False,
) -> Response:
    """A file's bytes, with ranges and conditional requests."""
    item = service.get_item(session, user, item_id)
    if file is None:
        return _send(request, context, service.main_file(item), download=download)
    chosen = next((one for one in item.files if one.id == file), None)
    return _send(request, context, chosen, download=download)


@router.head("/{item_id}/thumbnail", include_in_schema=False)
@router.get("/{item_id}/thumbnail", response_class=FileResponse, responses=FILE_ANSWERS)
def get_thumbnail(
    item_id: RowId, user: CurrentUser, session: ReadDb, context: Context, request: Request
) -> Response:
    """The item's small picture."""
    item = service.get_item(session, user, item_id)
    return _send(request, context, service.thumbnail(item), cache="private, max-age=86400")


@router.delete("/{item_id}", responses=responses(NotFound))
def delete_item(item_id: RowId, user: CurrentUser, session: WriteDb, context: Context) -> ItemOut:
    """Take the item out of your library; the files go with the last one who holds it."""
    item = service.get_item(session, user, item_id)
    answer = item_out(item, service.pinned(session, user, [item_id]))
    filing = service.filing_of(context)
    service.remove_item(session, user, item_id, afterwards=lambda: filing.recover(service.DELETED, 0))
    return answer
