"""Chapters as podcast apps read them: JSON chapters 1.2.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from magpie.library.feeds.text import one_line

CHAPTERS_NAME = "chapters.json"
MIME = "application/json+chapters"
MOST = 1000


def chapters_in(extra: Mapping[str, Any]) -> bool:
    """Whether the item has chapters worth showing: one alone says nothing."""
    kept = extra.get("chapters")
    return isinstance(kept, list) and len(kept) > 1


def document(extra: Mapping[str, Any]) -> dict[str, Any]:
    """Of `Item.extra`, whose `chapters` are `{start, end, title}`, in seconds."""
    kept = extra["chapters"] if chapters_in(extra) else []
    found = [chapter for one in kept[:MOST] if (chapter := _chapter(one)) is not None]
    return {"version": "1.2.0", "chapters": sorted(found, key=lambda one: one["startTime"])}


def _chapter(one: Any) -> dict[str, Any] | None:
    if not isinstance(one, dict) or (start := _seconds(one.get("start"))) is None:
        return None
    chapter: dict[str, Any] = {"startTime": start}
    end = _seconds(one.get("end"))
    if end is not None and end > start:
        chapter["endTime"] = end
    if title := one_line(str(one.get("title") or "")):
        chapter["title"] = title
    return chapter


def _seconds(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and math.isfinite(value)
    return round(float(value), 3) if is_number and value >= 0 else None
