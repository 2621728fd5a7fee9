"""The rules of the trash.

What a person takes out of the library lies in the trash for `trash_days`: its files stay, it counts as storage, and
whoever asks for it again takes it out. An order concerns what the caller has; where a superuser has nothing of an item,
it concerns everybody who does. For good, what others have goes only if the superuser says so.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.paging import decode_cursor, encode_cursor, moment_in
from magpie.library import repository as library
from magpie.library.concern import concerned, doomed, in_trash, thrown_with
from magpie.library.ending import end
from magpie.library.filing import DELETED, Filing
from magpie.library.models import Item, Membership
from magpie.library.noting import note, summary
from magpie.library.roots import roots_of
from magpie.library.trash import repository
from magpie.library.trash.repository import Thrown

# Why nothing was deleted of an item that the caller sees.
OTHERS = "Only others have it: to delete it for good from all of theirs, say everybody=true"
BATCH = 100  # items in one unit of work: each has a few files to be removed


@dataclass(frozen=True, slots=True)
class Page:
    thrown: list[Thrown]
    next_cursor: str | None
    total: int
    size: int  # bytes


def page(session: ReadSession, principal: Principal, *, cursor: str | None, limit: int) -> Page:
    """A page of what lies in the trash, the latest first."""
    before = None
    if cursor:
        moment, item_id = decode_cursor(cursor, (str, int))
        before = (moment_in(moment), int(item_id))
    found = repository.page(session, principal, before=before, limit=limit + 1)
    more, found = len(found) > limit, found[:limit]
    following = encode_cursor(found[-1].trashed_at.isoformat(), found[-1].item.id) if more else None
    total, size = repository.totals(session, principal)
    return Page(found, following, total, size)


def throw(session: WriteSession, principal: Principal, item_ids: Sequence[int]) -> list[Item]:
    """Move items from the library into the trash; those that were."""
    held = thrown_with(session, principal, item_ids)
    now = utcnow()
    for one in held:
        one.trashed_at = now
    return _note(session, "trash", principal, held)


def restore(session: WriteSession, principal: Principal, item_ids: Sequence[int]) -> list[Item]:
    """Take items out of the trash; those that were in it.

    A superuser who does so for others undoes what was thrown away last: what somebody threw away before, stays there.
    """
    held = concerned(session, principal, item_ids, in_trash)
    latest = {one.item_id: one.trashed_at for one in sorted(held, key=lambda one: one.trashed_at or utcnow())}
    held = [one for one in held if one.trashed_at == latest[one.item_id]]
    for one in held:
        one.trashed_at = None
    return _note(session, "restore", principal, held)


def delete(
    session: WriteSession, principal: Principal, item_ids: Sequence[int], *, everybody: bool = False
) -> list[Item]:
    """Take items out of the library or the trash for ever; those that were. Items that nobody has any more go.
    `everybody`: also out of those of others, where a superuser has nothing of an item.

    Whoever calls this has `recover(DELETED, 0)` run after the commit, which takes the files away.
    """
    return _delete(session, principal, doomed(session, principal, item_ids, everybody=everybody))


def remove(
    context: AppContext,
    session: WriteSession,
    principal: Principal,
    item_ids: Sequence[int],
    *,
    forever: bool,
    everybody: bool = False,
) -> list[Item]:
    """Delete as people do: into the trash, unless there is none or they want to; those that were deleted. `everybody`: as
    in `delete`."""
    if not forever and context.settings.trash_days:
        return throw(session, principal, item_ids)
    filing = _filing(context)
    session.after_commit(lambda: filing.recover(DELETED, 0))
    return delete(session, principal, item_ids, everybody=everybody)


def _delete(session: WriteSession, principal: Principal, held: list[Membership]) -> list[Item]:
    items = _note(session, "delete", principal, held)
    end(session, held)
    return items


def _note(session: WriteSession, verb: str, principal: Principal, held: list[Membership]) -> list[Item]:
    items = library.items(session, sorted({one.item_id for one in held}))
    for_all = any(one.user_id != principal.id for one in held)
    note(session, f"item.{verb}", principal, items, for_all=for_all)
    return items


def empty(context: AppContext, principal: Principal, *, everybody: bool = False) -> int:
    """Delete for ever all that the caller has in the trash, in short units of work; how many items that were.
    `everybody`: all that a superuser sees there."""
    filing, total = _filing(context), 0
    while True:
        with context.database.write() as session:
            item_ids = repository.thrown_by(session, principal, BATCH, everybody=everybody)
            held = concerned(session, principal, item_ids, in_trash)
            total += len(_delete(session, principal, held))
            session.after_commit(lambda: filing.recover(DELETED, 0))
        if not held:
            return total


def purge(context: AppContext, now: datetime, deadline: float = float("inf")) -> int:
    """Delete what has been in the trash for `trash_days`; how many items left somebody's. Ends at the monotonic
    `deadline`; the rest goes with the next turn."""
    before = now - timedelta(days=context.settings.trash_days)
    filing, total = _filing(context), 0
    while time.monotonic() < deadline:
        with context.database.write() as session:
            gone = _purge(session, repository.due(session, before, BATCH), before)
            session.after_commit(lambda: filing.recover(DELETED, 0))
        if not gone:
            break
        total += gone
    return total


def _purge(session: WriteSession, membership_ids: Sequence[int], before: datetime) -> int:
    found = repository.still_thrown(session, membership_ids)
    library.lock_items(session, [one.item_id for one in found])
    # Looked at again: somebody may have taken one out before its item was locked.
    found = repository.still_thrown(session, membership_ids)
    held = [one for one in found if one.trashed_at is not None and one.trashed_at < before]
    items = library.items(session, sorted({one.item_id for one in held}))
    if items:
        audit.record(session, "trash.purge", principal=None, details=summary(items))
    end(session, held)
    return len(held)


def _filing(context: AppContext) -> Filing:
    return Filing(context.database, lambda: roots_of(context))
