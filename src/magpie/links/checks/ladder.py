"""Which ways a check goes, in which order. Pure.

From the cheapest to the dearest: the feed (one conditional request), a listing that stops at known entries, and the
whole listing. Feeds lag, lie and break, so a listing runs from time to time whatever the feed says, and the whole
listing more rarely, which alone shows what has vanished.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A listing looks behind the feed this often: every so many checks, and after so long.
LISTING_EVERY = 12
LISTED_AFTER = timedelta(hours=24)
# How long a whole listing is good for, by how many entries are known.
FULL_AFTER = ((200, timedelta(days=1)), (2000, timedelta(days=7)))
FULL_AFTER_ELSE = timedelta(days=30)
# A source in another order than newest first hides what is new behind what is known: up to so many entries it is
# listed whole every time.
SMALL = 1000
# A feed that failed so often in a row rests, first for so long.
FEED_FAILURES = 3
FEED_REST = timedelta(hours=6)
LONGEST_FEED_REST = timedelta(days=7)
# The stop rule: so many of the newest entries are left out of what a listing may stop at, and so many follow.
NEWEST_LEFT_OUT = 20
HANDED_OVER = 50
# A broken-off listing goes on so many entries before the place where it broke off: some may have been deleted.
OVERLAP = 50


class Tier(StrEnum):
    """The rungs."""

    FEED = "feed"
    LAZY = "lazy"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a link before a check. `number`: which check it is. `is_feed`: the feed is the source."""

    known: int
    number: int = 1
    has_feed: bool = False
    feed_rests_until: datetime | None = None
    is_feed: bool = False
    newest_first: bool = True
    last_listed_at: datetime | None = None
    last_full_at: datetime | None = None
    backfill_from: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`tiers`: the first that answers is enough. `backfill`: afterwards a broken-off listing goes on."""

    tiers: tuple[Tier, ...]
    backfill: bool = False


def plan(standing: Standing, now: datetime) -> Plan:
    """The way of the next check."""
    if standing.is_feed:
        return Plan((Tier.FEED, Tier.LAZY))
    feed = (Tier.FEED,) if standing.has_feed and not _later(standing.feed_rests_until, now) else ()
    lazy = Tier.LAZY if standing.newest_first or standing.known > SMALL else Tier.FULL
    if standing.backfill_from is not None and standing.known:
        return Plan((Tier.LAZY, *feed), backfill=True)
    if _older(standing.last_full_at, now, _full_after(standing.known)):
        return Plan((Tier.FULL, *feed))
    looks_behind = standing.number % LISTING_EVERY == 0 or _older(standing.last_listed_at, now, LISTED_AFTER)
    if looks_behind or not feed:
        return Plan((lazy, *feed))
    return Plan((*feed, lazy))


def _later(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now


def _older(moment: datetime | None, now: datetime, span: timedelta) -> bool:
    return moment is None or now - moment >= span


def _full_after(known: int) -> timedelta:
    return next((span for most, span in FULL_AFTER if known <= most), FULL_AFTER_ELSE)


def has_gap(known: int, window: int, overlap: int) -> bool:
    """Whether between a feed's window and what is known there may be entries that nobody has seen."""
    return known > 0 and (window == 0 or overlap == 0)


def left_out(known: int) -> int:
    """How many of the newest known entries a listing may not stop at."""
    return min(NEWEST_LEFT_OUT, known // 2)


def feed_rest(failures: int) -> timedelta | None:
    """How long a feed rests that has failed so often in a row."""
    if failures < FEED_FAILURES:
        return None
    return min(FEED_REST * 2.0 ** min(failures - FEED_FAILURES, 10), LONGEST_FEED_REST)


def believable_loss(known: int, vanished: int) -> bool:
    """Whether so many entries can have vanished at once. A site that shows half of its list is not believed."""
    return vanished <= max(5, known // 2)


def resume_at(backfill_from: int) -> int:
    """Where a broken-off listing goes on."""
    return max(0, backfill_from - OVERLAP)
