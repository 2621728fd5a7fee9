"""`kill -9` of the server at random moments: everything is completed exactly once, and nothing is left lying about."""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.site.web import MediaWeb
from tests.support.server import Program, wait_for

DONE_SECONDS = 120.0


def processes_of(data_dir: Path) -> list[psutil.Process]:
    """All living processes that belong to the installation, whoever their parent is by now."""
    found = []
    for process in psutil.process_iter():
        try:
            mine = process.environ().get("MAGPIE_DATA_DIR") == str(data_dir)
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def addresses(web: MediaWeb, count: int) -> dict[str, str]:
    """Addresses with the hash of what they serve: small files, and larger ones that take a while."""
    wanted = {}
    for number in range(count):
        if number % 4:
            path = f"/files/{number}.mp4"
            wanted[web.url(path)] = hashlib.sha256(httpx.get(web.url(path)).content).hexdigest()
        else:
            size = 150_000 + number
            wanted[web.url(f"/big/{size}.mp4")] = web.files.big_sha256(size)
    return wanted


def everything(client: httpx.Client) -> list[dict[str, Any]]:
    downloads: list[dict[str, Any]] = client.get("/api/v1/downloads", params={"per_page": 200}).json()[
        "downloads"
    ]
    return downloads


def all_ended(client: httpx.Client, count: int) -> bool:
    statuses = Counter(one["status"] for one in everything(client))
    return statuses["pending"] + statuses["downloading"] == 0 and sum(statuses.values()) == count


def check_the_library(client: httpx.Client, media: Path, wanted: dict[str, str]) -> None:
    """Every address once, byte for byte, and no other file."""
    downloads = everything(client)
    assert Counter(one["status"] for one in downloads) == {"completed": len(wanted)}, [
        (one["url"], one["status"], one["error_message"]) for one in downloads if one["status"] != "completed"
    ]
    expected = set()
    for one in downloads:
        file = media / one["file_path"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == wanted[one["url"]], one["url"]
        item = client.get(f"/api/v1/items/{one['item_id']}").json()
        expected |= {media / entry["path"] for entry in item["files"]}
    assert len({one["item_id"] for one in downloads}) == len(wanted)
    assert client.get("/api/v1/items").json()["total"] == len(wanted)
    assert {path for path in media.rglob("*") if path.is_file()} == expected
    assert list((media / ".magpie" / "work").iterdir()) == []


def submit(client: httpx.Client, urls: list[str]) -> None:
    for url in urls:
        assert client.post("/api/v1/downloads", json={"url": url}).status_code == 200


def survive(program: Program, web: MediaWeb, kills: int, count: int, seed: int) -> None:
    chance = random.Random(seed)
    wanted = addresses(web, count)
    web.behave("/big/*", rate=100_000)
    program.start()
    client = program.client()
    submit(client, list(wanted))
    for _ in range(kills):
        time.sleep(chance.uniform(0.05, 1.2))  # the moment is what is random here
        program.kill()
        # Whatever ran notices the death of its worker and goes by itself.
        wait_for(lambda: not processes_of(program.data_dir), 5, lambda: str(processes_of(program.data_dir)))
        program.start()
    wait_for(
        lambda: all_ended(client, count),
        DONE_SECONDS,
        lambda: str(Counter(one["status"] for one in everything(client))),
    )
    check_the_library(client, program.data_dir / "media", wanted)
    client.close()
    program.stop()
    assert processes_of(program.data_dir) == []


def test_kills_at_random_moments_lose_nothing(tmp_path: Path, web: MediaWeb) -> None:
    survive(Program(tmp_path / "data", is_warm=False), web, kills=3, count=12, seed=7)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_twenty_kills_over_a_hundred_downloads(tmp_path: Path, web: MediaWeb) -> None:
    survive(
        Program(tmp_path / "data", is_warm=False),
        web,
        kills=20,
        count=100,
        seed=int(os.environ.get("MAGPIE_TEST_SEED", "1")),
    )


def test_a_stop_in_the_middle_goes_on_where_it_was(tmp_path: Path, web: MediaWeb) -> None:
    rule = web.behave("/big/2000000.mp4", rate=400_000)
    program = Program(tmp_path / "data").start()
    client = program.client()
    submit(client, [web.url("/big/2000000.mp4")])
    web.wait_until_downloading("/big/2000000.mp4", sent=600_000)
    assert program.stop() == 0
    assert processes_of(program.data_dir) == []
    web.wait_until_idle()
    web.forgive(rule)
    program.start()
    wait_for(lambda: all_ended(client, 1), 30)
    check_the_library(
        client, program.data_dir / "media", {web.url("/big/2000000.mp4"): web.files.big_sha256(2_000_000)}
    )
    ranges = [
        dict(request.headers).get("range") for request in web.requests if request.path == "/big/2000000.mp4"
    ]
    assert any(value and not value.startswith("bytes=0-") for value in ranges), ranges
    client.close()
    program.stop()
