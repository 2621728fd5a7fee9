"""What every double of a media server has: it records each call, and misbehaves when told to."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.support.servers.music import Song, songs

LONGEST_ADDRESS = 8192  # bytes of a request's address; servers and proxies take about as much


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came. `path` is decoded and without the base path."""

    method: str
    target: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> tuple[tuple[str, str], ...]:
        if "form" not in self.headers.get("content-type", ""):
            return ()
        return tuple(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")

    def first(self, name: str) -> str | None:
        """The first value of that name, in the address or the form."""
        return next((value for key, value in (*self.query, *self.form) if key.lower() == name.lower()), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in (*self.query, *self.form) if key.lower() == name.lower()]


@dataclass(frozen=True, slots=True)
class Reply:
    body: bytes = b""
    status: int = 200
    content_type: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()


class Die(Exception):
    """The connection ends without an answer."""


@dataclass(slots=True)
class Knobs:
    """How it is to misbehave. All off by itself."""

    status: int | None = None  # the answer to everything
    write_status: int | None = None  # the answer to every write
    die_at_write: int | None = None  # the n-th write from now on (1: the next) gets no answer …
    die_done: bool = True  # … although it was done (False: and was not done)
    stay_dead: bool = False  # … and nothing gets one from then on
    lie: Callable[[list[Any]], list[Any]] | None = None  # what a playlist shows, out of what it holds
    hold: threading.Event | None = None  # nothing is answered until this is set
    page: bytes | None = None  # a web page, in answer to everything
    garbage: bytes | None = None  # the same as a success of the right type
    redirect: str | None = None  # where everything is sent on to: this and the path


@dataclass(slots=True)
class Double:
    """A server of its own on 127.0.0.1, in threads of this process. Subclasses answer in `reply`."""

    music: list[Song] = field(default_factory=lambda: songs(60))
    base_path: str = ""
    certificate: ssl.SSLContext | None = None
    knobs: Knobs = field(default_factory=Knobs)
    calls: list[Call] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    max_address: int = LONGEST_ADDRESS
    outside: str | None = None  # where it sends on what is asked outside its base path
    seconds: float = 0.0  # of processor time that its answers have taken, for measurements beside it
    _server: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None
    _writes: int = 0
    _dead: bool = False

    def reply(self, call: Call) -> Reply:
        raise NotImplementedError

    def is_write(self, call: Call) -> bool:
        """Whether the call would change something, sign-ins and scans aside."""
        raise NotImplementedError

    def is_public(self, call: Call) -> bool:
        """Whether it is answered to anybody, with a token or without."""
        return False

    @property
    def address(self) -> str:
        """Scheme, host and port."""
        assert self._server is not None
        scheme, host = ("https", "localhost") if self.certificate else ("http", "127.0.0.1")
        return f"{scheme}://{host}:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.address}{self.base_path}"

    @property
    def writes(self) -> list[Call]:
        return [call for call in self.calls if self.is_write(call)]

    def forget(self) -> None:
        """Begin to record anew."""
        with self.lock:
            self.calls.clear()

    def misbehave(self, **knobs: Any) -> None:
        """From now on; without any: behave again."""
        with self.lock:
            self.knobs = Knobs(**knobs)
            self._writes = 0
            self._dead = False

    def __enter__(self) -> Self:
        server = _Server(("127.0.0.1", 0), _Handler)
        server.double = self
        if self.certificate is not None:
            server.socket = self.certificate.wrap_socket(server.socket, server_side=True)
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        assert self._thread is not None
        if self.knobs.hold is not None:
            self.knobs.hold.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, call: Call) -> Reply:
        """What `call` gets: what the knobs say, else `reply`."""
        knobs = self.knobs
        if knobs.hold is not None:
            knobs.hold.wait(60)
        with self.lock:
            self.calls.append(call)
            began = time.thread_time()
            try:
                return self._behave(call, knobs)
            finally:
                self.seconds += time.thread_time() - began

    def _behave(self, call: Call, knobs: Knobs) -> Reply:
        if self._dead:
            raise Die
        if len(call.target) > self.max_address:
            return Reply(status=414)
        told = self._told(knobs)
        if told is not None:
            return told
        return self._answer_write(call, knobs) if self.is_write(call) else self.reply(call)

    def strange(self, target: str) -> Reply:
        """The answer to what lies outside the base path."""
        if self.outside is not None:
            return Reply(status=302, headers=(("Location", self.outside + target),))
        return Reply(b"<html>another site</html>", 404, "text/html")

    def _told(self, knobs: Knobs) -> Reply | None:
        if knobs.status is not None and not (knobs.status == 401 and self.is_public(self.calls[-1])):
            return Reply(status=knobs.status)
        if knobs.page is not None:
            return Reply(knobs.page, content_type="text/html; charset=utf-8")
        if knobs.garbage is not None:
            return Reply(knobs.garbage, content_type="application/json")
        if knobs.redirect is not None:
            return Reply(status=302, headers=(("Location", knobs.redirect + self.calls[-1].target),))
        return None

    def _answer_write(self, call: Call, knobs: Knobs) -> Reply:
        if knobs.write_status is not None:
            return Reply(status=knobs.write_status)
        self._writes += 1
        if self._writes != knobs.die_at_write:
            return self.reply(call)
        if knobs.die_done:
            self.reply(call)
        self._dead = knobs.stay_dead
        raise Die

    def shown(self, entries: list[Any]) -> list[Any]:
        """What a playlist shows of what it holds."""
        return self.knobs.lie(list(entries)) if self.knobs.lie is not None else entries


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    double: Double

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave are no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer leaves at once, and not in halves that wait for each other
    timeout = 60

    def _serve(self) -> None:
        assert isinstance(self.server, _Server)
        double = self.server.double
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        parts = urlsplit(self.path)
        if not parts.path.startswith(double.base_path):
            self._send(double.strange(self.path))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        path = unquote(parts.path[len(double.base_path) :])
        target = self.path[len(double.base_path) :]
        try:
            self._send(double.answer(Call(self.command, target, path, query, headers, body)))
        except Die:
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body if reply.status != 204 else b"")

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815  the names that http.server calls

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  as it is overridden
        """What was asked is in `calls`."""
