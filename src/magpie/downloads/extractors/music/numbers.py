"""The numbers that tracks have. Apart from what opens files, so that the server can read them without loading that."""

from __future__ import annotations

import re
from typing import Any

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")  # ISO 3901, without its dashes
_PLACE = re.compile(r"\s*(\d{1,4})(?:\s*/\s*(\d{1,4}))?\s*")


def isrc(value: Any) -> str | None:
    """The code in its plain form; None for what is none."""
    plain = re.sub(r"[\s-]", "", value).upper() if isinstance(value, str) else ""
    return plain if _ISRC.fullmatch(plain) else None


def place(value: Any) -> int | None:
    """A number of a track or disc, 1 to 9999."""
    if isinstance(value, str):
        value = place_of_how_many(value)[0]
    sane = isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 9999
    return int(value) if sane else None


def place_of_how_many(text: str | None) -> tuple[int | None, int | None]:
    """What `3/12` says; the second is None where only the place is named, both where it is no place."""
    match = _PLACE.fullmatch(text or "")
    return (int(match[1]), int(match[2]) if match[2] else None) if match else (None, None)
