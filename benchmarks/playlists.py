"""Keeping a playlist of 2,000 songs in step: from a NetEase double to a Plex double, through a real server.

Promised: the first sync is done within 10 s, an unchanged one within 1 s, each beside what the doubles take themselves.
The server's library has 20,000 tracks. Wall time is from asking for the sync until its task says that it is done; the
server's processor time stands beside it, since this machine may have other things to do. A sync in which nothing has
changed must not write.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import connect

from benchmarks._measure import Figure, cpu_seconds, report, settle
from tests.support.platforms.base import Listing
from tests.support.platforms.base import Song as Wanted
from tests.support.platforms.netease import NetEaseDouble
from tests.support.server import Program
from tests.support.servers.music import Song
from tests.support.servers.plex_double import TOKEN, PlexDouble

SONGS, LIBRARY = 2_000, 20_000
PATIENCE = 180.0
UNCHANGED = 5
HAN = "爱情天空时间海洋雨夜星光梦想青春回忆故事城市孤独温柔花开月亮太阳风雪红蓝黑白人生歌声离别幸福眼泪"
WORDS = [
    "love",
    "night",
    "heart",
    "fire",
    "rain",
    "dance",
    "summer",
    "river",
    "golden",
    "broken",
    "city",
    "light",
    "dream",
    "shadow",
    "ocean",
    "wild",
]


def names(count: int) -> list[tuple[str, str]]:
    """So many different titles, each with an artist."""
    dice = random.Random(7)
    found: dict[str, str] = {}
    while len(found) < count:
        if dice.random() < 0.5:
            title = "".join(dice.choices(HAN, k=dice.choice((3, 4, 5, 6))))
        else:
            title = " ".join(dice.choices(WORDS, k=3)).title() + f" {dice.choice(HAN)}"
        found.setdefault(title, f"Artist {dice.randrange(800)}")
    return list(found.items())


class Doubles:
    """Both ends of the way."""

    def __init__(self) -> None:
        music = names(LIBRARY)
        self.plex = PlexDouble([Song(number, *one, seconds=200.0) for number, one in enumerate(music, 1)])
        wanted = random.Random(8).sample(music, SONGS)
        songs = [
            Wanted(number, title, (artist,), album="叶惠美", duration=200)
            for number, (title, artist) in enumerate(wanted, 1)
        ]
        self.netease = NetEaseDouble(listing=Listing(songs))

    @property
    def seconds(self) -> float:
        """Processor time of both so far."""
        return self.plex.seconds + self.netease.seconds


def sync(client: httpx.Client, program: Program, doubles: Doubles, task_id: int) -> tuple[float, float]:
    """Sync, and wait for the end: seconds without the doubles' own, and the server's processor seconds."""
    address = program.url.replace("http", "ws", 1) + "/api/v1/events"
    with connect(address, additional_headers={"Authorization": client.headers["Authorization"]}) as socket:
        socket.recv(timeout=PATIENCE)  # the greeting: from now on nothing is missed
        used, theirs, began = cpu_seconds(program.pid), doubles.seconds, time.perf_counter()
        client.post(f"/api/v1/tasks/{task_id}/sync").raise_for_status()
        while True:
            event = json.loads(socket.recv(timeout=PATIENCE))
            if event.get("type") == "task" and event["status"] not in ("waiting", "syncing"):
                break
        elapsed = time.perf_counter() - began - (doubles.seconds - theirs)
        if event["status"] != "idle":
            raise RuntimeError(str(event))
    return elapsed, cpu_seconds(program.pid) - used


def run(client: httpx.Client, program: Program, doubles: Doubles) -> dict[str, Any]:
    """The first sync, unchanged ones, and one with a hundred changes."""
    server = {"name": "Plex", "server_type": "plex", "url": doubles.plex.url, "token": TOKEN}
    server_id = client.post("/api/v1/servers", json=server).raise_for_status().json()["id"]
    link = f"https://music.163.com/playlist?id={doubles.netease.ref_id}"
    wanted = {"playlist_url": link, "server_id": server_id, "is_enabled": False}
    task_id = client.post("/api/v1/tasks", json=wanted).raise_for_status().json()["id"]
    settle(program.pid)
    first = sync(client, program, doubles, task_id)
    counts = client.get(f"/api/v1/tasks/{task_id}").json()["counts"]
    if counts["matched"] != SONGS:
        raise RuntimeError(str(counts))
    doubles.plex.forget()
    again = [sync(client, program, doubles, task_id) for _ in range(UNCHANGED)]
    writes = len(doubles.plex.writes)
    songs = doubles.netease.listing.songs
    songs[:] = songs[1900:] + songs[:1850]
    changed = sync(client, program, doubles, task_id)
    return {
        "first": first,
        "unchanged": sorted(again)[UNCHANGED // 2],
        "changed": changed,
        "writes of unchanged syncs": writes,
        "writes of the changed one": len(doubles.plex.writes) - writes,
    }


def main() -> int:
    """Run, print the figures as JSON; 1 if a promise is not kept."""
    doubles = Doubles()
    with (
        tempfile.TemporaryDirectory() as name,
        doubles.plex,
        doubles.netease,
        Program(Path(name) / "data", **doubles.netease.settings()) as program,
        closing(program.client()) as client,
    ):
        found = run(client, program, doubles)
    figures = [
        Figure(f"first sync of {SONGS} songs, seconds", found["first"][0], 10.0, "the doubles' own time"),
        Figure("unchanged sync, seconds", found["unchanged"][0], 1.0, "the doubles' own time"),
        Figure("writes of unchanged syncs", found["writes of unchanged syncs"], 0, "the double's count"),
    ]
    return report(
        "playlists",
        figures,
        cpu_seconds={name: found[name][1] for name in ("first", "unchanged", "changed")},
        changed={"seconds": found["changed"][0], "writes": found["writes of the changed one"]},
    )


if __name__ == "__main__":
    sys.exit(main())
