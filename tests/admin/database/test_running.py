"""On real servers that are at work: an export restores elsewhere, and an import takes the work from whoever does it."""

from __future__ import annotations

import subprocess
from collections import Counter
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
from tests.support.server import PASSWORD, Program, wait_for

# Each starts several programs and waits for them: generous on a machine that is busy with other tests.
pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.timeout(240)]

DOWNLOADS = 50
SLOTS = 8  # `Program` gives a server so many at once


def kinds(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings for a server on the database that this run is about, and for one on the other kind."""
    postgres = {"database_url": request.getfixturevalue("postgres_url")}
    return (postgres, {}) if POSTGRES else ({}, postgres)


def states(client: httpx.Client) -> Counter[str]:
    answer = client.get("/api/v1/downloads", params={"per_page": 200}).json()
    return Counter(one["status"] for one in answer["downloads"])


def number_of(client: httpx.Client, status: str) -> int:
    """Asks for no more than that: asking twenty times a second for all would take the time of the work itself."""
    total: int = client.get("/api/v1/downloads", params={"status": status, "per_page": 1}).json()["total"]
    return total


def sign_in(client: httpx.Client) -> None:
    client.headers.pop("Authorization", None)
    answer = client.post("/auth/login", data={"username": "ada", "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def restore(program: Program, client: httpx.Client, data: bytes) -> None:
    """Import and wait for its end."""
    answer = client.post("/api/v1/database/import", files={"file": ("backup.sql", data)})
    assert answer.status_code == 200, answer.text
    wait_until_imported(program, client)


def wait_until_imported(program: Program, client: httpx.Client) -> None:
    """Signed in again afterwards."""

    def ended() -> bool:
        answer = client.get("/api/v1/database/import")
        if answer.status_code == 401:  # the sessions have ended: it is through
            sign_in(client)
            return False
        assert answer.json()["state"] != "failed", answer.json()
        return bool(answer.json()["state"] == "succeeded")

    wait_for(ended, 30, program.log.read_text)


@pytest.fixture
def web() -> Iterator[MediaWeb]:
    with MediaWeb(made_media()) as site:
        yield site


def test_an_export_while_fifty_downloads_run_restores_on_the_other_database(
    request: pytest.FixtureRequest, web: MediaWeb, tmp_path: Path
) -> None:
    here, there = kinds(request)
    with Program(tmp_path / "here", **here) as source, closing(source.client()) as ada:
        web.behave("/files/*", delay=0.2)
        for number in range(DOWNLOADS):
            ada.post("/api/v1/downloads", json={"url": web.url(f"/files/{number}.jpg")})
        wait_for(lambda: number_of(ada, "completed") >= 5, 60, lambda: str(states(ada)))
        answer = ada.get("/api/v1/database/export")
        assert answer.status_code == 200
        data = answer.content
        assert states(ada)["pending"] > 0
        source.kill()
    web.forgive()
    with Program(tmp_path / "there", **there) as target, closing(target.client("cleo")) as client:
        restore(target, client, data)
        user = client.get("/api/v1/users/me").json()
        assert user["username"] == "ada"
        # What was done is there, and what ran or waited is taken up by itself: every slot has had its turn.
        done = data.count(b", 'completed', ")
        assert done >= 5
        wait_for(lambda: number_of(client, "completed") >= done + SLOTS, 90, lambda: str(states(client)))
        found = states(client)
        assert sum(found.values()) == DOWNLOADS
        assert set(found) <= {"completed", "downloading", "pending"}


def test_an_import_takes_running_downloads_from_their_workers(
    request: pytest.FixtureRequest, web: MediaWeb, tmp_path: Path
) -> None:
    here, _ = kinds(request)
    with Program(tmp_path / "here", **here) as program, closing(program.client()) as ada:
        web.behave("/big/*", rate=40_000)
        kept = ada.post("/api/v1/downloads", json={"url": web.url("/big/2000000.mp4")}).json()["id"]
        wait_for(lambda: states(ada)["downloading"] == 1, 20, program.log.read_text)
        data = ada.get("/api/v1/database/export").content
        gone = ada.post("/api/v1/downloads", json={"url": web.url("/big/2000001.mp4")}).json()["id"]
        wait_for(lambda: states(ada)["downloading"] == 2, 20, program.log.read_text)
        restore(program, ada, data)
        assert ada.get(f"/api/v1/downloads/{gone}").status_code == 404
        assert ada.get(f"/api/v1/downloads/{kept}").json()["status"] in ("pending", "downloading")
        wait_for(lambda: program.log.read_text().count("download_taken_over") == 2, 15, program.log.read_text)
        assert "download_crashed" not in program.log.read_text()


@pytest.mark.soak  # it waits for several turns of the schedule
def test_backups_are_made_on_time_replace_the_oldest_and_restore(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    here, _ = kinds(request)
    schedule: dict[str, Any] = {"backup_every_hours": 0.0005, "backups_kept": 2}
    with Program(tmp_path / "here", **here, **schedule) as program, closing(program.client()) as ada:
        assert ada.put("/api/v1/users/me", json={"display_name": "Before"}).status_code == 200

        def made() -> list[str]:
            backups = ada.get("/api/v1/backups").json()["backups"]
            return [one["name"] for one in backups if one["kind"] == "scheduled"]

        first = wait_for(made, 40, program.log.read_text)[-1]
        wait_for(lambda: len(found := made()) == 2 and first not in found, 80, lambda: str(made()))
        newest = made()[0]
        assert ada.put("/api/v1/users/me", json={"display_name": "After"}).status_code == 200
        assert ada.post(f"/api/v1/backups/{newest}/restore").status_code == 200
        wait_until_imported(program, ada)
        assert ada.get("/api/v1/users/me").json()["display_name"] == "Before"
        assert "backup_failed" not in program.log.read_text()


def test_backup_and_restore_from_the_command_line(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    here, there = kinds(request)
    source, target = Program(tmp_path / "here", **here), Program(tmp_path / "there", **there)
    file, word = tmp_path / "backup.sql", tmp_path / "word"
    word.write_text("a passphrase\n")

    def magpie(program: Program, *arguments: object) -> subprocess.CompletedProcess[str]:
        return warm.command(*arguments, env=program.environment, cwd=tmp_path)

    with source, closing(source.client()):
        made = magpie(source, "backup", file, "--passphrase-file", word)
        assert (made.returncode, made.stdout.strip()) == (0, str(file)), made.stderr
        assert magpie(source, "backup", file).returncode == 2  # nothing is overwritten
        assert file.stat().st_mode & 0o777 == 0o600
        if not POSTGRES:
            refused = magpie(source, "restore", file, "--yes")
            assert refused.returncode == 2
            assert "stop it first" in refused.stderr
    target.data_dir.mkdir()
    assert "--yes" in magpie(target, "restore", file).stderr
    broken = tmp_path / "broken.sql"
    broken.write_bytes(file.read_bytes()[:-10])
    assert magpie(target, "restore", broken, "--yes").returncode == 2
    restored = magpie(target, "restore", file, "--yes", "--passphrase-file", word)
    assert restored.returncode == 0, restored.stderr
    assert "were restored" in restored.stdout
    with target, closing(target.client()) as ada:
        assert ada.get("/api/v1/users/me").json()["is_superuser"] is True
        assert list((target.data_dir / "backups").glob("magpie-*-before-import.sql"))
