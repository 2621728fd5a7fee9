"""Every query of the history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.orm import aliased

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.history.models import HistoryFile, HistoryRecord
from magpie.kit.db import ReadSession, WriteSession


def page(
    session: ReadSession,
    principal: Principal,
    *,
    link_id: int | None,
    status: str | None,
    before: int | None,
    skip: int,
    limit: int,
) -> list[HistoryRecord]:
    """Records whose listing has ended, newest first.

    The ids are found in an index alone, so that skipping costs no look at the rows themselves.
    """
    conditions: list[ColumnElement[bool]] = [visible_to(principal, HistoryRecord.user_id)]
    conditions.append(HistoryRecord.status == status if status else HistoryRecord.status.is_not(None))
    if link_id is not None:
        conditions.append(HistoryRecord.link_id == link_id)
    if before is not None:
        conditions.append(HistoryRecord.id < before)
    newest = select(HistoryRecord.id).where(*conditions).order_by(HistoryRecord.id.desc())
    ids = list(session.scalars(newest.offset(skip).limit(limit)))
    found = session.scalars(select(HistoryRecord).where(HistoryRecord.id.in_(ids))) if ids else ()
    return sorted(found, key=lambda record: -record.id)


def get(session: ReadSession, principal: Principal, history_id: int) -> HistoryRecord | None:
    """The record, once its listing has ended."""
    return session.scalar(
        select(HistoryRecord).where(
            HistoryRecord.id == history_id,
            HistoryRecord.status.is_not(None),
            visible_to(principal, HistoryRecord.user_id),
        )
    )


def lock(session: WriteSession, history_id: int) -> HistoryRecord | None:
    """The record as it is now, nobody else's to change until the unit of work ends."""
    query = select(HistoryRecord).where(HistoryRecord.id == history_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def add_queued(session: WriteSession, history_id: int, count: int) -> None:
    session.execute(
        update(HistoryRecord)
        .where(HistoryRecord.id == history_id)
        .values(queued=HistoryRecord.queued + count)
        .execution_options(synchronize_session=False)
    )


def add_files(session: WriteSession, history_id: int, paths: Iterable[str]) -> None:
    session.add_all(HistoryFile(history_id=history_id, path=path) for path in paths)


def files_of(session: ReadSession, history_ids: Sequence[int]) -> dict[int, list[str]]:
    """Paths by record, in the order in which they came."""
    files: dict[int, list[str]] = {number: [] for number in history_ids}
    for start in range(0, len(history_ids), 500):
        part = history_ids[start : start + 500]
        query = select(HistoryFile.history_id, HistoryFile.path).where(HistoryFile.history_id.in_(part))
        for number, path in session.execute(query.order_by(HistoryFile.id)):
            files[number].append(path)
    return files


def existing(session: ReadSession, history_ids: Collection[int]) -> set[int]:
    """Those of the ids whose records are there."""
    return set(session.scalars(select(HistoryRecord.id).where(HistoryRecord.id.in_(history_ids))))


def without_downloads(
    session: ReadSession, status: str, before: datetime, after: int, limit: int
) -> Sequence[Row[Any]]:
    """Id and details of older records with this status that began no download, behind the id `after`; of each link
    the newest record is left out."""
    other = aliased(HistoryRecord)
    newest = select(func.max(other.id)).where(other.link_id == HistoryRecord.link_id).scalar_subquery()
    query = select(HistoryRecord.id, HistoryRecord.details).where(
        HistoryRecord.status == status,
        HistoryRecord.id > after,
        HistoryRecord.timestamp < before,
        HistoryRecord.queued == 0,
        HistoryRecord.landed == 0,
        HistoryRecord.failed == 0,
        HistoryRecord.id < newest,
    )
    return session.execute(query.order_by(HistoryRecord.id).limit(limit)).all()


def forget(session: WriteSession, history_ids: Collection[int]) -> None:
    """Delete these records, but for those that have begun downloads meanwhile."""
    session.execute(
        delete(HistoryRecord).where(HistoryRecord.id.in_(history_ids), HistoryRecord.queued == 0),
        execution_options={"synchronize_session": False},
    )
