"""The schedule on a real server, by the real clock: it takes minutes."""

from __future__ import annotations

import itertools
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.site.fixtures import media_folder, web
from tests.site.web import MediaWeb
from tests.support.server import Program, wait_for

__all__ = ["media_folder", "web"]

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]

NAMES = ("first", "second", "third")
INTERVAL = 60.0
# Jitter, the schedule's look every two seconds, and the engine's way to the check on a busy machine.
LATE = INTERVAL * 0.1 + 2.0 + 12.0
ROUNDS = 4
DOWNTIME = 2.5 * INTERVAL


def looks_at(web: MediaWeb, name: str, since: float = 0.0) -> list[float]:
    """When the channel's feed was asked for."""
    return [one.at for one in web.recorder.select(f"/channels/{name}/feed.xml") if one.at >= since]


def counts(client: httpx.Client) -> dict[str, Any]:
    return {one["name"]: one["counts"] for one in client.get("/api/v1/links").json()}


def all_arrived(client: httpx.Client, count: int) -> bool:
    return all(one["downloaded"] == count for one in counts(client).values())


def test_links_with_an_interval_of_a_minute(web: MediaWeb, tmp_path: Path) -> None:
    channels = [web.channel(name) for name in NAMES]
    for place, channel in enumerate(channels):  # so that no two have the same media
        for _ in range(place * 50):
            channel.delete(channel.add().number)
        channel.add()
    program = Program(tmp_path / "data").start()
    with closing(program.client()) as client:
        for name in NAMES:
            body = {"url": web.url(f"/channels/{name}"), "name": name, "interval_minutes": 1}
            client.post("/api/v1/links", json=body).raise_for_status()
        wait_for(lambda: all_arrived(client, 1), 60)
        for number in range(2, ROUNDS + 2):
            for channel in channels:
                channel.add()
            wait_for(lambda number=number: all_arrived(client, number), INTERVAL + LATE + 10)  # type: ignore[misc]
        for name in NAMES:
            seen = looks_at(web, name)
            between = [later - earlier for earlier, later in itertools.pairwise(seen)]
            assert len(seen) >= ROUNDS
            assert min(between) >= INTERVAL - 2.0, (
                between
            )  # measured between the requests, not the checks' ends
            assert max(between) <= INTERVAL + LATE, between
        program.stop()
        for channel in channels:
            channel.add()
            channel.add()
        time.sleep(DOWNTIME)  # the promise is about time that passes
        back = time.time()
        program.start()
        wait_for(lambda: all_arrived(client, ROUNDS + 3), 60)
        wait_for(lambda: all(len(looks_at(web, name, back)) >= 2 for name in NAMES), INTERVAL + LATE + 10)
        for name in NAMES:
            once, then = looks_at(web, name, back)[:2]
            assert once - back <= 40.0  # starting takes some of it
            assert then - once >= INTERVAL - 2.0
    program.stop()
    assert web.count("/files/*", method="GET", status=200) >= len(NAMES) * (ROUNDS + 3)
