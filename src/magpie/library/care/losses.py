"""What people have lost: files that are gone, and files that the disk has changed by itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from magpie.kit.db import ReadSession
from magpie.library.models import Item, ItemFile, Membership, Scan

SAMPLES = 5  # titles
_RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Loss:
    """Files of one user, or of all, that are lost in the same way. `since`: when the last one was noticed; `titles`: of
    the items that were hit last, each once."""

    files: int
    items: int
    since: datetime
    titles: list[str]


def missing(
    session: ReadSession, user_ids: Collection[int], *, of_all: Collection[int] = ()
) -> dict[int, Loss]:
    """By user, files that are not where they were. What a scan misses counts from its end on, so that it is told in
    one. Users in `of_all` are told of everybody's."""
    counts: list[ColumnElement[bool]] = [ItemFile.missing_since.is_not(None)]
    running = session.scalar(select(func.min(Scan.started_at)).where(Scan.status == _RUNNING))
    if running is not None:
        counts.append(ItemFile.missing_since < running)
    return _lost(session, user_ids, of_all, ItemFile.missing_since, counts)


def damaged(
    session: ReadSession, user_ids: Collection[int], *, of_all: Collection[int] = ()
) -> dict[int, Loss]:
    """By user, files whose content has changed though nobody has written to them."""
    return _lost(session, user_ids, of_all, ItemFile.damaged_at, [ItemFile.damaged_at.is_not(None)])


def _lost(
    session: ReadSession,
    user_ids: Collection[int],
    of_all: Collection[int],
    noticed_at: InstrumentedAttribute[datetime | None],
    counts: list[ColumnElement[bool]],
) -> dict[int, Loss]:
    if session.scalar(select(ItemFile.id).where(*counts).limit(1)) is None:
        return {}
    everybodys = _loss(session, None, noticed_at, counts) if of_all else None
    found = {user_id: everybodys for user_id in of_all if everybodys is not None}
    for user_id in set(user_ids) - set(of_all):
        loss = _loss(session, user_id, noticed_at, counts)
        if loss is not None:
            found[user_id] = loss
    return found


def _loss(
    session: ReadSession,
    user_id: int | None,
    noticed_at: InstrumentedAttribute[datetime | None],
    counts: list[ColumnElement[bool]],
) -> Loss | None:
    """One user's, or with None everybody's; what all who have it have thrown away is lost by nobody."""
    held = select(Membership.item_id).where(Membership.trashed_at.is_(None))
    if user_id is not None:
        held = held.where(Membership.user_id == user_id)
    hit = (*counts, ItemFile.item_id.in_(held))
    files, items, since = session.execute(
        select(func.count(), func.count(ItemFile.item_id.distinct()), func.max(noticed_at)).where(*hit)
    ).one()
    if since is None:
        return None
    newest = (
        select(Item.title)
        .join(ItemFile, ItemFile.item_id == Item.id)
        .where(*hit)
        .group_by(Item.id)
        .order_by(func.max(noticed_at).desc(), Item.id.desc())
        .limit(SAMPLES)
    )
    return Loss(files, items, since, list(session.scalars(newest)))
