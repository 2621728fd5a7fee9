"""Listing with yt-dlp from the made-up web: streaming, order, keys, and where a listing stops."""

from __future__ import annotations

from tests.downloads.extractors.conftest import Yard, new_channel
from tests.downloads.nest.support import Listening


def numbers(heard: Listening) -> list[int]:
    return [int(entry.key.rpartition("-")[2]) for entry in heard.entries]


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
