"""Chosen items as one zip, written while it is read: nothing is compressed, kept or counted beforehand.

At any moment a piece of one file is in memory, and what the end of a zip says of each file: its name and where it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast

from zipstream import ZipStream  # type: ignore[import-untyped]

from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession
from magpie.kit.errors import NotFound, RuleBroken
from magpie.kit.paths import safe_name
from magpie.library import choice
from magpie.library.choice import Choice
from magpie.library.models import ItemFile
from magpie.library.service import open_file, roots_of
from magpie.library.zipping import repository
from magpie.library.zipping.names import Names
from magpie.library.zipping.orders import LASTS_SECONDS, MOST_IDS, Order, seal

BATCH = 200  # items whose files are looked up at once
MISSING = "missing files.txt"
TOO_MANY = f"At most {MOST_IDS} items can be named one by one: choose them by a filter."
Chunks = Generator[bytes, None, None]


class _Zip(Protocol):
    """What is used of `zipstream.ZipStream`, which comes without types."""

    def add_path(self, path: str, arcname: str, *, recurse: bool) -> None: ...

    def add(self, data: bytes, arcname: str) -> None: ...

    def all_files(self) -> Iterator[bytes]: ...

    def finalize(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Promise:
    """A zip that can be fetched: `text` goes into its address. `size`: bytes of the files in it."""

    text: str
    name: str
    count: int
    size: int
    expires_at: datetime


def promise(
    context: AppContext, session: ReadSession, principal: Principal, wanted: Choice, name: str | None
) -> Promise:
    """Settle what is to be in a zip. Raises `NotFound` if nothing is; `RuleBroken` for too many ids."""
    ids = tuple(dict.fromkeys(wanted.ids or ()))
    if len(ids) > MOST_IDS:
        raise RuleBroken(TOO_MANY, "body", "ids")
    count, size = repository.totals(session, principal, ids, wanted.filter)
    if not count:
        raise NotFound
    now = utcnow()
    stem = safe_name((name or "").removesuffix(".zip"), f"Magpie {now:%Y-%m-%d}")
    order = Order(principal, f"{stem}.zip", ids, wanted.filter)
    until = datetime.fromtimestamp(int(now.timestamp()) + LASTS_SECONDS, now.tzinfo)
    return Promise(seal(context, order, now.timestamp()), order.name, count, size, until)


def chunks(context: AppContext, order: Order) -> Chunks:
    """The zip, piece by piece. What has gone from the disk meanwhile is listed in a text file at its end.

    Raises `OSError` in the middle if a file cannot be read to its end: then the zip is worth nothing.
    """
    return _zipped(_paths(context, order))


def _paths(context: AppContext, order: Order) -> Iterator[tuple[str, Callable[[], Path]]]:
    """Each file's path in its media folder, and how to find it on the disk. Reads a few items at a time, each time what
    the user has then."""
    with context.database.read() as session:
        ids: Sequence[int] = order.ids
        if order.filter is not None:
            ids = choice.found(session, order.principal, order.filter)
    for start in range(0, len(ids), BATCH):
        with context.database.read() as session:
            files = repository.files(session, order.principal, ids[start : start + BATCH])
        for file in files:
            yield file.path, _finder(context, file)


def _finder(context: AppContext, file: ItemFile) -> Callable[[], Path]:
    return lambda: open_file(roots_of(context), file)


def _zipped(files: Iterable[tuple[str, Callable[[], Path]]]) -> Chunks:
    zipped, names, missing = cast(_Zip, ZipStream()), Names(), []
    for path, find in files:
        try:
            zipped.add_path(str(find()), names.take(path), recurse=False)
        except (NotFound, FileNotFoundError):
            missing.append(path)
            continue
        yield from zipped.all_files()
    if missing:
        zipped.add("".join(f"{path}\n" for path in missing).encode(errors="replace"), names.take(MISSING))
    yield from zipped.finalize()
