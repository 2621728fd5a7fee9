"""Numbers from sites and tools, made fit to be stored and sent: JSON and databases know no infinity."""

from __future__ import annotations

import math

MAX_COUNT = 2**53 - 1  # what a page's script still counts exactly; any database stores it


def count(value: float | None) -> int | None:
    """A count of bytes or the like; None for what can be none."""
    number = amount(value)
    return None if number is None else int(number)


def amount(value: float | None) -> float | None:
    """A duration, speed or other amount; None for what can be none."""
    try:
        return value if value is not None and math.isfinite(value) and 0 <= value <= MAX_COUNT else None
    except (TypeError, OverflowError):  # a tool's own idea of a number; an integer beyond all floats
        return None
