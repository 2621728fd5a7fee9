"""`scripts/test_backend_api.py` against a real server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.site.web import MediaWeb
from tests.support.media import made_media
from tests.support.server import Program

pytestmark = [pytest.mark.slow, pytest.mark.once]

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "test_backend_api.py"


@pytest.fixture(scope="module")
def web() -> Iterator[MediaWeb]:
    with MediaWeb(made_media()) as site:
        yield site


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with Program(tmp_path_factory.mktemp("server"), first_start=True) as program:
        yield program


def _walk(base: str, password: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), base, "ada", password, *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)


def test_every_endpoint_answers_as_it_should(server: Program, web: MediaWeb) -> None:
    done = _walk(server.url, "correct horse battery", "--save", web.url("/media/clip.mp4"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("all is well\n")
    paths = httpx.get(f"{server.url}/api/v1/openapi.json").json()["paths"]
    for path, operations in paths.items():
        literal = path.partition("{")[0].rstrip("/")
        tail = path.rpartition("}")[2]
        called = [
            line.split()
            for line in done.stdout.splitlines()
            if literal in line and line.rstrip("/").endswith(tail)
        ]
        for method in operations:
            assert any(words[4] == method.upper() for words in called), f"{method} {path} is not called"


def test_a_second_walk_signs_in_with_the_same_account(server: Program) -> None:
    """Through some of the parts: what the first one saved is there, and this one saves nothing, but cancels."""
    parts = ("accounts", "downloads", "personal", "links", "profiles")
    again = _walk(server.url, "correct horse battery", "--only", *parts)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "/api/v1/podcasts" not in again.stdout
    wrong = _walk(server.url, "something else")
    assert wrong.returncode == 1
    assert "FAILED 401" in wrong.stdout


def test_a_server_that_is_not_there_is_said_so() -> None:
    nobody = _walk("http://127.0.0.1:9", "correct horse battery")
    assert nobody.returncode == 2
    assert "could not be reached" in nobody.stderr
