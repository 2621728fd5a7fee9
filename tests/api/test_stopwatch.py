"""What the contract promises in seconds, and what earlier programs' clients rely on, on a real server."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.support.server import PASSWORD, Program

PROMISE_SECONDS = 5.0
COMPATIBILITY = Path(__file__).resolve().parents[2] / "docs" / "api-compatibility.md"
_ROW = re.compile(r"(?m)^\| `[^`]+`[^|]* \| `([A-Z]+) ([^`]+)` \| works")


def _seed_paths() -> list[tuple[str, str]]:
    return sorted(set(_ROW.findall(COMPATIBILITY.read_text(encoding="utf-8"))))


def test_an_open_socket_closes_within_five_seconds_of_the_end_of_its_session(server: Program) -> None:
    server.client("ada").close()
    with httpx.Client(base_url=server.url) as client:
        form = {"username": "ada", "password": PASSWORD}
        token = client.post("/auth/login", data=form).json()["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        with connect(
            server.url.replace("http", "ws") + "/api/v1/events", additional_headers=bearer
        ) as socket:
            assert "hello" in socket.recv(timeout=5)
            signed_out = time.monotonic()
            assert client.post("/auth/logout", headers=bearer).status_code == 200
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=PROMISE_SECONDS)
            assert time.monotonic() - signed_out < PROMISE_SECONDS
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
        assert client.get("/auth/me", headers=bearer).status_code == 401


@pytest.mark.once
@pytest.mark.parametrize(("method", "path"), _seed_paths())
def test_a_trailing_slash_is_answered_like_none(
    server: Program, client: httpx.Client, method: str, path: str
) -> None:
    """The same status and type, and no redirect, which would lose a body."""
    assert server.url in str(client.base_url)
    there = re.sub(r"\{[^}]+\}", "9007199254740991", path)
    # Without credentials and without a body nothing is changed.
    with httpx.Client(base_url=server.url) as stranger:
        plain = stranger.request(method, there)
        slashed = stranger.request(method, there.rstrip("/") + "/")
    assert not plain.is_redirect
    assert plain.status_code == slashed.status_code
    assert plain.headers["content-type"] == slashed.headers["content-type"]
    if method == "GET":
        signed_in = [client.get(one) for one in (there, there.rstrip("/") + "/")]
        assert signed_in[0].status_code == signed_in[1].status_code
        assert not signed_in[0].is_redirect


def test_what_belongs_to_another_user_is_not_there(
    server: Program, client: httpx.Client, other: httpx.Client
) -> None:
    mine = client.post("/api/v1/downloads", json={"url": "https://magpie.invalid/film.mp4"}).json()["id"]
    never = other.get("/api/v1/downloads/9007199254740991")
    assert never.status_code == 404
    for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/retry")):
        for base in ("/api/v1/downloads", "/api/downloads"):
            answer = other.request(method, f"{base}/{mine}{path}")
            # Nobody learns from the answer whether it exists.
            assert (answer.status_code, answer.json()) == (404, never.json())
    client.post(f"/api/v1/downloads/{mine}/cancel")


@pytest.mark.parametrize("number", [2**31, 2**62])
def test_a_number_that_no_row_can_have_is_not_there(client: httpx.Client, number: int) -> None:
    for collection in ("downloads", "items", "users"):
        answer = client.get(f"/api/v1/{collection}/{number}")
        assert (answer.status_code, answer.json()) == (404, {"detail": "Item not found"})
    with httpx.Client(base_url=client.base_url) as stranger:
        assert stranger.get(f"/api/v1/downloads/{number}").status_code == 401
