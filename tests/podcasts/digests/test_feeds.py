"""What of a feed is new, whatever order it is in and however long it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from magpie.downloads.extractors.listing import ListedEntry
from magpie.links.checks.feeds import Feed
from magpie.podcasts.digests import feeds

NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)
WEEK = timedelta(days=7)


def entry(number: int, *, is_dated: bool) -> ListedEntry:
    """The higher the number, the newer: an hour each."""
    when = (NOW - timedelta(hours=1000 - number)).isoformat() if is_dated else None
    return ListedEntry(f"web {number}", f"https://news.example/{number}", published_at=when)


def feed(numbers: list[int], *, is_dated: bool) -> Feed:
    return Feed("News", tuple(entry(number, is_dated=is_dated) for number in numbers))


def numbers(entries: list[ListedEntry]) -> list[int]:
    return [int(one.key.split()[1]) for one in entries]


@pytest.mark.parametrize("is_dated", [True, False])
@pytest.mark.parametrize("is_newest_first", [True, False])
@pytest.mark.parametrize("size", [5, 499, 700, 1300])
def test_only_the_newest_are_new(size: int, is_newest_first: bool, is_dated: bool) -> None:
    def shown(last: int) -> Feed:
        found = list(range(last - size, last))
        return feed(found[::-1] if is_newest_first else found, is_dated=is_dated)

    known = feeds.marks(shown(995))
    assert len(known) <= feeds.MOST_SEEN
    found = numbers(feeds.new(shown(998), known, NOW - WEEK))
    assert set(found) == {995, 996, 997}
    if not is_dated:  # the others are put in order by their dates
        assert found == [997, 996, 995]


def test_of_a_long_feed_the_newest_are_read() -> None:
    mixed = Feed("News", tuple(entry(number, is_dated=number % 50 != 0) for number in range(800)))
    found = numbers(feeds.latest(mixed.entries))
    assert len(found) == feeds.MOST_READ
    dated = [number for number in range(800) if number % 50]
    assert set(found) == {number for number in range(800) if number % 50 == 0} | set(dated[16 - 500 :])


def test_what_moves_up_where_others_were_deleted_is_not_new() -> None:
    known = feeds.marks(feed(list(range(900)), is_dated=False))
    assert feeds.new(feed(list(range(100, 900)), is_dated=False), known, NOW - WEEK) == []


def test_other_names_for_what_is_old_are_no_news() -> None:
    known = feeds.marks(feed(list(range(990, 1000)), is_dated=True))
    renamed = [ListedEntry(f"{one.key}x", one.url, published_at=one.published_at)
               for one in feed(list(range(700, 710)), is_dated=True).entries]  # fmt: skip
    assert feeds.new(Feed("News", tuple(renamed)), known, NOW - timedelta(days=1)) == []


def test_what_was_remembered_by_its_whole_key_is_known_still() -> None:
    shown = feed([3, 2, 1], is_dated=False)
    assert numbers(feeds.new(shown, [one.key for one in shown.entries[1:]], NOW - WEEK)) == [3]
