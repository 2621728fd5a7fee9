"""Queries of zips."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from magpie.accounts.principal import Principal
from magpie.downloads.extractors.port import Role
from magpie.kit.db import ReadSession
from magpie.library.holding import held
from magpie.library.listing import Filter, conditions
from magpie.library.models import Item, ItemFile

# What Magpie and media servers have made of an item for themselves.
LEFT_OUT = (Role.THUMBNAIL, Role.INFO, Role.NFO)


def totals(
    session: ReadSession, principal: Principal, ids: Sequence[int], wanted: Filter | None
) -> tuple[int, int]:
    """How many of these items the caller has, and the bytes of what comes into a zip of them."""
    meant: list[ColumnElement[bool]]
    meant = [Item.id.in_(ids), held(principal)] if wanted is None else conditions(session, principal, wanted)
    count = session.scalar(select(func.count()).select_from(Item).where(*meant)) or 0
    sizes = select(func.coalesce(func.sum(ItemFile.size), 0)).join(Item, Item.id == ItemFile.item_id)
    return count, int(session.scalar(sizes.where(*meant, ItemFile.role.not_in(LEFT_OUT))) or 0)


def files(session: ReadSession, principal: Principal, ids: Sequence[int]) -> list[ItemFile]:
    """What comes into a zip of these items, as far as the caller still has them; each item's main file first."""
    query = select(ItemFile).join(Item, Item.id == ItemFile.item_id)
    query = query.where(ItemFile.item_id.in_(ids), held(principal), ItemFile.role.not_in(LEFT_OUT))
    return list(session.scalars(query.order_by(ItemFile.item_id, ItemFile.position, ItemFile.id)))
