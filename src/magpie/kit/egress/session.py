"""One client connection of the guard: head, pass, verdict, then bytes."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import structlog

from magpie.kit.egress.addresses import canonical_host, host_text
from magpie.kit.egress.dial import Dialer, Line
from magpie.kit.egress.errors import (
    EgressRefused,
    EgressUnreachable,
    EgressUnresolved,
    RefusalReason,
)
from magpie.kit.egress.limits import GuardLimits
from magpie.kit.egress.messages import (
    BadMessage,
    RequestHead,
    body_of,
    head_end,
    parse_request,
    request_bytes,
    response_bytes,
    response_status,
)
from magpie.kit.egress.passes import EgressAccess, Grant, PassBook, Refusal, Traffic
from magpie.kit.egress.policy import split_authority
from magpie.kit.egress.relay import Relay, linger, reset_on_close

_log = structlog.get_logger(__name__)
_RECEIVE = 16 * 1024
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Services:
    """What all sessions of one guard share."""

    book: PassBook
    dialer: Dialer
    limits: GuardLimits
    scratch: memoryview


@dataclass(frozen=True, slots=True)
class _Destination:
    host: str
    port: int
    path: str


class Session:
    """Serves one request and closes; the socket is non-blocking and becomes the session's own."""

    def __init__(self, client: socket.socket, services: Services) -> None:
        self._client = client
        self._services = services
        self._limits = services.limits
        self._loop = asyncio.get_running_loop()
        self._answering = False

    async def run(self) -> None:
        """Never raises, except when cancelled; then both sides are reset."""
        try:
            await self._serve()
        except OSError:  # broken or idle on either side: whatever was under way is incomplete
            reset_on_close(self._client)
        except asyncio.CancelledError:
            reset_on_close(self._client)
            raise
        finally:
            self._client.close()

    async def _serve(self) -> None:
        try:
            head, rest = await self._read_head()
            if not head:
                return
            request = parse_request(head)
            body_of(request)
        except BadMessage as error:
            await self._answer(HTTPStatus.BAD_REQUEST, f"The request cannot be forwarded: {error}.")
            return
        grant = self._services.book.authenticate(request.get(b"proxy-authorization"))
        if grant is None:
            await self._answer(
                HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
                "A valid pass is needed.",
                'Proxy-Authenticate: Basic realm="magpie"',
            )
            return
        if len(grant.connections) >= self._limits.connections_per_pass:
            await self._answer(
                HTTPStatus.SERVICE_UNAVAILABLE, "Too many connections at once.", "Retry-After: 1"
            )
            return
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  (run() is a task's coroutine)
        grant.connections.add(task)
        try:
            await self._serve_pass(request, rest, grant)
        finally:
            grant.connections.discard(task)

    async def _read_head(self) -> tuple[bytes, bytes]:
        data = bytearray()
        async with asyncio.timeout(self._limits.head_timeout):
            while (end := head_end(data)) < 0 and len(data) <= self._limits.head:
                piece = await self._loop.sock_recv(self._client, _RECEIVE)
                if not piece:
                    return b"", b""
                data += piece
        if not 0 <= end <= self._limits.head:
            raise BadMessage("its head is too long")
        return bytes(data[:end]), bytes(data[end:])

    async def _serve_pass(self, request: RequestHead, rest: bytes, grant: Grant) -> None:
        tunnel = request.method == "CONNECT"
        try:
            goal = _tunnel_destination(request.target) if tunnel else _plain_destination(request.target)
            line = await self._services.dialer.open(goal.host, goal.port, tunnel=tunnel)
        except EgressRefused as refused:
            self._record(refused, grant.access)
            await self._answer(HTTPStatus.FORBIDDEN, str(refused), "X-Magpie-Egress: refused")
            return
        except BadMessage as error:
            await self._answer(HTTPStatus.BAD_REQUEST, f"The request cannot be forwarded: {error}.")
            return
        except EgressUnresolved as error:
            await self._answer(HTTPStatus.BAD_GATEWAY, str(error), "X-Magpie-Egress: unresolved")
            return
        except EgressUnreachable as error:
            await self._unreachable(str(error), timed_out=error.timed_out)
            return
        traffic = grant.access.begin(line.host)
        try:
            if tunnel:
                await self._tunnel(line, rest, traffic)
            else:
                await self._plain(request, goal, line, rest, traffic)
        except (OSError, asyncio.CancelledError):
            reset_on_close(line.sock)
            raise
        finally:
            line.sock.close()

    def _record(self, refused: EgressRefused, access: EgressAccess) -> None:
        access.refuse(Refusal(refused.reason, str(refused), refused.host, refused.port))
        _log.info(
            "egress refused",
            job=access.job_id,
            reason=refused.reason.value,
            host=refused.host,
            port=refused.port,
        )

    async def _tunnel(self, line: Line, rest: bytes, traffic: Traffic) -> None:
        relay = Relay(
            self._client,
            line.sock,
            self._services.scratch,
            sent=traffic.sent,
            received=traffic.received,
            idle_timeout=self._limits.idle_timeout,
        )
        try:
            traffic.received(len(line.early))
            relay.down.start(_ESTABLISHED + line.early)
            traffic.sent(len(rest))
            relay.up.start(rest)
            await relay.wait(relay.up, relay.down)
        finally:
            relay.stop()

    async def _plain(
        self, request: RequestHead, goal: _Destination, line: Line, rest: bytes, traffic: Traffic
    ) -> None:
        body = body_of(request)
        authority = _authority(goal)
        target = f"http://{authority}{goal.path}" if line.absolute else goal.path
        first = request_bytes(request, target, authority, line.proxy_auth)
        first += rest[: body.take(rest)]
        relay = Relay(
            self._client,
            line.sock,
            self._services.scratch,
            sent=traffic.sent,
            received=traffic.received,
            idle_timeout=self._limits.idle_timeout,
            body=body,
        )
        try:
            traffic.sent(len(first))
            relay.up.start(first)
            try:
                head = await self._response_head(line.sock, relay, traffic.received)
            except EgressUnreachable as error:
                relay.up.stop()
                await self._unreachable(str(error), timed_out=error.timed_out)
                return
            relay.down.start(head)
            await relay.wait(relay.down)
        finally:
            relay.stop()
        await linger(self._client, self._limits.linger)

    async def _response_head(
        self, origin: socket.socket, relay: Relay, count: Callable[[int], None]
    ) -> bytes:
        """The answer so far, rewritten; interim answers (1xx) are passed on before it."""
        data = bytearray()
        while True:
            if len(data) >= 5 and not data.startswith(b"HTTP/"):
                return bytes(data)  # ICY and its like: nothing to rewrite
            end = head_end(data)
            if (end if end >= 0 else len(data)) > self._limits.head:
                raise EgressUnreachable("The other side's answer has too long a head.")
            if end < 0:
                piece = await self._receive(origin, relay)
                count(len(piece))
                data += piece
                continue
            head = bytes(data[:end])
            status = response_status(head)
            if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
                raise EgressUnreachable("The other side asks for a proxy password.")
            if status is None or not 100 <= status < 200:
                return response_bytes(head) + bytes(data[end:])
            del data[:end]
            await self._loop.sock_sendall(self._client, head)

    async def _receive(self, origin: socket.socket, relay: Relay) -> bytes:
        while (left := relay.idle_left()) > 0:
            try:
                async with asyncio.timeout(left):
                    piece = await self._loop.sock_recv(origin, _RECEIVE)
            except TimeoutError:
                continue  # an upload may have moved meanwhile
            except OSError as error:
                raise EgressUnreachable("The other side broke off before it answered.") from error
            if not piece:
                raise EgressUnreachable("The other side closed the connection without an answer.")
            return piece
        raise EgressUnreachable("The other side did not answer in time.", timed_out=True)

    async def _unreachable(self, text: str, *, timed_out: bool) -> None:
        status = HTTPStatus.GATEWAY_TIMEOUT if timed_out else HTTPStatus.BAD_GATEWAY
        await self._answer(status, text, "X-Magpie-Egress: unreachable")

    async def _answer(self, status: HTTPStatus, text: str, *headers: str) -> None:
        body = text.encode() + b"\n"
        lines = (
            f"HTTP/1.1 {status.value} {status.phrase}",
            "Content-Type: text/plain; charset=utf-8",
            f"Content-Length: {len(body)}",
            "Connection: close",
            *headers,
        )
        with contextlib.suppress(OSError):
            async with asyncio.timeout(self._limits.head_timeout):
                await self._loop.sock_sendall(
                    self._client, "\r\n".join((*lines, "", "")).encode("latin-1") + body
                )
            await linger(self._client, self._limits.linger)


def _tunnel_destination(target: str) -> _Destination:
    try:
        host, port = split_authority(target, None)
    except ValueError as error:
        raise BadMessage("CONNECT needs host:port") from error
    return _Destination(host, port, "")


def _plain_destination(target: str) -> _Destination:
    scheme, separator, after = target.partition("://")
    if not separator:
        raise BadMessage("the whole URL is needed")
    if scheme.lower() != "http":
        raise EgressRefused(RefusalReason.SCHEME, "Only http and https addresses can be downloaded.")
    cut = min((i for i in map(after.find, "/?#") if i >= 0), default=len(after))
    authority, path = after[:cut], after[cut:].partition("#")[0]
    if "@" in authority:
        raise EgressRefused(
            RefusalReason.CREDENTIALS, "Addresses with a user name or password in them are not accepted."
        )
    try:
        host, port = split_authority(authority, 80)
    except ValueError as error:
        raise BadMessage("not a URL") from error
    return _Destination(host, port, path if path.startswith("/") else "/" + path)


def _authority(goal: _Destination) -> str:
    host = host_text(canonical_host(goal.host))
    return host if goal.port == 80 else f"{host}:{goal.port}"
