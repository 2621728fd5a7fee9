"""When links are looked at: bounds, rhythm, failures, and the end of a source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from magpie.links.checks import cadence
from magpie.links.checks.cadence import Bounds

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("interval", "longest", "expected"),
    [
        (None, None, Bounds(60, 1440)),
        (30, None, Bounds(30, 30)),  # what a person set is kept as it is
        (30, 300, Bounds(30, 300)),
        (30, 10, Bounds(30, 30)),
        (None, 120, Bounds(60, 120)),
    ],
)
def test_bounds(interval: int | None, longest: int | None, expected: Bounds) -> None:
    assert cadence.bounds(interval, longest, 60, 1440) == expected


def test_a_general_interval_above_the_general_maximum_counts() -> None:
    assert cadence.bounds(None, None, 2000, 1440) == Bounds(2000, 2000)


def test_a_quiet_source_is_looked_at_less_and_less_and_a_busy_one_often() -> None:
    limits, per_day, elapsed = Bounds(60, 1440), 24.0, timedelta(hours=1)
    intervals = []
    for _ in range(200):
        per_day = cadence.rate(per_day, 0, elapsed)
        minutes = cadence.interval_minutes(limits, per_day)
        intervals.append(minutes)
        elapsed = timedelta(minutes=minutes)
    assert intervals[0] == 60
    assert intervals == sorted(intervals)
    assert intervals[-1] == 1440
    busy = cadence.rate(per_day, 100, timedelta(hours=24))
    assert cadence.interval_minutes(limits, busy) == 60


def test_an_unknown_rhythm_is_the_base() -> None:
    assert cadence.interval_minutes(Bounds(60, 1440), None) == 60


@pytest.mark.parametrize("dice", [0.0, 0.3, 0.5, 1.0])
def test_jitter_never_goes_below_the_base_and_stays_within_a_tenth(dice: float) -> None:
    due = cadence.after_success(NOW, Bounds(60, 60), 0.0, dice)
    assert timedelta(minutes=60) <= due - NOW <= timedelta(minutes=66)
    wide = cadence.after_success(NOW, Bounds(60, 1440), 0.0, dice)
    assert timedelta(minutes=1296) <= wide - NOW <= timedelta(minutes=1584)


def test_failures_back_off_up_to_a_day() -> None:
    delays = [cadence.after_failure(NOW, Bounds(60, 1440), n, None, 0.5) - NOW for n in range(1, 9)]
    assert delays[:3] == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=4)]
    assert delays[-1] == DAY


def test_a_source_is_not_asked_again_before_it_allows() -> None:
    due = cadence.after_failure(NOW, Bounds(1, 1), 1, 86_400.0, 0.0)
    assert due == NOW + DAY


@pytest.mark.parametrize(
    ("failures", "since", "dead"),
    [
        (2, 10 * DAY, False),
        (3, timedelta(hours=23), False),
        (3, DAY, True),
        (30, timedelta(hours=1), False),
    ],
)
def test_a_source_is_gone_after_several_words_over_time(failures: int, since: timedelta, dead: bool) -> None:
    assert cadence.is_dead(failures, NOW - since, NOW) is dead
