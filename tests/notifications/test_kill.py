"""A real server: something fails, a service hears of it, and `kill -9` at the worst moment tells nothing twice."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import httpx
import pytest

from magpie.notifications.delivery import INTERRUPTED
from tests.notifications.conftest import Services
from tests.support.server import Program, ended, free_port, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.database, pytest.mark.once]
TARGETS = "/api/v1/notifications/targets"


@pytest.fixture
def program(database_url: str, tmp_path: Path) -> Program:
    return Program(tmp_path / "data", database_url=database_url, download_attempts=1)


def fail_a_download(client: httpx.Client) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/film.mp4"
    made = client.post("/api/v1/downloads", json={"url": nowhere}).json()
    assert ended(client, made["id"], 60)["status"] == "failed"


@pytest.mark.timeout(300)
def test_killed_while_a_message_is_on_its_way(program: Program, services: Services) -> None:
    with program:
        with closing(program.client()) as client:
            url = services.url("slow?rto=300&cto=300")
            made = client.post(TARGETS, json={"url": url, "events": ["failed"]}, timeout=60).json()
            fail_a_download(client)
            assert services.arrived.wait(60)
        program.kill()
        services.released.set()
        program.start()
        with closing(program.client()) as client:
            where = f"{TARGETS}/{made['id']}"
            wait_for(lambda: client.get(where).json()["waiting"] == 0, 60)
            assert client.get(where).json()["last_error"] == INTERRUPTED
        assert len(services.heard) == 1
