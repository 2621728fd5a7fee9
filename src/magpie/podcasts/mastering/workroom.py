"""The folder in which a recording is made: beside the results, under a hidden name, and gone when its maker is."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _prefix(name: str) -> str:
    return f".{name}.mastering-"


@contextmanager
def workroom(folder: Path, name: str) -> Iterator[Path]:
    """A new folder for work on `name`, locked as long as its maker lives. Those of dead ones are taken away first."""
    sweep(folder, name)
    room = Path(tempfile.mkdtemp(prefix=_prefix(name), dir=folder))
    descriptor = os.open(room, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield room
    finally:
        os.close(descriptor)
        shutil.rmtree(room, ignore_errors=True)


def sweep(folder: Path, name: str) -> None:
    """Take away what makers of `name` have left who were killed."""
    for room in folder.iterdir():
        if not room.name.startswith(_prefix(name)) or room.is_symlink() or not room.is_dir():
            continue
        descriptor = os.open(room, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(room, ignore_errors=True)
        except BlockingIOError:
            continue  # somebody is at it
        finally:
            os.close(descriptor)
