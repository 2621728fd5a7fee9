"""Media folders, and which of them a file lies in.

Rows name their folder by a short text, their *root*:

- the empty text: the *base*, which is the folder that the environment names, or `media` in the data folder. Hosts may
  see it at different places, and it moves with the data folder;
- a relative path: a folder in the data folder that somebody chose while the program ran; it moves along, too;
- an absolute path: any other folder that somebody chose.

A folder that Magpie files in has its corner (`.magpie`) in it. Where that is missing from a chosen folder, the disk of
the folder is missing, or the folder is not one of Magpie's: nothing in it is read, filled or deleted then. The base is
anyway the operator's: its disk is missing where there is nothing at all.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryFile

import structlog

from magpie.context import AppContext
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.filesystem import is_folder
from magpie.kit.installation import Installation
from magpie.kit.paths import OutsideRoot, below
from magpie.library import repository
from magpie.library.naming import CORNER

log = structlog.get_logger(__name__)

BASE = ""
# What to do where `base_is_gone`.
GONE = "see that its disk is mounted; if its files are gone for good, make the folder .magpie in it and start again"


class FolderMissing(OSError):
    """A media folder is not where it was: its disk is not mounted, most likely."""

    def __init__(self, folder: Path) -> None:
        super().__init__(errno.ENOENT, "the media folder is missing", str(folder))


@dataclass(frozen=True, slots=True)
class Roots:
    """The media folders as one host sees them. New files go into `present`."""

    data_dir: Path
    base: Path
    present: Path

    def name_of(self, folder: Path) -> str:
        """The root under which rows name this folder."""
        return BASE if folder == self.base else self.lasting_name_of(folder)

    def lasting_name_of(self, folder: Path) -> str:
        """The root of this folder, even if it is the base of today."""
        if folder.is_relative_to(self.data_dir):
            return folder.relative_to(self.data_dir).as_posix()
        return str(folder)

    @property
    def present_name(self) -> str:
        """The root of new files."""
        return self.name_of(self.present)

    def folder(self, root: str) -> Path:
        """The folder that a root means here. Raises `OutsideRoot` for what this class would never have named so."""
        if root == BASE:
            return self.base
        if ".." in PurePath(root).parts or "\0" in root:
            raise OutsideRoot("a media folder's name leads elsewhere")
        return self.data_dir / root

    def existing(self, root: str) -> Path:
        """The same, if it is there. Raises `FolderMissing`."""
        folder = self.folder(root)
        if not is_folder(folder / CORNER) and (root != BASE or _is_bare(folder)):
            raise FolderMissing(folder)
        return folder

    def workshop(self, root: str) -> Path:
        """The folder of the work folders; on the media's own file system, so that a rename is enough."""
        return workshop_in(self.folder(root))

    def place(self, root: str, path: str) -> Path:
        """Where a file lies. Raises `FolderMissing`, or `OutsideRoot` if a link leads out of the folder."""
        return below(self.existing(root), path)


def workshop_in(folder: Path) -> Path:
    """The folder of the work folders in a media folder."""
    return folder / CORNER / "work"


def roots_of(context: AppContext) -> Roots:
    """The media folders as the settings have them at this moment."""
    given = context.given
    return Roots(given.data_dir, given.media_root, context.settings.media_root)


def open_folder(folder: Path) -> None:
    """Make a media folder with Magpie's corner in it, and see that it can be written to. Raises `OSError`."""
    workshop = workshop_in(folder)
    workshop.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=workshop):
        pass


def base_is_gone(session: ReadSession, roots: Roots) -> bool:
    """At a start, before `follow_base`: whether files lie in the base, which is the one of the latest start, and nothing
    is there now. A mount point looks so whose disk is not mounted (yet): making the base there would fill another disk."""
    row = session.get_one(Installation, 1)
    is_same = row.media_root == roots.lasting_name_of(roots.base)
    return is_same and _is_bare(roots.base) and repository.is_root_used(session, BASE)


def _is_bare(folder: Path) -> bool:
    try:
        return not any(folder.iterdir())
    except PermissionError:
        raise
    except OSError:  # it is not there, or its share does not answer
        return True


def open_base(context: AppContext) -> None:
    """At a start: make the base, which nobody else does. Raises `OSError` if new files are to go there."""
    roots = roots_of(context)
    try:
        workshop_in(roots.base).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if roots.present == roots.base:
            raise
        log.info("unused_media_folder_not_made", error=str(error))


def follow_base(session: WriteSession, roots: Roots) -> str | None:
    """At a start: if the environment names another base than before, and the former one was not moved there, its
    files get the former folder as their own root, and so stay where they are. Returns that root."""
    row = session.get_one(Installation, 1)
    now, before = roots.lasting_name_of(roots.base), row.media_root
    if before == now:
        return None
    row.media_root = now
    if before is None or not _stayed(session, roots, before, now):
        return None
    repository.rename_root(session, BASE, before)
    log.info("media_folder_changed", before=before, now=now)
    return before


def _stayed(session: WriteSession, roots: Roots, before: str, now: str) -> bool:
    """Whether the former base is another folder, and still one of Magpie's.

    A new base with a corner is the former one, moved or copied or mounted elsewhere on this host; unless rows name
    it, because somebody had chosen it while the program ran.
    """
    try:
        former = roots.existing(before)
    except (FolderMissing, OutsideRoot):
        return False
    if roots.base.exists() and former.samefile(roots.base):
        return False
    return not (roots.base / CORNER).is_dir() or repository.is_root_used(session, now)
