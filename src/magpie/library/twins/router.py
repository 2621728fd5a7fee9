"""Twins over HTTP: everybody sees their own, superusers make one of two."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response, status

from magpie.accounts.security import CurrentUser, Superuser
from magpie.kit.errors import Conflict, NotAllowed, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.library.answers import items_out, one_out
from magpie.library.schemas import ItemOut
from magpie.library.twins import service
from magpie.library.twins.schemas import AliasOut, Dismissal, Merge, TwinPage, TwinPair, Unmerged

router = SliceRouter(prefix="/api/v1", tags=["library"], responses=responses(NotAuthenticated))


@router.get("/library/twins", responses=responses(RuleBroken))
def list_twins(
    user: CurrentUser,
    session: ReadDb,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> TwinPage:
    """Pairs of your songs that may be the same: the same ISRC, the same tags and length, or the same sound."""
    page = service.pairs(session, user, cursor=cursor, limit=limit)
    pairs = [
        TwinPair.model_validate(
            {"items": items_out(session, user, pair.items), "reason": pair.reason, "score": pair.score}
        )
        for pair in page.pairs
    ]
    return TwinPage(pairs=pairs, next_cursor=page.next_cursor)


@router.post(
    "/library/twins/dismiss",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=responses(NotAllowed, NotFound),
)
def dismiss_twins(body: Dismissal, user: Superuser, session: WriteDb) -> Response:
    """Say that two songs are two: they are not shown as a pair any more."""
    service.dismiss(session, user, body.ids[0], body.ids[1])
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.post("/items/{item_id}/merge", responses=responses(NotAllowed, NotFound, RuleBroken, Conflict))
def merge_items(item_id: RowId, body: Merge, user: Superuser, session: WriteDb) -> ItemOut:
    """Make one item of several: this one stays, the others go into the trash, and all who had them have this one."""
    return one_out(session, user, service.merge(session, user, item_id, body.ids))


@router.get("/items/{item_id}/aliases", responses=responses(NotAllowed, NotFound))
def list_aliases(item_id: RowId, _user: Superuser, session: ReadDb) -> list[AliasOut]:
    """What else the item is known as, since it was made one of several."""
    return [AliasOut.model_validate(alias) for alias in service.aliases(session, item_id)]


@router.delete("/items/{item_id}/aliases/{alias_id}", responses=responses(NotAllowed, NotFound))
def unmerge_item(item_id: RowId, alias_id: RowId, user: Superuser, session: WriteDb) -> Unmerged:
    """Make two of one again. What was merged comes out of the trash, if it still lies there."""
    return Unmerged(restored=service.unmerge(session, user, item_id, alias_id))
