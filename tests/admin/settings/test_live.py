"""What changed settings do to a running server, to a second one, and after a restart."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import POSTGRES
from tests.site.web import MediaWeb
from tests.support import warm
from tests.support.media import made_media
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
def web() -> Iterator[MediaWeb]:
    with MediaWeb(made_media()) as site:
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


# The media folder.


def saved_file(client: httpx.Client, url: str, folder: Path) -> dict[str, Any]:
    """The item that the download of this address became, whose file must lie in this folder and be served."""
    created = client.post("/api/v1/downloads", json={"url": url})
    outcome = ended(client, created.json()["id"])
    assert outcome["status"] == "completed", outcome
    assert (folder / outcome["file_path"]).is_file()
    assert served(client, outcome["item_id"]) == (folder / outcome["file_path"]).read_bytes()
    return outcome


def served(client: httpx.Client, item: int) -> bytes:
    """The bytes of the item's main file, which a range and the thumbnail are answered for, too."""
    address = f"/api/v1/items/{item}/file"
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    part = client.get(address, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, answer.content[4:8])
    assert client.get(f"/api/v1/items/{item}/thumbnail").status_code == 200
    return answer.content


def run_command(program: Program, *arguments: str) -> subprocess.CompletedProcess[str]:
    return warm.command(*arguments, env=program.environment, cwd=program.data_dir)


def findings(program: Program) -> dict[str, dict[str, str]]:
    """What `magpie doctor` says, by subject."""
    told = run_command(program, "doctor", "--json")
    assert "Traceback" not in told.stderr
    return {one["subject"]: one for one in json.loads(told.stdout)}


@pytest.mark.once
@pytest.mark.timeout(300)  # several programs, one after the other, on a busy machine
def test_each_file_stays_in_the_folder_that_it_was_filed_in(
    settings: dict[str, Any], web: MediaWeb, tmp_path: Path
) -> None:
    first, second = tmp_path / "data" / "media", tmp_path / "second"
    with (
        Program(tmp_path / "data", **{**settings, "egress_allow": "127.0.0.1"}) as program,
        closing(program.client()) as client,
    ):
        old = saved_file(client, web.url("/files/511.mp4"), first)
        answer = client.put(URL, json={"media_root": str(second)})
        assert answer.status_code == 200, answer.text
        new = saved_file(client, web.url("/files/512.mp4"), second)
        assert served(client, old["item_id"])
        assert client.get("/api/v1/items").json()["total"] == 2
        details = client.get("/api/v1/health/details").json()
        media = [disk["path"] for disk in details["disks"] if disk["name"] == "media"]
        assert media == [str(second), str(first)]
        by_command = run_command(program, "save", web.url("/files/513.mp4"), web.url("/files/511.mp4"))
        assert by_command.returncode == 0, by_command.stderr
        lines = [Path(line) for line in by_command.stdout.splitlines()]
        assert [second in lines[0].parents, first in lines[1].parents] == [True, True]
        told = findings(program)
        assert str(second) in told["media folder"]["message"]
        assert told["earlier media folders"] == {
            "level": "ok", "subject": "earlier media folders", "message": str(first),
        }  # fmt: skip
        program.stop()
        program.start()
        assert served(client, old["item_id"])
        assert served(client, new["item_id"])
        for one in (old, new):
            assert (
                client.delete(f"/api/v1/items/{one['item_id']}", params={"forever": True}).status_code == 200
            )
        assert [path.name for path in first.rglob("*") if path.is_file()] == []
        assert lines[0].is_file()


@pytest.mark.soak
@pytest.mark.timeout(300)  # several programs, one after the other, on a busy machine
def test_a_chosen_folder_that_vanishes_costs_nothing_but_waiting(
    settings: dict[str, Any], web: MediaWeb, tmp_path: Path
) -> None:
    disk, unplugged = tmp_path / "disk", tmp_path / "unplugged"
    options = {**settings, "egress_allow": "127.0.0.1", "download_attempts": 4}
    with (
        Program(tmp_path / "data", **options) as program,
        closing(program.client()) as client,
    ):
        assert client.put(URL, json={"media_root": str(disk)}).status_code == 200
        item = saved_file(client, web.url("/files/521.mp4"), disk)["item_id"]
        disk.rename(unplugged)
        disk.mkdir()  # the mount point
        gone = client.get(f"/api/v1/items/{item}/file")
        assert (gone.status_code, "mounted" in gone.json()["detail"]) == (404, True)
        health = client.get("/health")
        assert (health.status_code, health.json()["parts"]["media"]["ok"]) == (503, False)
        assert findings(program)["media folder"]["level"] == "error"
        waiting = client.post("/api/v1/downloads", json={"url": web.url("/files/522.mp4")}).json()["id"]

        def has_failed() -> bool:
            row = client.get(f"/api/v1/downloads/{waiting}").json()
            return row["status"] == "pending" and "media folder" in (row["error_message"] or "")

        wait_for(has_failed, 30)
        program.stop()
        program.start(health=503)
        assert list(disk.iterdir()) == []  # not made anew by a start
        disk.rmdir()
        unplugged.rename(disk)
        assert client.get("/health").status_code == 200
        assert served(client, item)
        assert client.post(f"/api/v1/downloads/{waiting}/retry").status_code == 200
        assert ended(client, waiting)["status"] == "completed"


@pytest.mark.soak
@pytest.mark.timeout(300)  # several programs, one after the other, on a busy machine
def test_commands_follow_what_is_saved(
    program: Program, settings: dict[str, Any], web: MediaWeb, tmp_path: Path
) -> None:
    """The server's environment opens no private address, and neither does that of the commands."""
    target, film = tmp_path / "out", web.url("/files/531.mp4")
    refused = run_command(program, "save", "--to", str(target), film)
    assert refused.returncode == 1
    with closing(program.client()) as client:
        assert client.put(URL, json={"egress_allow": "127.0.0.1"}).status_code == 200
    assert "127.0.0.1" in findings(program)["egress rules"]["message"]
    for options in ((), ("--to", str(target))):
        done = run_command(program, "save", *options, film)
        assert done.returncode == 0, done.stderr
        assert Path(done.stdout.strip()).is_file()
    program.environment["MAGPIE_EGRESS_ALLOW"] = "198.51.100.7"  # the environment wins
    assert run_command(program, "save", "--to", str(target), film).returncode == 1
    assert "198.51.100.7" in findings(program)["egress rules"]["message"]


def test_a_database_that_cannot_be_read_is_a_finding(tmp_path: Path, web: MediaWeb) -> None:
    data = tmp_path / "data"
    data.mkdir()
    if POSTGRES:
        program = Program(data, database_url="postgresql://nobody@127.0.0.1:1/none")
    else:
        program = Program(data)
        (data / "magpie.db").write_bytes(b"this is no database at all" * 200)
    told = findings(program)
    assert told["saved settings"]["level"] == "error"
    assert told["database"]["level"] == "error"
    done = run_command(program, "save", "--to", str(tmp_path / "out"), web.url("/files/541.mp4"))
    assert done.returncode == 0, done.stderr
    assert "saved settings are left out" in done.stderr
    assert "Traceback" not in done.stderr
    assert (data / "media").exists() is False
