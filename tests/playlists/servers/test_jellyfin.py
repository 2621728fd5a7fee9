"""What is Jellyfin's own: keys without a user, versions, and entries that are named like their songs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from magpie.playlists.servers.jellyfin import JellyfinServer
from magpie.playlists.servers.port import Fault, Login, ServerFailed
from tests.support.servers.jellyfin_double import ADMIN, API_KEY, BOB, PASSWORD, JellyfinDouble
from tests.support.servers.music import FIRST_DAY, songs

pytestmark = pytest.mark.once


@contextmanager
def _reached(
    double: JellyfinDouble, token: str | None = None, username: str | None = None, password: str | None = None
) -> Iterator[JellyfinServer]:
    server = JellyfinServer(Login(double.url, token, username, password))
    try:
        yield server
    finally:
        server.close()


def test_a_key_acts_for_the_first_administrator_or_for_whom_is_named() -> None:
    with JellyfinDouble() as double:
        with _reached(double, token=API_KEY) as server:
            assert server.check().user == "alice"
            made = server.create("hers", [])
        with _reached(double, token=API_KEY, username="BOB") as server:
            assert server.check().user == "bob"
            his = server.create("his", [])
            assert [playlist.id for playlist in server.playlists()] == [his.id]
        assert (double.playlists[made.id].owner, double.playlists[his.id].owner) == (ADMIN, BOB)
        with _reached(double, token=API_KEY, username="nobody") as server:
            with pytest.raises(ServerFailed) as failed:
                server.check()
            assert failed.value.reason is Fault.TOKEN


def test_who_signs_in_signs_out() -> None:
    with JellyfinDouble() as double:
        with _reached(double, username="alice", password=PASSWORD) as server:
            server.check()
            assert len(double.sessions) == 1
        assert not double.sessions


def test_two_connections_do_not_end_each_other() -> None:
    with JellyfinDouble() as double:
        login = {"username": "alice", "password": PASSWORD}
        with _reached(double, **login) as one, _reached(double, **login) as other:
            one.check()
            other.check()
            assert one.playlists() == other.playlists() == []
        devices = {
            word
            for call in double.calls
            for word in call.headers["authorization"].split(", ")
            if word.startswith("DeviceId=")
        }
        assert len(devices) == 2


@pytest.mark.parametrize(
    ("version", "by_key", "expected"),
    [  # can_move, can_replace, keeps_duplicates
        ("10.8.13", True, (True, False, False)),
        ("10.10.7", True, (False, False, False)),
        ("10.10.7", False, (False, True, False)),
        ("10.11.2", False, (False, True, False)),
        ("12.0.0", True, (False, False, True)),
        ("12.0.0", False, (False, True, True)),
    ],
)
def test_what_it_can_depends_on_version_and_account(
    version: str, by_key: bool, expected: tuple[bool, bool, bool]
) -> None:
    login = {"token": API_KEY} if by_key else {"username": "alice", "password": PASSWORD}
    with JellyfinDouble(version=version) as double, _reached(double, **login) as server:
        server.check()
        can = server.capabilities
        assert (can.can_move, can.can_replace, can.keeps_duplicates) == expected
        assert can.can_poster
        assert can.chunk == 100


def test_a_plain_user_describes_nothing() -> None:
    with JellyfinDouble() as double, _reached(double, username="bob", password=PASSWORD) as server:
        checked = server.check()
        assert (checked.user, checked.libraries[0].name, checked.libraries[0].folders) == ("bob", "Musik", ())
        assert not server.capabilities.can_describe
        assert not server.capabilities.can_poster
        made = server.create("his", [])
        with pytest.raises(ServerFailed) as failed:
            server.poster(made.id, b"\xff\xd8", "image/jpeg")
        assert failed.value.reason is Fault.NO_RIGHT


def test_a_picture_arrives_as_it_is() -> None:
    picture = bytes(range(256)) * 40
    with JellyfinDouble() as double, _reached(double, token=API_KEY) as server:
        made = server.create("seen", [])
        server.poster(made.id, picture, "image/png")
        assert double.playlists[made.id].picture == ("image/png", picture)


def test_one_of_many_doubles_goes_in_long_lists_too() -> None:
    """More songs than one call takes, so that what stays is added again in several."""
    with JellyfinDouble(music=songs(300)) as double, _reached(double, token=API_KEY) as server:
        ids = [track.id for track in server.tracks()]
        wanted = [*ids[:250], ids[0], ids[120]]
        made = server.create("long", wanted[:100])
        for start in (100, 200):
            server.add(made.id, wanted[start : start + 100])
        entries = server.entries(made.id)
        server.remove(made.id, [entries[120]])
        assert [entry.track_id for entry in server.entries(made.id)] == [*wanted[:120], *wanted[121:]]
        assert all(len(call.all("ids")[0].split(",")) <= 100 for call in double.writes if call.all("ids"))


def test_what_has_gone_meanwhile_is_not_missed() -> None:
    with JellyfinDouble() as double, _reached(double, token=API_KEY) as server:
        ids = [track.id for track in server.tracks()][:3]
        made = server.create("shrinks", ids)
        entries = server.entries(made.id)
        server.remove(made.id, entries[:1])
        server.remove(made.id, entries[:2])
        assert [entry.track_id for entry in server.entries(made.id)] == ids[2:]


def test_changes_since_a_moment() -> None:
    with JellyfinDouble() as double, _reached(double, token=API_KEY) as server:
        double.music[7].updated_at = FIRST_DAY + 90_000
        since = datetime.fromtimestamp(FIRST_DAY + 80_000, UTC)
        assert [track.title for track in server.tracks(since=since)] == [double.music[7].title]


def test_scans_go_as_narrow_as_they_may() -> None:
    with JellyfinDouble() as double, _reached(double, token=API_KEY) as server:
        server.scan(path="/music/Jay Chou/七里香")
        server.scan("c3" * 16)
        server.scan()
        assert double.scans == ["/music/Jay Chou/七里香", "c3" * 16, "all"]


def test_the_recording_s_id_is_told() -> None:
    with JellyfinDouble() as double, _reached(double, token=API_KEY) as server:
        assert [track.mbid for track in server.tracks()] == [song.mbid for song in double.music]


def test_emby_is_no_jellyfin() -> None:
    emby = b'{"ServerName": "x", "Version": "4.9.0.1", "Id": "1", "ProductName": "Emby Server"}'
    with JellyfinDouble() as double, _reached(double, token=API_KEY) as server:
        double.misbehave(garbage=emby)
        with pytest.raises(ServerFailed) as failed:
            server.check()
        assert failed.value.reason is Fault.WRONG_KIND
