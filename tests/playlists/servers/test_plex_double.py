"""The Plex double is asked by the real python-plexapi, so that what Magpie is tested against is what Plex clients see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plexapi.exceptions import BadRequest, NotFound, Unauthorized
from plexapi.server import PlexServer as _PlexClient

from magpie.playlists.servers.plex import PlexServer
from magpie.playlists.servers.port import Login
from tests.support.servers.music import songs
from tests.support.servers.plex_double import GUEST, MACHINE, TOKEN, PlexDouble

pytestmark = pytest.mark.once
PlexClient: Any = _PlexClient  # it has no types


@pytest.fixture
def double() -> Iterator[PlexDouble]:
    with PlexDouble(music=songs(250)) as server:
        yield server


@pytest.fixture
def client(double: PlexDouble) -> Any:
    return PlexClient(double.url, TOKEN)


@pytest.fixture
def ours(double: PlexDouble) -> Iterator[PlexServer]:
    server = PlexServer(Login(double.url, token=TOKEN))
    yield server
    server.close()


def _keys(playlist: Any) -> list[str]:
    return [str(item.ratingKey) for item in playlist._fetchItems()]


def test_it_is_a_plex_server(client: Any) -> None:
    assert client.machineIdentifier == MACHINE
    assert client.friendlyName == "Wohnzimmer"
    sections = client.library.sections()
    assert [(section.title, section.type) for section in sections] == [
        ("Films", "movie"),
        ("Musik", "artist"),
    ]
    assert client.library.section("Musik").locations == ["/music"]


def test_its_tracks_are_told_as_we_read_them(client: Any, ours: PlexServer) -> None:
    theirs = client.fetchItems("/library/sections/3/all?type=10&includeGuids=1")
    read = list(ours.tracks())
    assert len(theirs) == len(read) == 250
    for item, track in zip(theirs, read, strict=True):
        assert (str(item.ratingKey), item.title, item.parentTitle) == (track.id, track.title, track.album)
        assert (item.originalTitle or item.grandparentTitle,) == track.artists
        assert item.grandparentTitle == track.album_artist
        assert item.duration / 1000 == track.duration
        assert item.media[0].parts[0].file == track.path
        assert [guid.id for guid in item.guids] == ([f"mbid://{track.mbid}"] if track.mbid else [])


def test_its_playlists_obey_plexapi(client: Any, ours: PlexServer, tmp_path: Path) -> None:
    items = client.fetchItems("/library/sections/3/all?type=10")[:5]
    keys = [str(item.ratingKey) for item in items]
    made = client.createPlaylist("Lieder & 晴天", items=[*items, items[0]])
    assert _keys(made) == [*keys, keys[0]]
    assert [entry.track_id for entry in ours.entries(str(made.ratingKey))] == [*keys, keys[0]]
    made.moveItem(items[3])
    assert _keys(made)[0] == keys[3]
    made._items = made._fetchItems()
    made.moveItem(items[3], after=items[4])
    assert _keys(made) == [keys[0], keys[1], keys[2], keys[4], keys[3], keys[0]]
    made.removeItems(items[1])
    made.addItems(items[1])
    assert _keys(made) == [keys[0], keys[2], keys[4], keys[3], keys[0], keys[1]]
    made.editTitle("neu").editSummary("Worte")
    picture = tmp_path / "cover.jpg"
    picture.write_bytes(b"\xff\xd8\xff picture")
    made.uploadPoster(filepath=str(picture))
    found = client.playlist("neu")
    assert (found.summary, found.leafCount, found.smart) == ("Worte", 6, False)
    ours_found = ours.playlist(str(made.ratingKey))
    assert ours_found is not None
    assert (ours_found.title, ours_found.description, ours_found.count) == ("neu", "Worte", 6)
    made.delete()
    with pytest.raises(NotFound):
        client.playlist("neu")


def test_what_we_write_plexapi_reads(double: PlexDouble, client: Any, ours: PlexServer) -> None:
    ids = [track.id for track in ours.tracks()]
    made = ours.create("von uns", ids[:200])
    ours.add(made.id, ids[200:])
    ours.add(made.id, ids[:3])
    ours.describe(made.id, description="ein 歌单")
    ours.poster(made.id, b"\xff\xd8\xff picture", "image/jpeg")
    found = client.playlist("von uns")
    assert _keys(found) == [*ids, *ids[:3]]
    assert found.summary == "ein 歌单"
    assert double.playlists[int(made.id)].poster == b"\xff\xd8\xff picture"


def test_its_refusals_are_those_of_plex(double: PlexDouble, client: Any) -> None:
    with pytest.raises(Unauthorized):
        PlexClient(double.url, "another")
    items = client.fetchItems("/library/sections/3/all?type=10")[:2]
    guest = PlexClient(double.url, GUEST)
    with pytest.raises(BadRequest, match="403"):
        guest.createPlaylist("nothing of mine", items=items)
    made = client.createPlaylist("once", items=items)
    made.delete()
    with pytest.raises(NotFound):
        made.addItems(items)


def test_it_scans(double: PlexDouble, client: Any, ours: PlexServer) -> None:
    client.library.section("Musik").update("/music/Jay Chou")
    ours.scan(path="/music/Jay Chou/七里香")
    ours.scan()
    assert double.scans == [("3", "/music/Jay Chou"), ("3", "/music/Jay Chou/七里香"), ("3", None)]
