"""The web framework's test client, asking in one go.

For every request it goes back and forth between two threads eight times, so that a test can look at an answer while it
is still being made; each time costs as much as a small query. Hardly any test looks: who asks for a whole answer gets
it at once here, and who asks for a stream (`client.stream`) or a WebSocket gets the framework's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import anyio
import httpx2
from starlette.testclient import TestClient, _TestClientTransport
from starlette.types import ASGIApp, Message

_WHOLE = "magpie.whole"
_PORTS = {"http": 80, "https": 443}


@dataclass
class _Exchange:
    """One request and its answer, as the application sees them."""

    sent: bytes
    status: int | None = None
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    fault: Exception | None = None

    async def run(self, app: ASGIApp, scope: dict[str, Any]) -> None:
        complete = anyio.Event()
        is_read = False

        async def receive() -> Message:
            nonlocal is_read
            if is_read:
                await complete.wait()
                return {"type": "http.disconnect"}
            is_read = True
            return {"type": "http.request", "body": self.sent}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                assert self.status is None, "the answer began twice"
                self.status, self.headers = message["status"], list(message.get("headers", []))
            else:
                assert message["type"] == "http.response.body", message["type"]
                assert self.status is not None, "a body came before its answer"
                assert not complete.is_set(), "a body came after its end"
                self.pieces.append(bytes(message.get("body", b"")))
                if not message.get("more_body", False):
                    complete.set()

        try:
            await app(scope, receive, send)
        except Exception as fault:  # noqa: BLE001 - it is raised where the test asked
            self.fault = fault


def _scope(transport: _TestClientTransport, request: httpx2.Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(url.path),
        "raw_path": url.raw_path.split(b"?", 1)[0],
        "root_path": transport.root_path,
        "scheme": url.scheme,
        "query_string": url.query,
        "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers.multi_items()],
        "client": transport.client,
        "server": [url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]],
        "extensions": {},
        "state": transport.app_state.copy(),
    }


def _answered(transport: _TestClientTransport, request: httpx2.Request) -> httpx2.Response:
    exchange = _Exchange(request.read())
    with transport.portal_factory() as portal:
        portal.call(exchange.run, transport.app, _scope(transport, request))
    if transport.raise_server_exceptions:
        if exchange.fault is not None:
            raise exchange.fault
        assert exchange.status is not None, "there was no answer"
    body = b"" if request.method == "HEAD" else b"".join(exchange.pieces)
    headers = [(name.decode(), value.decode()) for name, value in exchange.headers]
    stream = httpx2.ByteStream(body)
    return httpx2.Response(exchange.status or 500, headers=headers, stream=stream, request=request)


def install() -> None:
    """Let all clients of this process ask that way."""
    handle: Callable[..., httpx2.Response] = _TestClientTransport.handle_request
    send: Callable[..., httpx2.Response] = TestClient.send

    def handle_request(self: _TestClientTransport, request: httpx2.Request) -> httpx2.Response:
        is_whole = request.extensions.pop(_WHOLE, False) and request.url.scheme in _PORTS
        return _answered(self, request) if is_whole else handle(self, request)

    def marked(
        self: TestClient, request: httpx2.Request, *, stream: bool = False, **rest: Any
    ) -> httpx2.Response:
        request.extensions = {**request.extensions, _WHOLE: not stream}
        return send(self, request, stream=stream, **rest)

    _TestClientTransport.handle_request = handle_request  # type: ignore[method-assign]
    TestClient.send = marked  # type: ignore[method-assign,assignment]
