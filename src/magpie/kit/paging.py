"""Keyset paging: a cursor names the last row of a page, so that any depth costs the same."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from datetime import UTC, datetime

from magpie.kit.errors import RuleBroken

_SURROGATE = re.compile("[\ud800-\udfff]")


def encode_cursor(*key: int | str | float | None) -> str:
    """An opaque, URL-safe cursor for the sort key of a page's last row."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: tuple[type, ...]) -> tuple[int | str | float, ...]:
    """The sort key in a cursor; raises `RuleBroken` if it is not one of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise RuleBroken("This cursor is not one that the server gave out.", "query", "cursor") from error
    fits = isinstance(values, list) and len(values) == len(kinds)
    if not fits or not all(map(_fits, values, kinds)):
        raise RuleBroken("This cursor is not one that the server gave out.", "query", "cursor")
    return tuple(values)


def moment_in(value: object) -> datetime:
    """The moment that a cursor holds as text; raises `RuleBroken` if it is none."""
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RuleBroken("This cursor is not one that the server gave out.", "query", "cursor") from error


def _fits(value: object, kind: type) -> bool:
    """Whether every database can compare with the value; `True` is no number here."""
    if type(value) is not kind:
        return False
    if isinstance(value, int):
        return abs(value) <= 2**62
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str) and "\0" not in value and not _SURROGATE.search(value)
