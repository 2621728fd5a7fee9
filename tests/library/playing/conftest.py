"""One file behind two servers: ours, where the kernel sends it, and one that knows nothing but bytes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from magpie.kit.bounds import BoundedHttp
from magpie.kit.web import install_error_handlers
from magpie.library.playing.files import answer
from tests.support.server import wait_for

CONTENT = bytes(range(256)) * 37 + b"the end"


@dataclass(slots=True)
class Served:
    """What the servers answer with at the moment."""

    path: Path
    name: str = "clip.mp4"
    mime: str = "video/mp4"
    download: bool = False


def application(served: Served) -> FastAPI:
    app = FastAPI()
    install_error_handlers(app)

    @app.head("/file")
    @app.get("/file")
    def get_file(request: Request) -> Response:
        return answer(request, served.path, name=served.name, mime=served.mime, download=served.download)

    return app


class Running:
    """Our server, with its own protocol, in a thread."""

    def __init__(self, app: FastAPI) -> None:
        self.server = uvicorn.Server(uvicorn.Config(app, http=BoundedHttp, log_config=None, lifespan="off"))
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self._thread = threading.Thread(target=self.server.run, args=([self.socket],), daemon=True)

    def __enter__(self) -> Running:
        self._thread.start()
        wait_for(lambda: self.server.started, 10)
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.should_exit = True
        self._thread.join(10)
        self.socket.close()

    def connect(self, receiving: int | None = None) -> socket.socket:
        """`receiving`: bytes that the connection's own end takes ahead of its reader."""
        connection = socket.socket()
        if receiving is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receiving)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", self.port))
        return connection


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    path = tmp_path_factory.mktemp("media") / "clip.mp4"
    path.write_bytes(CONTENT)
    return Served(path)


@pytest.fixture(scope="module")
def kernel_server(served: Served) -> Iterator[Running]:
    with Running(application(served)) as running:
        yield running


@pytest.fixture(scope="module", params=["kernel", "bytes"])
def client(request: pytest.FixtureRequest, served: Served) -> Iterator[httpx.Client]:
    if request.param == "bytes":
        plain = TestClient(application(served), raise_server_exceptions=False)
        yield cast("httpx.Client", plain)  # its twin under another name
        return
    running: Running = request.getfixturevalue("kernel_server")
    with httpx.Client(base_url=f"http://127.0.0.1:{running.port}", timeout=20) as opened:
        yield opened
