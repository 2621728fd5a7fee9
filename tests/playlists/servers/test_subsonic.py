"""What is the Subsonic API's own: ways to sign in, ways to list everything, places without names, and products' quirks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from magpie.playlists.servers.port import Fault, Login, ServerFailed
from magpie.playlists.servers.subsonic import SubsonicServer
from tests.support.servers import supysonic as real
from tests.support.servers.fixtures import supysonic
from tests.support.servers.music import Song, songs
from tests.support.servers.subsonic_double import (
    API_KEY,
    PASSWORD,
    USERNAME,
    Product,
    SignIn,
    SubsonicDouble,
    song_id,
)
from tests.support.servers.supysonic import Supysonic

__all__ = ["supysonic"]
pytestmark = pytest.mark.once


@contextmanager
def _reached(
    double: SubsonicDouble | Supysonic,
    token: str | None = None,
    username: str = USERNAME,
    password: str = PASSWORD,
) -> Iterator[SubsonicServer]:
    login = Login(double.url, token) if token else Login(double.url, None, username, password)
    server = SubsonicServer(login)
    try:
        yield server
    finally:
        server.close()


@pytest.mark.parametrize(
    ("product", "sign_in"),
    [
        (Product.NAVIDROME, SignIn.BOTH),
        (Product.NAVIDROME, SignIn.PASSWORD_41),
        (Product.CLASSIC, SignIn.PASSWORD_40),
        (Product.OLD, SignIn.BOTH),
    ],
)
def test_the_password_itself_is_the_last_resort(product: Product, sign_in: SignIn) -> None:
    with SubsonicDouble(product=product, sign_in=sign_in) as double, _reached(double) as server:
        assert server.check().user == USERNAME
        server.create("x", [])
        with_password = [call for call in double.calls if call.first("p") is not None]
        assert bool(with_password) is ((product, sign_in) != (Product.NAVIDROME, SignIn.BOTH))
        assert len(double.writes) == 1
        assert all(not call.query and call.method == "POST" for call in double.calls)


def test_digests_are_salted_anew() -> None:
    with SubsonicDouble() as double, _reached(double) as server:
        server.check()
        salts = [call.first("s") for call in double.calls]
        assert len(salts) == len(set(salts)) == 2
        assert PASSWORD not in str(double.calls)


def test_a_key_of_opensubsonic_stands_alone() -> None:
    with SubsonicDouble(sign_in=SignIn.KEY) as double:
        with _reached(double, token=API_KEY) as server:
            checked = server.check()
            assert (checked.version, checked.user) == ("0.58.0", USERNAME)
        assert all(call.first("u") is None and call.first("apiKey") == API_KEY for call in double.calls)
        with _reached(double, token="another") as server:
            with pytest.raises(ServerFailed) as failed:
                server.check()
            assert failed.value.reason is Fault.TOKEN


@pytest.mark.parametrize("product", list(Product))
def test_everything_is_listed_whatever_the_search_understands(product: Product) -> None:
    music = songs(1234)
    music[5].title = 'The "" Song'  # what a server that takes quotes as words would find
    with SubsonicDouble(product=product, music=music) as double, _reached(double) as server:
        assert sorted(track.id for track in server.tracks()) == sorted(song_id(song) for song in music)


@pytest.mark.parametrize("product", list(Product))
def test_an_empty_library_has_no_tracks(product: Product) -> None:
    with SubsonicDouble(product=product, music=[]) as double, _reached(double) as server:
        assert list(server.tracks()) == []
        assert server.count() is None


def test_opensubsonic_tells_more_of_a_song() -> None:
    told = Song(1, "Duet", "A & B", "Album", album_artist="Various", mbid="m-1", isrc="GBAYE0601477")
    with SubsonicDouble(music=[told]) as double, _reached(double) as server:
        track = next(server.tracks())
        assert (track.mbid, track.isrc, track.artists) == ("m-1", "GBAYE0601477", ("A & B",))
        assert (track.album_artist, track.album, track.duration) == ("Various", "Album", 200)


def test_hidden_places_are_counted_before_anything_is_removed() -> None:
    """A song whose file is away keeps its place, and is not shown: the numbers that are shown are then not the server's."""
    with SubsonicDouble() as double, _reached(double) as server:
        ids = [song_id(song) for song in double.music[:5]]
        made = server.create("x", ids)
        double.away.add(ids[1])
        entries = server.entries(made.id)
        assert [entry.track_id for entry in entries] == [ids[0], *ids[2:]]
        server.remove(made.id, [entries[2]])
        assert double.playlists[made.id].items == [ids[0], ids[2], ids[4]]


def test_nothing_is_removed_where_something_else_stands() -> None:
    with SubsonicDouble() as double, _reached(double) as server:
        ids = [song_id(song) for song in double.music[:4]]
        made = server.create("x", ids)
        entries = server.entries(made.id)
        double.playlists[made.id].items.insert(0, ids[3])
        with pytest.raises(ServerFailed) as failed:
            server.remove(made.id, entries[1:3])
        assert failed.value.reason is Fault.CHANGED
        assert double.playlists[made.id].items == [ids[3], *ids]


def test_no_playlist_is_left_behind_where_one_was_gone() -> None:
    """gonic makes a new one when it is told to replace what is not there."""
    with SubsonicDouble(product=Product.GONIC) as double, _reached(double) as server:
        with pytest.raises(ServerFailed) as failed:
            server.replace("pl-99", [song_id(double.music[0])])
        assert failed.value.reason is Fault.NOT_FOUND
        assert not double.playlists


def test_longer_lists_than_a_form_takes_come_in_pieces() -> None:
    with SubsonicDouble() as double, _reached(double) as server:
        wanted = [song_id(double.music[place % 60]) for place in range(5450)]
        made = server.create("x", [])
        server.replace(made.id, wanted)
        assert double.playlists[made.id].items == wanted
        assert [len(call.all("songId") or call.all("songIdToAdd")) for call in double.writes] == [
            0,
            5000,
            200,
            200,
            50,
        ]


def test_of_two_new_ones_without_names_the_right_one_is_found() -> None:
    with SubsonicDouble(product=Product.OLD) as double, _reached(double) as server:
        first = server.create("same", [])
        second = server.create("same", [song_id(double.music[0])])
        assert (first.id, second.id) == ("pl-1", "pl-2")
        assert second.count == 1


def test_somebody_else_s_list_is_not_ours_to_write() -> None:
    with SubsonicDouble() as double, _reached(double) as server:
        made = server.create("x", [])
        double.playlists[made.id].owner = "bob"
        found = server.playlist(made.id)
        assert found is not None
        assert not found.is_writable


def test_a_single_object_counts_as_a_list() -> None:
    """As servers wrote it whose JSON was made from XML."""
    folders = b'{"musicFolder": {"id": 0, "name": "M"}}'
    body = b'{"subsonic-response": {"status": "ok", "version": "1.8.0", "musicFolders": %b}}' % folders
    with SubsonicDouble() as double, _reached(double) as server:
        double.misbehave(garbage=body)
        assert [(library.id, library.name) for library in server.check().libraries] == [("0", "M")]


def test_pages_that_do_not_turn_end() -> None:
    song = '{"id": "1", "title": "a"}'
    for count, fault in ((3, None), (500, Fault.UNREADABLE)):
        page = ", ".join([song] * count)
        body = f'{{"subsonic-response": {{"status": "ok", "version": "1.16.1", "searchResult3": {{"song": [{page}]}}}}}}'
        with SubsonicDouble() as double, _reached(double) as server:
            double.misbehave(garbage=body.encode())
            if fault is None:
                assert len(list(server.tracks())) == count
            else:
                with pytest.raises(ServerFailed) as failed:
                    list(server.tracks())
                assert failed.value.reason is fault


def test_a_real_server_scans_what_has_come(supysonic: Supysonic) -> None:
    with _reached(supysonic, username=real.GUEST, password=real.PASSWORD) as server:
        with pytest.raises(ServerFailed) as failed:
            server.scan()
        assert failed.value.reason is Fault.NO_RIGHT
    supysonic.start_daemon()
    new = Song(777, "来晚的歌", "新人", "新专辑")
    supysonic.lay(new)
    with _reached(supysonic, username=real.USERNAME, password=real.PASSWORD) as server:
        server.scan()
        latest = time.monotonic() + 60
        while new.title not in {track.title for track in server.tracks()}:
            assert time.monotonic() < latest, "the scan did not find it"
            time.sleep(0.1)
