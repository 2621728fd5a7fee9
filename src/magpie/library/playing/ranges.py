"""The header `Range` (RFC 9110, 14.2): which bytes of a file are asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

MAX_RANGES = 16
# Longer numbers are nobody's file size; such a header counts as malformed.
_RANGE = re.compile(r"(\d{0,30})-(\d{0,30})", re.ASCII)


class Unsatisfiable(Exception):
    """Nothing of what is asked for is in the file."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Bytes of a file: `count` of them, at least one, from `start` on."""

    start: int
    count: int

    @property
    def last(self) -> int:
        return self.start + self.count - 1


def slices(header: str | None, size: int) -> list[Slice] | None:
    """The slices of a file of `size` bytes that the header asks for, in its order; None: the whole file.

    A header that is malformed, of another unit, of too many ranges or of overlapping ones is answered with the whole, as
    the RFC allows. Raises `Unsatisfiable`.
    """
    unit, separator, listed = (header or "").partition("=")
    if unit.strip().lower() != "bytes" or not separator:
        return None
    texts = [text for one in listed.split(",") if (text := one.strip(" \t"))]
    asked = [_RANGE.fullmatch(text) for text in texts[: MAX_RANGES + 1]]
    found = [_slice(match[1], match[2], size) if match else None for match in asked]
    if not found or None in found or len(found) > MAX_RANGES:
        return None
    held = [one for one in found if one is not None and one.count > 0]
    if not held:
        raise Unsatisfiable
    return None if _overlap(held) else held


def _slice(first: str, last: str, size: int) -> Slice | None:
    """None: malformed. Without bytes: not in the file."""
    if not first and not last:
        return None
    if not first:
        count = min(int(last), size)
        return Slice(size - count, count)
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    return Slice(start, max(end - start + 1, 0))


def _overlap(held: list[Slice]) -> bool:
    ordered = sorted(held, key=lambda one: one.start)
    return any(left.last >= right.start for left, right in pairwise(ordered))
