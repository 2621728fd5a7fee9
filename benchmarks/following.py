"""Following links on a real server: a channel of 10,000, an unchanged channel, and 200 unchanged links.

Everything is asked for through the API, and requests are counted by the made-up web, not by Magpie.

Promised: the first item is downloading within 5 s of adding the link; the whole catalogue is known in ≤ 1.5 of the
time of `yt-dlp --flat-playlist` in the same run, with ≤ 250 MB more memory; an unchanged channel costs ≤ 2 requests
and ≤ 0.5 s; 200 unchanged links are checked in ≤ 20 s on 2 cores with pacing off, all of one site if they have feeds
(checks of one site wait for each other), of two sites if each needs a listing in a process of its own. What ytdl-sub
can do, too, is measured beside it if it is installed; see `_ytdl_sub.py`.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import connect

from benchmarks import _ytdl_sub
from benchmarks._measure import Figure, cpu_seconds, pss_bytes, report, settle
from benchmarks.listing import COUNT, PLUGINS, Peak, yt_dlp
from tests.site.web import MediaWeb
from tests.support.server import Program, wait_for

LINKS = 200
ITEMS = 20  # of each of them
PEER = 30  # items of the channel that ytdl-sub brings, too
PATIENCE = 180.0


def server(folder: Path) -> Program:
    """A server without pacing whose yt-dlp knows the made-up web's channels."""
    return Program(
        folder,
        is_warm=False,
        max_concurrent_downloads=8,
        site_concurrency=8,
        site_delay_seconds=0,
        test_ytdlp_plugins=PLUGINS,
    )


def follow(client: httpx.Client, url: str, **more: Any) -> int:
    """Add a link; its number."""
    answer = client.post("/api/v1/links", json={"url": url, **more}).raise_for_status()
    number: int = answer.json()["id"]
    return number


def link(client: httpx.Client, number: int) -> dict[str, Any]:
    """One link."""
    found: dict[str, Any] = client.get(f"/api/v1/links/{number}").json()
    return found


def is_known(client: httpx.Client, number: int) -> bool:
    """Whether the whole channel is in the catalogue."""
    found = link(client, number)
    if found["error_message"]:
        raise RuntimeError(found["error_message"])
    return bool(found["counts"]["known"] >= COUNT)


def latest(client: httpx.Client, number: int) -> dict[str, Any]:
    """The newest record of a link's history."""
    found: list[dict[str, Any]] = client.get("/api/v1/history", params={"link_id": number, "limit": 1}).json()
    return found[0]


def catalogue(client: httpx.Client, program: Program, url: str) -> tuple[int, float, float]:
    """Follow a channel that is only listed: its number, seconds until all is known, and MB more than at rest."""
    settle(program.pid)
    resting = pss_bytes(program.pid)
    with Peak(program.pid) as peak:
        started = time.perf_counter()
        number = follow(client, url, download_automatically=False)
        wait_for(lambda: is_known(client, number), PATIENCE)
        elapsed = time.perf_counter() - started
    wait_for(lambda: link(client, number)["last_checked_at"], PATIENCE)
    return number, elapsed, (peak.bytes - resting) / 1e6


def check(client: httpx.Client, number: int) -> float:
    """Seconds from asking for a check until its end is recorded."""
    before, started = link(client, number)["last_checked_at"], time.perf_counter()
    client.post(f"/api/v1/links/{number}/check").raise_for_status()
    while link(client, number)["last_checked_at"] == before:
        time.sleep(0.005)
    return time.perf_counter() - started


def unchanged(client: httpx.Client, web: MediaWeb, number: int, times: int = 5) -> tuple[int, float]:
    """The most requests and the median seconds of checks that find nothing new."""
    seconds, requests = [], 0
    for _ in range(times):
        before = len(web.requests)
        seconds.append(check(client, number))
        requests = max(requests, len(web.requests) - before)
        if (found := latest(client, number))["status"] != "success" or found["details"]["new"]:
            raise RuntimeError(str(found))
    return requests, sorted(seconds)[times // 2]


def first_item(client: httpx.Client, url: str) -> tuple[float, float]:
    """Follow a channel that downloads by itself: seconds until its first item is downloading, and until all is
    known while the downloads go on."""
    started = time.perf_counter()
    number = follow(client, url)
    busy: dict[str, Any] = {"status": ["downloading", "completed"], "per_page": 1}
    wait_for(lambda: client.get("/api/v1/downloads", params=busy).json()["total"], PATIENCE)
    first = time.perf_counter() - started
    wait_for(lambda: is_known(client, number), PATIENCE)
    elapsed = time.perf_counter() - started
    client.delete(f"/api/v1/links/{number}").raise_for_status()
    return first, elapsed


def last_checks(client: httpx.Client, numbers: set[int]) -> dict[int, datetime | None]:
    """When each of these links was checked last."""
    answer = client.get("/api/v1/links", params={"limit": 1000}).json()
    return {one["id"]: moment_of(one) for one in answer if one["id"] in numbers}


def moment_of(said: dict[str, Any]) -> datetime | None:
    """When a link, or what an event tells of one, was checked last."""
    moment = said["last_checked_at"]
    return datetime.fromisoformat(moment) if moment else None


def check_all(client: httpx.Client, numbers: set[int]) -> float:
    """Seconds from asking for a check of the first of these links until the last one's end is recorded.

    Listens as an open page does: lists of 200 links, asked for all the time, cost the server as much as the checks.
    """
    before, waiting = last_checks(client, numbers), set(numbers)
    address = str(client.base_url).replace("http", "ws", 1).rstrip("/") + "/api/v1/events"
    with connect(address, additional_headers={"Authorization": client.headers["Authorization"]}) as socket:
        socket.recv(timeout=PATIENCE)  # the greeting: from now on nothing is missed
        started = time.perf_counter()
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(ask_for_checks, client, sorted(numbers))
            while waiting:
                event = json.loads(socket.recv(timeout=PATIENCE))
                if event.get("type") == "check" and moment_of(event) != before.get(event["id"]):
                    waiting.discard(event["id"])
            elapsed = time.perf_counter() - started
            asked.result()
    return elapsed


def ask_for_checks(client: httpx.Client, numbers: list[int]) -> None:
    """Ask for a check of each, one after the other."""
    for number in numbers:
        client.post(f"/api/v1/links/{number}/check").raise_for_status()


def many(
    client: httpx.Client, program: Program, web: MediaWeb, path: str, hosts: tuple[str, ...]
) -> tuple[float, float, float]:
    """Check links at which nothing is new, all at once: seconds, requests per link, CPU seconds."""
    numbers = set()
    for place in range(LINKS):
        web.channel(f"quiet-{place}", ITEMS)
        url = web.url(path.format(f"quiet-{place}")).replace("127.0.0.1", hosts[place % len(hosts)])
        numbers.add(follow(client, url, type="generic_video", download_automatically=False))
    wait_for(lambda: all(last_checks(client, numbers).values()), PATIENCE)
    check_all(client, numbers)  # from now on their validators are known
    settle(program.pid)
    asked, used = len(web.requests), cpu_seconds(program.pid)
    elapsed = check_all(client, numbers)
    requests = (len(web.requests) - asked) / LINKS
    used = cpu_seconds(program.pid) - used
    for number in numbers:
        client.delete(f"/api/v1/links/{number}").raise_for_status()
    return elapsed, requests, used


def ours(client: httpx.Client, web: MediaWeb, url: str) -> _ytdl_sub.Costs:
    """What a channel costs that is brought whole, and then looked at again."""
    before, started = len(web.requests), time.time()
    number = follow(client, url)
    wait_for(lambda: link(client, number)["counts"]["downloaded"] == PEER, PATIENCE)
    all_saved = time.time() - started
    first = next(seen.at for seen in web.requests[before:] if seen.path == _ytdl_sub.MEDIA) - started
    requests, seconds = unchanged(client, web, number)
    return _ytdl_sub.Costs(first, all_saved, seconds, requests)


def peer(client: httpx.Client, program: Program, web: MediaWeb, folder: Path) -> dict[str, Any] | str:
    """A channel of 30, brought by both."""
    if not _ytdl_sub.is_there():
        return "ytdl-sub is not installed"
    web.channel("peer", PEER)
    url = web.url("/tube-channel/peer")
    settle(program.pid)
    mine = ours(client, web, url)
    settle(program.pid)
    theirs = _ytdl_sub.measure(web, url, folder, PEER)
    return {"items": PEER, "magpie": asdict(mine), "ytdl-sub": asdict(theirs)}


def main() -> int:
    """Run, print the figures as JSON; 1 if a promise is not kept."""
    with tempfile.TemporaryDirectory() as name, MediaWeb(Path(name) / "web") as web:
        for channel in ("huge", "wanted"):
            web.channel(channel, COUNT)
        with server(Path(name) / "data") as program, closing(program.client()) as client:
            theirs = yt_dlp(web.url("/tube-channel/huge"))
            number, known, memory = catalogue(client, program, web.url("/tube-channel/huge"))
            requests, again = unchanged(client, web, number)
            feeds = many(client, program, web, "/channels/{}", ("127.0.0.1",))
            listed = many(client, program, web, "/tube-channel/{}", ("127.0.0.1", "localhost"))
            first, busy = first_item(client, web.url("/tube-channel/wanted"))
            beside = peer(client, program, web, Path(name) / "peer")
    figures = [
        Figure("first item downloading, seconds", first, 5.0, "adding the link"),
        Figure("catalogue known, ratio", known / theirs, 1.5, "yt-dlp --flat-playlist"),
        Figure("memory while indexing, MB", memory, 250, "the server at rest"),
        Figure("unchanged, requests", requests, 2, "the made-up web's count"),
        Figure("unchanged, seconds", again, 0.5, "asking for the check"),
        Figure(f"{LINKS} unchanged links with feeds, seconds", feeds[0], 20, "asking for the first"),
        Figure(f"{LINKS} unchanged links without feeds, seconds", listed[0], 20, "asking for the first"),
    ]
    return report(
        "following",
        figures,
        seconds={"yt-dlp": theirs, "catalogue": known, "catalogue while downloading": busy},
        requests_per_link={"with feeds": feeds[1], "without": listed[1]},
        cpu_seconds={"with feeds": feeds[2], "without": listed[2]},
        beside_ytdl_sub=beside,
    )


if __name__ == "__main__":
    sys.exit(main())
