"""What attempts leave in their download's folder: a work folder each, named by the number of its claim."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path


def left_in(home: Path) -> list[Path]:
    """What earlier attempts have left, the latest first: a process that dies late may make an older one's folder
    anew, and what was being deleted (no number) is not whole."""
    folders = [entry for entry in home.iterdir() if entry.is_dir()]
    return sorted(folders, key=lambda one: int(one.name) if one.name.isdecimal() else -1, reverse=True)


def bytes_in(folder: Path) -> int:
    """How much the files below the folder take; what vanishes meanwhile takes nothing."""
    size = 0
    for file in folder.rglob("*"):
        with suppress(OSError):
            size += file.lstat().st_size if file.is_file() else 0
    return size


def remove_home(home: Path) -> None:
    """Remove the download's folder unless another worker has a work folder in it."""
    try:
        others = any(entry.is_dir() for entry in home.iterdir())
    except OSError:  # it is not there, or its share does not answer
        return
    if not others:
        shutil.rmtree(home, ignore_errors=True)
