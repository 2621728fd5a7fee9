"""When a link is looked at next. Pure: the clock and the dice are given.

A quiet source is looked at less often, a busy one more, within the link's bounds: about twice in the time in which
something new usually comes. An interval that a person set without a maximum is kept as it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

JITTER = 0.1
SMOOTHING_DAYS = 3.0  # how fast the rate of new entries follows what is seen
LOOKS_PER_NEW = 2.0
LONGEST_BACK_OFF = timedelta(days=1)
# A source is taken for gone after so many checks in a row that said so, over at least so long.
GONE_CHECKS = 3
GONE_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest interval, in minutes."""

    base: float
    longest: float


def bounds(interval: int | None, longest: int | None, base_setting: int, longest_setting: int) -> Bounds:
    """A link's bounds, from what is set for it and in general (all in minutes)."""
    base = float(interval or base_setting)
    if longest is not None:
        return Bounds(base, max(base, float(longest)))
    return Bounds(base, base if interval is not None else max(base, float(longest_setting)))


def usual_rate(limits: Bounds) -> float:
    """New entries per day of a source that nothing is known about: as many as the base interval is right for."""
    return 1440.0 / (LOOKS_PER_NEW * limits.base)


def rate(before: float, new: int, elapsed: timedelta) -> float:
    """New entries per day, smoothed over checks. `elapsed`: since the check before."""
    days = max(elapsed.total_seconds(), 60.0) / 86400.0
    seen = new / days
    weight = 1.0 - math.exp(-days / SMOOTHING_DAYS)
    return before + weight * (seen - before)


def interval_minutes(limits: Bounds, new_per_day: float | None) -> float:
    """Minutes until the next look at a source that brings so many entries a day (None: nobody knows yet)."""
    if new_per_day is None:
        return limits.base
    if new_per_day <= 0:
        return limits.longest
    return min(max(1440.0 / (new_per_day * LOOKS_PER_NEW), limits.base), limits.longest)


def after_success(now: datetime, limits: Bounds, new_per_day: float | None, dice: float) -> datetime:
    """When to look again. `dice`: between 0 and 1."""
    return now + _jittered(timedelta(minutes=interval_minutes(limits, new_per_day)), limits, dice)


def after_failure(
    now: datetime, limits: Bounds, failures: int, retry_after: float | None, dice: float
) -> datetime:
    """When to try again after so many failures in a row; never before the site's own `retry_after` (seconds)."""
    base = timedelta(minutes=limits.base)
    delay = min(base * 2.0 ** min(failures - 1, 20), max(LONGEST_BACK_OFF, base))
    moment = now + _jittered(delay, limits, dice)
    return max(moment, now + timedelta(seconds=retry_after)) if retry_after else moment


def _jittered(delay: timedelta, limits: Bounds, dice: float) -> timedelta:
    """Ten per cent more or less, so that what began together does not stay together; never below the base."""
    spread = delay * (1 + JITTER * (2 * dice - 1))
    base = timedelta(minutes=limits.base)
    return spread if spread >= base else base + (base - spread)


def is_dead(failures: int, last_good: datetime, now: datetime) -> bool:
    """Whether a source that says to be gone is believed. `last_good`: when it was there, or was added."""
    return failures >= GONE_CHECKS and now - last_good >= GONE_AFTER
