"""Two hosts that follow links on one PostgreSQL database: one dies for good in the middle of a check."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.faults.test_kill import processes_of
from tests.faults.test_two_hosts import two_hosts
from tests.site.web import MediaWeb
from tests.support.server import wait_for

pytestmark = pytest.mark.postgres_only

TAKEN_OVER_SECONDS = 30.0
TRIES = 20


def checked_by(database_url: str, number: int) -> str | None:
    """The worker that checks the link."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT check_worker FROM links WHERE id = %s", [number]).fetchone()
    return str(row[0]) if row and row[0] else None


def look(client: httpx.Client, number: int) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/links/{number}").raise_for_status().json()
    return found


def check_on(worker: str, client: httpx.Client, web: MediaWeb, number: int, database_url: str) -> None:
    """Have a link checked until that worker does it; it then hangs at the site."""
    for _ in range(TRIES):
        before, asked = look(client, number)["last_checked_at"], len(web.requests)
        rule = web.behave("/channels/*", fault="hang")
        client.post(f"/api/v1/links/{number}/check").raise_for_status()
        web.recorder.wait(lambda asked=asked: len(web.requests) > asked, 30, "the check's request")  # type: ignore[misc]
        if checked_by(database_url, number) == worker:
            return
        web.forgive(rule)
        wait_for(lambda before=before: look(client, number)["last_checked_at"] != before, 30)  # type: ignore[misc]
    pytest.fail(f"{worker} was never given a check")


def test_the_other_host_takes_over_a_dead_hosts_check(
    tmp_path: Path, postgres_url: str, web: MediaWeb
) -> None:
    server, worker = two_hosts(tmp_path, postgres_url)
    channel = web.channel("kept", 4)
    with server, closing(server.client()) as client:
        body = {"url": web.url("/channels/kept"), "download_automatically": True}
        number = client.post("/api/v1/links", json=body).raise_for_status().json()["id"]
        wait_for(
            lambda: look(client, number)["counts"]["downloaded"] == 4, 60, lambda: str(look(client, number))
        )
        channel.add("Fresh")
        worker.start()
        check_on("second", client, web, number, postgres_url)
        records = len(client.get("/api/v1/history", params={"link_id": number}).json())
        before = look(client, number)["last_checked_at"]
        worker.kill()
        died = time.monotonic()
        web.forgive()
        wait_for(
            lambda: look(client, number)["last_checked_at"] != before,
            TAKEN_OVER_SECONDS + 10,
            lambda: str(look(client, number)) + server.log.read_text()[-2000:],
        )
        assert time.monotonic() - died <= TAKEN_OVER_SECONDS
        wait_for(lambda: look(client, number)["counts"]["downloaded"] == 5, 30)
        history = client.get("/api/v1/history", params={"link_id": number}).json()
        assert len(history) == records + 1  # one for both hosts: a check is told of when it is over
        assert {one["status"] for one in history} == {"success"}
        assert sum(one["landed"] for one in history) == 5
        fetched = [one["url"] for one in client.get("/api/v1/downloads").json()["downloads"]]
        assert sorted(fetched) == [web.url(f"/channels/kept/{item}") for item in range(1, 6)]
    assert processes_of(worker.data_dir) == []
