"""Which way a check goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from magpie.links.checks import ladder
from magpie.links.checks.ladder import Plan, Standing, Tier, plan

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
FEED, LAZY, FULL = Tier.FEED, Tier.LAZY, Tier.FULL
SETTLED = Standing(
    known=500,
    number=5,
    has_feed=True,
    last_listed_at=NOW - timedelta(hours=2),
    last_full_at=NOW - timedelta(days=2),
)


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(known=0), Plan((FULL,))),
        (Standing(known=0, has_feed=True), Plan((FULL, FEED))),
        (SETTLED, Plan((FEED, LAZY))),
        (replace(SETTLED, has_feed=False), Plan((LAZY,))),
        (replace(SETTLED, feed_rests_until=NOW + timedelta(hours=1)), Plan((LAZY,))),
        (replace(SETTLED, feed_rests_until=NOW), Plan((FEED, LAZY))),
        # Feeds lie: from time to time somebody looks behind them.
        (replace(SETTLED, number=24), Plan((LAZY, FEED))),
        (replace(SETTLED, last_listed_at=NOW - timedelta(days=1)), Plan((LAZY, FEED))),
        (replace(SETTLED, last_full_at=NOW - timedelta(days=7)), Plan((FULL, FEED))),
        (replace(SETTLED, known=50, last_full_at=NOW - timedelta(days=1)), Plan((FULL, FEED))),
        (replace(SETTLED, known=5000, last_full_at=NOW - timedelta(days=8)), Plan((FEED, LAZY))),
        # What was broken off goes on, after what is new.
        (replace(SETTLED, backfill_from=250), Plan((LAZY, FEED), backfill=True)),
        (Standing(known=0, backfill_from=0), Plan((FULL,))),
        # A playlist's news may stand at its end.
        (replace(SETTLED, has_feed=False, newest_first=False), Plan((FULL,))),
        (replace(SETTLED, has_feed=False, newest_first=False, known=2000), Plan((LAZY,))),
        (replace(SETTLED, is_feed=True), Plan((FEED, LAZY))),
    ],
)
def test_the_way(standing: Standing, expected: Plan) -> None:
    assert plan(standing, NOW) == expected


@pytest.mark.parametrize(
    ("known", "window", "overlap", "gap"),
    [(0, 15, 0, False), (10, 15, 3, False), (10, 15, 0, True), (10, 0, 0, True), (0, 0, 0, False)],
)
def test_gaps(known: int, window: int, overlap: int, gap: bool) -> None:
    assert ladder.has_gap(known, window, overlap) is gap


@pytest.mark.parametrize(("known", "left_out"), [(0, 0), (1, 0), (10, 5), (40, 20), (10_000, 20)])
def test_the_newest_are_no_reason_to_stop(known: int, left_out: int) -> None:
    assert ladder.left_out(known) == left_out


def test_a_feed_that_keeps_failing_rests_longer_and_longer() -> None:
    rests = [ladder.feed_rest(failures) for failures in range(1, 20)]
    assert rests[:2] == [None, None]
    assert rests[2:4] == [timedelta(hours=6), timedelta(hours=12)]
    assert rests[-1] == timedelta(days=7)


def test_a_source_that_shows_half_of_its_list_is_not_believed() -> None:
    assert ladder.believable_loss(10_000, 5000)
    assert not ladder.believable_loss(10_000, 5001)
    assert ladder.believable_loss(5, 5)


def test_what_was_broken_off_goes_on_a_little_earlier() -> None:
    assert [ladder.resume_at(place) for place in (0, 30, 250)] == [0, 0, 200]
