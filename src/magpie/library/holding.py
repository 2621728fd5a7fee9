"""Who holds an item: the condition behind every list and look of the library."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.library.models import Item, Membership


def memberships_of(principal: Principal, *, in_trash: bool = False) -> list[ColumnElement[bool]]:
    """Of `Membership`: the rows that make an item visible to the caller, or (`in_trash`) put it into their trash."""
    trashed = Membership.trashed_at.is_not(None) if in_trash else Membership.trashed_at.is_(None)
    return [visible_to(principal, Membership.user_id), trashed]


def held(principal: Principal, *, in_trash: bool = False) -> ColumnElement[bool]:
    """Of `Item`: it is in the caller's library, or (`in_trash`) in their trash; superusers see everybody's."""
    return exists().where(Membership.item_id == Item.id, *memberships_of(principal, in_trash=in_trash))
