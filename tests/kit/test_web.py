"""The edge: every answer has the contract's shape, an id and the security headers, whatever was sent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from magpie.kit.db import Database
from magpie.kit.web import SECURITY_HEADERS
from tests.kit.conftest import Note


def test_a_trailing_slash_is_answered_not_redirected(client: TestClient) -> None:
    for path in ("/notes", "/notes/", "/notes//"):
        answer = client.post(path, json={"text": f"by {path}"}, follow_redirects=False)
        assert answer.status_code == 200
        assert answer.json()["text"] == f"by {path}"
    assert len(client.get("/notes/").json()) == 3


def test_every_answer_has_an_id_and_the_headers(client: TestClient) -> None:
    for path in ("/notes", "/nowhere", "/raise/bug", "/raise/anonymous", "/notes?q=%00", "/notes/x"):
        answer = client.get(path)
        assert len(answer.headers["X-Request-ID"]) == 16, path
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value, path
    assert client.get("/notes").headers["X-Request-ID"] != client.get("/notes").headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("given", "kept"), [("from-a-proxy.1", True), ("short", False), ("has space 123", False)]
)
def test_a_good_request_id_is_kept(client: TestClient, given: str, *, kept: bool) -> None:
    answer = client.get("/notes", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is kept


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        (
            "rule",
            400,
            {
                "detail": "Validation Error",
                "errors": [{"loc": ["body", "text"], "msg": "Too long.", "type": "too_long"}],
            },
        ),
        ("anonymous", 401, {"detail": "Not authenticated"}),
        ("stranger", 401, {"detail": "Invalid authentication credentials"}),
        ("forbidden", 403, {"detail": "The user doesn't have enough privileges"}),
        ("missing", 404, {"detail": "Item not found"}),
        ("conflict", 409, {"detail": "It is running."}),
        ("busy", 429, {"detail": "Too many requests"}),
        ("bug", 500, {"detail": "Internal server error: see the server's log."}),
    ],
)
def test_errors_have_the_shapes_of_the_contract(
    client: TestClient, name: str, status: int, body: dict[str, object]
) -> None:
    answer = client.get(f"/raise/{name}")
    assert answer.status_code == status
    assert answer.json() == body
    assert answer.headers.get("WWW-Authenticate") == ("Bearer" if status == 401 else None)
    assert answer.headers.get("Retry-After") == ("7" if status == 429 else None)


def test_an_unknown_path_and_a_wrong_method(client: TestClient) -> None:
    assert client.get("/nowhere").json() == {"detail": "Item not found"}
    wrong = client.delete("/notes")
    assert (wrong.status_code, wrong.json()) == (405, {"detail": "Method Not Allowed"})


def test_a_schema_fault_is_a_list(client: TestClient) -> None:
    for answer in (
        client.post("/notes", json={"number": "x"}),
        client.get("/notes/0"),
        client.get(f"/notes/{2**63}"),
        client.get("/notes", params={"q": "x" * 21}),
    ):
        assert answer.status_code == 422
        for fault in answer.json()["detail"]:
            assert set(fault) == {"loc", "msg", "type"}


@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe{}", b"[" * 100_000, b'{"text": "\xff"}'])
def test_what_is_not_json_is_a_validation_error(client: TestClient, body: bytes) -> None:
    answer = client.post("/notes", content=body, headers={"Content-Type": "application/json"})
    if body == b"":
        assert answer.status_code == 422  # nothing was sent: the body is missing
        return
    assert answer.status_code == 400
    assert answer.json()["detail"] == "Validation Error"
    assert {"loc", "msg", "type"} == set(answer.json()["errors"][0])


def test_a_broken_rule_is_a_validation_error(client: TestClient) -> None:
    answer = client.post("/notes", json={"text": "rude"})
    assert answer.status_code == 400
    assert answer.json() == {
        "detail": "Validation Error",
        "errors": [{"loc": ["body", "text"], "msg": "Be kind.", "type": "value_error"}],
    }


@pytest.mark.parametrize("path", ["/notes?q=%00", "/notes?q=a%00b&x", "/notes/%00", "/%00", "/a%00/"])
def test_a_nul_in_an_address_is_refused(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.json()["detail"] == "Validation Error"


def test_a_nul_in_a_body_is_no_fault_of_ours(client: TestClient, notes: Database) -> None:
    answer = client.post("/notes", json={"text": "a\0b"})
    assert answer.status_code == (200 if notes.is_sqlite else 400)
    if not notes.is_sqlite:
        assert answer.json()["detail"] == "Validation Error"
    half = b'{"text": "\\ud800"}'  # of a pair of surrogates
    assert (
        client.post("/notes", content=half, headers={"Content-Type": "application/json"}).status_code == 400
    )


def test_a_bug_is_logged_with_the_requests_id(client: TestClient) -> None:
    with capture_logs() as logs:
        answer = client.get("/raise/bug")
    [line] = [entry for entry in logs if entry["event"] == "request_failed"]
    assert line["exc_info"]
    [request] = [entry for entry in logs if entry["event"] == "request"]
    assert (request["status"], request["log_level"]) == (500, "error")
    assert "hunter2" not in answer.text


def test_a_failed_request_leaves_nothing(client: TestClient, notes: Database) -> None:
    assert client.post("/notes", json={"text": "once"}).status_code == 200
    assert client.post("/notes", json={"text": "once"}).status_code == 500
    with notes.read() as session:
        assert session.scalar(select(func.count()).select_from(Note)) == 1


def test_sixty_writers_at_once_all_get_an_answer(client: TestClient, notes: Database) -> None:
    def post(number: int) -> int:
        return client.post("/notes", json={"text": f"note {number}"}).status_code

    with ThreadPoolExecutor(60) as pool:
        statuses = list(pool.map(post, range(60)))
    assert statuses == [200] * 60
    with notes.read() as session:
        assert session.scalar(select(func.count()).select_from(Note)) == 60


def test_an_answer_under_way_cannot_be_replaced(app: FastAPI, make_stream: Callable[[], None]) -> None:
    make_stream()
    with TestClient(app) as client, pytest.raises(RuntimeError, match="half way"):
        client.get("/stream")


@pytest.fixture
def make_stream(app: FastAPI) -> Callable[[], None]:
    """Adds a route that breaks after its first bytes."""
    from collections.abc import Iterator

    from fastapi.responses import StreamingResponse

    def parts() -> Iterator[bytes]:
        yield b"first"
        raise RuntimeError("half way")

    def add() -> None:
        @app.get("/stream")
        def stream() -> StreamingResponse:
            return StreamingResponse(parts())

    return add


def test_a_database_that_is_away_is_said_so(app: FastAPI, client: TestClient) -> None:
    @app.get("/locked")
    def locked() -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    answer = client.get("/locked")
    assert answer.status_code == 503
    assert "try again" in answer.json()["detail"]


def test_what_ails_the_disk_of_the_database_is_said(app: FastAPI, client: TestClient) -> None:
    @app.get("/ailing")
    def ailing(said: str) -> None:
        raise OperationalError("INSERT", {}, Exception(said))

    for said, told in (
        ("database or disk is full", "is full"),
        ('could not extend file "base/1/2": No space left on device', "is full"),
        ("attempt to write a readonly database", "cannot be written to"),
        ("disk I/O error", "cannot be written to"),
    ):
        answer = client.get("/ailing", params={"said": said})
        assert (answer.status_code, told in answer.json()["detail"]) == (503, True), said
