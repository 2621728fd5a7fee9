"""The end of somebody's hold on an item, and of the item with its last holder."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from magpie.kit.db import WriteSession
from magpie.library import models
from magpie.library.filing import DELETED
from magpie.library.models import CollectionItem, Item, ItemTag, Membership, Placement, Playback

_UNSYNCHRONIZED = {"synchronize_session": False}


def end(session: WriteSession, held: Sequence[Membership]) -> list[int]:
    """End these memberships, with what their users have noted of the items; items that nobody has any more go.

    Returns the ids of those that went. The caller has locked the items, and has `recover(DELETED, 0)` run after the
    commit, which takes the files away.
    """
    if not held:
        return []
    item_ids = {one.item_id for one in held}
    for user_id in {one.user_id for one in held} - {None}:
        _forget(session, user_id, {one.item_id for one in held if one.user_id == user_id})
    session.execute(
        delete(Membership).where(Membership.id.in_([one.id for one in held])),
        execution_options=_UNSYNCHRONIZED,
    )
    for one in held:
        session.expunge(one)
    kept = set(session.scalars(select(Membership.item_id).where(Membership.item_id.in_(item_ids))))
    gone = sorted(item_ids - kept)
    _drop(session, gone)
    return gone


def _forget(session: WriteSession, user_id: int | None, item_ids: Collection[int]) -> None:
    """What a user has noted of items that are not theirs any more."""
    theirs = select(models.Collection.id).where(models.Collection.user_id == user_id)
    for statement in (
        delete(ItemTag).where(ItemTag.user_id == user_id, ItemTag.item_id.in_(item_ids)),
        delete(Playback).where(Playback.user_id == user_id, Playback.item_id.in_(item_ids)),
        delete(CollectionItem).where(
            CollectionItem.collection_id.in_(theirs), CollectionItem.item_id.in_(item_ids)
        ),
    ):
        session.execute(statement, execution_options=_UNSYNCHRONIZED)


def _drop(session: WriteSession, item_ids: Sequence[int]) -> None:
    """Delete the items and note their files as names that are to be freed."""
    query = select(Item).where(Item.id.in_(item_ids)).options(selectinload(Item.files))
    for item in session.scalars(query.execution_options(populate_existing=True)).all():
        for file in item.files:
            session.add(Placement(path=file.path, root=file.root, holder=DELETED, claim=0))
        session.delete(item)
    session.flush()
