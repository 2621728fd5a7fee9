"""Only what the policy vetted is connected to, whatever a name server says the next time."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from magpie.kit.egress.pinned import PinnedTransport
from magpie.kit.egress.policy import EgressPolicy

pytestmark = pytest.mark.once


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), _Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def client(policy: EgressPolicy) -> httpx.Client:
    verify = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.Client(transport=PinnedTransport(policy, verify=verify, limits=httpx.Limits()))


def test_a_name_is_judged_by_what_is_connected_to(port: int) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    policy = EgressPolicy(resolver=lambda _host, _port: next(answers))
    policy.resolve("music.example", port)  # when it was entered, it was public
    with client(policy) as asking, pytest.raises(httpx.ConnectError, match="not a public"):
        asking.get(f"http://music.example:{port}/")


def test_what_is_allowed_is_reached(port: int) -> None:
    policy = EgressPolicy(["127.0.0.1"], resolver=lambda _host, _port: ["127.0.0.1"])
    with client(policy) as asking:
        assert asking.get(f"http://music.example:{port}/").text == "ok"
