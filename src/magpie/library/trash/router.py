"""The trash over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Query

from magpie.accounts.security import CurrentUser
from magpie.kit.errors import NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.library.answers import items_out, one_out
from magpie.library.schemas import ItemOut
from magpie.library.trash import service
from magpie.library.trash.schemas import Emptied, TrashedItem, TrashPage
from magpie.library.turns import LongTurn
from magpie.web import Context

router = SliceRouter(prefix="/api/v1", tags=["library"], responses=responses(NotAuthenticated))


@router.get("/trash", responses=responses(RuleBroken))
def list_trash(
    user: CurrentUser,
    session: ReadDb,
    context: Context,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TrashPage:
    """What you have deleted and can still take out again."""
    page = service.page(session, user, cursor=cursor, limit=limit)
    kept_for = timedelta(days=context.settings.trash_days)
    answers = items_out(session, user, [one.item for one in page.thrown])
    items = [
        TrashedItem(**answer.model_dump(), trashed_at=one.trashed_at, goes_at=one.trashed_at + kept_for)
        for one, answer in zip(page.thrown, answers, strict=True)
    ]
    return TrashPage(items=items, next_cursor=page.next_cursor, total=page.total, size=page.size)


@router.delete("/trash")
def empty_trash(
    user: CurrentUser,
    context: Context,
    _turn: LongTurn,
    everybody: Annotated[bool, Query(description="of a superuser: what others have deleted, too")] = False,
) -> Emptied:
    """Delete for ever all that you have in the trash; with `everybody` all that `GET` shows to a superuser."""
    return Emptied(count=service.empty(context, user, everybody=everybody))


@router.post("/items/{item_id}/restore", responses=responses(NotFound))
def restore_item(item_id: RowId, user: CurrentUser, session: WriteDb) -> ItemOut:
    """Take an item out of the trash again, with all that you had made of it."""
    found = service.restore(session, user, [item_id])
    if not found:
        raise NotFound
    return one_out(session, user, found[0])
