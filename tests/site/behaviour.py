"""Misbehaviour that can be laid over any address of the made-up web, without its handler knowing."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Literal

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from magpie.demo.server import Connection

Fault = Literal["hang", "cut", "reset"]


class ConnectionGone(Exception):
    """The connection ended while an answer was under way: by a fault, or because the client left."""


@dataclass(frozen=True)
class Behaviour:
    """What to do to a request. Everything left out stays as the address normally behaves.

    status, body, headers: answer this instead (a body without a status comes with 200); `headers` alone are
    added to the normal answer, replacing headers of the same name.
    times, skip: leave the first `skip` requests alone, then apply to `times` requests (None: to all).
    delay: seconds before the headers. rate: bytes per second of the body.
    fault, after: `hang` (until released), `cut` (close early, whatever Content-Length said) or `reset` (TCP
    reset), after so many body bytes; after=None means before the headers.
    ranges, length, validators, head: False takes away Range support, Content-Length (the answer is chunked),
        ETag and Last-Modified, the HEAD method (405).
    cookie: (name, value) without which the answer is 403. raw: these bytes instead of any HTTP, then close.
    """

    status: int | None = None
    body: bytes | None = None
    headers: Mapping[str, str] | None = None
    times: int | None = None
    skip: int = 0
    delay: float = 0.0
    rate: float | None = None
    fault: Fault | None = None
    after: int | None = None
    ranges: bool = True
    length: bool = True
    validators: bool = True
    head: bool = True
    cookie: tuple[str, str] | None = None
    raw: bytes | None = None


# /as/<name>/<path> serves <path> under this behaviour.
PRESETS: Mapping[str, Behaviour] = {
    "norange": Behaviour(ranges=False, validators=False),
    "chunked": Behaviour(length=False, ranges=False),
    "novalidators": Behaviour(validators=False),
    "nohead": Behaviour(head=False),
    "octet": Behaviour(headers={"content-type": "application/octet-stream"}),
    "wrongtype": Behaviour(headers={"content-type": "text/plain; charset=utf-8"}),
    "htmltype": Behaviour(headers={"content-type": "text/html"}),
    "notype": Behaviour(headers={"content-type": ""}),
    "truncated": Behaviour(fault="cut", after=2000, ranges=False),
    "empty": Behaviour(fault="cut", after=None),
    "reset": Behaviour(fault="reset", after=2000),
    "hang": Behaviour(fault="hang"),
    "hangbody": Behaviour(fault="hang", after=2000),
    "slowheaders": Behaviour(delay=3.0),
    "slow": Behaviour(rate=20_000),
    "flaky": Behaviour(status=503, times=2),
    "flaky500": Behaviour(status=500, times=2),
    "flakybody": Behaviour(fault="cut", after=2000, times=2),
    "once429": Behaviour(status=429, headers={"retry-after": "1"}, times=1),
    "cookie": Behaviour(cookie=("session", "magpie")),
    "nonsense": Behaviour(raw=b"\x16\x03\x01 this is not HTTP\r\n\r\n"),
    "badheaders": Behaviour(raw=b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\nX: \x00\r\n\r\n"),
}

# Behaviours whose answer is a plain error for good: /status/<code> serves them.
RETRY_AFTER: Mapping[str, str] = {"seconds": "2", "date": "+2", "long": "86400", "garbage": "soon"}


def retry_after(kind: str) -> str:
    """A Retry-After value: a name of `RETRY_AFTER`, a number of seconds, or `+N` for the HTTP-date in N
    seconds."""
    value = RETRY_AFTER.get(kind, kind)
    if value.startswith("+"):
        return formatdate(time.time() + float(value), usegmt=True)
    return value


class Rule:
    """A behaviour for a path pattern, with its own count of requests, and the gate that those wait at who hang."""

    def __init__(self, pattern: str, behaviour: Behaviour) -> None:
        self.pattern = pattern
        self.behaviour = behaviour
        self.gate = asyncio.Event()
        self._guard = threading.Lock()
        self._met = 0

    def applies(self) -> bool:
        """Counts one request; says whether it is one of those that the behaviour is for."""
        with self._guard:
            self._met += 1
            position = self._met - self.behaviour.skip
        return position > 0 and (self.behaviour.times is None or position <= self.behaviour.times)


async def pause(connection: Connection, seconds: float) -> None:
    """Sleeps, but not longer than the client stays. Raises `ConnectionGone` when it has left."""
    try:
        await asyncio.wait_for(connection.lost.wait(), seconds)
    except TimeoutError:
        return
    raise ConnectionGone


async def hang(connection: Connection, gate: asyncio.Event) -> None:
    """Waits until the gate opens. Raises `ConnectionGone` when the client has left first."""
    waits = [asyncio.ensure_future(gate.wait()), asyncio.ensure_future(connection.lost.wait())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    if connection.lost.is_set():
        raise ConnectionGone


class Misbehaving:
    """Sends one answer through one behaviour."""

    def __init__(self, rule: Rule, connection: Connection) -> None:
        self.behaviour = rule.behaviour
        self.gate = rule.gate
        self.connection = connection
        self.sent = 0
        self._due: float | None = None

    async def run(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs `app`, bent. Raises `ConnectionGone` when the connection ended early."""
        behaviour = self.behaviour
        if behaviour.delay:
            await pause(self.connection, behaviour.delay)
        if behaviour.raw is not None:
            self.connection.transport.write(behaviour.raw)
            self.connection.cut()
            raise ConnectionGone
        if behaviour.fault and behaviour.after is None:
            await self._fault()
        refusal = self._refusal(scope)
        if refusal is not None:
            await _answer(scope, send, *refusal)
            return
        if not behaviour.ranges:
            scope = {**scope, "headers": [h for h in scope["headers"] if h[0] not in (b"range", b"if-range")]}

        async def bent(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send({**message, "headers": self._headers(message["headers"])})
            else:
                await self._body(message, send)

        await app(scope, receive, bent)

    def _refusal(self, scope: Scope) -> tuple[int, bytes, Mapping[str, str]] | None:
        behaviour = self.behaviour
        if behaviour.cookie and not _has_cookie(scope, behaviour.cookie):
            return 403, b"<!doctype html><title>Forbidden</title><p>Please sign in first.</p>", {}
        if not behaviour.head and scope["method"] == "HEAD":
            return 405, b"", {"allow": "GET"}
        if behaviour.status is None and behaviour.body is None:
            return None
        status = behaviour.status or 200
        body = behaviour.body if behaviour.body is not None else f"<!doctype html><h1>{status}</h1>".encode()
        return status, body, behaviour.headers or {}

    def _headers(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        behaviour = self.behaviour
        added = {
            name.lower().encode(): value.encode("latin-1")
            for name, value in (behaviour.headers or {}).items()
        }
        gone = set(added)
        if not behaviour.ranges:
            gone.add(b"accept-ranges")
        if not behaviour.length:
            gone.add(b"content-length")
        if not behaviour.validators:
            gone |= {b"etag", b"last-modified"}
        kept = [header for header in headers if header[0].lower() not in gone]
        return kept + [(name, value) for name, value in added.items() if value]

    async def _body(self, message: Message, send: Send) -> None:
        body: bytes = message.get("body", b"")
        while body:
            if self.connection.lost.is_set():
                raise ConnectionGone
            piece = body[: await self._allowance(len(body))]
            body = body[len(piece) :]
            self.sent += len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        if not message.get("more_body", False):
            await send({"type": "http.response.body", "body": b""})

    async def _allowance(self, wanted: int) -> int:
        """How many of the wanted bytes may go out now; waits for the rate, and commits the fault when it is
        due."""
        behaviour = self.behaviour
        if behaviour.fault and behaviour.after is not None and not self.gate.is_set():
            if self.sent >= behaviour.after:
                await self._fault()
            else:
                wanted = min(wanted, behaviour.after - self.sent)
        if behaviour.rate:
            loop = asyncio.get_running_loop()
            self._due = self._due or loop.time()
            if self._due > loop.time():
                await pause(self.connection, self._due - loop.time())
            wanted = min(wanted, max(1, int(behaviour.rate / 20)))
            self._due += wanted / behaviour.rate
        return wanted

    async def _fault(self) -> None:
        if self.behaviour.fault == "hang":
            await hang(self.connection, self.gate)
            return
        if self.behaviour.fault == "reset":
            self.connection.reset()
        else:
            self.connection.cut()
        raise ConnectionGone


def _has_cookie(scope: Scope, cookie: tuple[str, str]) -> bool:
    wanted = f"{cookie[0]}={cookie[1]}"
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"]
    return any(wanted in (part.strip() for part in value.split(";")) for value in values)


async def _answer(scope: Scope, send: Send, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    lines = {"content-type": "text/html; charset=utf-8", "content-length": str(len(body)), **headers}
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in lines.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
