"""Decisions about entries: every filter, what is not known yet, and what the reasons say."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from magpie.links.checks.rules import MAX_PATTERN, Facts, Rules, Why, decide, moment, pattern
from magpie.links.models import Verdict

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
FILM = Facts(
    title="Episode 12: The Otter",
    kind="video",
    duration=600,
    published_at=NOW - timedelta(days=10),
    size=50_000_000,
    language="en-GB",
)


@pytest.mark.parametrize(
    ("filters", "why", "says"),
    [
        ({"title_include": "badger"}, Why.FILTER_TITLE, "badger"),
        ({"title_include": "^otter"}, Why.FILTER_TITLE, "^otter"),
        ({"title_exclude": "OTTER"}, Why.FILTER_TITLE, "left out"),
        ({"min_seconds": 601}, Why.FILTER_DURATION, "10:00 is shorter than 10:01"),
        ({"max_seconds": 59.6}, Why.FILTER_DURATION, "longer than 1:00"),
        ({"published_after": "2026-06-06"}, Why.FILTER_DATE, "from 2026-06-06 on"),
        ({"published_before": "2026-06-01T00:00:00Z"}, Why.FILTER_DATE, "until 2026-06-01"),
        ({"max_age_days": 9.5}, Why.FILTER_DATE, "older than 9.5 days"),
        ({"kinds": ["short", "audio"]}, Why.FILTER_KIND, "wanted: audio, short"),
        ({"min_mb": 51}, Why.FILTER_SIZE, "50.0 MB is smaller than 51 MB"),
        ({"max_mb": 49.5}, Why.FILTER_SIZE, "larger than 49.5 MB"),
        ({"languages": ["de", "en-US"]}, Why.FILTER_LANGUAGE, "en-GB"),
    ],
)
def test_each_filter_says_no_in_plain_words(filters: dict[str, Any], why: Why, says: str) -> None:
    decision = decide(FILM, Rules.of(filters), NOW)
    assert (decision.verdict, decision.reason) == (Verdict.SKIPPED, why)
    assert says in (decision.detail or "")


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"title_include": "episode [0-9]+"},
        {"title_exclude": "badger"},
        {"min_seconds": 600, "max_seconds": 600},
        {"published_after": "2026-06-01", "published_before": "2026-06-10", "max_age_days": 10},
        {"kinds": ["video"]},
        {"min_mb": 50, "max_mb": 50},
        {"languages": ["EN"]},
        {"title_include": None, "min_seconds": None, "kinds": [], "languages": None},
        {"title_include": "(unreadable", "min_seconds": "many", "published_after": "some day"},
    ],
)
def test_what_all_filters_agree_to_waits_for_its_turn(filters: dict[str, Any]) -> None:
    decision = decide(FILM, Rules.of(filters), NOW)
    assert (decision.verdict, decision.reason, decision.open) == (Verdict.WAITING, None, ())


def test_rules_wait_for_facts_that_the_listing_does_not_tell() -> None:
    filters = {
        "title_include": "x", "min_seconds": 1, "max_age_days": 1, "min_mb": 1, "languages": ["de"]
    }  # fmt: skip
    decision = decide(Facts(), Rules.of(filters), NOW)
    assert decision.verdict == Verdict.WAITING
    assert set(decision.open) == {
        Why.FILTER_TITLE, Why.FILTER_DURATION, Why.FILTER_DATE, Why.FILTER_SIZE, Why.FILTER_LANGUAGE
    }  # fmt: skip


def test_pictures_have_no_duration_to_wait_for() -> None:
    assert decide(Facts(kind="gallery"), Rules.of({"min_seconds": 60}), NOW).open == ()


@pytest.mark.parametrize(("kind", "why"), [("premiere", Why.PREMIERE), ("live", Why.LIVE)])
def test_what_has_not_begun_waits_for_its_time(kind: str, why: Why) -> None:
    begins = NOW + timedelta(hours=1)
    decision = decide(Facts(kind=kind, starts_at=begins), Rules(), NOW)
    assert (decision.verdict, decision.reason, decision.not_before) == (Verdict.WAITING, why, begins)
    assert "2026-06-15 13:00 UTC" in (decision.detail or "")
    assert decide(Facts(kind=kind, starts_at=begins), Rules(), begins).reason is None


def test_a_rule_that_says_no_comes_before_waiting() -> None:
    premiere = Facts(title="x", kind="premiere", starts_at=NOW + timedelta(days=1))
    assert decide(premiere, Rules.of({"kinds": ["video"]}), NOW).verdict == Verdict.SKIPPED


@pytest.mark.parametrize("text", ["(", "a{2001}", "(?=look)", r"(a)\1", "x" * (MAX_PATTERN + 1)])
def test_patterns_that_cannot_be_used_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"pattern"):
        pattern(text)


def test_a_pattern_that_would_hang_others_takes_no_time() -> None:
    started = time.monotonic()
    assert pattern("(a|aa)+$").found_in("a" * 50_000 + "b") is False
    assert time.monotonic() - started < 5


def test_hostile_titles_are_text() -> None:
    for title in ("\0", "\ud800", "x" * 1_000_000, "\u202e", ""):
        decide(Facts(title=title), Rules.of({"title_include": "a.*b", "title_exclude": "\\d+$"}), NOW)


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+08:00", "soon", 7, None])
def test_a_time_that_none_can_be_is_no_time(text: object) -> None:
    assert moment(text) is None
    assert moment("2026-01-01T08:00:00+08:00") == moment("2026-01-01") == datetime(2026, 1, 1, tzinfo=UTC)
