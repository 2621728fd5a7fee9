"""Two hosts on one PostgreSQL database: one dies for good, one is only frozen, one loses its database."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.faults.test_kill import addresses, all_ended, check_the_library, everything, processes_of, submit
from tests.site.web import MediaWeb
from tests.support.server import Program, wait_for

pytestmark = pytest.mark.postgres_only


def two_hosts(folder: Path, database_url: str) -> tuple[Program, Program]:
    """A server and a further worker, which share the media and the key as hosts of one installation do."""
    shared: dict[str, Any] = {
        "database_url": database_url,
        "media_root": folder / "media",
        "secret_key": "a key that both hosts of this installation share",
        "max_concurrent_downloads": 4,
    }
    first = Program(folder / "first", worker_name="first", **shared)
    second = Program(folder / "second", command="worker", name="worker", worker_name="second", **shared)
    return first, second


def running_on(client: httpx.Client, program: Program) -> bool:
    """Whether the host has a job process at work."""
    return any("magpie" in " ".join(process.cmdline()) for process in program.descendants()) and any(
        one["status"] == "downloading" for one in everything(client)
    )


def job_processes(program: Program) -> list[psutil.Process]:
    """Children of the fork server: one for each running download."""
    return [grandchild for child in program.descendants() for grandchild in child.children()]


def test_a_dead_hosts_work_is_finished_by_the_other(tmp_path: Path, postgres_url: str, web: MediaWeb) -> None:
    first, second = two_hosts(tmp_path, postgres_url)
    wanted = addresses(web, 32)
    web.behave("/big/*", rate=60_000)
    with first:
        client = first.client()
        second.start()
        submit(client, list(wanted))
        wait_for(lambda: job_processes(second), 20)
        second.kill()
        died = time.monotonic()
        wait_for(
            lambda: all_ended(client, len(wanted)),
            40,
            lambda: str(Counter(one["status"] for one in everything(client))),
        )
        assert time.monotonic() - died <= 30
        check_the_library(client, tmp_path / "media", wanted)
        client.close()
    assert processes_of(second.data_dir) == []


def test_a_frozen_host_that_wakes_up_places_nothing_twice(
    tmp_path: Path, postgres_url: str, web: MediaWeb
) -> None:
    first, second = two_hosts(tmp_path, postgres_url)
    wanted = addresses(web, 24)
    web.behave("/big/*", rate=40_000)
    with first:
        client = first.client()
        with second:
            submit(client, list(wanted))
            wait_for(lambda: job_processes(second), 20)
            os.killpg(second.pid, signal.SIGSTOP)
            try:
                wait_for(
                    lambda: all_ended(client, len(wanted)),
                    60,
                    lambda: str(
                        [
                            (one["url"], one["status"])
                            for one in everything(client)
                            if one["status"] != "completed"
                        ]
                    ),
                )
            finally:
                os.killpg(second.pid, signal.SIGCONT)
            # It finds its claims gone, ends its own processes and takes work again.
            wait_for(lambda: not job_processes(second), 20, lambda: second.log.read_text()[-3000:])
            more = {url: digest for url, digest in addresses(web, 40).items() if url not in wanted}
            submit(client, list(more))
            wait_for(lambda: all_ended(client, len(wanted | more)), 60)
            check_the_library(client, tmp_path / "media", wanted | more)
        client.close()


def test_live_events_cross_from_the_worker_to_the_pages_of_the_server(
    tmp_path: Path, postgres_url: str, web: MediaWeb
) -> None:
    import json

    from websockets.sync.client import connect

    first, second = two_hosts(tmp_path, postgres_url)
    rule = web.behave("/big/*", rate=150_000)
    with first, second:
        client = first.client()
        with connect(
            first.url.replace("http", "ws") + "/api/v1/events",
            additional_headers={"Authorization": client.headers["Authorization"]},
        ) as socket:
            submit(client, [web.url(f"/big/{400_000 + number}.mp4") for number in range(8)])
            wait_for(lambda: job_processes(second), 20)
            heard: dict[int, set[int]] = {}
            while len(heard) < 8 or any(len(amounts) < 2 for amounts in heard.values()):
                event = json.loads(socket.recv(timeout=20))
                if event["type"] == "download" and event.get("downloaded_bytes"):
                    heard.setdefault(event["id"], set()).add(event["downloaded_bytes"])
        wait_for(lambda: all_ended(client, 8), 40)
        client.close()
    web.forgive(rule)
