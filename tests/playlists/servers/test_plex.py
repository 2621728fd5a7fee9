"""What is Plex' own: filters by time, its libraries' folders, long words in an address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from magpie.playlists.servers.plex import PlexServer
from magpie.playlists.servers.plex import server as plex_server
from magpie.playlists.servers.port import Fault, Login, ServerFailed
from tests.support.servers.music import FIRST_DAY
from tests.support.servers.plex_double import MUSIC, TOKEN, PlexDouble, PlexPlaylist

pytestmark = pytest.mark.once


@pytest.fixture
def double() -> Iterator[PlexDouble]:
    with PlexDouble() as server:
        yield server


@pytest.fixture
def server(double: PlexDouble) -> Iterator[PlexServer]:
    connection = PlexServer(Login(double.url, token=TOKEN))
    yield connection
    connection.close()


@pytest.mark.parametrize("knows_filters", [True, False])
def test_changes_since_a_moment(double: PlexDouble, server: PlexServer, knows_filters: bool) -> None:
    """Changed and added songs are each told once; servers that know no such filter tell all, and are not believed."""
    double.knows_filters = knows_filters
    changed, added, both = double.music[3], double.music[5], double.music[8]
    changed.updated_at = both.updated_at = both.added_at = FIRST_DAY + 90_000
    added.added_at, added.updated_at = FIRST_DAY + 90_000, 0
    since = datetime.fromtimestamp(FIRST_DAY + 80_000, UTC)
    assert sorted(track.title for track in server.tracks(since=since)) == sorted(
        song.title for song in (changed, added, both)
    )


def test_libraries_know_their_folders(server: PlexServer) -> None:
    checked = server.check()
    assert (checked.id[:4], checked.name, checked.user) == ("5a5a", "Wohnzimmer", "alice@example.org")
    assert [(library.id, library.folders) for library in checked.libraries] == [(MUSIC, ("/music",))]


def test_a_scan_goes_to_the_library_that_has_the_folder(double: PlexDouble, server: PlexServer) -> None:
    double.sections.append(("4", "artist", "More"))
    server.scan(path="/music/Jay Chou")
    server.scan("4", "/elsewhere & more")
    assert double.scans == [("3", "/music/Jay Chou"), ("4", "/music/Jay Chou"), ("4", "/elsewhere & more")]


def test_tracks_of_all_libraries_and_of_one(double: PlexDouble, server: PlexServer) -> None:
    double.sections.append(("4", "artist", "Empty"))
    assert len(list(server.tracks())) == len(list(server.tracks(MUSIC))) == 60
    assert list(server.tracks("4")) == []
    assert server.count() == 60


@pytest.mark.parametrize("start", [0, 2, 4])
def test_a_list_that_stops_before_its_end_is_no_whole_list(
    double: PlexDouble, server: PlexServer, monkeypatch: pytest.MonkeyPatch, start: int
) -> None:
    """A server that answers one page empty would have a mirror remove, or add again, all songs behind it."""
    monkeypatch.setattr(plex_server, "PAGE", 2)
    made = server.create("Five", [str(song.number) for song in double.music[:5]])
    assert len(server.entries(made.id)) == 5
    double.empty_from = start
    with pytest.raises(ServerFailed) as failure:
        server.entries(made.id)
    assert failure.value.reason is Fault.UNREADABLE
    with pytest.raises(ServerFailed):
        list(server.tracks())


@pytest.mark.parametrize("text", ["x" * 40_000, "晴天" * 5_000, "ä & ö " * 3_000])
def test_a_long_description_is_cut_to_what_an_address_holds(
    double: PlexDouble, server: PlexServer, text: str
) -> None:
    made = server.create("long words", [])
    server.describe(made.id, description=text)
    summary = double.playlists[int(made.id)].summary
    assert summary.endswith("…")
    assert text.startswith(summary[:-1])
    assert len(summary) > 500


def test_lists_that_fill_themselves_are_not_written(double: PlexDouble, server: PlexServer) -> None:
    double.playlists[1] = PlexPlaylist(1, "Recently played", smart=True)
    double.playlists[2] = PlexPlaylist(2, "Films", kind="video")
    assert [(playlist.id, playlist.is_writable) for playlist in server.playlists()] == [("1", False)]


@pytest.mark.parametrize("key", ["../../library/sections/3", "1?x=y", "..", "1#a", "1/items", "\u2028"])
def test_a_playlist_s_key_stays_one_part_of_the_path(
    double: PlexDouble, server: PlexServer, key: str
) -> None:
    try:
        found = server.playlist(key)
    except ServerFailed:
        found = None
    assert found is None
    path = double.calls[-1].target
    assert path.startswith("/playlists/")
    assert path.count("/") == 2
    assert "?" not in path
