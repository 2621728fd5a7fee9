"""Queries of collections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import selectinload

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession, WriteSession
from magpie.library.holding import held
from magpie.library.models import Collection, CollectionItem, Item
from magpie.library.personal.repository import insert_into

GAP = 1024  # between two positions, so that most moves touch one row
INSERT_BATCH = 500
_UNSYNCHRONIZED = {"synchronize_session": False}


def get(session: ReadSession, collection_id: int) -> Collection | None:
    return session.get(Collection, collection_id)


def lock(session: WriteSession, collection_id: int) -> Collection | None:
    """The collection, which nobody else changes until the unit of work ends."""
    query = select(Collection).where(Collection.id == collection_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def list_all(session: ReadSession, principal: Principal) -> list[Collection]:
    """All that the caller sees, by name."""
    query = select(Collection).where(visible_to(principal, Collection.user_id))
    return list(session.scalars(query.order_by(func.lower(Collection.name), Collection.id)))


def is_named(session: ReadSession, user_id: int, name: str, *, but: int | None = None) -> bool:
    """Whether another collection of the user has this name."""
    query = select(Collection.id).where(Collection.user_id == user_id, Collection.name == name)
    return session.scalar(query.where(Collection.id != but) if but is not None else query) is not None


def counts(session: ReadSession, principal: Principal, ids: Sequence[int]) -> dict[int, int]:
    """How many items that the caller has are in each of these collections; 0 is left out."""
    query = (
        select(CollectionItem.collection_id, func.count().label("items"))
        .join(Item, Item.id == CollectionItem.item_id)
        .where(CollectionItem.collection_id.in_(ids), held(principal))
        .group_by(CollectionItem.collection_id)
    )
    return {row.collection_id: row.items for row in session.execute(query)}


def page(
    session: ReadSession,
    principal: Principal,
    collection_id: int,
    *,
    after: tuple[int, int] | None,
    limit: int,
) -> list[tuple[Item, int]]:
    """Items of a collection that the caller has, in its order, each with its position."""
    query = (
        select(Item, CollectionItem.position)
        .join(CollectionItem, CollectionItem.item_id == Item.id)
        .where(CollectionItem.collection_id == collection_id, held(principal))
        .options(selectinload(Item.files))
        .order_by(CollectionItem.position, CollectionItem.item_id)
        .limit(limit)
    )
    if after is not None:
        position, item_id = after
        same = (CollectionItem.position == position) & (CollectionItem.item_id > item_id)
        query = query.where((CollectionItem.position > position) | same)
    return [(item, position) for item, position in session.execute(query)]


def append(session: WriteSession, collection_id: int, item_ids: Sequence[int], now: datetime) -> list[int]:
    """Put items at the end, in this order; those that were not in it before."""
    last = select(func.max(CollectionItem.position)).where(CollectionItem.collection_id == collection_id)
    position, added = session.scalar(last) or 0, list[int]()
    for start in range(0, len(item_ids), INSERT_BATCH):
        values = []
        for item_id in item_ids[start : start + INSERT_BATCH]:
            position += GAP
            values.append(
                {"collection_id": collection_id, "item_id": item_id, "position": position, "added_at": now}
            )
        statement = insert_into(session, CollectionItem).values(values).on_conflict_do_nothing()
        added += session.scalars(statement.returning(CollectionItem.item_id)).all()
    return added


def remove(session: WriteSession, collection_id: int, item_ids: Sequence[int]) -> list[int]:
    """Take items out; those that were in it."""
    statement = delete(CollectionItem).where(
        CollectionItem.collection_id == collection_id, CollectionItem.item_id.in_(item_ids)
    )
    gone = session.scalars(statement.returning(CollectionItem.item_id), execution_options=_UNSYNCHRONIZED)
    return sorted(gone.all())


def position_of(session: ReadSession, collection_id: int, item_id: int) -> int | None:
    query = select(CollectionItem.position).where(CollectionItem.collection_id == collection_id)
    return session.scalar(query.where(CollectionItem.item_id == item_id))


def position_before(session: ReadSession, collection_id: int, position: int | None, but: int) -> int:
    """The last position before this one (before the end, for None), but for that of the item `but`; 0 if none."""
    query = select(func.max(CollectionItem.position)).where(
        CollectionItem.collection_id == collection_id, CollectionItem.item_id != but
    )
    if position is not None:
        query = query.where(CollectionItem.position < position)
    return session.scalar(query) or 0


def put_at(session: WriteSession, collection_id: int, item_id: int, position: int) -> None:
    statement = update(CollectionItem).where(
        CollectionItem.collection_id == collection_id, CollectionItem.item_id == item_id
    )
    session.execute(statement.values(position=position), execution_options=_UNSYNCHRONIZED)


def spread(session: WriteSession, collection_id: int) -> None:
    """Make room between all positions again; the order stays."""
    numbered = (
        select(
            CollectionItem.id.label("id"),
            func.row_number()
            .over(order_by=(CollectionItem.position, CollectionItem.item_id))
            .label("number"),
        )
        .where(CollectionItem.collection_id == collection_id)
        .subquery()
    )
    number = select(numbered.c.number).where(numbered.c.id == CollectionItem.id).scalar_subquery()
    statement = update(CollectionItem).where(CollectionItem.collection_id == collection_id)
    session.execute(statement.values(position=number * GAP), execution_options=_UNSYNCHRONIZED)
