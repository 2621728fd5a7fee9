"""What goes and what stays, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from magpie.links.retention.plan import GIGABYTE, Held, Limits, Rule, Stays, going

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def held(number: int, *, size: int = 10, days: float = 0, stays: Stays | None = None) -> Held:
    return Held(number, number, f"Film {number}", size, NOW - timedelta(days=days), stays, False, False)


def gone(media: list[Held], limits: Limits) -> list[tuple[int, Rule]]:
    return [(one.held.item_id, one.rule) for one in going(media, limits, NOW)]


def test_without_limits_everything_stays() -> None:
    limits = Limits.of({"keep_last": None, "upgrade_after_days": 3})
    assert not limits
    assert gone([held(1, days=9999)], limits) == []


def test_the_newest_stay_and_what_is_protected_counts_among_them() -> None:
    media = [held(5), held(4, stays=Stays.PINNED), held(3), held(2, stays=Stays.PERSON), held(1)]
    assert gone(media, Limits.of({"keep_last": 2})) == [(3, Rule.KEEP_LAST), (1, Rule.KEEP_LAST)]


def test_days_count_from_when_it_came() -> None:
    media = [held(3, days=1), held(2, days=11), held(1, days=10)]
    assert gone(media, Limits.of({"keep_days": 10})) == [(2, Rule.KEEP_DAYS)]


def test_size_is_of_all_that_is_kept_and_the_newest_always_stays() -> None:
    limits = Limits.of({"keep_gb": 25 / GIGABYTE})
    assert gone([held(4), held(3), held(2), held(1)], limits) == [(2, Rule.KEEP_GB), (1, Rule.KEEP_GB)]
    assert gone([held(2, size=100), held(1)], limits) == [(1, Rule.KEEP_GB)]
    pinned = [held(3), held(2, size=20, stays=Stays.PINNED), held(1)]
    assert gone(pinned, limits) == [(1, Rule.KEEP_GB)]


def test_what_goes_by_one_rule_takes_no_room_by_another() -> None:
    limits = Limits.of({"keep_gb": 25 / GIGABYTE, "keep_days": 5})
    media = [held(3), held(2, days=9), held(1)]
    assert gone(media, limits) == [(2, Rule.KEEP_DAYS)]


def test_a_retention_that_cannot_be_read_takes_nothing_away() -> None:
    for value in ("3", True, -1, 0, float("nan"), float("inf"), None, [1]):
        assert not Limits.of({"keep_last": value, "keep_days": value, "keep_gb": value})
