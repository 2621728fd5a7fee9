"""Listing with yt-dlp from the made-up web: streaming, order, keys, and where a listing stops."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import Any

import pytest

from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.lists import hints_of
from magpie.downloads.nest.client import Cancelled
from tests.downloads.extractors.conftest import Yard, new_channel
from tests.downloads.nest.support import Listening


def numbers(heard: Listening) -> list[int]:
    return [int(entry.key.rpartition("-")[2]) for entry in heard.entries]


def known(name: str, newest: int, count: int = 50, *, leave_out: int = 20) -> tuple[str, ...]:
    """What a check hands over: some fifty known keys, without the newest twenty."""
    return tuple(f"madeupvideo {name}-{n}" for n in range(newest - leave_out, 0, -1))[:count]


def test_a_channel_in_pages(yard: Yard) -> None:
    channel = new_channel(yard, 70)
    listing = yard.list(f"/tube-channel/{channel.name}")
    assert (listing.complete, listing.reached_known, listing.requests) == (True, False, 3)
    assert numbers(yard.heard) == list(range(70, 0, -1))
    first = yard.heard.entries[0]
    assert first.key == f"madeupvideo {channel.name}-70"
    assert first.url == yard.web.url(f"/tube/{channel.name}-70")
    assert first.title == f"{channel.name} 70"
    assert first.published_at == "2026-01-03T22:00:00+00:00"
    assert (first.kind, first.duration) == ("video", 1.0)
    [source] = yard.heard.sources
    assert (source.extractor, source.title) == ("ytdlp", f"The channel {channel.name}")


def test_an_unchanged_channel_costs_one_request(yard: Yard) -> None:
    channel = new_channel(yard, 400)
    listing = yard.list(f"/tube-channel/{channel.name}", known=known(channel.name, 400))
    assert (listing.complete, listing.reached_known, listing.requests) == (False, True, 1)
    assert numbers(yard.heard) == list(range(400, 379, -1))
    assert yard.web.count(f"/channels/{channel.name}/items.json") == 1


def test_edited_and_deleted_items_do_not_break_the_stop(yard: Yard) -> None:
    channel = new_channel(yard, 400)
    keys = known(channel.name, 400)
    for number in range(381, 370, -1):  # the very ones at which it would have stopped
        channel.delete(number)
    channel.edit(395, title="Another title")
    channel.add("New")
    listing = yard.list(f"/tube-channel/{channel.name}", known=keys, stop_after=3)
    assert listing.reached_known
    assert numbers(yard.heard) == [*range(401, 381, -1), *range(370, 367, -1)]
    assert yard.heard.entries[0].title == "New"
    assert next(entry for entry in yard.heard.entries if entry.key.endswith("-395")).title == "Another title"


def test_a_listing_whose_known_entries_are_all_gone_runs_to_its_end(yard: Yard) -> None:
    channel = new_channel(yard, 65)
    listing = yard.list(f"/tube-channel/{channel.name}", known=("madeupvideo elsewhere-1",))
    assert (listing.complete, listing.reached_known) == (True, False)
    assert len(yard.heard.entries) == 65


def test_a_broken_off_listing_goes_on_where_it_was(yard: Yard) -> None:
    channel = new_channel(yard, 200)
    listing = yard.list(f"/tube-channel/{channel.name}", start=125, limit=10)
    assert numbers(yard.heard) == list(range(75, 65, -1))
    assert not listing.complete
    assert [seen.query for seen in yard.web.recorder.select(f"/channels/{channel.name}/items.json")] == [
        "page=5"
    ]


def test_entries_arrive_while_the_next_pages_load(yard: Yard) -> None:
    channel = new_channel(yard, 600)
    path = f"/channels/{channel.name}/items.json"
    asked: list[int] = []
    handler = Listening(on_entries_do=lambda: asked.append(yard.web.count(path)))
    with yard.web.behaving(path, delay=0.1):
        listing = yard.list(f"/tube-channel/{channel.name}", handler)
    assert listing.requests == 21
    assert asked[0] <= 6  # of twenty-one: the first batch leaves 0.2 s after the first page
    assert len(handler.entries) == 600
    assert max(len(batch) for batch in handler.batches) <= 250


def test_the_pause_between_requests_is_kept(yard: Yard) -> None:
    channel = new_channel(yard, 70)
    yard.list(f"/tube-channel/{channel.name}", request_delay=0.3)
    times = [seen.at for seen in yard.web.recorder.select(f"/channels/{channel.name}/items.json")]
    assert all(later - earlier >= 0.3 for earlier, later in pairwise(times))


def test_a_listing_can_be_killed(yard: Yard) -> None:
    channel = new_channel(yard, 3000)
    path = f"/channels/{channel.name}/items.json"
    handler, outcome = Listening(), list[BaseException]()

    def run() -> None:
        try:
            yard.list(f"/tube-channel/{channel.name}", handler)
        except Cancelled as cancelled:
            outcome.append(cancelled)

    with yard.web.behaving(path, delay=0.05):
        thread = threading.Thread(target=run)
        thread.start()
        assert handler.heard.wait(20)
        assert yard.nest.kill(yard.job_id)
        thread.join(10)
    assert len(outcome) == 1
    assert 0 < len(handler.entries) < 3000
    assert yard.nest.pids() == {}
    assert not (yard.folder / yard.job_id / ".job" / "gallery-dl.json").exists()


def test_a_site_that_falls_silent_ends_the_listing(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = new_channel(yard, 100)
    monkeypatch.setattr(yard.nest, "inactivity_seconds", 3.0)
    yard.web.behave(f"/channels/{channel.name}/items.json", fault="hang", after=0)
    with pytest.raises(DownloadFailure) as caught:
        yard.list(f"/tube-channel/{channel.name}")
    assert caught.value.reason is Reason.TIMED_OUT


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ({"status": 429, "headers": {"Retry-After": "77"}}, Reason.RATE_LIMITED),
        ({"status": 404}, Reason.NOT_FOUND),
        ({"body": b"{half a document"}, Reason.TOOL_TOO_OLD),
        ({"body": b'{"items": [1, null, "x", {}]}'}, Reason.TOOL_ERROR),
        ({"body": b"[]"}, Reason.TOOL_ERROR),
    ],
)
def test_garbage_and_refusals_are_typed(yard: Yard, behaviour: dict[str, Any], reason: Reason) -> None:
    channel = new_channel(yard, 10)
    yard.web.behave(f"/channels/{channel.name}/items.json", **behaviour)
    with pytest.raises(DownloadFailure) as caught:
        yard.list(f"/tube-channel/{channel.name}")
    assert caught.value.reason is reason
    assert caught.value.retry_after == (77 if reason is Reason.RATE_LIMITED else None)
    assert yard.heard.entries == []


def test_tracks_of_an_album_know_their_places_and_other_lists_say_nothing(yard: Yard) -> None:
    albums = yard.web.tube.albums
    told = {
        "title": "Sky",
        "album_artists": ["Ada"],
        "thumbnail": "/media/photo.jpg",
        "tracks": ["one", "two"],
    }
    albums |= {"sky": {**told, "album_type": "album"}, "mine": {**told, "album_type": "playlist"}}
    yard.list("/tube-album/sky")
    album = {"album": "Sky", "album_artist": "Ada", "thumbnail_url": yard.web.url("/media/photo.jpg")}
    assert [entry.facts for entry in yard.heard.entries] == [
        album | {"track_number": number, "track_count": 2} for number in (1, 2)
    ]
    assert hints_of(yard.heard.entries[1].facts) == yard.heard.entries[1].facts
    yard.heard.entries.clear()
    yard.list("/tube-album/mine")
    assert [hints_of(entry.facts) for entry in yard.heard.entries] == [None, None]
    albums.clear()
