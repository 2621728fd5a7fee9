"""What both doubles have: real HTTP in threads of this process, every call recorded, faults one after the other."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.support.models import writer

_TOKENS = re.compile("[\u3040-\u30ff\u3400-\u9fff]|[A-Za-z]{1,8}|\\d{1,3}|[^\\W\\d_]{1,3}|[^\\w\\s]|_")
_PIECE = 24  # characters of an answer that are sent at once
MISSING = object()

Speak = Callable[[Sequence[Mapping[str, str]], Mapping[str, Any] | None], str]


def count(text: str) -> int:
    """Tokens, as this double's model has them."""
    return len(_TOKENS.findall(text))


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one answer; the next one is asked for anew.

    Attributes:
        status, headers, error: this instead of an answer.
        text: this is said, whatever was asked.
        wrap: the answer is changed by this: `"<think>hm".__add__` for thoughts that are not closed.
        cut_after: the connection is lost after so many pieces of the answer.
        error_after: an error comes in the stream, after so many pieces.
        hold: nothing is answered before this is set.
        held_after: so many pieces come before that.
        pause: seconds before each piece.
        is_length: the answer ends because it is as long as it may be.
        raw: these bytes are the answer's body.
    """

    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    error: Any = MISSING
    text: str | None = None
    wrap: Callable[[str], str] | None = None
    cut_after: int | None = None
    error_after: int | None = None
    hold: threading.Event | None = None
    held_after: int = 0
    pause: float = 0.0
    is_length: bool = False
    raw: bytes | None = None


def malformed() -> Fault:
    """JSON that ends in the middle of a string."""
    return Fault(wrap=lambda text: text[: max(2, len(text) * 2 // 3)])


def unclosed_think() -> Fault:
    """A thought that is never closed before the answer."""
    return Fault(wrap=lambda text: f"<think>\nThe user wants a dialogue. Let me see.\n\n{text}")


def limited(wait: str = "1") -> Fault:
    """Asked too often; `wait` is what `Retry-After` says."""
    return Fault(status=429, headers=(("Retry-After", wait),))


def cut(pieces: int = 3) -> Fault:
    """The connection breaks in the middle of the answer."""
    return Fault(cut_after=pieces)


@dataclass(slots=True)
class Call:
    """One request. `answer`: what was said, once it was said to the end."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    began: float
    ended: float | None = None
    answer: str | None = None
    fault: Fault | None = None

    @property
    def question(self) -> str:
        """All messages."""
        return "\n".join(one["content"] for one in (self.body or {}).get("messages", ()))


@dataclass(slots=True)
class ModelDouble:
    """A server of its own. Use it as a context.

    Attributes:
        models: the names that it has, and the room of each in tokens.
        faults: what goes wrong with the next answers of the model, one each; None for an answer without a fault.
        speak: what the model says: `(messages, schema)`.
        pause: seconds before each piece of any answer.
        key: this must come as a bearer token, if it is set.
    """

    models: dict[str, int] = field(default_factory=lambda: {"finch": 8192})
    faults: deque[Fault | None] = field(default_factory=deque)
    speak: Speak = writer.answer
    pause: float = 0.0
    key: str = ""
    calls: list[Call] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        double: ModelDouble = self

        class Handler(_Handler):
            owner = double

        server = self._server = _Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def chats(self) -> list[Call]:
        """The questions to the model, in the order in which they came."""
        return [
            call
            for call in list(self.calls)
            if call.path.endswith("/chat/completions") or call.path == "/api/chat"
        ]

    @property
    def answered(self) -> list[Call]:
        """Those that were answered to the end."""
        return [call for call in self.chats if call.answer is not None]

    @property
    def is_busy(self) -> bool:
        """Whether anything is being answered, if only to somebody who has gone."""
        return any(call.ended is None for call in list(self.calls))

    def reply(self, call: Call, out: Out) -> None:
        """Answer one request."""
        raise NotImplementedError

    def next_fault(self, call: Call) -> Fault:
        with self._lock:
            fault = self.faults.popleft() if self.faults else None
        call.fault = fault
        return fault or Fault()

    def said(self, call: Call, fault: Fault, schema: Mapping[str, Any] | None) -> str:
        """What the model says to this call."""
        text = fault.text if fault.text is not None else self.speak(call.body["messages"], schema)
        return fault.wrap(text) if fault.wrap else text


class Out:
    """The way back of one answer."""

    def __init__(self, handler: _Handler) -> None:
        self._handler = handler

    def json(self, body: Any, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> None:
        """A whole answer."""
        self.raw(json.dumps(body).encode(), "application/json; charset=utf-8", status, headers)

    def raw(self, data: bytes, kind: str, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> None:
        handler = self._handler
        handler.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(data))), *headers):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    def begin(self, kind: str) -> None:
        """An answer that comes in chunks."""
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", kind)
        self._handler.send_header("Transfer-Encoding", "chunked")
        self._handler.end_headers()

    def chunk(self, text: str) -> None:
        data = text.encode()
        self._handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self._handler.wfile.flush()

    def end(self) -> None:
        self._handler.wfile.write(b"0\r\n\r\n")

    def reset(self) -> None:
        """The line is lost: the other side sees a reset."""
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._handler.close_connection = True
        raise ConnectionAbortedError

    def pieces(self, text: str, fault: Fault, pause: float) -> Iterable[str]:
        """The answer bit by bit, with what the fault does to it on its way."""
        bits = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)] or [""]
        for number, bit in enumerate(bits):
            if fault.hold and number == fault.held_after:
                fault.hold.wait(60)
            if number == fault.cut_after:
                self.reset()
            if wait := fault.pause or pause:
                time.sleep(wait)
            yield bit
        if fault.cut_after is not None and fault.cut_after >= len(bits):
            self.reset()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # of whom more come at once waits for a second


class _Handler(BaseHTTPRequestHandler):
    owner: ModelDouble
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""

    def _serve(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(self.command, self.path, headers, json.loads(data or b"null"), time.monotonic())
        self.owner.calls.append(call)
        try:
            self.owner.reply(call, Out(self))
        except OSError:  # whoever asked has gone, or is to think so
            self.close_connection = True
        finally:
            call.ended = time.monotonic()
