"""Whose hold on items an order is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from sqlalchemy import select

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession, WriteSession
from magpie.library import repository
from magpie.library.models import Membership

Which = Callable[[Membership], bool]


def in_library(one: Membership) -> bool:
    """Not in the trash."""
    return one.trashed_at is None


def in_trash(one: Membership) -> bool:
    """In the trash."""
    return one.trashed_at is not None


def anywhere(_one: Membership) -> bool:
    """In the library or in the trash."""
    return True


def concerned(
    session: WriteSession, principal: Principal, item_ids: Sequence[int], which: Which
) -> list[Membership]:
    """Of each item the caller's own hold; where a superuser has none of their own, everybody's.

    Their items are locked, in rising order.
    """
    session.flush()
    locked = repository.lock_items(session, item_ids)
    chosen = filter(which, _visible(session, principal, locked))
    return [one for _, group in groupby(chosen, lambda one: one.item_id) for one in _of(principal, group)]


def doomed(
    session: WriteSession, principal: Principal, item_ids: Sequence[int], *, everybody: bool
) -> list[Membership]:
    """As `concerned` in library and trash, of what is to go for good: the caller's own hold only, lest an order that is
    given twice takes first theirs and then everybody else's.

    Where a superuser says so (`everybody`), others' holds, too, if they have none; and what lies in a trash goes before
    what somebody keeps in the library.
    """
    session.flush()
    locked = repository.lock_items(session, item_ids)
    found: list[Membership] = []
    for _, group in groupby(_visible(session, principal, locked), lambda one: one.item_id):
        held = list(group)
        own = [one for one in held if one.user_id == principal.id]
        if everybody:
            found += list(filter(in_trash, own)) or list(filter(in_trash, held)) or own or held
        else:
            found += own
    return found


def thrown_with(session: WriteSession, principal: Principal, item_ids: Sequence[int]) -> list[Membership]:
    """As `concerned` in the library, of what is to go into the trash: not what others have of an item that the caller
    has thrown away before."""
    return [one for one in concerned(session, principal, item_ids, anywhere) if in_library(one)]


def _of(principal: Principal, group: Iterable[Membership]) -> list[Membership]:
    held = list(group)
    return [one for one in held if one.user_id == principal.id] or held


def _visible(session: ReadSession, principal: Principal, item_ids: Sequence[int]) -> list[Membership]:
    query = select(Membership).where(
        Membership.item_id.in_(item_ids), visible_to(principal, Membership.user_id)
    )
    query = query.order_by(Membership.item_id, Membership.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))
