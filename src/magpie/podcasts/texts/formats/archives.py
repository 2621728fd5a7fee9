"""ZIP archives that documents are: their parts are bounded before a byte of them is unpacked."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from magpie.podcasts.texts.document import Unreadable

MAX_PARTS = 20_000
MAX_UNPACKED = 512 << 20  # bytes of all parts together
MAX_PART = 48 << 20  # bytes of one part that is read
_MOST_TO_ONE = (
    200  # how many times larger a part may become; text that somebody wrote becomes ten times larger
)
_SMALL = 1 << 20  # bytes; parts that stay below may become as much larger as they like


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive. Raises `Unreadable` for one that would become too large, or is broken."""
    try:
        with zipfile.ZipFile(path) as archive:
            _judge(archive)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise Unreadable("damaged", "The file is damaged: its parts cannot be unpacked.") from error
    except RuntimeError as error:  # what zipfile raises for a part with a password
        if isinstance(error, RecursionError):
            raise
        raise Unreadable("encrypted", "The file is locked with a password.") from error


def _judge(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable("too_large", "The file becomes too large when it is unpacked.")
    for part in parts:
        if part.file_size > _SMALL and part.file_size > part.compress_size * _MOST_TO_ONE:
            raise Unreadable("too_large", "The file becomes too large when it is unpacked.")


def part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """A part by its name; None if there is none. zipfile gives no more bytes than were announced. Raises `Unreadable`."""
    try:
        facts = archive.getinfo(name)
    except KeyError:
        return None
    if facts.file_size > MAX_PART:
        raise Unreadable("too_large", "A part of the file is too large.")
    return archive.read(facts)


def resolved(base: str, reference: str) -> str:
    """The name of the part that a reference in the part `base` means."""
    path = unquote(reference.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)).lstrip("/")
