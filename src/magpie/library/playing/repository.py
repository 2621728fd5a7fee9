"""The queries of playing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, exists, func, select

from magpie.downloads.extractors.port import Role
from magpie.kit.db import ReadSession
from magpie.library.models import Item, ItemFile


def existing_files(session: ReadSession, file_ids: Collection[int]) -> set[int]:
    """Those of the files that there are."""
    return set(session.scalars(select(ItemFile.id).where(ItemFile.id.in_(file_ids))))


def highest_item(session: ReadSession) -> int:
    return session.scalar(select(func.max(Item.id))) or 0


def without_thumbnail(session: ReadSession, kinds: Sequence[str], after: int, until: int) -> list[Item]:
    """Items of these kinds with numbers above `after` up to `until` that have none, in the order of their numbers."""
    return list(
        session.scalars(
            select(Item)
            .where(Item.id > after, Item.id <= until, Item.kind.in_(kinds), ~_has_thumbnail())
            .order_by(Item.id)
        )
    )


def _has_thumbnail() -> ColumnElement[bool]:
    return exists().where(ItemFile.item_id == Item.id, ItemFile.role == Role.THUMBNAIL.value)
