"""Syncs to the doubles of all kinds of servers, and to a real Supysonic, over HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from magpie.playlists.models import RunStatus, Server, TaskStatus
from magpie.playlists.servers import service as kinds
from magpie.playlists.servers.port import Login, MediaServer
from magpie.playlists.sync.order import Trigger
from magpie.playlists.sync.worker import Syncer
from magpie.playlists.tracks import Track
from tests.playlists.fakes import FakeSource
from tests.playlists.support import PlaylistHouse
from tests.support.servers import jellyfin_double, plex_double, subsonic_double, supysonic
from tests.support.servers.double import Double
from tests.support.servers.jellyfin_double import JellyfinDouble
from tests.support.servers.music import Song
from tests.support.servers.plex_double import PlexDouble
from tests.support.servers.subsonic_double import SubsonicDouble
from tests.support.servers.supysonic import Supysonic

pytestmark = pytest.mark.once

FIRST = ("Amber", "Birch", "Cedar", "Dahlia", "Elder", "Fern", "Ginger", "Hazel", "Iris", "Juniper")
SECOND = ("Anchor", "Bridge", "Castle", "Desert", "Engine", "Forest", "Garden", "Hammer", "Island", "Jungle")
NAMES = [
    f"{one} {two} {three}" for one, two, three in itertools.product(FIRST, SECOND, ("Rise", "Fall", "Rest"))
]
MANY = 260  # more than one write takes


def music(count: int) -> list[Song]:
    return [
        Song(number, name, "Ada Example", "An album", seconds=200.0)
        for number, name in enumerate(NAMES[:count], 1)
    ]


class Kept:
    """A playlist on one server, kept through the real adapter."""

    def __init__(self, house: PlaylistHouse, kind: str, login: Login, names: list[str]) -> None:
        self.house = house
        self.kind, self.login = kind, login
        house.source = FakeSource([], "Of an evening")
        house.syncer = Syncer(house.context, "here", fetch=house.source.fetch, now=lambda: house.now)
        secret = login.token or login.password or ""
        with house.context.database.write() as session:
            row = Server(user_id=house.ada, name="Music", server_type=kind, url=login.url)
            row.username, row.is_token = login.username, login.token is not None
            row.sealed_secret = house.context.vault.seal(secret)
            session.add(row)
            session.flush()
            self.server_id = row.id
        self.task_id = house.add_task(self.server_id, max_removals=10_000)
        self.want(names)

    def want(self, names: list[str]) -> None:
        self.house.source.tracks = [
            Track(name, name, ("Ada Example",), album="An album", source="netease", source_id=name)
            for name in names
        ]

    def sync(self, trigger: Trigger = Trigger.PERSON) -> str:
        """The status of the run; a fault is told behind it."""
        run = self.house.sync(self.task_id, trigger)
        assert run is not None
        reason = self.house.task(self.task_id).reason
        return f"{run.status} {reason}" if reason else run.status

    def connect(self) -> MediaServer:
        return kinds.connect(self.kind, self.login)

    def have(self) -> list[str]:
        """The titles that the server has in the playlist."""
        playlist_id = self.house.target(self.task_id).playlist_id
        assert playlist_id is not None
        connection = self.connect()
        titles = {track.id: track.title for track in connection.tracks()}
        found = [titles[entry.track_id] for entry in connection.entries(playlist_id)]
        connection.close()
        return found


@pytest.fixture(params=["plex", "jellyfin", "subsonic"])
def scene(request: pytest.FixtureRequest, house: PlaylistHouse) -> Iterator[tuple[Kept, Double]]:
    doubles: dict[str, Double] = {
        "plex": PlexDouble(music(MANY)),
        "jellyfin": JellyfinDouble(music(MANY)),
        "subsonic": SubsonicDouble(music(MANY)),
    }
    with doubles[request.param] as double:
        yield Kept(house, request.param, login_of(request.param, double.url), NAMES[:MANY]), double


def login_of(kind: str, url: str) -> Login:
    if kind == "plex":
        return Login(url, token=plex_double.TOKEN)
    if kind == "jellyfin":
        return Login(url, username="alice", password=jellyfin_double.PASSWORD)
    return Login(url, username=subsonic_double.USERNAME, password=subsonic_double.PASSWORD)


def test_a_playlist_lives(scene: tuple[Kept, Double]) -> None:
    kept, double = scene
    assert kept.sync() == RunStatus.SUCCESS
    assert kept.have() == NAMES[:MANY]
    double.forget()
    assert kept.sync() == RunStatus.SUCCESS
    assert double.writes == []
    for names in (
        NAMES[200:MANY] + NAMES[:200],
        NAMES[:50],
        [NAMES[3], *NAMES[:10], NAMES[3], NAMES[3]],
        NAMES[9::-1],
    ):
        kept.want(names)
        assert kept.sync() == RunStatus.SUCCESS
        assert kept.have() == names
    kept.sync(Trigger.UNDO)
    assert kept.have() == [NAMES[3], *NAMES[:10], NAMES[3], NAMES[3]]


@pytest.mark.parametrize("is_done", [True, False], ids=["done", "not done"])
def test_cut_off_at_any_write_the_next_sync_finishes(scene: tuple[Kept, Double], is_done: bool) -> None:
    kept, double = scene
    kept.want(NAMES[:8])
    kept.sync()
    lists = [NAMES[10:4:-1], NAMES[2:12]]
    for number in itertools.count(1):
        names = lists[number % 2]
        kept.want(names)
        double.misbehave(die_at_write=number, die_done=is_done, stay_dead=True)
        said = kept.sync()
        double.misbehave()
        if said == RunStatus.SUCCESS:
            assert number > 1
            break
        assert said.startswith("failure")
        assert kept.sync() == RunStatus.SUCCESS
        assert kept.have() == names


@pytest.mark.parametrize(
    ("knobs", "reason"),
    [({"status": 401}, "token"), ({"write_status": 403}, "no_right"), ({"page": b"<html>"}, "")],
)
def test_a_server_that_does_not_do_it_is_left_as_it_was(
    scene: tuple[Kept, Double], knobs: dict[str, Any], reason: str
) -> None:
    kept, double = scene
    kept.want(NAMES[:8])
    kept.sync()
    kept.want(NAMES[4:12])
    double.misbehave(**knobs)
    said = kept.sync()
    # A Subsonic API says that in its own words; HTTP's are not its.
    assert said.startswith("failure" if kept.kind == "subsonic" else f"failure {reason}")
    assert plex_double.TOKEN not in str(kept.house.run(kept.task_id).__dict__)
    double.misbehave()
    assert kept.have() == NAMES[:8]
    assert kept.sync() == RunStatus.SUCCESS
    assert kept.have() == NAMES[4:12]


def test_addresses_that_are_too_long_for_a_server_become_shorter(house: PlaylistHouse) -> None:
    with PlexDouble(music(MANY)) as double:
        double.max_address = 600
        kept = Kept(house, "plex", login_of("plex", double.url), NAMES[:MANY])
        assert kept.sync() == RunStatus.SUCCESS
        assert kept.have() == NAMES[:MANY]


def test_a_playlist_that_reads_back_differently_is_not_called_done(house: PlaylistHouse) -> None:
    with PlexDouble(music(20)) as double:
        kept = Kept(house, "plex", login_of("plex", double.url), NAMES[:8])
        kept.sync()
        kept.want(NAMES[4:12])
        double.misbehave(lie=lambda shown: shown[::-1])
        assert kept.sync() == "failure failing"
        double.misbehave()
        assert kept.sync() == RunStatus.SUCCESS
        assert kept.have() == NAMES[4:12]


def test_supysonic_keeps_a_playlist(house: PlaylistHouse, tmp_path: Path) -> None:
    with Supysonic(tmp_path / "supysonic", music(40)) as server:
        login = Login(server.url, username=supysonic.USERNAME, password=supysonic.PASSWORD)
        kept = Kept(house, "subsonic", login, NAMES[:30])
        assert kept.sync() == RunStatus.SUCCESS
        assert kept.have() == NAMES[:30]
        for names in (NAMES[:30], NAMES[29::-1], [NAMES[3], *NAMES[:10], NAMES[3]], NAMES[30:40]):
            kept.want(names)
            assert kept.sync() == RunStatus.SUCCESS
            assert kept.have() == names
        kept.sync(Trigger.UNDO)
        assert kept.have() == [NAMES[3], *NAMES[:10], NAMES[3]]
        assert house.task(kept.task_id).status == TaskStatus.IDLE
