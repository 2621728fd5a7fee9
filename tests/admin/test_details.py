"""What superusers are told about the installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from magpie.admin import details
from magpie.downloads.extractors.builtin import builtin_extractors
from magpie.page import FOLDER as PAGE
from magpie.schema import HEAD
from tests.conftest import POSTGRES
from tests.support.server import Program

URL = "/api/v1/health/details"


@pytest.fixture
def program(database_url: str, tmp_path: Path) -> Iterator[Program]:
    settings: dict[str, Any] = {"database_url": database_url} if POSTGRES else {}
    with Program(tmp_path / "server", worker_name="nas", **settings) as started:
        yield started


def test_a_running_server_describes_itself(program: Program) -> None:
    with closing(program.client()) as client:
        assert httpx.get(f"{program.url}{URL}").status_code == 401
        answer = client.get(f"{URL}/")
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert found["health"] == client.get("/health").json()
    assert found["database"]["kind"] == ("postgresql" if POSTGRES else "sqlite")
    assert found["database"]["size"] > 10_000
    assert (found["database"]["revision"], found["database"]["up_to_date"]) == (HEAD, True)
    (worker,) = found["workers"]
    assert worker["is_this"] is True
    assert worker["pid"] == program.pid
    if POSTGRES:
        assert worker["id"] == "nas-0"
        assert worker["seconds_since_heartbeat"] < 10
    assert {lane["name"]: lane["slots"] for lane in found["lanes"]} == {
        "interactive": 4,
        "site": 8,
        "check": 4,
        "background": 2,
        "making": 2,
    }
    media, data = found["disks"]
    assert media["path"] == str(program.data_dir / "media")
    for disk in (media, data):
        assert 0 < disk["free"] <= disk["total"]
    tools = {tool["name"]: tool for tool in found["tools"]}
    assert set(tools) == {"yt-dlp", "gallery-dl", "ffmpeg", "ffprobe", "deno"}
    for name in ("yt-dlp", "gallery-dl", "ffmpeg", "deno"):
        assert tools[name]["version"], name
    assert tools["yt-dlp"]["age_days"] is not None
    assert [one["name"] for one in found["extractors"]] == [one.name for one in builtin_extractors()]
    assert found["plugins"] == []
    assert found["page_built"] is (PAGE / "index.html").is_file()


def test_the_age_of_a_version_that_is_a_date() -> None:
    before = datetime.now(UTC).date() - timedelta(days=100)
    assert details.age_in_days(f"{before.year}.{before.month}.{before.day}") == 100
    assert details.age_in_days("1.32.0.dev") is None


def test_a_program_that_says_nothing_has_no_version(tmp_path: Path) -> None:
    silent = tmp_path / "ffmpeg"
    silent.write_text("#!/bin/sh\n")
    silent.chmod(0o755)
    assert details._asked_version(str(silent), "-version") is None
    assert details._asked_version(str(tmp_path / "missing"), "-version") is None
