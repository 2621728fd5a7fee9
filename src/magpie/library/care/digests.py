"""Reading the content of files in the background, so that silent damage is noticed before the last copy is lost.

The digest is BLAKE2b with 256 bits (RFC 7693). Where size and time of a file are what they were and its content is
not, nobody has written to it: the disk has. Files are read slowly, so that nobody who listens notices.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path

import structlog

from magpie.kit.clock import utcnow
from magpie.kit.db import Database
from magpie.kit.paths import OutsideRoot
from magpie.library.care import repository
from magpie.library.models import ItemFile
from magpie.library.roots import FolderMissing, Roots

log = structlog.get_logger(__name__)

CHUNK = 1 << 20
BATCH = 50


def digest_of(path: Path, pause: Callable[[int], None] = lambda _bytes: None) -> str:
    """The content's digest in hex. `pause` is called with the number of bytes after each chunk. Raises OSError."""
    digest = blake2b(digest_size=32)
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            # What is read once for this need not push out what people play.
            os.posix_fadvise(file.fileno(), 0, file.tell(), os.POSIX_FADV_DONTNEED)
            pause(len(chunk))
    return digest.hexdigest()


class Pace:
    """Holds reading down to `rate` bytes a second; `stopping` is asked in between and ends it with `Interrupted`."""

    def __init__(self, rate: float, stopping: Callable[[float], bool]) -> None:
        self._rate = rate
        self._stopping = stopping
        self._ahead = time.monotonic()

    def __call__(self, count: int) -> None:
        now = time.monotonic()
        self._ahead = max(self._ahead, now) + count / self._rate
        if self._stopping(max(0.0, self._ahead - now)):
            raise Interrupted


class Interrupted(Exception):
    """The program ends: what was not read is read another time."""


def read_due(
    database: Database, roots: Roots, pace: Callable[[int], None], *, every: timedelta, budget: float
) -> int:
    """Read what is due for up to `budget` seconds; how many files were damaged. Raises `Interrupted`."""
    damaged, end = 0, time.monotonic() + budget
    while time.monotonic() < end:
        with database.read() as session:
            due = repository.due_for_digest(session, utcnow() - every, BATCH)
        if not due:
            break
        for file in due:
            damaged += _read(database, roots, file, pace)
            if time.monotonic() >= end:
                break
    return damaged


def _read(database: Database, roots: Roots, file: ItemFile, pace: Callable[[int], None]) -> bool:
    """Read one file and note what was found; whether it is damaged."""
    try:
        path = roots.place(file.root, file.path)
        before = path.stat()
        digest = digest_of(path, pace)
        after = path.stat()
    except (FolderMissing, OutsideRoot, OSError):
        digest, before, after = None, None, None  # the next scan says what is the matter
    written = (
        before is None
        or after is None
        or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns)
    )
    with database.write() as session:
        row = session.get(ItemFile, file.id)
        if row is None or (row.path, row.size) != (file.path, file.size):
            return False
        row.checked_at = utcnow()
        if written or after is None or digest is None or after.st_size != row.size:
            return False
        if row.modified_ns is None or row.digest is None or row.modified_ns != after.st_mtime_ns:
            if row.modified_ns in (None, after.st_mtime_ns):
                row.digest, row.modified_ns = digest, after.st_mtime_ns
            return False
        if row.digest == digest:
            row.damaged_at = None
            return False
        row.damaged_at = row.damaged_at or utcnow()
    log.warning("file_damaged", item_id=file.item_id, path=file.path)
    return True
