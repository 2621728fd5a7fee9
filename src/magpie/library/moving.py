"""Files of the library on the disk: renamed into place, taken away."""

from __future__ import annotations

import errno
from contextlib import suppress
from pathlib import Path

from magpie.kit.filesystem import bears_name, rename_anew
from magpie.kit.paths import below
from magpie.library.sidecars import remove_show

FOLDER_TRIES = 20


def discard(root: Path, path: str) -> None:
    """Remove a file, and the folders that it leaves empty but for the rooms of the media folder. One that only shares the
    name's letters, in other cases, is somebody else's."""
    target, base = below(root, path), root.resolve()
    if not bears_name(target):
        return
    with suppress(FileNotFoundError, NotADirectoryError):
        target.unlink()
    for folder in target.parents:
        if base in (folder, folder.parent):
            break
        remove_show(folder)
        try:
            folder.rmdir()
        except OSError:
            break


def into_place(source: Path, target: Path) -> None:
    """Rename, overwriting nothing (`FileExistsError`); the folder may have been empty, and taken away in this moment by
    a deletion beside us."""
    for _ in range(FOLDER_TRIES):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            rename_anew(source, target)
            return
        except FileNotFoundError:
            if not source.exists():
                raise
    rename_anew(source, target)


def over_former(source: Path, target: Path) -> None:
    """Rename over the file that this one comes for, where it is still there. Raises `FileExistsError` if what is there
    has the name in other cases, and so is another."""
    if not target.exists():
        into_place(source, target)
    elif bears_name(target):
        source.replace(target)
    else:
        raise FileExistsError(errno.EEXIST, "the name is taken, in other cases", str(target))
