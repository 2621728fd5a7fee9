"""Which search results are worth a try, in which order: judged by the matcher that also finds songs on servers.

Pure. A result fits if the matcher would take it for the song; it is open if all that speaks against it is what the
search has not told, so that only its page can say. What is another version, or lasts otherwise, is neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import isfinite
from typing import Any

from magpie.playlists.matching.aliases import Aliases
from magpie.playlists.matching.service import Matcher, Verdict
from magpie.playlists.tracks import Track

# Seconds, and the part of a song, by which what is fetched may differ: silence at its ends, not an introduction.
LENGTH_WITHIN = 8.0
PART_WITHIN = 0.04
CERTAIN_WITHIN = 3.0  # as `matching.scoring.SAME_LENGTH`
MOST_TRIED = 4
MOST_OPEN = 2
KEPT = 12  # for people to look at
DURATION = "duration_far"
NOT_THE_SONG = "not_the_song"
MAX_NAME = 300
MOST_ARTISTS = 10
_UNTOLD = frozenset({"artist_unknown"})
_TOLD = ("same_", "like_", "artist_alias")
_AGAINST = ("version_differs", "title_differs", "number_differs", "artist_differs", DURATION)


class Worth(IntEnum):
    """How good a result is."""

    NO = 0
    OPEN = 1
    FITS = 2


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the matcher says of one result. `is_certain`: no further search is worth its requests."""

    worth: Worth
    score: float
    reasons: tuple[str, ...]
    is_certain: bool = False


def length_fits(wanted: float | None, found: float | None) -> bool:
    """Whether two lengths in seconds may be of one recording; what is not told speaks for nothing."""
    if not wanted or not found:
        return True
    return abs(wanted - found) <= max(LENGTH_WITHIN, PART_WITHIN * wanted)


def judge(wanted: Track, found: Track, aliases: Aliases) -> Judgement:
    """Whether a result is the song."""
    said = Matcher([found], aliases).match(wanted)
    best = said.candidates[0] if said.candidates else None
    reasons = best.reasons if best is not None else said.reasons
    score = best.score if best is not None else said.score
    if not length_fits(wanted.duration, found.duration):
        far = f"{DURATION}: {abs((wanted.duration or 0) - (found.duration or 0)):.0f} s"
        return Judgement(Worth.NO, score, (far, *(one for one in reasons if not one.startswith(DURATION))))
    if said.verdict is Verdict.MATCHED:
        near = wanted.duration and found.duration and abs(wanted.duration - found.duration) <= CERTAIN_WITHIN
        return Judgement(Worth.FITS, score, reasons, is_certain=bool(near))
    doubts = {one for one in reasons if not one.startswith(_TOLD)}
    if said.verdict is Verdict.REVIEW and doubts <= _UNTOLD:
        return Judgement(Worth.OPEN, score, reasons)
    return Judgement(Worth.NO, score, reasons)


def contradiction(judgement: Judgement) -> str | None:
    """What says that it is not the song, once its page has been read; None if nothing does."""
    return next((one for one in judgement.reasons if one.startswith(_AGAINST)), None)


def candidate(track: Track, search: str, judgement: Judgement) -> dict[str, Any]:
    """A result as it is stored and shown."""
    return {
        "url": track.id,
        "search": search,
        "title": track.title,
        "artists": list(track.artists),
        "duration": track.duration,
        "score": round(judgement.score, 4),
        "reasons": list(judgement.reasons),
        "worth": judgement.worth.name.lower(),
        "tried": None,  # how it went: a typed reason
        "heard": None,  # what it turned out to be, if it is another song
    }


def heard(track: Track) -> dict[str, Any]:
    """What a candidate turned out to be, as it is stored and shown. Bounded: its page may say anything."""
    return {
        "title": track.title[:MAX_NAME],
        "artists": [one[:MAX_NAME] for one in track.artists[:MOST_ARTISTS]],
        "duration": track.duration if track.duration and isfinite(track.duration) else None,
    }


def ranked(candidates: Sequence[dict[str, Any]], wanted: float | None) -> list[dict[str, Any]]:
    """Best first, each address once; those that are worth a try stand before those for people to look at."""

    def order(one: Mapping[str, Any]) -> tuple[float, ...]:
        distance = abs(one["duration"] - wanted) if wanted and one["duration"] else 99.0
        return -Worth[one["worth"].upper()], -round(one["score"], 1), distance

    distinct: dict[str, dict[str, Any]] = {}
    for one in candidates:
        distinct.setdefault(one["url"], one)
    return sorted(distinct.values(), key=order)[:KEPT]


def next_of(candidates: Sequence[Mapping[str, Any]]) -> int | None:
    """The place of the one to try now; None if none is left that is worth it."""
    tried = [one for one in candidates if one.get("tried")]
    if len(tried) >= MOST_TRIED:
        return None
    opened = sum(1 for one in tried if one.get("worth") == "open")
    for place, one in enumerate(candidates):
        if one.get("tried") or one.get("worth") == "no":
            continue
        if one.get("worth") == "open" and opened >= MOST_OPEN:
            continue
        return place
    return None
