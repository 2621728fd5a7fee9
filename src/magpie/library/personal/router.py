"""Favourites, tags and where playing stopped, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from magpie.accounts.security import CurrentUser
from magpie.kit.errors import Conflict, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.library import service as library
from magpie.library.answers import items_out, one_out, playback_out
from magpie.library.personal import service
from magpie.library.personal.schemas import (
    FavouriteIn,
    PlaybackIn,
    PlaybackOut,
    TagCount,
    TagList,
    TagsIn,
)
from magpie.library.schemas import ItemOut, ItemPage

router = SliceRouter(prefix="/api/v1", tags=["library"], responses=responses(NotAuthenticated))


@router.get("/items/in-progress", responses=responses(RuleBroken))
def list_in_progress(
    user: CurrentUser,
    session: ReadDb,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ItemPage:
    """What you have begun to play and not finished, what you played last first."""
    page = service.in_progress(session, user, cursor=cursor, limit=limit)
    items = items_out(session, user, page.items)
    return ItemPage(items=items, next_cursor=page.next_cursor, total=page.total, total_is_exact=True)


@router.get("/tags")
def list_tags(user: CurrentUser, session: ReadDb) -> TagList:
    """Your tags, and how many items in your library have each."""
    return TagList(tags=[TagCount(name=name, count=count) for name, count in service.tags(session, user)])


@router.put("/items/{item_id}/tags", responses=responses(NotFound))
def set_tags(item_id: RowId, body: TagsIn, user: CurrentUser, session: WriteDb) -> ItemOut:
    """Have these tags on an item and no others. Nobody else sees them."""
    service.set_tags(session, user, item_id, body.tags)
    return one_out(session, user, library.get_item(session, user, item_id))


@router.put("/items/{item_id}/favourite", responses=responses(NotFound, Conflict))
def set_favourite(item_id: RowId, body: FavouriteIn, user: CurrentUser, session: WriteDb) -> ItemOut:
    """Make an item one of your favourites, or not any more."""
    service.favour_one(session, user, item_id, is_favourite=body.is_favourite)
    return one_out(session, user, library.get_item(session, user, item_id))


@router.get("/items/{item_id}/playback", responses=responses(NotFound))
def get_playback(item_id: RowId, user: CurrentUser, session: ReadDb) -> PlaybackOut:
    """Where you stopped playing an item."""
    return playback_out(service.playback(session, user, item_id))


@router.put("/items/{item_id}/playback", responses=responses(NotFound))
def set_playback(item_id: RowId, body: PlaybackIn, user: CurrentUser, session: WriteDb) -> PlaybackOut:
    """Say where you are in an item: every few seconds while it plays, and when it stops."""
    return playback_out(service.play(session, user, item_id, body.position, body.is_finished))


@router.delete("/items/{item_id}/playback", responses=responses(NotFound))
def forget_playback(item_id: RowId, user: CurrentUser, session: WriteDb) -> PlaybackOut:
    """Forget that you ever played an item."""
    service.forget(session, user, item_id)
    return playback_out(None)
