"""Keyset paging: a cursor names the last row of a page, so that any depth costs the same."""

from __future__ import annotations

import base64
import binascii
import json

from magpie.kit.errors import RuleBroken


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
    if not fits or any(type(value) is not kind for value, kind in zip(values, kinds, strict=True)):
        raise RuleBroken("This cursor is not one that the server gave out.", "query", "cursor")
    if any(isinstance(value, int) and abs(value) > 2**62 for value in values):
        raise RuleBroken("This cursor is not one that the server gave out.", "query", "cursor")
    return tuple(values)
