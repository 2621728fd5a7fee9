"""Every query of care."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, collate, func, or_, select, update
from sqlalchemy.orm import selectinload

from magpie.downloads.extractors.port import Role
from magpie.kit.db import ReadSession, WriteSession
from magpie.library.care.compare import Known
from magpie.library.care.pictures import Neighbour
from magpie.library.models import Item, ItemFile, Placement, Scan
from magpie.library.naming import CORNER

BATCH = 2000
ADOPTED = "file"  # the extractor of what was found lying there
_UNFINISHED = ("pending", "running")
_MAIN = (Role.MEDIA.value, Role.IMAGE.value)


def known_files(session: ReadSession, root: str) -> Iterator[Known]:
    """The files of a media folder but for Magpie's corner, by the code points of their paths, a batch in memory."""
    path = _by_bytes(session)
    query = (
        select(
            ItemFile.id,
            ItemFile.item_id,
            ItemFile.path,
            ItemFile.size,
            ItemFile.modified_ns,
            ItemFile.digest,
            ItemFile.missing_since.is_not(None),
        )
        .where(ItemFile.root == root, or_(path < f"{CORNER}/", path >= f"{CORNER}0"))
        .order_by(path)
        .execution_options(yield_per=BATCH)
    )
    for row in session.execute(query):
        yield Known(*row)


def _by_bytes(session: ReadSession) -> ColumnElement[str]:
    """The path as it is compared by its bytes: SQLite does so anyway, and can use the index."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return ItemFile.path if is_sqlite else collate(ItemFile.path, "C")  # type: ignore[return-value]


def is_taken(session: ReadSession, paths: Sequence[str]) -> set[str]:
    """Of these names, those that an item has or is about to have."""
    filed = select(ItemFile.path).where(ItemFile.path.in_(paths))
    placed = select(Placement.path).where(Placement.path.in_(paths))
    return {*session.scalars(filed), *session.scalars(placed)}


def neighbours(session: ReadSession, root: str, folder: str) -> list[Neighbour]:
    """The media and pictures that items have in a folder, not below it. Of an empty `folder`, the media folder's own."""
    start = f"{folder}/" if folder else ""
    path, name = _by_bytes(session), func.substr(ItemFile.path, len(start) + 1)
    query = (
        select(name, Item.kind, Item.id, Item.extractor == ADOPTED)
        .join(Item, Item.id == ItemFile.item_id)
        .where(ItemFile.root == root, ItemFile.role.in_(_MAIN), name.not_like("%/%"))
    )
    if folder:
        query = query.where(path >= start, path < f"{folder}0")
    return [Neighbour(*row) for row in session.execute(query)]


def lock_gallery(session: WriteSession, item_id: int) -> Item | None:
    """With its files; None if it is gone."""
    query = select(Item).where(Item.id == item_id, Item.kind == "gallery").with_for_update()
    return session.scalar(query.options(selectinload(Item.files)))


def note_files(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Update files by their `id`; all rows have the same keys."""
    if rows:
        session.execute(update(ItemFile), list(rows))


def note_missing(session: WriteSession, ids: Sequence[int], now: datetime) -> None:
    statement = update(ItemFile).where(ItemFile.id.in_(ids), ItemFile.missing_since.is_(None))
    session.execute(statement.values(missing_since=now), execution_options={"synchronize_session": False})


def file_with_item(session: ReadSession, file_id: int) -> ItemFile | None:
    query = select(ItemFile).where(ItemFile.id == file_id)
    return session.scalar(query.options(selectinload(ItemFile.item).selectinload(Item.files)))


def due_for_digest(session: ReadSession, before: datetime, limit: int) -> list[ItemFile]:
    """Files whose content was never read, and then those that were not read since `before`, the oldest first."""
    there = ItemFile.missing_since.is_(None)
    query = select(ItemFile).where(there, ItemFile.checked_at.is_(None)).order_by(ItemFile.id).limit(limit)
    found = list(session.scalars(query))
    if len(found) < limit:
        again = select(ItemFile).where(there, ItemFile.checked_at < before).order_by(ItemFile.checked_at)
        found += session.scalars(again.limit(limit - len(found)))
    return found


def newest_scans(session: ReadSession, before: int | None, limit: int) -> list[Scan]:
    query = select(Scan).order_by(Scan.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Scan.id < before)
    return list(session.scalars(query))


def unfinished_scans(session: ReadSession) -> list[Scan]:
    return list(session.scalars(select(Scan).where(Scan.status.in_(_UNFINISHED)).order_by(Scan.id)))


def lock_scan(session: WriteSession, key: str) -> Scan | None:
    return session.scalar(select(Scan).where(Scan.key == key).with_for_update())


def last_scan_at(session: ReadSession) -> datetime | None:
    return session.scalar(select(func.max(Scan.created_at)))


def forget_scans(session: WriteSession, keep: int) -> None:
    """Leave the newest `keep` scans."""
    oldest = session.scalar(select(Scan.id).order_by(Scan.id.desc()).offset(keep).limit(1))
    if oldest is not None:
        for scan in session.scalars(
            select(Scan).where(Scan.id <= oldest, Scan.status.not_in(_UNFINISHED))
        ).all():
            session.delete(scan)
