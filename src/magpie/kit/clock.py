"""Time as the rest of the program sees it: UTC, timezone-aware."""

from __future__ import annotations

from datetime import UTC, datetime


def utcnow() -> datetime:
    """The present moment, timezone-aware."""
    return datetime.now(UTC)
