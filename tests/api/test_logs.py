"""Log lines of a real server: told live to superusers who ask for them, kept in the table and in the file."""

from __future__ import annotations

import json
import stat
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

from tests.site.web import MediaWeb
from tests.support.server import Program, ended

SECRET = "hunter2-xyzzy"


def _listen(server: Program, client: httpx.Client, query: str) -> ClientConnection:
    address = server.url.replace("http", "ws") + "/api/v1/events" + query
    return connect(address, additional_headers={"Authorization": client.headers["Authorization"]})


def _until(socket: ClientConnection, kind: str, **wanted: Any) -> tuple[dict[str, Any], set[str]]:
    """The first event of that type with these values, and the types of all that came before."""
    seen: set[str] = set()
    while True:
        event: dict[str, Any] = json.loads(socket.recv(timeout=20))
        if event["type"] == kind and all(event.get(name) == value for name, value in wanted.items()):
            return event, seen
        seen.add(event["type"])


def test_a_failed_download_is_seen_by_who_asks(
    server: Program, client: httpx.Client, other: httpx.Client, web: MediaWeb
) -> None:
    body = {"url": web.url(f"/nowhere?token={SECRET}")}
    with (
        _listen(server, client, "?logs=1") as asked,
        _listen(server, client, "") as unasked,
        _listen(server, other, "?logs=1") as strange,
    ):
        for socket in (asked, unasked, strange):
            assert json.loads(socket.recv(timeout=5))["type"] == "hello"
        download = other.post("/api/v1/downloads", json=body).json()
        told, _ = _until(asked, "log", message="download_failed", download_id=download["id"])
        for socket in (unasked, strange):
            _, seen = _until(socket, "download", id=download["id"], status="failed")
            assert "log" not in seen
    assert ended(other, download["id"])["status"] == "failed"
    assert (told["level"], told["source"]) == ("info", "magpie.downloads.attempt")

    [line] = client.get("/api/v1/logs", params={"download_id": download["id"]}).json()
    assert (line["id"], line["message"], line["fields"]) == (told["id"], told["message"], told["fields"])
    assert line["fields"]["job"].startswith("download:")
    assert other.get("/api/v1/logs").status_code == 403

    file = server.data_dir / "logs" / "magpie.log"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = [json.loads(text) for text in file.read_text().splitlines()]
    # What uvicorn has to say of every socket would crowd this out.
    assert [one["event"] for one in kept if "WebSocket" in one["event"] or "connection" in one["event"]] == []
    assert [one for one in kept if one["event"] == "download_failed" and one["download_id"] == download["id"]]
    assert SECRET not in file.read_text() + server.log.read_text() + client.get("/api/v1/logs").text
