"""What lies in a media folder, in the order of the paths' code points.

Both sides of a scan come in that order, the disk and the database, so that they are compared without holding either
in memory. Links are not followed, hidden files and folders (Magpie's own corner among them) are left out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from stat import S_ISREG


@dataclass(frozen=True, slots=True)
class Seen:
    """A file on the disk. `path`: relative to the media folder, with slashes. Size in bytes, times in nanoseconds."""

    path: str
    size: int
    modified_ns: int


Unreadable = Callable[[str, str], None]
"""Told of a path that cannot be looked at, and why (`name`, `folder`)."""


def walk(root: Path, unreadable: Unreadable) -> Iterator[Seen]:
    """All plain files below `root`, by path. Folders that cannot be read are told, and left out."""
    yield from _walk(str(root), "", unreadable)


def _walk(folder: str, inside: str, unreadable: Unreadable) -> Iterator[Seen]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(_keyed(entries), key=itemgetter(0))
    except OSError:
        unreadable(inside, "folder")
        return
    for key, entry in found:
        path = inside + key
        if key.endswith("/"):
            yield from _walk(f"{folder}/{key[:-1]}", path, unreadable)
        elif _is_text(path):
            if (seen := _seen(entry, path)) is not None:
                yield seen
        else:
            unreadable(path, "name")


def _keyed(entries: Iterator[os.DirEntry[str]]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Names as they sort within whole paths: a folder's with the slash that follows it."""
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield f"{entry.name}/", entry
        elif not entry.is_symlink():
            yield entry.name, entry


def _is_text(path: str) -> bool:
    """Whether a database can hold the name: bytes that are no UTF-8 come as lone surrogates."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _seen(entry: os.DirEntry[str], path: str) -> Seen | None:
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return None  # gone in this moment
    return Seen(path, facts.st_size, facts.st_mtime_ns) if S_ISREG(facts.st_mode) else None
