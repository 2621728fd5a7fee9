"""What the doubles of transcription services have in common: they read forms for real, hear what they are sent, and
misbehave when told to."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from python_multipart import create_form_parser
from python_multipart.multipart import Field, File

from tests.support.transcribers.tones import Heard, hear


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came: values by name, uploads as (file's name, type, content)."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    size: int
    form: Mapping[str, list[str]]
    files: Mapping[str, tuple[str, str, bytes]]


@dataclass(frozen=True, slots=True)
class Reply:
    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One misbehaviour: `status` in place of an answer, or what becomes of the body: `malformed`, `empty`, `cut`, and
    `dead` for a connection that ends without an answer."""

    status: int | None = None
    retry_after: str | None = None
    location: str | None = None
    body: str | None = None


@dataclass(slots=True)
class Double:
    """A service on 127.0.0.1, in threads of this process. Subclasses answer in `reply`."""

    faults: deque[Fault] = field(default_factory=deque)  # for the next recordings, one each
    hold: threading.Event | None = None  # recordings are answered when it is set
    held: threading.Event = field(default_factory=threading.Event)  # set once one waits for that
    most_at_once: int = 0
    calls: list[Call] = field(default_factory=list)
    heard: list[tuple[list[Heard], float]] = field(default_factory=list)  # of those that were answered
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: _Server | None = None
    _thread: threading.Thread | None = None

    path = "/"

    def reply(self, call: Call) -> Reply:
        raise NotImplementedError

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def recordings(self) -> list[Call]:
        """The requests that had a recording."""
        return [call for call in self.calls if call.path == self.path]

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.double = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        assert self._thread is not None
        if self.hold is not None:
            self.hold.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def hear(self, content: bytes) -> tuple[list[Heard], float]:
        """Raises `RuntimeError` for what is no sound."""
        found = hear(content)
        with self._lock:
            self.heard.append(found)
        return found

    def answer(self, call: Call) -> tuple[Reply, str | None]:
        """The answer, and what is done to its body."""
        with self._lock:
            self.calls.append(call)
            fault = self.faults.popleft() if call.path == self.path and self.faults else Fault()
            self._at_once += call.path == self.path
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if self.hold is not None and call.path == self.path:
                self.held.set()
                self.hold.wait(60)
            if fault.status is not None:
                named = (("Retry-After", fault.retry_after), ("Location", fault.location))
                headers = tuple((name, value) for name, value in named if value is not None)
                return self.refusal(fault.status, headers), None
            return self.reply(call), fault.body
        finally:
            with self._lock:
                self._at_once -= call.path == self.path

    def refusal(self, status: int, headers: tuple[tuple[str, str], ...]) -> Reply:
        """As the service itself says it."""
        raise NotImplementedError


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    double: Double

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave are no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60

    def _serve(self) -> None:
        assert isinstance(self.server, _Server)
        body = self._body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        form, files = _parsed(headers, body)
        parts = urlsplit(self.path)
        call = Call(self.command, parts.path, parse_qs(parts.query), headers, len(body), form, files)
        reply, fault = self.server.double.answer(call)
        if fault == "dead":
            self.close_connection = True
            return
        sent = {"malformed": b'{"text": "amber bi', "empty": b""}.get(fault or "", reply.body)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent[: len(sent) // 2] if fault == "cut" else sent)
        self.close_connection = self.close_connection or fault == "cut"

    def _body(self) -> bytes:
        """Sent with its length, or in chunks."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        held = bytearray()
        while size := int(self.rfile.readline().split(b";")[0], 16):
            held += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return bytes(held)

    do_GET = do_POST = _serve  # noqa: N815  the names that http.server calls

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  as it is overridden
        """What was asked is in `calls`."""


def _parsed(
    headers: Mapping[str, str], body: bytes
) -> tuple[dict[str, list[str]], dict[str, tuple[str, str, bytes]]]:
    """The form as Starlette's own parser reads it; empty for anything but `multipart/form-data`."""
    form: dict[str, list[str]] = {}
    files: dict[str, tuple[str, str, bytes]] = {}
    if not headers.get("content-type", "").startswith("multipart/form-data"):
        return form, files

    def on_field(found: Field) -> None:
        assert found.field_name is not None
        form.setdefault(found.field_name.decode(), []).append((found.value or b"").decode())

    def on_file(found: File) -> None:
        assert found.field_name is not None
        found.file_object.seek(0)
        name = (found.file_name or b"").decode()
        files[found.field_name.decode()] = (name, found.content_type or "", found.file_object.read())

    sent = {"Content-Type": headers["content-type"].encode()}
    parser = create_form_parser(sent, on_field, on_file, config={"MAX_MEMORY_FILE_SIZE": 1 << 30})
    parser.write(body)
    parser.finalize()
    return form, files
