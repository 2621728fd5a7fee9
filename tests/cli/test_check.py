"""`magpie follow` and `magpie check` as a person runs them, without a server and beside one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.site.web import MediaWeb
from tests.support import warm
from tests.support.media import made_media
from tests.support.server import PASSWORD, Program, environment, wait_for

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def web() -> Iterator[MediaWeb]:
    with MediaWeb(made_media()) as site:
        yield site


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `magpie` for an installation of this test's own."""

    def call(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        env = environment(tmp_path / "data")
        if not typed:
            return warm.command(*arguments, env=env, cwd=tmp_path)
        return subprocess.run(
            [sys.executable, "-m", "magpie.cli", *arguments],
            env=env, capture_output=True, input=typed, text=True, timeout=90, check=False, cwd=tmp_path,
        )  # fmt: skip

    return call


def test_following_without_a_server(run: Run, web: MediaWeb, tmp_path: Path) -> None:
    channel = web.channel("quiet", 2)
    assert run("users", "add", "ada", "ada@example.com", typed=f"{PASSWORD}\n{PASSWORD}\n").returncode == 0
    assert run("follow", web.url("/channels/quiet"), "--name", "Quiet").returncode == 0
    assert run("follow", web.url("/status/404"), "--name", "Gone").returncode == 0

    told = run("check", "1")
    assert told.returncode == 0, told.stderr
    assert told.stdout == "1\tQuiet\tsuccess\tDownloaded 2 new items.\n"
    assert "checking Quiet" in told.stderr
    films = sorted(path.name for path in (tmp_path / "data" / "media").rglob("*.mp4"))
    assert films == ["quiet 1.mp4", "quiet 2.mp4"]

    channel.add("Fresh")
    told = run("check", "--json", "--no-downloads")
    assert told.returncode == 1, told.stderr  # the other one is not there
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    assert [(one["name"], one["status"], one["reason"]) for one in lines] == [
        ("Quiet", "success", None),
        ("Gone", "failure", "not_found"),
    ]
    assert (lines[0]["tier"], lines[0]["new"], lines[0]["queued"], lines[0]["landed"]) == ("feed", 1, 1, 0)
    assert run("check", "77").returncode == 2


def test_a_check_beside_a_running_server(run: Run, web: MediaWeb, tmp_path: Path) -> None:
    channel = web.channel("both", 1)
    with Program(tmp_path / "data") as server, closing(server.client()) as client:
        link = client.post("/api/v1/links/", json={"url": web.url("/channels/both")}).json()
        path = f"/api/v1/links/{link['id']}"
        wait_for(lambda: client.get(path).json()["counts"]["downloaded"] == 1, 60)
        channel.add("Fresh")
        told = run("check", str(link["id"]))
        assert told.returncode == 0, told.stderr
        wait_for(lambda: client.get(path).json()["counts"]["downloaded"] == 2, 60)
        history = client.get("/api/v1/history/", params={"link_id": link["id"]}).json()
        assert [one["status"] for one in history] == ["success", "success"]
        assert client.get("/api/v1/items").json()["total"] == 2
