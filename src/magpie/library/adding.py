"""A file that comes to an item of the library later, such as subtitles made of its sound; and how it goes again.

As in `filing`, its name is written down before the file is there, and the record after it: whatever stops us in between,
the next attempt under the same holder knows what to take away (`Filing.recover`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from magpie.downloads.extractors.port import Role
from magpie.kit.db import Database, WriteSession
from magpie.kit.filesystem import to_disk
from magpie.kit.paths import safe_name
from magpie.library import repository
from magpie.library.filing import DELETED, MAX_NAME_TRIES, FenceLost, Filing
from magpie.library.models import Item, ItemFile, Placement

_MAIN = (Role.MEDIA.value, Role.IMAGE.value)


@dataclass(frozen=True, slots=True)
class Addition:
    """Subtitles for an item. `holder` (32 characters at most) and `claim` are as in `Placement`; `ending` with its dot.

    `still_mine` says whether this worker may still add them, `settle` is called in the unit of work that records them.
    """

    item_id: int
    holder: str
    claim: int
    content: bytes
    mime: str
    ending: str
    language: str | None
    still_mine: Callable[[WriteSession], bool]
    settle: Callable[[WriteSession, ItemFile], None]


def add(database: Database, filing: Filing, addition: Addition) -> int:
    """Put the file beside the item's main file, and record it; the file's id.

    Raises `FenceLost` if the item is gone or the work somebody else's, or `OSError` with nothing left behind.
    """
    filing.recover(addition.holder, addition.claim)
    root, path = _reserve(database, filing, addition)
    try:
        _place(filing, addition, root, path)
        return _conclude(database, addition, root, path)
    except BaseException:
        filing.recover(addition.holder, addition.claim)
        raise


def _reserve(database: Database, filing: Filing, addition: Addition) -> tuple[str, str]:
    with database.write() as session:
        item = _locked(session, addition)
        main = next((file for file in item.files if file.role in _MAIN), None)
        if main is None:
            raise FenceLost
        path = _free_name(session, filing, main, addition)
        session.add(
            Placement(path=path, root=main.root, holder=addition.holder, claim=addition.claim),
        )
        return main.root, path


def _locked(session: WriteSession, addition: Addition) -> Item:
    """The item first, as whoever deletes it does."""
    if not repository.lock_item(session, addition.item_id) or not addition.still_mine(session):
        raise FenceLost
    return session.get_one(Item, addition.item_id)


def _free_name(session: WriteSession, filing: Filing, main: ItemFile, addition: Addition) -> str:
    """As players and media servers know subtitles: the name of the medium, and the language before the ending."""
    folder, beside = filing.roots.existing(main.root), PurePosixPath(main.path)
    language = safe_name(addition.language or "und", fallback="und", max_bytes=16)
    for number in range(1, MAX_NAME_TRIES):
        stem = beside.stem if number == 1 else f"{beside.stem}.{number}"
        path = str(beside.with_name(f"{stem}.{language}{addition.ending}"))
        if not os.path.lexists(folder / path) and not repository.any_taken(session, [path]):
            return path
    raise OSError(f"no free name beside {main.path!r}")


def _place(filing: Filing, addition: Addition, root: str, path: str) -> None:
    """Written into a work folder of the same file system, so that it appears under its name as a whole."""
    workdir = filing.roots.workshop(root) / addition.holder
    workdir.mkdir(parents=True, exist_ok=True)
    try:
        source = workdir / f"{addition.claim}{addition.ending}"
        source.write_bytes(addition.content)
        to_disk(source)
        target = filing.put(source, root, path, addition.holder, addition.claim)
        to_disk(target.parent)
    finally:
        shutil.rmtree(workdir, ignore_errors=True)


def _conclude(database: Database, addition: Addition, root: str, path: str) -> int:
    with database.write() as session:
        item = _locked(session, addition)
        size = len(addition.content)
        file = ItemFile(
            item_id=item.id,
            path=path,
            root=root,
            role=Role.SUBTITLE.value,
            position=max((one.position for one in item.files), default=-1) + 1,
            size=size,
            mime=addition.mime,
            language=addition.language,
        )
        session.add(file)
        item.size += size
        session.flush()
        repository.forget_placements(session, [path])
        addition.settle(session, file)
        return file.id


def remove(session: WriteSession, filing: Filing, item_id: int, file_id: int) -> bool:
    """Take a side file from an item; whether it had it. The file goes once that is committed."""
    if not repository.lock_item(session, item_id):
        return False
    file = session.get(ItemFile, file_id, populate_existing=True)
    if file is None or file.item_id != item_id or file.role in _MAIN:
        return False
    session.get_one(Item, item_id).size -= file.size
    session.add(Placement(path=file.path, root=file.root, holder=DELETED, claim=0))
    session.delete(file)
    session.flush()
    session.after_commit(lambda: filing.recover(DELETED, 0))
    return True
