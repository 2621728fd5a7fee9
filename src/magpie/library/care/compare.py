"""Comparing the files that items have with those that lie on the disk. Pure: both sides come sorted by path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from magpie.library.care.disk import Seen


@dataclass(frozen=True, slots=True)
class Known:
    """A file that an item has, as it was last seen."""

    id: int
    item_id: int
    path: str
    size: int
    modified_ns: int | None
    digest: str | None
    is_missing: bool


class Verdict(StrEnum):
    UNCHANGED = "unchanged"
    FIRST_SEEN = "first_seen"  # as recorded, but its time was not noted yet
    RETURNED = "returned"  # it was missing, and is there again as it was
    CHANGED = "changed"  # another size or time than before
    MISSING = "missing"
    STILL_MISSING = "still_missing"
    UNKNOWN = "unknown"  # no item has it


@dataclass(frozen=True, slots=True)
class Finding:
    """One path, and what became of it; at least one side is there."""

    verdict: Verdict
    known: Known | None = None
    seen: Seen | None = None


def compare(known: Iterable[Known], seen: Iterable[Seen]) -> Iterator[Finding]:
    """A finding for each path of either side, in their order. Holds one of each in memory."""
    rows, files = iter(known), iter(seen)
    row, file = next(rows, None), next(files, None)
    while row is not None or file is not None:
        if row is not None and (file is None or row.path < file.path):
            yield Finding(Verdict.STILL_MISSING if row.is_missing else Verdict.MISSING, known=row)
            row = next(rows, None)
        elif file is not None and (row is None or file.path < row.path):
            yield Finding(Verdict.UNKNOWN, seen=file)
            file = next(files, None)
        elif row is not None and file is not None:
            yield Finding(_judge(row, file), row, file)
            row, file = next(rows, None), next(files, None)


def _judge(row: Known, file: Seen) -> Verdict:
    if row.size != file.size:
        return Verdict.CHANGED
    if row.modified_ns is not None and row.modified_ns != file.modified_ns:
        return Verdict.CHANGED
    if row.is_missing:
        return Verdict.RETURNED
    return Verdict.FIRST_SEEN if row.modified_ns is None else Verdict.UNCHANGED
