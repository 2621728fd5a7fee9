"""How much a request may bring, and how long its head may take: anybody may send one, signed in or not.

The head is bounded in the protocol, which would otherwise collect it for ever; the body where the application
reads it, so that the answer has its headers and its line in the log like any other.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from magpie.kit.errors import TooLarge
from magpie.kit.sendfile import EXTENSION, FileSender

MAX_HEAD = 64 * 1024
HEAD_SECONDS = 20.0
MAX_BODY = 1024 * 1024
FRAMING = 8  # bytes around one byte of a body at most, when it is sent in chunks of one

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
# In bytes; or what gives it for an application, asked at every request.
Limit = int | Callable[[Any], int]
_LIMIT = "magpie_body_limit"
_TOO_LARGE = TooLarge("The request is larger than a mebibyte")
_BEYOND_ITS_LIMIT = TooLarge("The request is larger than is allowed here")
_REFUSAL = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def takes_up_to(limit: Limit) -> Callable[[Endpoint], Endpoint]:
    """Decorates an endpoint whose requests may be larger (or must be smaller) than `MAX_BODY`.

    Below the route's own decorator, so that the route has the endpoint with its limit.
    """

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _LIMIT, limit)
        return endpoint

    return mark


@dataclass(frozen=True, slots=True)
class _Stated:
    """What one route has stated."""

    methods: Collection[str]
    path: re.Pattern[str]
    limit: Limit


def _stated(app: Any) -> list[_Stated]:
    return [
        _Stated(context.methods or (), compile_path(context.path)[0], limit)
        for context in iter_route_contexts(app.routes)
        if context.path is not None and (limit := getattr(context.endpoint, _LIMIT, None)) is not None
    ]


class BodyLimit:
    """Middleware: answers 413 to a body that is too large, before or while it is read.

    More than `MAX_BODY` bytes are taken only by routes that say so with `takes_up_to`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._routes: list[_Stated] | None = None  # known with the first request

    def _limit_of(self, scope: Scope) -> int:
        if self._routes is None:
            self._routes = _stated(scope["app"])
        for route in self._routes:
            if scope["method"] in route.methods and route.path.match(scope["path"]):
                return route.limit if isinstance(route.limit, int) else route.limit(scope["app"])
        return MAX_BODY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit_of(scope)
        refusal = _TOO_LARGE if limit == MAX_BODY else _BEYOND_ITS_LIMIT
        length = dict(scope["headers"]).get(b"content-length", b"")
        if length.isdigit() and int(length[:20]) > limit:
            await JSONResponse(refusal.body(), refusal.status)(scope, receive, send)
            return
        size = 0

        async def bounded() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > limit:
                raise HTTPException(refusal.status, refusal.detail)
            return message

        await self.app(scope, bounded, send)


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol, with bounds for all that is not body: request line, header and trailer fields.

    To answers it offers the kernel's way of sending files.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._received = self._body = 0
        self._begun = False
        self._late: asyncio.TimerHandle | None = None
        self._sender: FileSender | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        super().connection_lost(exc)
        if self._sender is not None:
            self._sender.connection_lost()

    def data_received(self, data: bytes) -> None:
        self._begun = False
        super().data_received(data)
        if not self._begun:  # of the piece that a request begins in, some may be the last one's
            self._received += len(data)
        if self._received - self._body > MAX_HEAD + FRAMING * self._body:
            self._refuse()

    def on_message_begin(self) -> None:
        self._begun = True
        self._received = self._body = 0
        self._expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._stop_clock()
        before = self.cycle
        super().on_headers_complete()
        # A WebSocket has no answer; TLS is not the kernel's.
        if self.cycle is not before and self.scheme == "http":
            self._sender = FileSender(self.transport, self.flow, self.cycle)
            self.scope["extensions"] = {EXTENSION: self._sender}  # type: ignore[dict-item]

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)

    def _expect_head(self) -> None:
        self._stop_clock()
        self._late = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_clock(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self) -> None:
        if self.transport.is_closing():
            return
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if cycle is None or cycle.response_complete:
            self.transport.write(_REFUSAL)
        self.transport.close()
