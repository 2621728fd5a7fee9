"""Nobody fills the server's memory by sending much, or its connections by sending slowly."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from pydantic import BaseModel

from magpie.kit import bounds
from magpie.kit.bounds import MAX_BODY, BodyLimit, BoundedHttp, takes_up_to
from magpie.kit.web import Edge, install_error_handlers
from tests.support.server import wait_for

MEGABYTE = b"a" * (1 << 20)


class Note(BaseModel):
    text: str


def make_app() -> FastAPI:
    app = FastAPI()
    install_error_handlers(app)

    @app.post("/notes")
    def add(note: Note) -> int:
        return len(note.text)

    @app.put("/notes/{number}/text")
    @takes_up_to(2 * MAX_BODY)
    async def put(number: int, request: Request) -> int:
        return number + len(await request.body())

    @app.post("/small")
    @takes_up_to(lambda app: app.state.limit)
    async def small(request: Request) -> int:
        return len(await request.body())

    app.state.limit = 1000
    app.add_middleware(BodyLimit)
    app.add_middleware(Edge)
    return app


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = uvicorn.Server(
        uvicorn.Config(make_app(), port=0, http=BoundedHttp, log_config=None, lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_for(lambda: server.started, 10)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


def talk(port: int, head: bytes, piece: bytes = b"", times: int = 0, tail: bytes = b"") -> tuple[bytes, int]:
    """What the server says, and how many pieces it took."""
    taken = 0
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        try:
            line.sendall(head)
            for _ in range(times):
                line.sendall(piece)
                taken += 1
            line.sendall(tail)
        except ConnectionError:
            pass
        try:
            return line.recv(4096), taken
        except ConnectionError:
            return b"", taken


POST = b"POST /notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def test_what_fits_gets_through(port: int) -> None:
    body = b'{"text": "' + b"a" * (MAX_BODY - 100) + b'"}'
    answer, _ = talk(port, POST + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert answer.startswith(b"HTTP/1.1 200")
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in b'{"text": "' + b"a" * 50_000 + b'"}') + b"0\r\n\r\n"
    answer, _ = talk(port, POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    assert answer.endswith(b"50000")


def test_a_body_that_says_it_is_too_large(port: int) -> None:
    answer, _ = talk(port, POST + b"Content-Length: 99999999999999999999999\r\n\r\n")
    assert answer.startswith((b"HTTP/1.1 413", b"HTTP/1.1 400"))
    answer, _ = talk(port, POST + b"Content-Length: %d\r\n\r\n" % (MAX_BODY + 1))
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"x-content-type-options: nosniff" in answer.lower()


def test_a_body_that_becomes_too_large(port: int) -> None:
    chunk = b"100000\r\n" + MEGABYTE + b"\r\n"
    answer, _ = talk(port, POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 2)
    assert answer.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nX-Long: ", MEGABYTE, id="a long field"),
        pytest.param(b"GET /", MEGABYTE, id="a long address"),
        pytest.param(b"GET / HTTP/1.1\r\n", b"X-A: b\r\n" * 100_000, id="many fields"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", b"X-A: b\r\n" * 100_000,
                     id="many trailing fields"),
    ],
)  # fmt: skip
def test_an_endless_head_is_cut(port: int, head: bytes, piece: bytes) -> None:
    answer, taken = talk(port, head, piece, times=50)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 422", b"HTTP/1.1 400"))
    assert taken < 50


def test_a_head_that_never_ends_in_time(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "HEAD_SECONDS", 0.3)
    assert talk(port, b"")[0] == b""
    assert talk(port, b"GET / HTTP/1.1\r\nX-Slow")[0] == b""
    body = b'{"text": "slow"}'
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:  # a slow body may take its time
        line.sendall(POST + b"Content-Length: %d\r\n\r\n" % len(body))
        line.settimeout(1)
        with pytest.raises(TimeoutError):
            line.recv(1)
        line.sendall(body)
        assert line.recv(4096).startswith(b"HTTP/1.1 200")


def test_a_route_states_a_limit_of_its_own() -> None:
    app = make_app()
    with TestClient(app) as client:
        assert client.put("/notes/1/text", content=b"a" * (2 * MAX_BODY)).json() == 2 * MAX_BODY + 1
        refused = client.put("/notes/1/text", content=b"a" * (2 * MAX_BODY + 1))
        assert refused.status_code == 413
        pieces = iter([b"a" * MAX_BODY] * 3)  # without a length said beforehand
        assert client.put("/notes/1/text", content=pieces).status_code == 413
        # Not for the same path with another method, nor for one that only begins so.
        assert client.post("/notes/1/text", content=b"a" * (MAX_BODY + 1)).status_code == 413
        assert client.put("/notes/1/text/more", content=b"a" * (MAX_BODY + 1)).status_code == 413
        assert client.post("/small", content=b"a" * 1000).json() == 1000
        assert client.post("/small", content=b"a" * 1001).status_code == 413
        app.state.limit = 1001
        assert client.post("/small", content=b"a" * 1001).json() == 1001
