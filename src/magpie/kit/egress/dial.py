"""Opening the connection to an origin: directly, or through an upstream proxy."""

from __future__ import annotations

import asyncio
import base64
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote, urlsplit

from magpie.kit.egress.addresses import Address, Host, canonical_host, host_text
from magpie.kit.egress.errors import EgressUnreachable, EgressUnresolved
from magpie.kit.egress.limits import GuardLimits
from magpie.kit.egress.messages import head_end, response_status
from magpie.kit.egress.policy import EgressPolicy, split_authority, system_resolver

_ADDRESSES_TRIED = 4
_LOCAL_VERDICT_TIMEOUT = 2.0
_UNKNOWN_FOR = 60.0
_UNKNOWN_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """An open connection to an origin.

    Attributes:
        host: the canonical host, for counting.
        early: bytes that the origin sent while a tunnel was being built.
        absolute: plain requests must name the whole URL, since a proxy reads them.
        proxy_auth: that proxy's ``Proxy-Authorization``, for plain requests.
    """

    sock: socket.socket
    host: str
    early: bytes = b""
    absolute: bool = False
    proxy_auth: bytes | None = None


class Dialer(Protocol):
    """How connections are made."""

    async def open(self, host: str, port: int, *, tunnel: bool) -> Line:
        """Judges and connects.

        Raises:
            EgressRefused, EgressUnresolved, EgressUnreachable: see there.
        """
        ...


class DirectDialer:
    """Connects to the addresses that the policy vetted, and to no others."""

    def __init__(self, policy: EgressPolicy, limits: GuardLimits, pool: ThreadPoolExecutor) -> None:
        self._policy = policy
        self._limits = limits
        self._pool = pool

    async def open(self, host: str, port: int, *, tunnel: bool) -> Line:
        """See `Dialer`; tunnels and plain requests are the same here."""
        canonical = self._policy.check(host, port)
        addresses: Sequence[Address]
        if isinstance(canonical, str):
            try:
                async with asyncio.timeout(self._limits.resolve_timeout):
                    addresses = await asyncio.get_running_loop().run_in_executor(
                        self._pool, self._policy.resolve, canonical, port
                    )
            except TimeoutError as error:
                raise EgressUnresolved(canonical) from error
        else:
            addresses = [canonical]
        sock = await _connect(addresses, port, self._limits.connect_timeout, str(canonical))
        return Line(sock, str(canonical))


@dataclass(frozen=True, slots=True)
class Upstream:
    """An upstream proxy's address; the administrator chose it, so the policy does not judge it."""

    host: Host
    port: int
    authorization: bytes | None

    @classmethod
    def parse(cls, url: str) -> Upstream:
        """Reads ``http://[user:password@]host:port``.

        Raises:
            ValueError: anything else; the message does not repeat the password.
        """
        parts = urlsplit(url)
        credentials, _, authority = parts.netloc.rpartition("@")
        if parts.scheme != "http" or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("the upstream proxy must look like http://user:password@host:port")
        host, port = split_authority(authority, 80)
        header = None
        if credentials:
            user, _, password = credentials.partition(":")
            secret = f"{unquote(user)}:{unquote(password)}".encode()
            header = b"Basic " + base64.b64encode(secret)
        return cls(canonical_host(host), port, header)

    def addresses(self) -> list[str]:
        """The proxy's addresses; blocks on the name server."""
        return system_resolver(self.host, self.port) if isinstance(self.host, str) else [str(self.host)]


class UpstreamDialer:
    """Sends everything through another proxy, which resolves names by itself.

    Names are still judged by what this machine makes of them; a name that it cannot resolve is left to the
    proxy, since that is why people have one.
    """

    def __init__(
        self, policy: EgressPolicy, limits: GuardLimits, pool: ThreadPoolExecutor, upstream: Upstream
    ) -> None:
        self._policy = policy
        self._limits = limits
        self._pool = pool
        self._upstream = upstream
        self._unknown: dict[str, float] = {}

    async def open(self, host: str, port: int, *, tunnel: bool) -> Line:
        """See `Dialer`."""
        canonical = self._policy.check_remote_name(host, port)
        if isinstance(canonical, str):
            await self._judge_name(canonical, port)
        sock = await self._connect_proxy()
        name, auth = str(canonical), self._upstream.authorization
        if not tunnel:
            return Line(sock, name, absolute=True, proxy_auth=auth)
        try:
            async with asyncio.timeout(self._limits.connect_timeout * 2):
                early = await self._build_tunnel(sock, f"{host_text(canonical)}:{port}")
        except TimeoutError as error:
            sock.close()
            raise EgressUnreachable("The upstream proxy did not answer in time.", timed_out=True) from error
        except BaseException:
            sock.close()
            raise
        return Line(sock, name, early=early)

    async def _judge_name(self, name: str, port: int) -> None:
        loop = asyncio.get_running_loop()
        if self._unknown.get(name, 0.0) > loop.time():
            return
        try:
            async with asyncio.timeout(_LOCAL_VERDICT_TIMEOUT):
                await loop.run_in_executor(self._pool, self._policy.resolve, name, port)
        except (TimeoutError, EgressUnresolved):
            if len(self._unknown) >= _UNKNOWN_LIMIT:
                self._unknown.clear()
            self._unknown[name] = loop.time() + _UNKNOWN_FOR

    async def _connect_proxy(self) -> socket.socket:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._limits.resolve_timeout):
                found = await loop.run_in_executor(self._pool, self._upstream.addresses)
        except OSError as error:
            raise EgressUnreachable("The upstream proxy's own address could not be found.") from error
        return await _connect(found, self._upstream.port, self._limits.connect_timeout, "the upstream proxy")

    async def _build_tunnel(self, sock: socket.socket, authority: str) -> bytes:
        loop = asyncio.get_running_loop()
        lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
        if self._upstream.authorization:
            lines.append(f"Proxy-Authorization: {self._upstream.authorization.decode()}")
        try:
            await loop.sock_sendall(sock, "\r\n".join((*lines, "", "")).encode())
            answer = bytearray()
            while (end := head_end(answer)) < 0:
                piece = await loop.sock_recv(sock, 16 * 1024)
                if not piece or len(answer) > self._limits.head:
                    raise EgressUnreachable("The upstream proxy broke off.")
                answer += piece
        except TimeoutError:
            raise
        except OSError as error:
            raise EgressUnreachable("The upstream proxy broke off.") from error
        status = response_status(bytes(answer[:end]))
        if status is None or not 200 <= status < 300:
            raise EgressUnreachable(f"The upstream proxy answered {status or 'nonsense'}.")
        return bytes(answer[end:])


async def _connect(
    addresses: Sequence[Address | str], port: int, timeout_each: float, name: str
) -> socket.socket:
    loop = asyncio.get_running_loop()
    timed_out = False
    for address in list(addresses)[:_ADDRESSES_TRIED]:
        text = str(address)
        sock = None
        try:
            sock = socket.socket(socket.AF_INET6 if ":" in text else socket.AF_INET, socket.SOCK_STREAM)
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            async with asyncio.timeout(timeout_each):
                await loop.sock_connect(sock, (text, port))
        except BaseException as error:
            if sock is not None:
                sock.close()
            if not isinstance(error, OSError):
                raise
            timed_out = isinstance(error, TimeoutError)
        else:
            return sock
    raise EgressUnreachable(f"No connection to {name} could be made.", timed_out=timed_out)
