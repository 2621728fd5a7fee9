"""Runs in beets' environment: its own distance between two tracks, and its threshold for a match without a question.

Reads labelled cases as JSON lines, prints `[id or null, seconds]` for each.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from beets.autotag.distance import track_distance  # type: ignore[import-not-found]
from beets.autotag.hooks import TrackInfo  # type: ignore[import-not-found]
from beets.library import Item  # type: ignore[import-not-found]

STRONG = 0.04  # beets' own `strong_rec_thresh`


def distance(wanted: dict[str, Any], held: dict[str, Any]) -> float:
    """beets' distance of two tracks, artist included; an unknown length is left out."""
    lengths = wanted.get("duration"), held.get("duration")
    info = TrackInfo(
        title=wanted["title"],
        artist=", ".join(wanted.get("artists", [])),
        length=lengths[0] if all(lengths) else None,
    )
    item = Item(title=held["title"], artist=", ".join(held.get("artists", [])), length=lengths[1] or 0.0)
    return float(track_distance(item, info, incl_artist=True).distance)


for line in sys.stdin:
    case = json.loads(line)
    started = time.process_time()
    scored = [(distance(case["wanted"], held), held["id"]) for held in case["library"]]
    best = min(scored) if scored else (1.0, None)
    print(json.dumps([best[1] if best[0] <= STRONG else None, time.process_time() - started]))
