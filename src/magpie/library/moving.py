"""Files of the library on the disk: renamed into place, taken away."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from magpie.kit.paths import below
from magpie.library.sidecars import remove_show

FOLDER_TRIES = 20


def discard(root: Path, path: str) -> None:
    """Remove a file, and the folders that it leaves empty but for the rooms of the media folder."""
    target, base = below(root, path), root.resolve()
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
    """Rename; the folder may have been empty, and taken away in this moment by a deletion beside us."""
    for _ in range(FOLDER_TRIES):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            source.rename(target)
            return
        except FileNotFoundError:
            if not source.exists():
                raise
    source.rename(target)
