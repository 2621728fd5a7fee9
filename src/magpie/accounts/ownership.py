"""Whose is it: the one place that decides what a user may see.

Lists filter with `visible_to` in their repository; single records pass through `owned`. What belongs to somebody
else does not exist (404), so that ids tell strangers nothing. Superusers see all.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from magpie.accounts.principal import Principal
from magpie.kit.errors import NotFound


class Owned(Protocol):
    """A record that belongs to a user; to superusers only while `user_id` is None."""

    @property
    def user_id(self) -> int | None: ...


T = TypeVar("T", bound=Owned)


def visible_to(
    principal: Principal, owner: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
) -> ColumnElement[bool]:
    """The condition that keeps a query to what `principal` may see: `where(visible_to(principal, Link.user_id))`."""
    return true() if principal.is_superuser else owner == principal.id


def kept_by(
    principal: Principal, owner: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
) -> ColumnElement[bool]:
    """What `principal` has for themselves, not only sees: their own, and for superusers what nobody in particular owns."""
    own = owner == principal.id
    return or_(own, owner.is_(None)) if principal.is_superuser else own


def may_see(principal: Principal, owner_id: int | None) -> bool:
    """Whether something of that owner is `principal`'s to see: for events and other things that are no rows."""
    return principal.is_superuser or (owner_id is not None and owner_id == principal.id)


def owned(record: T | None, principal: Principal) -> T:
    """The record, if it is there and `principal` may see it; raises `NotFound` otherwise."""
    if record is None or not may_see(principal, record.user_id):
        raise NotFound
    return record
