"""Doing one thing to many items: in short units of work, so that nobody waits for the whole.

What is meant is settled once, at the beginning. If it is interrupted, what was done stays done; every action can be
repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.db import WriteSession
from magpie.library import choice
from magpie.library import repository as items
from magpie.library import service as library
from magpie.library.bulk.schemas import Action, Bulk
from magpie.library.collections import service as collections
from magpie.library.noting import note
from magpie.library.personal import service as personal
from magpie.library.trash import service as trash

BATCH = 200  # items in one unit of work


@dataclass(frozen=True, slots=True)
class _Work:
    """One batch of an order."""

    context: AppContext
    session: WriteSession
    principal: Principal
    order: Bulk
    ids: Sequence[int]

    @property
    def collection_id(self) -> int:
        """For orders that are about one."""
        return self.order.collection_id or 0


def carry_out(context: AppContext, principal: Principal, order: Bulk) -> int:
    """Do it; to how many items it was done. Raises `NotFound` or `Conflict` for a collection that will not do."""
    ids = _chosen(context, principal, order)
    act, total = _ACTIONS[order.action], 0
    for start in range(0, len(ids), BATCH):
        with context.database.write() as session:
            total += act(_Work(context, session, principal, order, ids[start : start + BATCH]))
    return total


def _chosen(context: AppContext, principal: Principal, order: Bulk) -> Sequence[int]:
    with context.database.read() as session:
        if order.collection_id is not None:
            collections.require_manual(session, principal, order.collection_id)
        if order.filter is not None:
            in_trash = order.filter.in_trash or order.action is Action.RESTORE
            wanted = order.filter.model_copy(update={"in_trash": in_trash})
            return choice.found(session, principal, wanted, as_written=True)
    once = list(dict.fromkeys(order.ids or ()))
    # A collection keeps the order in which they were chosen; locks are taken in rising order.
    return once if order.action is Action.ADD_TO_COLLECTION else sorted(once)


def _tag(work: _Work) -> int:
    ids = personal.visible(work.session, work.principal, work.ids)
    personal.tag(work.session, work.principal, ids, work.order.tags or ())
    return len(ids)


def _untag(work: _Work) -> int:
    ids = personal.visible(work.session, work.principal, work.ids)
    personal.untag(work.session, work.principal, ids, work.order.tags or ())
    _note(work, "item.untag", ids, tags=work.order.tags)
    return len(ids)


def _favour(*, is_favourite: bool) -> Callable[[_Work], int]:
    def act(work: _Work) -> int:
        return len(personal.favour(work.session, work.principal, work.ids, is_favourite=is_favourite))

    return act


def _collect(work: _Work) -> int:
    ids = set(personal.visible(work.session, work.principal, work.ids))
    chosen = [one for one in work.ids if one in ids]
    collections.add(work.session, work.principal, work.collection_id, chosen)
    return len(chosen)


def _take_out(work: _Work) -> int:
    ids = personal.visible(work.session, work.principal, work.ids)
    return collections.take_out(work.session, work.principal, work.collection_id, ids)


def _pin(*, pinned: bool) -> Callable[[_Work], int]:
    def act(work: _Work) -> int:
        return len(library.pin_all(work.session, work.principal, work.ids, pinned=pinned))

    return act


def _throw(*, forever: bool) -> Callable[[_Work], int]:
    def act(work: _Work) -> int:
        everybody = work.order.everybody
        removed = trash.remove(
            work.context, work.session, work.principal, work.ids, forever=forever, everybody=everybody
        )
        return len(removed)

    return act


def _restore(work: _Work) -> int:
    return len(trash.restore(work.session, work.principal, work.ids))


def _note(work: _Work, action: str, ids: Sequence[int], **details: object) -> None:
    note(work.session, action, work.principal, items.items(work.session, ids), **details)


_ACTIONS: dict[Action, Callable[[_Work], int]] = {
    Action.TAG: _tag,
    Action.UNTAG: _untag,
    Action.FAVOURITE: _favour(is_favourite=True),
    Action.UNFAVOURITE: _favour(is_favourite=False),
    Action.ADD_TO_COLLECTION: _collect,
    Action.REMOVE_FROM_COLLECTION: _take_out,
    Action.TRASH: _throw(forever=False),
    Action.RESTORE: _restore,
    Action.DELETE: _throw(forever=True),
    Action.PIN: _pin(pinned=True),
    Action.UNPIN: _pin(pinned=False),
}
