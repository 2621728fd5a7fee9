"""The library over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import FileResponse

from magpie.accounts.security import CurrentUser
from magpie.context import AppContext
from magpie.kit.errors import Conflict, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.library import facets, pages, service
from magpie.library.answers import details_out, items_out, one_out
from magpie.library.models import ItemFile
from magpie.library.playing.files import ASK_AGAIN, PreconditionFailed, RangeNotSatisfiable, answer
from magpie.library.schemas import (
    FacetQuery,
    FacetsOut,
    FacetValue,
    ItemDetails,
    ItemOut,
    ItemPage,
    ItemQuery,
    LinkFacet,
    Pin,
)
from magpie.library.trash import service as trash
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/items", tags=["library"], responses=responses(NotAuthenticated))

FILE_ANSWERS = responses(NotFound, PreconditionFailed, RangeNotSatisfiable)


@router.get("", responses=responses(RuleBroken))
def list_items(user: CurrentUser, session: ReadDb, query: Annotated[ItemQuery, Query()]) -> ItemPage:
    """What has been saved, newest first if nothing else is said. Words are found in any script, as beginnings, by their
    sound in Latin letters, and with a slip of the hand if nothing is found as it is written."""
    page = pages.page(session, user, query.filter, sort=query.sort, cursor=query.cursor, limit=query.limit)
    return ItemPage(
        items=items_out(session, user, page.items),
        next_cursor=page.next_cursor,
        total=page.total,
        total_is_exact=page.total_is_exact,
    )


@router.get("/facets")
def item_facets(user: CurrentUser, session: ReadDb, wanted: Annotated[FacetQuery, Query()]) -> FacetsOut:
    """What the items of a list have in common, with counts: to choose from."""
    found = facets.facets(session, user, wanted.filter)
    named = {
        name: [FacetValue(value=value, count=count) for value, count in values]
        for name, values in found.values.items()
    }
    links = [LinkFacet(id=link_id, name=name, count=count) for link_id, name, count in found.links]
    return FacetsOut(counted=found.counted, is_exact=found.is_exact, link=links, **named)


@router.get("/{item_id}", responses=responses(NotFound))
def get_item(item_id: RowId, user: CurrentUser, session: ReadDb) -> ItemDetails:
    """One item with its files, your links that have it, and your collections that it is in."""
    return details_out(session, user, service.get_item(session, user, item_id))


@router.put("/{item_id}/pin", responses=responses(NotFound))
def pin_item(item_id: RowId, body: Pin, user: CurrentUser, session: WriteDb) -> ItemOut:
    """Keep the item whatever the retention of links says, or give it up to that again."""
    return one_out(session, user, service.pin(session, user, item_id, pinned=body.pinned))


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
    """The item's small picture; also of what lies in the trash."""
    item = service.get_item(session, user, item_id, with_trash=True)
    return _send(request, context, service.thumbnail(item), cache="private, max-age=86400")


@router.delete("/{item_id}", responses=responses(NotFound, Conflict))
def delete_item(
    item_id: RowId,
    user: CurrentUser,
    session: WriteDb,
    context: Context,
    forever: Annotated[bool, Query(description="delete at once, also what lies in the trash")] = False,
    everybody: Annotated[
        bool, Query(description="of a superuser, for good: also where only others have it")
    ] = False,
) -> ItemOut:
    """Move the item from your library into the trash; the files go when the last one who holds it empties theirs."""
    item = service.get_item(session, user, item_id, with_trash=forever)
    answer = one_out(session, user, item)
    if not trash.remove(context, session, user, [item_id], forever=forever, everybody=everybody):
        raise Conflict(trash.OTHERS)
    return answer
