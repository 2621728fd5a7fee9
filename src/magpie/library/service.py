"""The rules of the library: who sees an item, what a deletion takes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.downloads.extractors.port import Medium, Role
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import NotFound
from magpie.kit.paths import OutsideRoot
from magpie.library import repository
from magpie.library.adding import Addition
from magpie.library.adding import add as add_file
from magpie.library.adding import remove as remove_file
from magpie.library.concern import concerned, in_library
from magpie.library.ending import end
from magpie.library.filing import DELETED, Delivery, FenceLost, Filing
from magpie.library.models import Item, ItemFile
from magpie.library.naming import Naming
from magpie.library.noting import note
from magpie.library.roots import (
    BASE,
    GONE,
    FolderMissing,
    Roots,
    base_is_gone,
    follow_base,
    open_base,
    open_folder,
    roots_of,
    workshop_in,
)
from magpie.library.sidecars import with_nfo
from magpie.library.trash import service as trash

__all__ = [
    "BASE",
    "DELETED",
    "GONE",
    "Addition",
    "Delivery",
    "FenceLost",
    "Filing",
    "FolderMissing",
    "Item",
    "ItemFile",
    "Naming",
    "Roots",
    "add_file",
    "base_is_gone",
    "filing_of",
    "find_held",
    "find_identity",
    "follow_base",
    "get_item",
    "hand_over",
    "has_in_any_quality",
    "is_member",
    "lock_item",
    "missing_folders",
    "open_base",
    "open_file",
    "open_folder",
    "other_folders",
    "pin",
    "pin_all",
    "release",
    "remove_all",
    "remove_file",
    "remove_item",
    "remove_items",
    "roots_of",
    "with_nfo",
    "workshop_in",
]

MAIN_ROLES = (Role.MEDIA.value, Role.IMAGE.value)
BATCH = 200


def get_item(session: ReadSession, principal: Principal, item_id: int, *, with_trash: bool = False) -> Item:
    """The item; `NotFound` if it is not there or not the caller's, or lies in the trash (unless `with_trash`)."""
    item = repository.get_item(session, principal, item_id, with_trash=with_trash)
    if item is None:
        raise NotFound
    return item


def main_file(item: Item) -> ItemFile | None:
    """The file that is played or shown."""
    return next((file for file in item.files if file.role in MAIN_ROLES), None)


def thumbnail(item: Item) -> ItemFile | None:
    """The small picture, or the item's own picture if it is one."""
    found = next((file for file in item.files if file.role == Role.THUMBNAIL), None)
    return found or next((file for file in item.files if file.role == Role.IMAGE), None)


def filing_of(context: AppContext) -> Filing:
    """Filing into the media folders of this installation."""
    return Filing(context.database, lambda: roots_of(context))


def other_folders(session: ReadSession, roots: Roots) -> list[Path]:
    """The media folders that hold files besides the one for new files."""
    found = []
    for root in repository.roots_in_use(session):
        with suppress(OutsideRoot):
            found.append(roots.folder(root))
    return [folder for folder in dict.fromkeys(found) if folder != roots.present]


def missing_folders(session: ReadSession, roots: Roots) -> list[Path]:
    """Of those, the ones that are not there: their disks are not mounted, most likely."""
    missing = []
    for folder in other_folders(session, roots):
        try:
            roots.existing(roots.name_of(folder))
        except FolderMissing:
            missing.append(folder)
    return missing


def open_file(roots: Roots, file: ItemFile) -> Path:
    """The file's place on the disk; `NotFound` with a plain sentence if it has gone."""
    try:
        path = roots.place(file.root, file.path)
    except FolderMissing:
        raise NotFound("The media folder of this file is missing: see that its disk is mounted") from None
    except OutsideRoot:  # somebody has put a link in the way
        raise NotFound("The file is no longer in the media folder") from None
    if not path.is_file():
        raise NotFound("The file is no longer on the disk")
    return path


def find_held(session: ReadSession, filing: Filing, medium: Medium, quality: str) -> Item | None:
    """The stored item that this medium is, if its files are all there."""
    item = repository.find_identity(session, medium, quality)
    return item if item and filing.is_whole(item) else None


def find_identity(session: ReadSession, medium: Medium, quality: str) -> Item | None:
    """The stored item that this medium is, whatever has become of its files."""
    return repository.find_identity(session, medium, quality)


def has_in_any_quality(session: ReadSession, medium: Medium, user_id: int | None) -> bool:
    """Whether the user's library has the medium, saved with whatever profile."""
    return repository.has_in_any_quality(session, medium, user_id)


def places_of(session: ReadSession, roots: Roots, item_id: int) -> list[Path]:
    """Where the item's files lie, the main file first, thumbnails left out."""
    item = session.get(Item, item_id)
    files = [file for file in item.files if file.role != Role.THUMBNAIL] if item else []
    return [roots.folder(file.root) / file.path for file in files]


def is_member(session: ReadSession, item_id: int, user_id: int | None) -> bool:
    return repository.is_member(session, item_id, user_id)


def add_member(session: WriteSession, item_id: int, user_id: int | None) -> None:
    repository.add_member(session, item_id, user_id)


def remove_item(
    session: WriteSession, principal: Principal, item_id: int, *, afterwards: Callable[[], None]
) -> None:
    """Take the item out of the caller's library or trash at once; a superuser who does not hold it takes it out of
    everybody's.

    With the last member the item and its files go. `afterwards` runs once that is committed.
    """
    if not trash.delete(session, principal, [item_id], everybody=True):
        raise NotFound
    session.after_commit(afterwards)


def hand_over(session: WriteSession, giver_id: int, taker_id: int) -> int:
    """Put all that one user has into another one's library; returns how many items that are."""
    return repository.move_members(session, giver_id, taker_id)


def remove_items(
    session: WriteSession, user_id: int, item_ids: Sequence[int], *, afterwards: Callable[[], None]
) -> int:
    """Take items out of a user's library, but for those that are pinned; returns how many that were.

    Items that nobody else has go with their files. `item_ids` are in rising order, in which they are locked.
    """
    removed = sum(release(session, item_id, user_id) for item_id in item_ids)
    session.after_commit(afterwards)
    return removed


def lock_item(session: WriteSession, item_id: int) -> bool:
    """Keep others from changing the item, its files or its members; False if it is gone."""
    return repository.lock_item(session, item_id)


def release(session: WriteSession, item_id: int, user_id: int) -> bool:
    """Take an item out of a user's library unless it is pinned there; whether it was. With its last member it goes.

    Whoever calls this has `recover(DELETED, 0)` run after the commit, which takes the files away.
    """
    repository.lock_item(session, item_id)
    held = repository.membership(session, item_id, user_id)
    if held is None or held.pinned:
        return False
    end(session, [held])
    return True


def pin_all(
    session: WriteSession, principal: Principal, item_ids: Sequence[int], *, pinned: bool
) -> list[Item]:
    """Have retention leave items alone, or not any more; those that are there. For the caller; a superuser who does
    not hold one does it for all who do."""
    held = concerned(session, principal, item_ids, in_library)
    for one in held:
        one.pinned = pinned
    items = repository.items(session, sorted({one.item_id for one in held}))
    for_all = any(one.user_id != principal.id for one in held)
    note(session, "item.pin", principal, items, pinned=pinned, for_all=for_all)
    return items


def pin(session: WriteSession, principal: Principal, item_id: int, *, pinned: bool) -> Item:
    """As `pin_all` for one; raises `NotFound`."""
    found = pin_all(session, principal, [item_id], pinned=pinned)
    if not found:
        raise NotFound
    return found[0]


def remove_all(session: WriteSession, user_id: int, *, afterwards: Callable[[], None]) -> int:
    """Empty a user's library; items that nobody else has go with their files. Returns how many items it had."""
    item_ids = repository.items_of_user(session, user_id)
    for start in range(0, len(item_ids), BATCH):
        part = item_ids[start : start + BATCH]
        repository.lock_items(session, part)
        end(session, repository.memberships(session, user_id, part))
    session.after_commit(afterwards)
    return len(item_ids)
