"""Export, import and backups over HTTP, as the clients of Media Auto Saver know them."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select

from magpie.accounts import passwords
from magpie.admin.database import jobs, service
from magpie.admin.database.backups import Backups, Why
from magpie.admin.database.schemas import ImportStarted
from magpie.app import build_api
from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.engine import Where
from tests.admin.database.conftest import add_user, contents
from tests.support.server import wait_for

PASSWORD = "correct horse battery"
EXPORT, IMPORT, BACKUPS = "/api/v1/database/export", "/api/v1/database/import", "/api/v1/backups"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_argon2", Argon2Hasher(1, 64, 1))
    passwords._decoy.cache_clear()


@pytest.fixture
def app(context: AppContext) -> FastAPI:
    return build_api(context)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Ada, the superuser."""
    with TestClient(app) as client:
        sign_up(client, "ada")
        yield client


def sign_up(client: TestClient, name: str) -> None:
    body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    client.post("/auth/register", json=body)
    sign_in(client, name)


def sign_in(client: TestClient, name: str) -> None:
    answer = client.post("/auth/login", data={"username": name, "password": PASSWORD})
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def send(client: TestClient, data: bytes, name: str = "backup.sql") -> Any:
    return client.post(IMPORT, files={"file": (name, io.BytesIO(data), "application/sql")})


def outcome(app: FastAPI) -> Any:
    """The state of the import, once it has ended."""
    wait_for(lambda: app.state.importer.state.state != "running", 30)
    return app.state.importer.state


def leftovers(context: AppContext) -> list[str]:
    return [entry.name for entry in Backups(context.settings.data_dir).folder.glob(".*")]


def test_what_is_exported_can_be_imported(client: TestClient, app: FastAPI, context: AppContext) -> None:
    answer = client.get(EXPORT + "/")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/sql")
    name = answer.headers["content-disposition"]
    assert re.search(r'filename="media_auto_saver_backup_\d{8}_\d{6}\.sql"', name)
    with context.database.write() as session:
        add_user(session, "later")
    started = send(client, answer.content)
    receipt = started.json()["receipt"]
    assert (started.status_code, started.json()) == (200, ImportStarted(receipt=receipt).model_dump())
    assert outcome(app).state == "succeeded"
    assert client.get(IMPORT).status_code == 401  # all sessions have ended
    del client.headers["Authorization"]
    told = client.get(f"{IMPORT}/{receipt}").json()
    assert (told["state"], told["rows"]) == ("succeeded", app.state.importer.state.rows)
    assert told["rows"] > 0
    assert client.get(f"{IMPORT}/{receipt[:-1]}").status_code == 404
    sign_in(client, "ada")
    state = client.get(IMPORT).json()
    assert (state["state"], state["progress"]) == ("succeeded", 1.0)
    assert state["finished_at"] is not None
    assert all("later" not in row for row in contents(context.database)["users"])
    assert [backup["kind"] for backup in client.get(BACKUPS).json()["backups"]] == ["before-import"]
    assert leftovers(context) == []


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"-- Magpie database export\n", "backup.txt", "Only .sql"),
        (b"DROP TABLE users;\n", "backup.sql", "not an export"),
        (b"", "backup.sql", "no file"),
        (b"-- Mag", "backup.exe", "Only .sql"),
    ],
)
def test_what_cannot_be_an_export_is_refused_at_once(
    client: TestClient, context: AppContext, data: bytes, name: str, words: str
) -> None:
    answer = send(client, data, name)
    assert answer.status_code == 400
    assert words in answer.json()["errors"][0]["msg"]
    assert leftovers(context) == []


def test_a_request_without_a_file_is_refused(client: TestClient) -> None:
    without: tuple[dict[str, Any], ...] = (
        {"json": {}},
        {"data": {"file": "x"}},
        {"files": {"other": ("a.sql", b"x")}},
    )
    for arguments in without:
        assert client.post(IMPORT, **arguments).status_code == 400
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert client.post(IMPORT, content=b"nothing of the sort", headers=headers).status_code == 400


def test_a_large_file_of_junk_is_refused_with_its_first_piece(
    client: TestClient, context: AppContext
) -> None:
    sent = 0

    def junk() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.sql"\r\n\r\n'
        while sent < 100 * 10**6:
            sent += 10**6
            yield b"j" * 10**6

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    begun = time.monotonic()
    answer = client.post(IMPORT, content=junk(), headers=headers)
    assert answer.status_code == 400
    assert time.monotonic() - begun < 5
    assert leftovers(context) == []


def test_a_file_beyond_the_limit_is_refused(client: TestClient, context: AppContext) -> None:
    context.settings = context.settings.model_copy(update={"import_max_mb": 2})
    answer = send(client, b"-- Magpie database export\n" + b"x" * 2_000_000)
    assert answer.status_code == 413
    assert "MAGPIE_IMPORT_MAX_MB" in answer.json()["detail"]
    assert send(client, b"x" * 3_000_000).status_code == 413
    assert client.post("/auth/login", content=b"x" * 1_500_000).status_code == 413  # all else stays bounded
    assert leftovers(context) == []


def test_a_refused_import_says_why_and_changes_nothing(
    client: TestClient, app: FastAPI, context: AppContext
) -> None:
    data = client.get(EXPORT).content
    before = contents(context.database)
    assert send(client, data[:-40]).status_code == 200
    state = outcome(app)
    assert state.state == "failed"
    assert "SHA-256" in state.message
    assert "as it was" in state.message
    assert client.get(IMPORT).json()["state"] == "failed"
    after = contents(context.database)
    assert {**after, "audit_records": []} == {**before, "audit_records": []}
    with context.database.read() as session:
        [record] = session.scalars(select(AuditRecord).where(AuditRecord.action == "database.import"))
    assert (record.outcome, record.username) == ("failure", "ada")
    assert leftovers(context) == []


def test_an_unexpected_fault_says_nothing_of_the_inside(
    client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr(downloads, "start_over", fail)
    assert send(client, client.get(EXPORT).content).status_code == 200
    state = outcome(app)
    assert state.state == "failed"
    assert "/secret/path" not in state.message


def test_one_import_at_a_time(
    client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch, context: AppContext
) -> None:
    goes_on = threading.Event()
    monkeypatch.setattr(service, "verified", lambda *_args: goes_on.wait(30))
    data = client.get(EXPORT).content
    try:
        assert send(client, data).status_code == 200
        assert client.get(IMPORT).json()["state"] == "running"
        assert send(client, data).status_code == 409
    finally:
        goes_on.set()
    assert outcome(app).state == "failed"
    assert leftovers(context) == []


def test_backups_are_made_taken_away_restored_and_deleted(
    client: TestClient, app: FastAPI, context: AppContext
) -> None:
    made = client.post(BACKUPS)
    assert made.status_code == 201
    name = made.json()["name"]
    file = Backups(context.settings.data_dir).folder / name
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert client.get(f"{BACKUPS}/{name}").content == file.read_bytes()
    with context.database.write() as session:
        add_user(session, "later")
    assert client.post(f"{BACKUPS}/{name}/restore").status_code == 200
    assert outcome(app).state == "succeeded"
    assert file.is_file()
    sign_in(client, "ada")
    kinds = [backup["kind"] for backup in client.get(BACKUPS).json()["backups"]]
    assert sorted(kinds) == ["before-import", "manual"]
    assert client.delete(f"{BACKUPS}/{name}").status_code == 200
    assert client.get(f"{BACKUPS}/{name}").status_code == 404
    with context.database.read() as session:
        actions = set(session.scalars(select(AuditRecord.action)))
    # What went before is not in the backup that was restored; the import is noted in what it brought.
    assert {"database.import", "backup.delete"} <= actions


@pytest.mark.parametrize(
    "name", ["..%2Fsecret.key", "%2Fetc%2Fpasswd", "secret.key", "magpie-20260101-000000-manual.sql", "x.sql"]
)
def test_no_name_leads_out_of_the_folder(
    client: TestClient, context: AppContext, tmp_path: Path, name: str
) -> None:
    folder = Backups(context.settings.data_dir).prepare()
    (folder.parent / "secret.key").write_text("hidden")
    (folder / "x.sql").write_text("not ours")
    (folder / "magpie-20260101-000000-manual.sql").symlink_to(folder.parent / "secret.key")
    assert client.get(BACKUPS).json() == {"backups": []}
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/restore")):
        # 405 is the page's: it answers GET at every path that is no route.
        assert client.request(method, f"{BACKUPS}/{name}{path}").status_code in (404, 405)
    assert (folder.parent / "secret.key").read_text() == "hidden"


def test_only_superusers_may(client: TestClient, app: FastAPI, context: AppContext) -> None:
    context.settings = context.settings.model_copy(update={"allow_registration": True})
    with TestClient(app) as bob:
        assert bob.get(EXPORT).status_code == 401
        sign_up(bob, "bob")
        for answer in (
            bob.get(EXPORT),
            send(bob, b"x"),
            bob.get(IMPORT),
            bob.get(BACKUPS),
            bob.post(BACKUPS),
        ):
            assert answer.status_code == 403


class Clockwork:
    """Stands in for the engine: keeps what is to run periodically."""

    def __init__(self) -> None:
        self.functions: list[Any] = []

    def every(self, _name: str, _seconds: float, function: Any, where: Where) -> None:
        assert where is Where.ONE
        self.functions.append(function)


def test_backups_are_made_by_themselves_and_the_oldest_go(context: AppContext) -> None:
    context.settings = context.settings.model_copy(update={"backups_kept": 2})
    engine = Clockwork()
    jobs.register(engine, context)  # type: ignore[arg-type]
    [look] = engine.functions
    backups = Backups(context.settings.data_dir)

    def scheduled() -> list[str]:
        return [backup.name for backup in backups.all() if backup.why is Why.SCHEDULED]

    service.make_due_backup(context)
    assert scheduled() == []  # nobody is there yet
    with context.database.write() as session:
        add_user(session, "ada")
    look()
    wait_for(lambda: len(scheduled()) == 1, 10)
    service.make_due_backup(context)
    assert len(scheduled()) == 1  # not before its time
    by_hand = service.make_backup(context, Why.MANUAL, None)
    for day in ("01", "02", "03"):
        for why in ("scheduled", "manual"):
            (backups.folder / f"magpie-202001{day}-000000-{why}.sql").write_bytes(b"")
    backups.rotate(2)
    assert len(scheduled()) == 2
    assert scheduled()[1] == "magpie-20200103-000000-scheduled.sql"
    assert by_hand.path.is_file()
    assert len(backups.all()) == 6
    context.settings = context.settings.model_copy(update={"backup_every_hours": 0})
    assert not backups.is_due(0)
