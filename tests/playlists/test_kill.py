"""A real server is killed with -9 in the middle of a sync; the next start finishes it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.support.platforms.base import Listing
from tests.support.platforms.base import Song as Wanted
from tests.support.platforms.netease import NetEaseDouble
from tests.support.server import Program, wait_for
from tests.support.servers.music import Song
from tests.support.servers.plex_double import TOKEN, PlexDouble

pytestmark = [pytest.mark.slow, pytest.mark.once]

COUNT = 60


def synced(client: httpx.Client, task_id: int) -> bool:
    return bool(client.get(f"/api/v1/tasks/{task_id}").json()["status"] == "idle")


def test_a_sync_that_was_killed_is_finished_by_the_next_start(tmp_path: Path) -> None:
    titles = [
        f"{word} {number} Lane"
        for number in range(12)
        for word in ("Amber", "Birch", "Cedar", "Dahlia", "Elder")
    ]
    plex = PlexDouble([Song(number, title, "Ada", seconds=200.0) for number, title in enumerate(titles, 1)])
    songs = [
        Wanted(number, title, ("Ada",), album="叶惠美", duration=200)
        for number, title in enumerate(titles, 1)
    ]
    netease = NetEaseDouble(listing=Listing(songs))
    with plex, netease, Program(tmp_path / "data", **netease.settings()) as program:
        client = program.client()
        body = {"name": "Plex", "server_type": "plex", "url": plex.url, "token": TOKEN}
        server_id = client.post("/api/v1/servers", json=body).json()["id"]
        link = f"https://music.163.com/playlist?id={netease.ref_id}"
        made = client.post("/api/v1/tasks", json={"playlist_url": link, "server_id": server_id}).json()
        wait_for(lambda: synced(client, made["id"]), 60)
        songs.reverse()
        plex.forget()
        client.post(f"/api/v1/tasks/{made['id']}/sync").raise_for_status()
        wait_for(lambda: len(plex.writes) >= 5, 60)
        program.kill()
        begun = len(plex.writes)
        assert begun < COUNT - 1
        program.start()
        wait_for(lambda: synced(client, made["id"]), 60)
        (playlist,) = plex.playlists.values()
        known = plex._known()
        assert [known[key].title for _, key in playlist.items] == titles[::-1]
        run = client.get(f"/api/v1/tasks/{made['id']}/runs").json()["runs"][0]
        assert (run["status"], run["lines"][0]["code"]) == ("success", "resumed")
        assert TOKEN not in program.log.read_text()
        client.close()
