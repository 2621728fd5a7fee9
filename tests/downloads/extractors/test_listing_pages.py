"""Listing addresses that no tool knows by name: pages of cards, feeds, galleries, files."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from magpie.downloads.extractors import keys
from magpie.downloads.extractors.titles import MAX_TITLE, clean_text
from magpie.downloads.failures import DownloadFailure, Reason
from tests.downloads.extractors.conftest import Yard, new_channel
from tests.site.hostile import FORBIDDEN, TITLES


def failure(order: Callable[[], object]) -> DownloadFailure:
    with pytest.raises(DownloadFailure) as caught:
        order()
    return caught.value


def test_a_page_of_cards_and_the_pages_after_it(yard: Yard) -> None:
    channel = new_channel(yard, 70)
    path = f"/channels/{channel.name}"
    listing = yard.list(path)
    assert (listing.complete, listing.reached_known) == (True, False)
    assert [entry.url for entry in yard.heard.entries] == [
        yard.web.url(f"{path}/{number}") for number in range(70, 0, -1)
    ]
    first = yard.heard.entries[0]
    assert (first.key, first.title) == (keys.web_key(first.url), f"{channel.name} 70")
    assert first.thumbnail_url == yard.web.url("/files/70.jpg")
    source = yard.heard.sources[-1]
    assert (source.extractor, source.title) == ("webimages", channel.title)
    assert source.feed_url == yard.web.url(f"{path}/feed.xml")


def test_who_listed_before_is_asked_first(yard: Yard) -> None:
    channel = new_channel(yard, 3)
    path = f"/channels/{channel.name}"
    known = tuple(keys.web_key(yard.web.url(f"{path}/{number}")) for number in (2, 1))
    listing = yard.list(path, known=known, options={"lister": "webimages"})
    assert (listing.requests, listing.reached_known, listing.complete) == (1, True, False)
    assert yard.web.count(path) == 1


def test_a_page_of_one_video_is_not_followed_into_what_else_there_is(yard: Yard) -> None:
    channel = new_channel(yard, 5)
    page = httpx.get(yard.web.url(f"/channels/{channel.name}")).text
    head = '<meta property="og:type" content="video.other">'
    with yard.web.behaving("/watch-me", body=page.replace("<head>", f"<head>{head}").encode()):
        yard.list("/watch-me")
    assert [entry.url for entry in yard.heard.entries] == [yard.web.url("/watch-me")]


@pytest.mark.parametrize("items", [0, 1])
def test_a_channel_with_hardly_anything_is_a_channel(yard: Yard, items: int) -> None:
    channel = new_channel(yard, items)
    assert yard.list(f"/channels/{channel.name}").complete
    assert len(yard.heard.entries) == items
    assert yard.heard.sources[-1].title == channel.title


@pytest.mark.parametrize("feed", ["feed.xml", "atom.xml"])
def test_a_feed_given_as_the_address(yard: Yard, feed: str) -> None:
    channel = new_channel(yard, 4)
    listing = yard.list(f"/channels/{channel.name}/{feed}")
    assert (listing.complete, listing.requests) == (True, 1)
    assert [entry.url for entry in yard.heard.entries] == [
        yard.web.url(f"/channels/{channel.name}/{number}") for number in (4, 3, 2, 1)
    ]
    assert yard.heard.entries[0].published_at == "2026-01-01T04:00:00+00:00"
    assert yard.heard.sources[-1].feed_url == yard.web.url(f"/channels/{channel.name}/{feed}")


def test_a_podcasts_feed_lists_its_files(yard: Yard) -> None:
    yard.list("/channels/podcast/feed.xml")
    assert [(entry.url, entry.kind) for entry in yard.heard.entries] == [
        (yard.web.url(f"/files/{number}.mp3"), "audio") for number in (3, 2, 1)
    ]


def test_a_broken_feed_is_the_sites_fault(yard: Yard) -> None:
    channel = new_channel(yard, 2)
    channel.feed = "garbage"
    assert failure(lambda: yard.list(f"/channels/{channel.name}/feed.xml")).reason is Reason.SITE_ERROR


@pytest.mark.parametrize(
    ("path", "kind", "title"),
    [
        ("/gallery-of/3", "gallery", "A gallery of 3"),
        ("/inline-gallery/4", "gallery", "Inline gallery of 4"),
        ("/media/song.mp3", "audio", "song"),
        ("/media/photo.png", "image", "photo"),
        ("/noext/3", "video", None),
        ("/page/video", "video", "The page video"),
        ("/tube/abc", "video", "Tube abc"),
    ],
)
def test_a_single_medium_is_a_list_of_one(yard: Yard, path: str, kind: str, title: str | None) -> None:
    listing = yard.list(path)
    assert listing.complete
    [entry] = yard.heard.entries
    assert (entry.url, entry.kind) == (yard.web.url(path), kind)
    assert title in (None, entry.title)
    assert entry.key == ("madeupvideo abc" if path == "/tube/abc" else keys.web_key(entry.url))
    assert yard.heard.sources[-1].title == entry.title


def test_players_on_one_page_are_told_apart_by_their_files(yard: Yard) -> None:
    yard.list("/page/two")
    assert len({entry.key for entry in yard.heard.entries}) == len(yard.heard.entries) == 2
    assert all("/media/" in entry.url for entry in yard.heard.entries)


def test_hostile_titles_are_one_clean_line(yard: Yard) -> None:
    yard.list("/channels/hostile")
    assert len(yard.heard.entries) == len(yard.web.channels.known["hostile"].items())
    for entry in yard.heard.entries:
        assert entry.title == clean_text(entry.title)
        assert len(entry.title) <= MAX_TITLE
    by_number = {int(entry.url.rpartition("/")[2]): entry.title for entry in yard.heard.entries}
    titles = dict(zip(TITLES, range(1, 100), strict=False))
    assert by_number[titles["markup"]] == TITLES["markup"]
    assert by_number[titles["newline"]] == "first line second line third"
    assert by_number[titles["rtl"]] == "invoice gpj.exe"


@pytest.mark.parametrize("where", sorted(FORBIDDEN))
def test_redirects_to_private_addresses_are_refused(yard: Yard, where: str) -> None:
    failure(lambda: yard.list(f"/redirect/forbidden/{where}"))
    assert yard.heard.entries == []
    assert yard.access is not None
    assert set(yard.access.hosts) <= {"127.0.0.1"}


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/status/404", Reason.NOT_FOUND),
        ("/status/500", Reason.SITE_ERROR),
        ("/status/429?retry_after=30", Reason.RATE_LIMITED),
        ("/botcheck", Reason.FORBIDDEN),
        ("/page/empty", Reason.NO_MEDIA),
        ("/redirect/loop", Reason.SITE_ERROR),
        ("/as/nonsense/channels/main", Reason.TRUNCATED),
    ],
)
def test_typed_failures(yard: Yard, path: str, reason: Reason) -> None:
    found = failure(lambda: yard.list(path))
    assert found.reason is reason
    assert found.retry_after == (30 if reason is Reason.RATE_LIMITED else None)
