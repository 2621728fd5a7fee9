"""Secrets are planted wherever one is taken, things go well and badly, and nowhere do they turn up again.

Looked at: every file of the data folder but `secret.key`, the logs, all rows on PostgreSQL, all answers, the command
lines of all processes and the environments of those that the server starts.
"""

from __future__ import annotations

import json
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from tests.conftest import POSTGRES
from tests.support.server import Program, ended, wait_for

pytestmark = [pytest.mark.database, pytest.mark.slow]

NAMES = (
    "secret-key",
    "superuser-password",
    "app-password",
    "proxy-password",
    "database-password",
    "smtp-password",
    "site-cookie",
    "users-cookie",
    "links-cookie",
    "target-token",
    "user-password",
    "wrong-password",
    "new-password",
    "address-password",
    "server-token",
    "server-password",
    "plex-token",
)


@dataclass
class House:
    """A server with planted secrets, and everything that it has answered."""

    program: Program
    planted: dict[str, str]
    proxy: socket.socket
    answers: list[tuple[str, str]] = field(default_factory=list)

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        hooks: dict[str, list[Any]] = {"response": [self._note]}
        return httpx.Client(base_url=self.program.url, timeout=30, headers=headers, event_hooks=hooks)

    def _note(self, answer: httpx.Response) -> None:
        text = answer.read().decode("utf-8", "replace") + "\n" + repr(answer.headers.multi_items())
        self.answers.append((f"{answer.request.method} {answer.request.url.path}", text))

    def sign_in(self, username: str, password: str) -> str:
        with self.client() as client:
            answer = client.post("/auth/login", data={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token


@pytest.fixture(scope="module")
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    planted = {name: f"Planted.{name}.{secrets.token_hex(12)}" for name in NAMES}
    with socket.create_server(("127.0.0.1", 0)) as proxy:  # takes connections and never says a word
        settings: dict[str, Any] = {
            "secret_key": planted["secret-key"],
            "initial_superuser_username": "root",
            "initial_superuser_password": planted["superuser-password"],
            "app_password": planted["app-password"],
            "proxy": f"http://somebody:{planted['proxy-password']}@127.0.0.1:{proxy.getsockname()[1]}",
            "smtp_url": f"smtp://mailer:{planted['smtp-password']}@127.0.0.1:9",  # nobody listens there
            "mail_from": "magpie@example.com",
            "public_url": "http://magpie.example",
            "download_attempts": 1,
            "plex_url": "http://127.0.0.1:9",
            "plex_token": planted["plex-token"],
            "netease_url": "http://127.0.0.1:9",
            "debug": True,
        }
        if POSTGRES:
            url = make_url(request.getfixturevalue("postgres_module_url"))
            with_password = url.set(password=planted["database-password"])
            settings["database_url"] = with_password.render_as_string(hide_password=False)
        with Program(tmp_path_factory.mktemp("house"), is_warm=False, **settings) as program:
            yield House(program, planted, proxy)


def _busy_life(house: House) -> None:
    """What people do with a server, and what they do wrong."""
    planted = house.planted
    with house.client(house.sign_in("anybody", planted["app-password"])) as root:
        me = root.get("/auth/me").json()
        assert me["is_superuser"]
        _make_user(root, planted)
        _change_settings(root, planted)
        _give_cookies(root, planted)
        _want_to_be_told(root, planted)
        _go_wrong(house, root, planted)
        _name_servers(root, planted)
        _download(house, root, planted)
        for path in ("/api/v1/settings", "/api/v1/settings/schema", "/api/v1/audit", "/api/v1/users"):
            assert root.get(path).status_code == 200, path
        for path in ("/api/v1/audit/export", "/health", "/metrics", "/api/v1/openapi.json"):
            assert root.get(path).status_code == 200, path
    _user_life(house, planted)


def _make_user(root: httpx.Client, planted: dict[str, str]) -> None:
    account = {"username": "ada", "email": "ada@example.com", "password": planted["user-password"]}
    assert root.post("/api/v1/users", json=account).status_code == 200


def _change_settings(root: httpx.Client, planted: dict[str, str]) -> None:
    cookies = json.dumps({"pixiv": {"PHPSESSID": planted["site-cookie"]}})
    answer = root.put("/api/v1/settings", json={"site_cookies_json": cookies})
    assert answer.status_code == 200, answer.text
    asked = root.post("/api/v1/password-reset/request-reset", json={"email": "ada@example.com"})
    assert asked.status_code == 200, asked.text


def _give_cookies(root: httpx.Client, planted: dict[str, str]) -> None:
    """For sites and for links; those for this machine are sent with the download that follows."""
    for site in ("pixiv", "127.0.0.1"):
        where = f"/api/v1/sites/{site}/cookies"
        given = {"cookies": {"session": planted["users-cookie"]}, "mode": "always"}
        assert root.put(where, json=given).status_code == 200
        assert root.get(where).json()["has_cookies"]
    wrong = {"cookies": f"{planted['users-cookie']}\tand no more"}
    assert root.put("/api/v1/sites/pixiv/cookies", json=wrong).status_code == 400
    assert root.put("/api/v1/sites/pixiv/cookies", json={"cookies": 1, "mode": wrong}).status_code == 422
    link = {
        "url": "https://media.example/channel",
        "cookies": json.dumps({"session": planted["links-cookie"]}),
    }
    made = root.post("/api/v1/links", json={**link, "is_enabled": False})
    assert made.status_code == 200, made.text
    broken = root.post(
        "/api/v1/links", json={"url": f"{link['url']}/2", "cookies": "{" + planted["links-cookie"]}
    )
    assert broken.status_code == 400
    for path in ("/api/v1/sites", "/api/v1/links", f"/api/v1/links/{made.json()['id']}"):
        assert root.get(path).status_code == 200, path
    assert root.get("/api/v1/database/export").status_code == 200


def _want_to_be_told(root: httpx.Client, planted: dict[str, str]) -> None:
    """At an address that is refused, and at one that is none."""
    where = "/api/v1/notifications/targets"
    made = root.post(where, json={"url": f"json://169.254.169.254/{planted['target-token']}"})
    assert made.status_code == 200, made.text
    assert root.post(f"{where}/{made.json()['id']}/test").json()["success"] is False
    for wrong in (
        f"mailto://ada:{planted['target-token']}@example.com",
        f"discord://{planted['target-token']}",
    ):
        assert root.post(where, json={"url": wrong}).status_code == 400
    assert root.get(where).status_code == 200


def _name_servers(root: httpx.Client, planted: dict[str, str]) -> None:
    """Where nobody listens; beside the one that the environment names."""
    where = {"name": "Music", "url": "http://127.0.0.1:9"}
    token = {**where, "server_type": "plex", "token": planted["server-token"]}
    password = {**where, "server_type": "subsonic", "username": "ada", "password": planted["server-password"]}
    for body in (token, password):
        assert root.post("/api/v1/servers/test", json=body).json()["success"] is False
        made = root.post("/api/v1/servers", json=body)
        assert made.status_code == 200, made.text
        one = f"/api/v1/servers/{made.json()['id']}"
        assert root.post(f"{one}/test").json()["success"] is False
        task = {"playlist_url": "https://music.163.com/playlist?id=1", "server_id": made.json()["id"]}
        assert root.get(f"{one}/playlists").status_code == 424
        assert root.post("/api/v1/servers", json={**body, "server_type": "none"}).status_code == 400
        assert root.post("/api/v1/servers", json={**body, "name": [body]}).status_code == 422
        assert root.post("/api/v1/tasks", json={**task, "is_enabled": False}).status_code == 200
    (locked, *_) = root.get("/api/v1/servers").json()
    assert locked["is_locked"]
    assert root.post(f"/api/v1/servers/{locked['id']}/test").json()["success"] is False


def _go_wrong(house: House, root: httpx.Client, planted: dict[str, str]) -> None:
    wrong = planted["wrong-password"]
    with house.client() as stranger:
        for body in ({"data": {"username": "ada", "password": wrong}}, {"json": {"password": [wrong]}}):
            assert stranger.post("/auth/login", **body).status_code in (401, 422)
        broken = stranger.post("/auth/login", content=f'{{"password": "{wrong}', headers=_JSON)
        assert broken.status_code == 400
        reset = {"token": planted["wrong-password"], "new_password": planted["new-password"]}
        assert stranger.post("/api/v1/password-reset/reset", json=reset).status_code == 400
    for change in (
        {"smtp_url": f"gopher://mailer:{planted['smtp-password']}@nowhere"},
        {"site_cookies_json": f'{{"pixiv": "{planted["site-cookie"]}'},
        {"proxy": f"http://somebody:{planted['proxy-password']}@127.0.0.1:9"},
        {"proxy": [planted["proxy-password"]]},
    ):
        assert root.put("/api/v1/settings", json=change).status_code in (400, 409, 422), change
    account = {"username": "@", "email": "bob@example.com", "password": planted["user-password"]}
    assert root.post("/api/v1/users", json=account).status_code == 400
    address = f"https://somebody:{planted['address-password']}@media.example/film"
    assert root.post("/api/v1/downloads", json={"url": address}).status_code == 400


_JSON = {"Content-Type": "application/json"}


def _download(house: House, root: httpx.Client, planted: dict[str, str]) -> None:
    """A download goes through the proxy, which holds it until its processes were looked at, and hangs up then."""
    made = root.post("/api/v1/downloads", json={"url": "http://127.0.0.1:18080/film.mp4"}).json()
    house.proxy.settimeout(30)
    connection, _ = house.proxy.accept()
    with connection:
        assert b"Proxy-Authorization" in connection.recv(65536)
        started = house.program.descendants()
        assert started
        for process in started:
            with suppress(psutil.NoSuchProcess):
                _expect_none(planted, str(process.environ()), f"the environment of {process.cmdline()}")
        for process in psutil.process_iter():
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                _expect_none(planted, " ".join(process.cmdline()), f"the command line of {process.pid}")
    house.proxy.close()
    assert ended(root, made["id"])["status"] == "failed"


def _user_life(house: House, planted: dict[str, str]) -> None:
    token = house.sign_in("ada@example.com", planted["user-password"])
    planted["access-token"] = token
    with house.client(token) as ada:
        wanted = {"name": "a script", "scopes": ["read"]}
        made = ada.post("/api/v1/users/me/tokens", json=wanted)
        assert made.status_code == 200, made.text
        planted["api-token"] = made.json()["token"]
        change = {"password": planted["new-password"], "current_password": planted["wrong-password"]}
        changed = ada.put("/api/v1/users/me", json=change)
        assert changed.status_code in (200, 400, 403), changed.text
        assert ada.get("/api/v1/users/me/tokens").status_code == 200
        assert ada.get("/api/v1/users/me/sessions").status_code == 200
        ada.post("/auth/logout")
        assert ada.get("/auth/me").status_code == 401


def _expect_none(planted: dict[str, str], text: str, where: str) -> None:
    for name, secret in planted.items():
        assert secret not in text, f"{name} is in {where}"


def _rows(url: str) -> Iterator[tuple[str, str]]:
    """Every row of every table as text."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for (table,) in tables:
            for (row,) in connection.execute(f"SELECT t::text FROM {table} t".encode()):  # noqa: S608  a catalogue's
                yield table, row


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file of the data folder as text."""
    for file in folder.rglob("*"):
        if file.is_file() and file.name != "secret.key":
            yield str(file.relative_to(folder)), file.read_bytes().decode("latin-1")


def test_no_secret_turns_up_again(house: House, request: pytest.FixtureRequest) -> None:
    _busy_life(house)
    folder: Path = house.program.data_dir
    assert wait_for(lambda: "request" in house.program.log.read_text(), 5)
    kept = list(_files(folder))
    if POSTGRES:
        kept += _rows(request.getfixturevalue("postgres_module_url"))
    # What is looked at is where things are kept: what is no secret stands there.
    assert any("ada@example.com" in text for _, text in kept)
    assert any("download_failed" in text for _, text in kept)
    for where, text in kept:
        _expect_none(house.planted, text, where)
    # Each token is answered once, to its owner.
    given = {"access-token": r"POST /auth/login", "api-token": r"POST /api/v1/users/me/tokens"}
    for name, secret in house.planted.items():
        for call, text in house.answers:
            shown = secret in text and not re.fullmatch(given.get(name, "-"), call)
            assert not shown, f"{name} is in the answer to {call}"
