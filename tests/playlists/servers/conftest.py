"""One connection of each kind, to a double or to the real thing, for the tests that all of them have to pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from magpie.playlists.servers.port import Login, MediaServer
from magpie.playlists.servers.service import connect
from tests.support.servers import jellyfin_double, plex_double, subsonic_double, supysonic
from tests.support.servers.double import Double
from tests.support.servers.jellyfin_double import JellyfinDouble
from tests.support.servers.music import Song
from tests.support.servers.plex_double import PlexDouble
from tests.support.servers.subsonic_double import Product, SignIn, SubsonicDouble
from tests.support.servers.supysonic import Supysonic


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of server with what its tests have to know."""

    kind: str
    start: Callable[[Path], AbstractContextManager[Double | Supysonic]]
    login: Login  # without an address
    is_slow: bool = False  # it reads long playlists for seconds


PLEX_LOGIN = Login("", token=plex_double.TOKEN)
JELLYFIN_KEY = Login("", token=jellyfin_double.API_KEY)
JELLYFIN_USER = Login("", username="alice", password=jellyfin_double.PASSWORD)
SUBSONIC_LOGIN = Login("", username=subsonic_double.USERNAME, password=subsonic_double.PASSWORD)

KINDS: dict[str, Kind] = {
    "plex": Kind("plex", lambda _: PlexDouble(), PLEX_LOGIN),
    "jellyfin": Kind("jellyfin", lambda _: JellyfinDouble(), JELLYFIN_USER),
    "jellyfin-key": Kind("jellyfin", lambda _: JellyfinDouble(base_path="/jellyfin"), JELLYFIN_KEY),
    "jellyfin-10.8": Kind("jellyfin", lambda _: JellyfinDouble(version="10.8.13"), JELLYFIN_KEY),
    "navidrome": Kind("subsonic", lambda _: SubsonicDouble(base_path="/music"), SUBSONIC_LOGIN),
    "gonic": Kind("subsonic", lambda _: SubsonicDouble(product=Product.GONIC), SUBSONIC_LOGIN),
    "classic": Kind("subsonic", lambda _: SubsonicDouble(product=Product.CLASSIC), SUBSONIC_LOGIN),
    "opensubsonic-key": Kind(
        "subsonic", lambda _: SubsonicDouble(sign_in=SignIn.KEY), Login("", token=subsonic_double.API_KEY)
    ),
    "supysonic": Kind(
        "subsonic",
        Supysonic,
        Login("", username=supysonic.USERNAME, password=supysonic.PASSWORD),
        is_slow=True,
    ),
}


@dataclass(slots=True)
class Reached:
    """A server that is connected to, what runs behind it, and the ids of its songs in their order."""

    kind: Kind
    behind: Double | Supysonic
    server: MediaServer
    ids: list[str]

    @property
    def music(self) -> list[Song]:
        return self.behind.music

    def login(self) -> Login:
        return replace(self.kind.login, url=self.behind.url)

    def held(self, playlist_id: str) -> list[str]:
        return [entry.track_id for entry in self.server.entries(playlist_id)]


@pytest.fixture(scope="module", params=list(KINDS))
def reached(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reached]:
    kind = KINDS[request.param]
    with kind.start(tmp_path_factory.mktemp("server")) as behind:
        server = connect(kind.kind, replace(kind.login, url=behind.url))
        by_title = {track.title: track.id for track in server.tracks()}
        ids = [by_title[song.title] for song in behind.music]
        yield Reached(kind, behind, server, ids)
        server.close()
