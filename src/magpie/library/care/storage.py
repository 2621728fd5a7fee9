"""What takes how much room: by user, kind, link and site, and on which disks."""

from __future__ import annotations

import shutil
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from magpie.accounts import service as accounts
from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.db import ReadSession
from magpie.library import repository
from magpie.library.care import quotas
from magpie.library.care.schemas import Disk, Share, Storage
from magpie.library.models import Item, ItemFile, Membership
from magpie.library.roots import FolderMissing, Roots, roots_of

GIGABYTE = 10**9
LARGEST = 100


def of(context: AppContext, session: ReadSession, principal: Principal) -> Storage:
    """The figures that `principal` may see."""
    held = exists().where(Membership.item_id == Item.id, visible_to(principal, Membership.user_id))
    in_trash = exists().where(
        Membership.item_id == Item.id,
        visible_to(principal, Membership.user_id),
        Membership.trashed_at.is_not(None),
    )
    return Storage(
        total=_total(session, "", held),
        quota_bytes=quotas.quota_of(context.settings, session, principal.id),
        by_user=_by_user(session, principal),
        by_kind=_shares(session, Item.kind, held),
        by_site=_shares(session, Item.site, held),
        trash=_total(session, "trash", in_trash),
        missing=_total(session, "missing", held, _has_file(ItemFile.missing_since.is_not(None))),
        damaged=_total(session, "damaged", held, _has_file(ItemFile.damaged_at.is_not(None))),
        disks=_disks(context, session, principal),
    )


def _has_file(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Item.id.in_(select(ItemFile.item_id).where(condition))


def _total(session: ReadSession, name: str, *conditions: ColumnElement[bool]) -> Share:
    size = func.coalesce(func.sum(Item.size), 0)
    items, total = session.execute(select(func.count(), size).select_from(Item).where(*conditions)).one()
    return Share(name=name, items=items, bytes=total)


def _shares(session: ReadSession, column: Any, *conditions: ColumnElement[bool]) -> list[Share]:
    size = func.coalesce(func.sum(Item.size), 0)
    query = select(column, func.count(), size).select_from(Item).where(*conditions).group_by(column)
    rows = session.execute(query.order_by(size.desc()).limit(LARGEST)).all()
    return [Share(name=name, items=items, bytes=total) for name, items, total in rows]


def _by_user(session: ReadSession, principal: Principal) -> list[Share]:
    size = func.coalesce(func.sum(Item.size), 0)
    query = (
        select(Membership.user_id, func.count(), size)
        .join(Item, Item.id == Membership.item_id)
        .where(visible_to(principal, Membership.user_id))
        .group_by(Membership.user_id)
        .order_by(size.desc())
    )
    rows = session.execute(query).all()
    names = accounts.names_of(session, [user_id for user_id, _, _ in rows if user_id is not None])
    return [
        Share(id=user_id, name=names.get(user_id, "") if user_id else "", items=items, bytes=total)
        for user_id, items, total in rows
    ]


def _disks(context: AppContext, session: ReadSession, principal: Principal) -> list[Disk]:
    """The disks under the media folders, each once."""
    roots = roots_of(context)
    reserve = round(context.settings.free_space_reserve_gb * GIGABYTE)
    disks: dict[object, Disk] = {}
    for name in dict.fromkeys([roots.present_name, *repository.roots_in_use(session)]):
        number, disk = _disk(roots, name, reserve, show=principal.is_superuser)
        disks.setdefault(number, disk)
    return list(disks.values())


def _disk(roots: Roots, name: str, reserve: int, *, show: bool) -> tuple[object, Disk]:
    folder = roots.folder(name)
    path = str(folder) if show else None
    try:
        there = roots.existing(name)
        total, _used, free = shutil.disk_usage(there)
        return there.stat().st_dev, Disk(path=path, total=total, free=free, reserve=reserve, is_there=True)
    except (FolderMissing, OSError):
        return name, Disk(path=path, total=0, free=0, reserve=reserve, is_there=False)
