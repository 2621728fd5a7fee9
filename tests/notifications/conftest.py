"""The application without its worker, a bench, and other people's services, over real HTTP."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI

from magpie.config import Settings
from magpie.downloads.bench import Bench
from magpie.notifications import courier as courier_module
from magpie.notifications.courier import Courier
from tests.accounts.conftest import _quick_hashes, app, client, configure, make_client  # noqa: F401
from tests.accounts.conftest import context as bare_context  # noqa: F401
from tests.accounts.test_reset import Postbox, postbox  # noqa: F401
from tests.links.conftest import ada, bob, context, root  # noqa: F401
from tests.notifications.warm import WarmMessenger

SLOW_SECONDS = 60.0


@dataclass
class Heard:
    """One request that a service got."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Services:
    """Servers that take messages. What is under `/status/N…` answers that; `/slow…` says nothing; `/to/PORT…` sends
    elsewhere."""

    port: int = 0
    heard: list[Heard] = field(default_factory=list)
    status: int = 200  # of everything else
    arrived: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "", scheme: str = "json") -> str:
        return f"{scheme}://127.0.0.1:{self.port}/{path}"


def handler_of(services: Services) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            services.heard.append(Heard(self.path, dict(self.headers), body))
            services.arrived.set()
            what, _, rest = self.path.strip("/").partition("/")
            if what == "slow":
                services.released.wait(SLOW_SECONDS)
            status = int(rest.split("/")[0]) if what == "status" else services.status
            self.send_response(307 if what == "to" else status)
            if what == "to":
                self.send_header("Location", f"http://127.0.0.1:{rest}/inside")
            if status == 429:
                self.send_header("Retry-After", "900")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    return Handler


def serve(services: Services) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(services))
    services.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def services() -> Iterator[Services]:
    made = Services()
    server = serve(made)
    yield made
    made.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def bench(services: Services, tmp_path: Path) -> Iterator[Bench]:
    """Its guard lets through to those services, and to nothing else of this machine."""
    opened = Bench(Settings(data_dir=tmp_path, egress_allow=f"127.0.0.1:{services.port}"))
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def warm_messengers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not the process itself that is tested."""
    warm = SimpleNamespace(Popen=WarmMessenger, PIPE=subprocess.PIPE, DEVNULL=subprocess.DEVNULL)
    monkeypatch.setattr(courier_module, "subprocess", warm)


@pytest.fixture
def courier(bench: Bench) -> Courier:
    return Courier(bench)


@pytest.fixture
def app_with_bench(app: FastAPI, bench: Bench) -> FastAPI:  # noqa: F811
    app.state.bench = bench
    return app
