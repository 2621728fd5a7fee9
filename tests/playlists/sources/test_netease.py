"""What is peculiar to NetEase's web API."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

import pytest

from tests.playlists.sources.conftest import failure_from, fetch_from
from tests.support.platforms import Listing, NetEaseDouble, songs

pytestmark = pytest.mark.once


@pytest.fixture
def netease() -> Iterator[NetEaseDouble]:
    with NetEaseDouble() as double:
        yield double


def test_it_asks_as_the_page_does(netease: NetEaseDouble) -> None:
    fetch_from(netease)
    playlist, details = netease.calls
    assert (playlist.method, playlist.path) == ("POST", "/api/v6/playlist/detail")
    assert dict(playlist.form) == {"id": netease.ref_id, "n": "100000", "s": "8"}
    assert playlist.headers["cookie"] == "os=pc"
    assert details.path == "/api/v3/song/detail"
    assert json.loads(details.first("c") or "") == [{"id": number} for number in range(6, 13)]


def test_songs_are_asked_for_five_hundred_at_a_time_and_once_each(netease: NetEaseDouble) -> None:
    many = songs(1200)
    netease.listing = Listing([*many, *many])
    found = fetch_from(netease)
    assert [track.id for track in found.tracks] == [str(song.number) for song in (*many, *many)]
    sizes = [len(json.loads(call.first("c") or "[]")) for call in netease.calls[1:]]
    assert sizes == [500, 500, 195]


def test_what_is_told_along_is_not_asked_for(netease: NetEaseDouble) -> None:
    netease.told_along = 1000
    assert len(fetch_from(netease).tracks) == 12
    assert len(netease.calls) == 1


def test_a_lagging_count_does_not_matter(netease: NetEaseDouble) -> None:
    netease.listing = Listing(songs(12), total=9)
    found = fetch_from(netease)
    assert (found.is_complete, found.total, len(found.tracks)) == (True, 12, 12)


@pytest.mark.parametrize("told_along", [0, 5])
def test_without_ids_what_came_along_is_only_a_part(netease: NetEaseDouble, told_along: int) -> None:
    netease.has_ids, netease.told_along = False, told_along
    found = fetch_from(netease)
    assert (found.is_complete, len(found.tracks), found.total) == (False, told_along, 12)


def test_no_ids_at_all_are_not_believed(netease: NetEaseDouble) -> None:
    netease.listing = Listing([], total=12)
    found = fetch_from(netease)
    assert (found.is_complete, found.note) == (False, "0 of 12 songs came.")


@pytest.mark.parametrize("older_names", [False, True])
def test_both_generations_of_names(netease: NetEaseDouble, older_names: bool) -> None:
    netease.older_names = older_names
    track = fetch_from(netease).tracks[2]
    assert (track.artists, track.album, track.duration) == (("周杰伦", "Jay & Co"), "Album 0", 123.0)
    assert track.aliases == ("别名",)
    assert track.cover_url == "https://p1.music.126.net/album.jpg"


def test_songs_that_nobody_tells_of_make_it_incomplete(netease: NetEaseDouble) -> None:
    netease.forgotten = (3, 9)
    found = fetch_from(netease)
    assert [track.id for track in found.tracks] == [str(n) for n in range(1, 13) if n not in (3, 9)]
    assert (found.is_complete, found.note) == (False, "10 of 12 songs came.")
    asked = [json.loads(call.first("c") or "") for call in netease.calls[1:]]
    assert asked[-1] == [{"id": 3}, {"id": 9}]  # a second time, before it is said


def test_greyed_songs_are_labelled_wherever_they_are_told(netease: NetEaseDouble) -> None:
    netease.listing = Listing(
        [dataclasses.replace(song, is_available=song.number % 2 == 0) for song in songs(12)]
    )
    found = fetch_from(netease)
    assert [track.is_available for track in found.tracks] == [number % 2 == 0 for number in range(1, 13)]
    assert found.is_complete


@pytest.mark.parametrize(
    ("trouble", "reason"), [("gone", "gone"), ("private", "private"), ("refused", "refused")]
)
def test_codes_inside_of_answers(netease: NetEaseDouble, trouble: str, reason: str) -> None:
    netease.make_trouble(**{trouble: True})
    assert failure_from(netease).reason == reason


def test_another_playlist_is_gone(netease: NetEaseDouble) -> None:
    assert failure_from(netease, "404").reason == "gone"
