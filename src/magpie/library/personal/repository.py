"""Queries of what users make of items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import selectinload

from magpie.accounts.ownership import kept_by
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession, WriteSession
from magpie.library.holding import held
from magpie.library.models import Item, ItemTag, Membership, Playback

_UNSYNCHRONIZED = {"synchronize_session": False}


def insert_into(session: WriteSession, table: type[Any]) -> Any:
    """An INSERT that knows ON CONFLICT."""
    return (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(table)


def visible(session: ReadSession, principal: Principal, item_ids: Sequence[int]) -> list[int]:
    """Those of the items that are in the caller's library, by id. Who writes about them keeps them from going."""
    query = select(Item.id).where(Item.id.in_(item_ids), held(principal)).order_by(Item.id)
    if isinstance(session, WriteSession):
        query = query.with_for_update(read=True, key_share=True)
    return list(session.scalars(query))


# Favourites and pins.


def marks(session: ReadSession, principal: Principal, item_ids: Sequence[int]) -> tuple[set[int], set[int]]:
    """Of these items, the favourites and those that are pinned."""
    query = select(Membership.item_id, Membership.is_favourite, Membership.pinned).where(
        Membership.item_id.in_(item_ids), kept_by(principal, Membership.user_id)
    )
    rows = session.execute(query).all()
    return {row[0] for row in rows if row[1]}, {row[0] for row in rows if row[2]}


def kept(session: ReadSession, principal: Principal, item_ids: Sequence[int]) -> dict[int, int]:
    """By item, the membership that is the caller's own; else, for superusers, the household's."""
    query = select(Membership.item_id, Membership.id).where(
        Membership.item_id.in_(item_ids),
        Membership.trashed_at.is_(None),
        kept_by(principal, Membership.user_id),
    )
    # The last one counts: the caller's own.
    rows = session.execute(query.order_by(Membership.user_id.is_not(None), Membership.item_id))
    return {row.item_id: row.id for row in rows}


def mark_favourites(session: WriteSession, membership_ids: Iterable[int], *, is_favourite: bool) -> None:
    statement = update(Membership).where(Membership.id.in_(membership_ids)).values(is_favourite=is_favourite)
    session.execute(statement, execution_options=_UNSYNCHRONIZED)


def pin(session: WriteSession, membership_ids: Iterable[int], *, pinned: bool) -> None:
    statement = update(Membership).where(Membership.id.in_(membership_ids)).values(pinned=pinned)
    session.execute(statement, execution_options=_UNSYNCHRONIZED)


# Tags.


def tags_of(session: ReadSession, user_id: int, item_ids: Sequence[int]) -> dict[int, list[str]]:
    """The user's tags on each of these items, by name."""
    query = select(ItemTag.item_id, ItemTag.name).where(
        ItemTag.user_id == user_id, ItemTag.item_id.in_(item_ids)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for item_id, name in session.execute(query.order_by(ItemTag.name)):
        found[item_id].append(name)
    return found


def names(session: ReadSession, user_id: int) -> list[str]:
    """All tags that the user has given."""
    return list(session.scalars(select(ItemTag.name).where(ItemTag.user_id == user_id).distinct()))


def counts(session: ReadSession, principal: Principal) -> list[tuple[str, int]]:
    """The caller's tags, and how many items in their library have each."""
    query = (
        select(ItemTag.name, func.count())
        .join(Item, Item.id == ItemTag.item_id)
        .where(ItemTag.user_id == principal.id, held(principal))
        .group_by(ItemTag.name)
    )
    return [(name, count) for name, count in session.execute(query.order_by(ItemTag.name))]


def add_tags(session: WriteSession, user_id: int, item_ids: Sequence[int], tags: Sequence[str]) -> None:
    values = [{"user_id": user_id, "name": name, "item_id": one} for one in item_ids for name in tags]
    if values:
        session.execute(insert_into(session, ItemTag).on_conflict_do_nothing(), values)


def remove_tags(
    session: WriteSession, user_id: int, item_ids: Sequence[int], tags: Sequence[str] | None
) -> None:
    """Take these tags off the items; all of them if `tags` is None."""
    statement = delete(ItemTag).where(ItemTag.user_id == user_id, ItemTag.item_id.in_(item_ids))
    if tags is not None:
        statement = statement.where(ItemTag.name.in_(tags))
    session.execute(statement, execution_options=_UNSYNCHRONIZED)


# Playing.


def playbacks(session: ReadSession, user_id: int, item_ids: Sequence[int]) -> dict[int, Playback]:
    query = select(Playback).where(Playback.user_id == user_id, Playback.item_id.in_(item_ids))
    return {one.item_id: one for one in session.scalars(query.execution_options(populate_existing=True))}


def store_playback(
    session: WriteSession, user_id: int, item_id: int, *, position: float, is_finished: bool, now: datetime
) -> None:
    """Where the user is; an end that was not reached before counts as one more time that it was played."""
    values: dict[str, Any] = {"position": position, "is_finished": is_finished, "updated_at": now}
    added = insert_into(session, Playback).values(
        user_id=user_id, item_id=item_id, plays=int(is_finished), **values
    )
    changed = dict(values)
    if is_finished:
        changed["plays"] = Playback.plays + case((Playback.is_finished.is_(True), 0), else_=1)
    session.execute(added.on_conflict_do_update(index_elements=["user_id", "item_id"], set_=changed))


def forget_playback(session: WriteSession, user_id: int, item_id: int) -> None:
    statement = delete(Playback).where(Playback.user_id == user_id, Playback.item_id == item_id)
    session.execute(statement, execution_options=_UNSYNCHRONIZED)


def in_progress(
    session: ReadSession, principal: Principal, *, before: tuple[datetime, int] | None, limit: int
) -> list[tuple[Item, datetime]]:
    """Items that the caller has begun and not finished, what was played last first."""
    query = _begun(select(Item, Playback.updated_at), principal).options(selectinload(Item.files))
    if before is not None:
        moment, item_id = before
        same = (Playback.updated_at == moment) & (Playback.item_id < item_id)
        query = query.where((Playback.updated_at < moment) | same)
    query = query.order_by(Playback.updated_at.desc(), Playback.item_id.desc()).limit(limit)
    return [(item, moment) for item, moment in session.execute(query)]


def count_in_progress(session: ReadSession, principal: Principal) -> int:
    return session.scalar(_begun(select(func.count()), principal)) or 0


def _begun(query: Any, principal: Principal) -> Any:
    return (
        query.select_from(Playback)
        .join(Item, Item.id == Playback.item_id)
        .where(
            Playback.user_id == principal.id,
            Playback.is_finished.is_(False),
            Playback.position > 0,
            held(principal),
        )
    )
