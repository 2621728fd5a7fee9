"""Files that take the names of those that they have replaced.

A better copy is filed beside the one that it is for, as "Film (2).mp4", since the first stays until the second is
recorded. In the same transaction each of its files is promised the name that it is to have (`placements`, with the
item and the file's position), so that nobody else takes it. Then one file after another is renamed, over the old one
where there is one, and recorded under that name, in a transaction each. After a crash between rename and commit the
file lies under the promised name and the other one is gone: then only the record is made good. So there is a whole
file at every moment, and in the end one, under the name that players and media servers know.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.filesystem import to_disk
from magpie.kit.paths import below
from magpie.library import repository
from magpie.library.models import Item, ItemFile, Placement
from magpie.library.moving import discard, over_former
from magpie.library.roots import Roots

_HOLDER = "renamed-"  # and the item's id
_AFTER = "renamed."


@dataclass(frozen=True, slots=True)
class Promise:
    """The name `path` is for the item's file at this position."""

    root: str
    path: str
    item_id: int
    position: int


def promise(session: WriteSession, item: Item, names: Sequence[str]) -> None:
    """Promise the item's files, which are recorded already, the names that they do not have yet. What another host
    has taken in this moment is not promised."""
    for file, name in zip(item.files, names, strict=True):
        if file.path != name:
            holder = f"{_HOLDER}{item.id}"
            with suppress(IntegrityError), session.begin_nested():
                session.add(Placement(path=name, root=file.root, holder=holder, claim=file.position))


def withdraw(session: WriteSession, item: Item) -> list[tuple[str, str]]:
    """Forget what has been promised to the item's files, which are being replaced themselves; the names, with their
    roots, under which something older may lie."""
    rows = session.scalars(select(Placement).where(Placement.holder == f"{_HOLDER}{item.id}")).all()
    for row in rows:
        session.delete(row)
    session.flush()
    return [(row.root, row.path) for row in rows]


def promises(session: ReadSession) -> list[Promise]:
    """All that are not kept yet."""
    query = select(Placement).where(Placement.holder >= _HOLDER, Placement.holder < _AFTER)
    return [
        Promise(row.root, row.path, int(row.holder.removeprefix(_HOLDER)), row.claim)
        for row in session.scalars(query.order_by(Placement.holder, Placement.claim))
    ]


def keep(session: WriteSession, roots: Roots, promise: Promise) -> None:
    """Rename the file, or give the name up if there is none to have it. Raises `OSError`, and may be repeated."""
    repository.lock_item(session, promise.item_id)
    if not _still_stands(session, promise):
        return
    folder = roots.existing(promise.root)
    file = _file(session, promise)
    if file is None or not _rename(folder, file, promise.path):
        discard(folder, promise.path)
    else:
        former, file.path = file.path, promise.path
        session.after_commit(lambda: discard(folder, former))  # the folder, if nothing else is in it
    session.flush()
    repository.forget_placements(session, [promise.path])


def _still_stands(session: WriteSession, promise: Promise) -> bool:
    """Whether no other host has kept it meanwhile."""
    return session.scalar(select(Placement.path).where(Placement.path == promise.path)) is not None


def _file(session: WriteSession, promise: Promise) -> ItemFile | None:
    """The file that is to have the name; None if it has been replaced itself by one of another type."""
    query = select(ItemFile).where(
        ItemFile.item_id == promise.item_id,
        ItemFile.position == promise.position,
        ItemFile.root == promise.root,
    )
    file = session.scalar(query.execution_options(populate_existing=True))
    alike = file is not None and PurePosixPath(file.path).suffix == PurePosixPath(promise.path).suffix
    return file if alike else None


def _rename(folder: Path, file: ItemFile, name: str) -> bool:
    """Whether the file lies under its new name; one that somebody has taken away lies nowhere, and where the name has
    gone to another's file in this moment, it stays under the one that it has."""
    source, target = below(folder, file.path), below(folder, name)
    if source.exists():
        try:
            over_former(source, target)
        except FileExistsError:
            return False
        to_disk(target.parent)
        return True
    return target.exists() and target.stat().st_size == file.size
