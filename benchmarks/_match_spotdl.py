"""Runs in spotDL's environment: its own order of results, and the score from which it takes one without a further search.

Reads labelled cases as JSON lines, prints `[id or null, seconds]` for each.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from spotdl.types.result import Result  # type: ignore[import-not-found]
from spotdl.types.song import Song  # type: ignore[import-not-found]
from spotdl.utils.matching import order_results  # type: ignore[import-not-found]

GOOD = 80.0  # of 100: as in spotDL's `AudioProvider.search`


def song(told: dict[str, Any], other: float) -> Song:
    """What is wanted; an unknown length is as long as what it is compared with."""
    artists = told.get("artists") or [""]
    return Song.from_missing_data(
        name=told["title"], artists=artists, artist=artists[0], album_name=told.get("album"), song_id=told["id"],
        duration=int(told.get("duration") or other), explicit=None, isrc=told.get("isrc"),
    )  # fmt: skip


def result(told: dict[str, Any], other: float) -> Result:
    artists = tuple(told.get("artists") or [""])
    return Result(
        source="YouTubeMusic", url="", verified=True, name=told["title"], duration=float(told.get("duration") or other),
        author=artists[0], result_id=told["id"], artists=artists, album=told.get("album"),
    )  # fmt: skip


for line in sys.stdin:
    case = json.loads(line)
    started = time.process_time()
    wanted, scored = case["wanted"], []
    for held in case["library"]:
        lengths = wanted.get("duration") or 0, held.get("duration") or 0
        one = result(held, lengths[0])
        scored += [(score, held["id"]) for score in order_results([one], song(wanted, lengths[1])).values()]
    best = max(scored) if scored else (0.0, None)
    print(json.dumps([best[1] if best[0] >= GOOD else None, time.process_time() - started]))
