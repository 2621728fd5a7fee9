"""Asking a server of models that the settings name: bounded in size and time, ended by `stop`, with typed failures.

A model may think for minutes before the first byte of its answer, so each request runs in a thread of its own, and
whoever asked looks at `stop` meanwhile. Nothing of a key stands in an error, and no redirect is followed.
"""

from __future__ import annotations

import ipaddress
import json
import queue
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import magpie
from magpie.podcasts.llms.port import ChatFailed
from magpie.podcasts.llms.waits import retry_after

if TYPE_CHECKING:
    from magpie.config import Settings

MAX_BYTES = 32 << 20  # of one answer
MAX_QUOTED = 300  # characters of a server's own words in an error
QUICK_SECONDS = 30.0  # for answers that no model writes
_CONNECT_SECONDS = 10.0
_POLL = 0.1  # seconds between two looks at `stop`
_KEYS = re.compile(r"(?i)\b(?:sk|pk|key|bearer|token)[-_ :=]+\S{6,}")
_LOCAL = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def never() -> bool:
    """A `stop` for questions that are not ended."""
    return False


@dataclass(frozen=True, slots=True)
class Reply:
    """The beginning of an answer; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]

    @property
    def wait(self) -> float | None:
        """The seconds that the server asks to be left alone for."""
        return retry_after(self.headers)


class Wire:
    """The way to one server."""

    def __init__(self, product: str, base: str, settings: Settings, *, key: str = "") -> None:
        """`product` is the word for the server in messages; `key` goes along as a bearer token."""
        self.product = product
        self.base = base.rstrip("/")
        self.seconds = float(settings.ai_timeout_seconds)
        self.proxy = None if _is_near(self.base) else settings.proxy or None
        self._key = key.strip()
        if not self._key.isascii() or any(not 32 < ord(letter) < 127 for letter in self._key):
            raise ChatFailed("not_configured", f"The key for {product} has characters that no key has.")

    @property
    def place(self) -> str:
        """Who is asked, for messages."""
        return f"{self.product} at {urlsplit(self.base).netloc}"

    def headers(self) -> dict[str, str]:
        """What every request says."""
        told = {"User-Agent": f"Magpie/{magpie.__version__}", "Accept-Encoding": "identity"}
        return {**told, "Authorization": f"Bearer {self._key}"} if self._key else told

    def quote(self, text: str) -> str:
        """A server's own words, in one line, short, and without anything like a key."""
        text = text.replace(self._key, "…") if self._key else text
        plain = " ".join("".join(one if one.isprintable() else " " for one in text[:5000]).split())
        plain = _KEYS.sub("…", plain)
        return plain if len(plain) <= MAX_QUOTED else plain[: MAX_QUOTED - 1] + "…"

    @contextmanager
    def ask(
        self, method: str, path: str, body: object, stop: Callable[[], bool], *, seconds: float | None = None
    ) -> Iterator[Exchange]:
        """One request; its answer is read with what this gives. Raises `ChatFailed`."""
        exchange = Exchange(self, method, path, body, stop, seconds or self.seconds)
        try:
            exchange.begin()
            yield exchange
        finally:
            exchange.close()

    def get_json(
        self, method: str, path: str, body: object = None, stop: Callable[[], bool] = never
    ) -> tuple[Reply, Any]:
        """A quick answer as JSON, None if it is not; whatever its status. Raises `ChatFailed`."""
        with self.ask(method, path, body, stop, seconds=min(self.seconds, QUICK_SECONDS)) as exchange:
            return exchange.reply, parsed(exchange.read())


class Exchange:
    """One request and its answer, by a thread of its own."""

    def __init__(
        self, wire: Wire, method: str, path: str, body: object, stop: Callable[[], bool], seconds: float
    ) -> None:
        self.reply = Reply(0, {})
        self._wire = wire
        self._order = (method, wire.base + path, body)
        self._stop = stop
        self._seconds = seconds
        self._latest = time.monotonic() + seconds
        self._look_at = 0.0
        self._pieces: queue.SimpleQueue[Reply | bytes | BaseException | None] = queue.SimpleQueue()
        self._sockets: list[socket.socket] = []
        self._is_over = threading.Event()

    def begin(self) -> None:
        """Send the request, and wait for the answer's head. Raises `ChatFailed`."""
        threading.Thread(target=self._run, name="chat", daemon=True).start()
        head = self._next()
        if not isinstance(head, Reply):
            raise ChatFailed("failing", f"{self._wire.place} did not answer.")
        self.reply = head

    def close(self) -> None:
        """End the connection, whatever it is at; fine to call again."""
        self._is_over.set()
        for connection in list(self._sockets):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def lines(self) -> Iterator[str]:
        """The answer line by line as it comes, without the line ends. Raises `ChatFailed`."""
        rest = b""
        while isinstance(piece := self._next(), bytes):
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield line.decode("utf-8", errors="replace").rstrip("\r")
        if rest:
            yield rest.decode("utf-8", errors="replace").rstrip("\r")

    def read(self) -> bytes:
        """The whole answer. Raises `ChatFailed`."""
        data = bytearray()
        while isinstance(piece := self._next(), bytes):
            data += piece
        return bytes(data)

    def _next(self) -> Reply | bytes | None:
        while True:
            if self._is_to_stop():
                raise ChatFailed("stopped", "The question was stopped.")
            if (left := self._latest - time.monotonic()) <= 0:
                raise ChatFailed(
                    "unreachable",
                    f"{self._wire.place} did not finish its answer within {self._seconds:g} seconds.",
                )
            try:
                piece = self._pieces.get(timeout=min(_POLL, left))
            except queue.Empty:
                continue
            if isinstance(piece, BaseException):
                raise self._failure_of(piece) from piece
            return piece

    def _is_to_stop(self) -> bool:
        """Asked a few times a second, however fast the pieces come: it may cost something to know."""
        now = time.monotonic()
        if now < self._look_at:
            return False
        self._look_at = now + _POLL
        return self._stop()

    def _run(self) -> None:
        try:
            self._converse()
            self._pieces.put(None)
        except BaseException as error:  # noqa: BLE001  told to the thread that waits
            self._pieces.put(error)

    def _converse(self) -> None:
        import httpx

        method, url, body = self._order
        timeout = httpx.Timeout(self._seconds, connect=min(_CONNECT_SECONDS, self._seconds))
        with (
            httpx.Client(
                proxy=httpx.Proxy(self._wire.proxy) if self._wire.proxy else None,
                verify=_certificates(),
                trust_env=False,
                follow_redirects=False,
                timeout=timeout,
                headers=self._wire.headers(),
            ) as client,
            client.stream(method, url, json=body, extensions={"trace": self._trace}) as response,
        ):
            self._pieces.put(Reply(response.status_code, {k.lower(): v for k, v in response.headers.items()}))
            size = 0
            for piece in response.iter_bytes():
                size += len(piece)
                if size > MAX_BYTES:
                    raise ChatFailed("unreadable", f"{self._wire.place} answered more than 32 MB.")
                if self._is_over.is_set():
                    return
                self._pieces.put(piece)

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Keeps hold of the connection, so that `close` reaches a thread that waits for its first byte."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            connection = info["return_value"].get_extra_info("socket")
            if connection is not None:
                self._sockets.append(connection)
            if self._is_over.is_set():
                self.close()

    def _failure_of(self, error: BaseException) -> ChatFailed:
        import httpx

        place, began = self._wire.place, bool(self.reply.status)
        if isinstance(error, ChatFailed):
            return error
        if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
            return ChatFailed("not_configured", f"The address of {self._wire.product} cannot be used.")
        if isinstance(error, httpx.ProxyError):
            return ChatFailed("unreachable", f"The proxy does not let {place} through.")
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return ChatFailed("unreachable", f"{place} cannot be reached.")
        if isinstance(error, httpx.TimeoutException):
            return ChatFailed("unreachable", f"{place} does not answer in time.")
        if isinstance(error, httpx.HTTPError | OSError):
            did = "broke off in the middle of its answer" if began else "closed the connection"
            return ChatFailed("failing", f"{place} {did}.")
        return ChatFailed("failing", f"{place} could not be asked ({type(error).__name__}).")


def parsed(data: bytes | str) -> Any:
    """JSON; None for what is not, or is nested deeper than any answer."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


@cache
def _certificates() -> Any:
    """Read once: that takes some 20 ms."""
    import httpx

    return httpx.create_ssl_context()


def _is_near(base: str) -> bool:
    """Whether a server is on this machine or in its network, which no proxy for the outside leads to."""
    host = urlsplit(base).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_LOCAL)
