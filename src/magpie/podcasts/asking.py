"""Asking a service that the settings name: bounded in size and time, ended by `stop`, with typed failures.

A model may think for minutes before the first byte of its answer, so each question is asked by a thread of its own, and
whoever asked looks at `stop` meanwhile. The address is an administrator's choice and may be anywhere: nothing follows it
to another host. Nothing of a key stands in an error.
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
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import magpie
from magpie.kit.waits import retry_after
from magpie.podcasts.failed import Failed

if TYPE_CHECKING:
    import httpx

    from magpie.config import Settings

MAX_QUOTED = 300  # characters of a service's own words in an error
QUICK_SECONDS = 30.0  # for answers that take no thought
MAX_QUICK_BYTES = 16 << 20
_CONNECT_SECONDS = 10.0
_POLL = 0.1  # seconds between two looks at `stop`
_KEYS = re.compile(r"(?i)\b(?:sk|pk|key|bearer|token)[-_ :=]+\S{6,}")
_LOCAL = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def never() -> bool:
    """A `stop` for questions that are not ended."""
    return False


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, or the beginning of one whose body is read bit by bit; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def wait(self) -> float | None:
        """The seconds that the service asks to be left alone for."""
        return retry_after(self.headers)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").lower()

    def json(self) -> Any:
        """The body; None for what is not JSON."""
        return parsed(self.body)


class Service:
    """The way to one service. A subclass says what is different about its kind. Thread-safe."""

    failed: ClassVar[type[Failed]]
    most: ClassVar[int]  # bytes of one answer
    too_large: ClassVar[str] = "failing"  # why an answer failed that has more of them
    lost: ClassVar[str] = "failing"  # why one failed that broke off

    def __init__(
        self, product: str, base: str, settings: Settings, *, key: str = "", header: str = "Authorization"
    ) -> None:
        """`product` is the word for the service in messages; `key` goes along in `header`, as a bearer token in the
        usual one. Raises `Failed` (`not_configured`) for what can be no key."""
        self.product = product
        self.base = base.rstrip("/")
        self.host = urlsplit(base).netloc.rpartition("@")[2]
        self.seconds = float(settings.ai_timeout_seconds)
        self.proxy = None if _is_near(base) else settings.proxy or None
        self._key = key.strip()
        if any(not 32 < ord(letter) < 127 for letter in self._key):
            raise self.failed("not_configured", f"The key for {product} has characters that no key has.")
        is_usual = header == "Authorization"
        self.credentials = {header: f"Bearer {self._key}" if is_usual else self._key} if self._key else {}

    @property
    def place(self) -> str:
        """Who is asked, for messages."""
        return f"{self.product} at {self.host}"

    def quote(self, text: str) -> str:
        """A service's own words, in one line, short, and without anything like a key."""
        text = text.replace(self._key, "…") if self._key else text
        plain = " ".join("".join(one if one.isprintable() else " " for one in text[:5000]).split())
        plain = _KEYS.sub("…", plain)
        return plain if len(plain) <= MAX_QUOTED else plain[: MAX_QUOTED - 1] + "…"

    @contextmanager
    def ask(
        self,
        method: str,
        path: str,
        stop: Callable[[], bool],
        *,
        seconds: float | None = None,
        most: int | None = None,
        **given: Any,
    ) -> Iterator[Exchange]:
        """One question, with `json`, `params`, `data` and `files` as httpx takes them; its answer is read with what this
        gives. Raises `Failed`."""
        exchange = Exchange(self, stop, seconds or self.seconds, most or self.most)
        try:
            exchange.begin(method, path, given)
            yield exchange
        finally:
            exchange.close()

    def whole(self, method: str, path: str, stop: Callable[[], bool], **given: Any) -> Reply:
        """The whole answer, whatever its status. Raises `Failed`."""
        with self.ask(method, path, stop, **given) as exchange:
            return exchange.whole()

    def quick(self, method: str, path: str, stop: Callable[[], bool] = never, **given: Any) -> Reply:
        """An answer that takes no thought and is short, whatever its status. Raises `Failed`."""
        seconds, most = min(self.seconds, QUICK_SECONDS), min(self.most, MAX_QUICK_BYTES)
        return self.whole(method, path, stop, seconds=seconds, most=most, **given)

    def client(self, seconds: float) -> httpx.Client:
        """For one question."""
        import httpx

        return httpx.Client(
            proxy=httpx.Proxy(self.proxy) if self.proxy else None,
            verify=certificates(),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(seconds, connect=min(_CONNECT_SECONDS, seconds)),
            headers={
                "User-Agent": f"Magpie/{magpie.__version__}",
                "Accept-Encoding": "identity",
                **self.credentials,
            },
        )


class Exchange:
    """One question and its answer, by a thread of its own."""

    def __init__(self, service: Service, stop: Callable[[], bool], seconds: float, most: int) -> None:
        self.reply = Reply(0, {})
        self._service = service
        self._stop = stop
        self._seconds = seconds
        self._most = most
        self._latest = time.monotonic() + seconds
        self._look_at = 0.0
        self._pieces: queue.SimpleQueue[Reply | bytes | BaseException | None] = queue.SimpleQueue()
        self._sockets: list[socket.socket] = []
        self._is_over = threading.Event()

    def begin(self, method: str, path: str, given: Mapping[str, Any]) -> None:
        """Send the question, and wait for the answer's head. Raises `Failed`."""
        order = (method, self._service.base + path, given)
        threading.Thread(target=self._run, args=order, name="asking", daemon=True).start()
        head = self._next()
        if not isinstance(head, Reply):
            raise self._service.failed("failing", f"{self._service.place} did not answer.")
        self.reply = head

    def close(self) -> None:
        """End the connection, whatever it is at; fine to call again."""
        self._is_over.set()
        for connection in list(self._sockets):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def lines(self) -> Iterator[str]:
        """The answer line by line as it comes, without the line ends. Raises `Failed`."""
        rest = b""
        while isinstance(piece := self._next(), bytes):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                yield line.decode("utf-8", errors="replace").rstrip("\r")
        if rest:
            yield rest.decode("utf-8", errors="replace").rstrip("\r")

    def whole(self) -> Reply:
        """The whole answer. Raises `Failed`."""
        data = bytearray()
        while isinstance(piece := self._next(), bytes):
            data += piece
        return Reply(self.reply.status, self.reply.headers, bytes(data))

    def _next(self) -> Reply | bytes | None:
        failed, place = self._service.failed, self._service.place
        while True:
            if self._is_to_stop():
                raise failed("stopped", "This was stopped.")
            if (left := self._latest - time.monotonic()) <= 0:
                raise failed("unreachable", f"{place} did not answer in time ({self._seconds:g} seconds).")
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

    def _run(self, method: str, url: str, given: Mapping[str, Any]) -> None:
        try:
            self._converse(method, url, given)
            self._pieces.put(None)
        except BaseException as error:  # noqa: BLE001  told to the thread that waits
            self._pieces.put(error)

    def _converse(self, method: str, url: str, given: Mapping[str, Any]) -> None:
        extensions = {"trace": self._trace}
        with (
            self._service.client(self._seconds) as client,
            client.stream(method, url, extensions=extensions, **given) as response,
        ):
            self._pieces.put(Reply(response.status_code, {k.lower(): v for k, v in response.headers.items()}))
            size = 0
            for piece in response.iter_bytes():
                size += len(piece)
                if size > self._most:
                    message = f"{self._service.place} answered more than {self._most >> 20} MB."
                    raise self._service.failed(self._service.too_large, message)
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

    def _failure_of(self, error: BaseException) -> Failed:
        import httpx

        service, failed, place = self._service, self._service.failed, self._service.place
        if isinstance(error, Failed):
            return error
        if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
            return failed("not_configured", f"The address of {service.product} cannot be used.")
        if isinstance(error, httpx.ProxyError):
            return failed("unreachable", f"The proxy does not let {place} through.")
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return failed("unreachable", f"{place} cannot be reached.")
        if isinstance(error, httpx.TimeoutException):
            return failed("unreachable", f"{place} does not answer in time.")
        if isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError | OSError):
            did = "broke off in the middle of its answer" if self.reply.status else "closed the connection"
            return failed(service.lost, f"{place} {did}.")
        return failed("failing", f"{place} could not be asked ({type(error).__name__}).")


def parsed(data: bytes | str) -> Any:
    """JSON; None for what is not, or is nested deeper than any answer."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


@cache
def certificates() -> Any:
    """Read once: that takes some 20 ms."""
    import httpx

    return httpx.create_ssl_context()


def _is_near(base: str) -> bool:
    """Whether a service is on this machine or in its network, which no proxy for the outside leads to."""
    host = urlsplit(base).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_LOCAL)
