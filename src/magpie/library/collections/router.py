"""Collections over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query

from magpie.accounts.principal import Principal
from magpie.accounts.security import CurrentUser
from magpie.kit.db import ReadSession
from magpie.kit.errors import Conflict, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.library.answers import items_out
from magpie.library.collections import service
from magpie.library.collections.schemas import (
    Added,
    CollectionIn,
    CollectionList,
    CollectionOut,
    CollectionUpdate,
    ItemIds,
    Place,
)
from magpie.library.listing import Filter
from magpie.library.models import Collection
from magpie.library.schemas import ItemPage

router = SliceRouter(
    prefix="/api/v1/collections", tags=["collections"], responses=responses(NotAuthenticated)
)


def _out(
    session: ReadSession, principal: Principal, collections: Sequence[Collection]
) -> list[CollectionOut]:
    counts = service.counts(session, principal, collections)
    return [
        CollectionOut(
            id=one.id,
            user_id=one.user_id,
            name=one.name,
            description=one.description,
            query=None if one.query is None else Filter.model_validate(one.query),
            count=counts.get(one.id),
            created_at=one.created_at,
            updated_at=one.updated_at,
        )
        for one in collections
    ]


@router.get("")
def list_collections(user: CurrentUser, session: ReadDb) -> CollectionList:
    """Your collections by name."""
    return CollectionList(collections=_out(session, user, service.list_all(session, user)))


@router.post("", responses=responses(Conflict, RuleBroken))
def create_collection(body: CollectionIn, user: CurrentUser, session: WriteDb) -> CollectionOut:
    """Put items together, or save a search."""
    return _out(session, user, [service.create(session, user, body)])[0]


@router.get("/{collection_id}", responses=responses(NotFound))
def get_collection(collection_id: RowId, user: CurrentUser, session: ReadDb) -> CollectionOut:
    """One collection."""
    return _out(session, user, [service.get(session, user, collection_id)])[0]


@router.put("/{collection_id}", responses=responses(NotFound, Conflict, RuleBroken))
def update_collection(
    collection_id: RowId, body: CollectionUpdate, user: CurrentUser, session: WriteDb
) -> CollectionOut:
    """Change a collection's name, description or search."""
    return _out(session, user, [service.update(session, user, collection_id, body)])[0]


@router.delete("/{collection_id}", responses=responses(NotFound))
def delete_collection(collection_id: RowId, user: CurrentUser, session: WriteDb) -> CollectionOut:
    """Delete a collection. What was in it stays in the library."""
    answer = _out(session, user, [service.get(session, user, collection_id)])[0]
    service.delete(session, user, collection_id)
    return answer


@router.get("/{collection_id}/items", responses=responses(NotFound, RuleBroken))
def list_collection_items(
    collection_id: RowId,
    user: CurrentUser,
    session: ReadDb,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ItemPage:
    """What is in a collection, in its order; of a search, the newest first. `GET /items?collection_id=` sorts otherwise."""
    collection = service.get(session, user, collection_id)
    page = service.page(session, user, collection, cursor=cursor, limit=limit)
    items = items_out(session, user, page.items)
    return ItemPage(
        items=items, next_cursor=page.next_cursor, total=page.total, total_is_exact=page.total_is_exact
    )


@router.post("/{collection_id}/items", responses=responses(NotFound, Conflict))
def add_to_collection(collection_id: RowId, body: ItemIds, user: CurrentUser, session: WriteDb) -> Added:
    """Put items at the end of a collection. What is in it stays where it is."""
    return Added(count=service.add(session, user, collection_id, body.ids))


@router.put("/{collection_id}/items/{item_id}", responses=responses(NotFound, Conflict))
def move_in_collection(
    collection_id: RowId, item_id: RowId, body: Place, user: CurrentUser, session: WriteDb
) -> CollectionOut:
    """Put an item of a collection somewhere else in it."""
    service.move(session, user, collection_id, item_id, body.before)
    return _out(session, user, [service.get(session, user, collection_id)])[0]


@router.delete("/{collection_id}/items/{item_id}", responses=responses(NotFound, Conflict))
def remove_from_collection(
    collection_id: RowId, item_id: RowId, user: CurrentUser, session: WriteDb
) -> CollectionOut:
    """Take an item out of a collection. It stays in the library."""
    if not service.take_out(session, user, collection_id, [item_id]):
        raise NotFound
    return _out(session, user, [service.get(session, user, collection_id)])[0]
