"""Queries of the trash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession
from magpie.library.models import Item, Membership


@dataclass(frozen=True, slots=True)
class Thrown:
    """An item in the trash, and since when."""

    item: Item
    trashed_at: datetime


def _thrown(principal: Principal) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Membership.trashed_at.is_not(None), visible_to(principal, Membership.user_id)


def page(
    session: ReadSession, principal: Principal, *, before: tuple[datetime, int] | None, limit: int
) -> list[Thrown]:
    """What was thrown away, the latest first; each item once, whoever else threw it away."""
    latest = func.max(Membership.trashed_at)
    query = select(Membership.item_id, latest).where(*_thrown(principal)).group_by(Membership.item_id)
    if before is not None:
        moment, item_id = before
        query = query.having((latest < moment) | ((latest == moment) & (Membership.item_id < item_id)))
    query = query.order_by(latest.desc(), Membership.item_id.desc()).limit(limit)
    moments = {item_id: moment for item_id, moment in session.execute(query) if moment is not None}
    found = select(Item).where(Item.id.in_(moments)).options(selectinload(Item.files))
    by_id = {item.id: item for item in session.scalars(found)}
    return [Thrown(by_id[item_id], moment) for item_id, moment in moments.items() if item_id in by_id]


def totals(session: ReadSession, principal: Principal) -> tuple[int, int]:
    """How many items lie in the trash, and their bytes; each once."""
    distinct = select(Membership.item_id).where(*_thrown(principal)).distinct().subquery()
    query = select(func.count(), func.coalesce(func.sum(Item.size), 0)).join(
        distinct, distinct.c.item_id == Item.id
    )
    count, size = session.execute(query).one()
    return count, int(size)


def thrown_by(session: ReadSession, principal: Principal, limit: int, *, everybody: bool) -> list[int]:
    """Items in the caller's trash, or in all that they see, in the order in which they are locked."""
    query = select(Membership.item_id).where(*_thrown(principal)).distinct()
    if not everybody:
        query = query.where(Membership.user_id == principal.id)
    return list(session.scalars(query.order_by(Membership.item_id).limit(limit)))


def due(session: ReadSession, before: datetime, limit: int) -> list[int]:
    """Memberships that have been in the trash since before this moment, the longest first."""
    query = select(Membership.id).where(Membership.trashed_at < before)
    return list(session.scalars(query.order_by(Membership.trashed_at).limit(limit)))


def still_thrown(session: ReadSession, membership_ids: Sequence[int]) -> list[Membership]:
    """Those of the memberships that are in the trash, as they are now, in the order of their items."""
    query = select(Membership).where(Membership.id.in_(membership_ids), Membership.trashed_at.is_not(None))
    query = query.order_by(Membership.item_id)
    return list(session.scalars(query.execution_options(populate_existing=True)))
