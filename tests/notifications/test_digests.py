"""What is written to people, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from magpie.notifications.digests import MAX_BODY, MAX_LINES, Line, clean, compose, due_at

NOON = datetime(2026, 5, 1, 12, 20, 30, tzinfo=UTC)


def new(title: str, link: str) -> Line:
    return Line("new_item", title, link)


def test_one_thing_is_told_as_it_is() -> None:
    message = compose([new("A film", "Birds")], {"new_item": 1}, "https://keeper.example")
    assert (message.title, message.body) == ("New: A film", "Birds\n\nhttps://keeper.example")
    failed = compose([Line("failed", "A film", "The medium is private.")], {"failed": 1})
    assert (failed.title, failed.body) == ("Failed: A film", "The medium is private.")


def test_five_new_items_of_two_links_are_one_message() -> None:
    lines = [
        new("One", "Birds"),
        new("Two", "Cats"),
        new("Three", "Birds"),
        new("4", "Cats"),
        new("5", "Birds"),
    ]
    message = compose(lines, {"new_item": 5})
    assert message.title == "Magpie: 5 new items"
    assert message.body == "Birds\n• One\n• Three\n• 5\nCats\n• Two\n• 4"


def test_everything_of_a_day_is_one_message() -> None:
    lines = [
        Line("needs_attention", "The disk is full", "2 downloads wait for free space."),
        new("One", "Birds"),
        Line("failed", "Two", "The medium is private."),
        new("Three", "Birds"),
    ]
    message = compose(lines, {"new_item": 2, "failed": 1, "needs_attention": 1})
    assert message.title == "Magpie: 2 new items, 1 failed, 1 thing needs attention"
    assert message.body.split("\n") == [
        "New:",
        "Birds",
        "• One",
        "• Three",
        "Failed:",
        "• Two: The medium is private.",
        "Needs attention:",
        "• The disk is full: 2 downloads wait for free space.",
    ]


@pytest.mark.parametrize("title", ["A film {}", "A film whose title goes on and on " * 20 + "{}"])
def test_much_is_cut_short(title: str) -> None:
    lines = [new(title.format(number), "Birds") for number in range(100)]
    message = compose(lines, {"new_item": 10_000})
    assert message.title == "Magpie: 10000 new items"
    assert len(message.body) <= MAX_BODY + 100
    shown = message.body.count("•")
    assert 0 < shown <= MAX_LINES
    assert message.body.endswith(f"… and {10_000 - shown} more")


@pytest.mark.parametrize(
    "title",
    [
        "@everyone look",
        "<!channel> look",
        "<@1234>",
        "two\nlines\r\n",
        "nul\x00",
        "\u202egnp.exe",
        "x" * 1000,
    ],
)
def test_other_peoples_titles_call_nobody_and_stay_on_their_line(title: str) -> None:
    shown = clean(title)
    assert len(shown) <= 160
    assert not any(bad in shown for bad in ("@everyone", "<!", "<@", "@1", "\n", "\r", "\x00", "\u202e"))


def test_when_it_is_told() -> None:
    assert due_at("at_once", NOON) == NOON
    assert due_at("hourly", NOON) == datetime(2026, 5, 1, 13, tzinfo=UTC)
    assert due_at("daily", NOON, UTC) == datetime(2026, 5, 2, 8, tzinfo=UTC)
    assert due_at("daily", NOON - timedelta(hours=6), UTC) == datetime(2026, 5, 1, 8, tzinfo=UTC)
    tokyo = timezone(timedelta(hours=9))
    assert due_at("daily", NOON, tokyo) == datetime(2026, 5, 1, 23, tzinfo=UTC)
