"""What changed settings do to a running server, to a second one, and after a restart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import POSTGRES
from tests.site.web import MediaWeb
from tests.support.server import Program, ended, wait_for

URL = "/api/v1/settings"
# An empty variable is none: these are left to be changed.
OPEN = dict.fromkeys(
    ("max_concurrent_downloads", "site_concurrency", "site_delay_seconds", "egress_allow"), ""
)


@pytest.fixture
def settings(database_url: str) -> dict[str, Any]:
    return {**OPEN, "download_attempts": 1, **({"database_url": database_url} if POSTGRES else {})}


@pytest.fixture
def program(tmp_path: Path, settings: dict[str, Any]) -> Iterator[Program]:
    with Program(tmp_path / "data", **settings) as started:
        yield started


@pytest.fixture
def web(tmp_path: Path) -> Iterator[MediaWeb]:
    with MediaWeb(tmp_path / "web") as site:
        yield site


def slots(program: Program) -> float:
    """How many downloads may run at once, as the engine sees it."""
    found = re.search(
        r'(?m)^magpie_job_slots\{lane="site"\} (\S+)$', httpx.get(f"{program.url}/metrics").text
    )
    assert found
    return float(found[1])


def save(client: httpx.Client, url: str) -> str:
    created = client.post("/api/v1/downloads", json={"url": url})
    assert created.status_code == 200, created.text
    outcome = ended(client, created.json()["id"])
    return str(outcome["reason"] or outcome["status"])


def test_a_running_server_follows_and_a_restarted_one_remembers(program: Program, web: MediaWeb) -> None:
    film = web.url("/files/501.mp4")
    with closing(program.client()) as client:
        assert slots(program) == 4
        assert save(client, film) == "refused_address"
        wanted = {
            "max_concurrent_downloads": 7,
            "site_delay_seconds": 0,
            "egress_allow": "127.0.0.1",
            "debug": True,
        }
        assert client.put(URL, json=wanted).status_code == 200
        assert slots(program) == 7
        assert save(client, film) == "completed"
        assert client.get("/health").status_code == 200
        lines = program.log.read_text()
        assert '"level": "debug"' in lines.replace('":"', '": "')
        program.stop()
        program.start()
        assert slots(program) == 7
        assert client.put(URL, json={"egress_allow": ""}).status_code == 200
        assert save(client, f"{film}?again") == "refused_address"


@pytest.mark.postgres_only
def test_other_hosts_follow_within_seconds(
    program: Program, settings: dict[str, Any], tmp_path: Path
) -> None:
    second = Program(tmp_path / "second", name="second", **settings, worker_name="second")
    key = program.data_dir / "secret.key"
    second.data_dir.mkdir()
    (second.data_dir / key.name).write_text(key.read_text())
    with second, closing(program.client()) as client:
        assert slots(second) == 4
        assert client.put(URL, json={"max_concurrent_downloads": 5}).status_code == 200
        wait_for(lambda: slots(second) == 5, 10)
