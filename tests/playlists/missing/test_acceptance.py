"""From NetEase's playlist to its place on a Plex server, by a real server: what is missing is found, fetched, tagged,
scanned and inserted where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import mutagen
import pytest

from tests.playlists.missing.scanning import FOLDER, ScanningPlex
from tests.site.fixtures import media_folder
from tests.site.web import MediaWeb
from tests.support.platforms.base import Listing, Song
from tests.support.platforms.netease import NetEaseDouble
from tests.support.server import Program, wait_for
from tests.support.servers import music
from tests.support.servers.plex_double import TOKEN

__all__ = ["media_folder"]

pytestmark = [pytest.mark.slow, pytest.mark.once]
PLUGINS = Path(__file__).parents[2] / "site" / "ytdlp_plugin"
DONE_SECONDS = 90.0
SECONDS = 2  # about as long as the made-up web's song
TITLES = ("Harbour Lights", "Velvet Morning", "Paper Lanterns", "晴天")


@pytest.fixture
def web(media_folder: Path) -> Iterator[MediaWeb]:
    with MediaWeb(media_folder) as site:
        result = {"duration": SECONDS, "channel": "Ada Example - Topic"}
        site.tube.found["Ada Example Velvet Morning"] = [
            {"id": "live", "title": "Velvet Morning (Live at the Barn)", **result},
            {"id": "long", "title": "Ada Example - Velvet Morning", **result, "duration": 90},
            {"id": "song", "title": "Ada Example - Velvet Morning (Official Audio)", **result},
        ]
        # Of the second one the search tells nothing but its address, as Bilibili's does.
        site.tube.found["Ada Example 晴天"] = [
            {"id": "cover", "title": "晴天 (cover)", **result},
            {"id": "mute"},
        ]
        site.tube.told["mute"] = {"title": "晴天 (Live)", "duration": SECONDS}
        site.tube.told["song"] = {
            "title": "Ada Example - Velvet Morning (Official Audio)",
            "duration": SECONDS,
        }
        yield site


@pytest.fixture
def plex(tmp_path: Path) -> Iterator[ScanningPlex]:
    held = [
        music.Song(number, title, "Ada Example", "An album", seconds=SECONDS)
        for number, title in ((1, TITLES[0]), (2, TITLES[2]))
    ]
    with ScanningPlex(held, shelf=tmp_path / "data" / "media") as double:
        yield double


@pytest.fixture
def netease() -> Iterator[NetEaseDouble]:
    songs = [
        Song(number, title, ("Ada Example",), "An album", SECONDS) for number, title in enumerate(TITLES, 1)
    ]
    with NetEaseDouble(listing=Listing(songs)) as double:
        yield double


@pytest.fixture
def client(tmp_path: Path, web: MediaWeb, netease: NetEaseDouble) -> Iterator[httpx.Client]:
    with (
        Program(tmp_path / "data", test_ytdlp_plugins=PLUGINS, **netease.settings()) as program,
        closing(program.client()) as signed_in,
    ):
        yield signed_in


def call(client: httpx.Client, method: str, path: str, **body: Any) -> Any:
    answer = client.request(method, f"/api/v1{path}", json=body or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(plex: ScanningPlex) -> list[str]:
    """The titles of the only playlist that there is, in its order."""
    titles = {str(song.number): song.title for song in plex.music}
    return [titles[key] for playlist in plex.playlists.values() for _, key in playlist.items]


def test_a_missing_song_comes_to_its_place(
    client: httpx.Client, web: MediaWeb, plex: ScanningPlex, tmp_path: Path
) -> None:
    plex.slow = 2  # a scan takes a while
    server = {"name": "Plex", "server_type": "plex", "url": plex.url, "token": TOKEN, "media_root": FOLDER}
    server_id = call(client, "POST", "/servers", **server)["id"]
    link = f"https://music.163.com/playlist?id={NetEaseDouble.ref_id}"
    task_id = call(client, "POST", "/tasks", playlist_url=link, server_id=server_id)["id"]

    def task() -> Any:
        found = call(client, "GET", f"/tasks/{task_id}")
        return found if found["status"] == "idle" and found["last_synced_at"] else None

    assert wait_for(task, DONE_SECONDS)["counts"]["missing"] == 2
    assert names(plex) == [TITLES[0], TITLES[2]]

    searches = [web.url("/tube-search?q={query}")]
    call(client, "POST", "/download/download-settings", searches=searches, download_path="Missing")
    begun = call(client, "POST", "/download/all-missing", task_id=task_id)
    assert (begun["status"], begun["total"]) == ("running", 2)

    def session() -> Any:
        (found,) = call(client, "GET", "/download/status")["sessions"]
        return found if found["status"] != "running" else None

    ended = wait_for(session, DONE_SECONDS, lambda: str(call(client, "GET", "/download/status")))
    assert (ended["status"], ended["completed"], ended["failed"]) == ("completed", 1, 1)
    items = {one["title"]: one for one in ended["items"]}
    assert items["晴天"]["reason"] == "not_found"
    titles = {one["title"] for one in items["晴天"]["candidates"]}
    assert titles == {"晴天 (cover)", "晴天 (Live)"}
    assert items["Velvet Morning"]["url"] == web.url("/tube/song")
    assert web.count("/tube-api/live.json") == 0

    wait_for(lambda: names(plex) == list(TITLES[:3]), DONE_SECONDS, lambda: str(names(plex)))
    (file,) = (tmp_path / "data" / "media" / "Missing").rglob("*.m4a")
    tags = mutagen.File(file, easy=True)
    assert tags is not None
    assert (tags["title"], tags["artist"], tags["album"]) == (
        ["Velvet Morning"],
        ["Ada Example"],
        ["An album"],
    )
    assert plex.scans[0] == ("3", f"{FOLDER}/{file.parent.relative_to(tmp_path / 'data' / 'media')}")
    done = wait_for(task, DONE_SECONDS)
    assert (done["counts"]["matched"], done["counts"]["missing"]) == (3, 1)
