"""What every double of a service of voices has: it records what it has said, and misbehaves when told to."""

from __future__ import annotations

import json
import ssl
import threading
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self
from urllib.parse import parse_qsl, urlsplit

from magpie.podcasts.voices.wav import Sound
from tests.support.voices.tones import spoken, wav_bytes

UNKNOWN_SIZE = 0xFFFFFFFF
PAGE = b"<!doctype html><html><title>Sign in</title></html>"


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens instead of an answer to a text.

    `kind`: `status` (an error with `status`), `silence`, `empty`, `page` (a web page, as a success), `cut` (the connection
    breaks off in the middle), `short` (a whole answer, a quarter of the sound under an honest header), `hasty` (a whole
    answer that says a tenth of the text), `dead` (no answer at all), `hang` (none until the test is over).
    """

    kind: str
    status: int = 500
    retry_after: str | None = None
    body: bytes = b'{"error": {"message": "out of order"}}'


@dataclass(frozen=True, slots=True)
class Said:
    """A text that was answered with its speech: nothing else is recorded."""

    voice: str
    text: str
    style: str | None = None
    model: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Reply:
    """`is_cut`: the connection ends before all of the promised body has gone."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    is_chunked: bool = False
    is_cut: bool = False


class Dead(Exception):
    """The connection ends without an answer."""


def as_json(said: Any, status: int = 200) -> Reply:
    return Reply(json.dumps(said).encode(), status)


@dataclass(slots=True, repr=False)
class Double:
    """A service of its own on 127.0.0.1, in threads of this process. Subclasses answer in `reply`."""

    key: str | None = None
    certificate: ssl.SSLContext | None = None
    seconds: float = 0.0  # how long each text takes
    promised: int | None = UNKNOWN_SIZE  # what WAV headers claim; None: the truth
    faults: deque[Fault | None] = field(
        default_factory=deque
    )  # one for each text that comes; None: it is answered
    always: Fault | None = None  # for every text
    said: list[Said] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    asked: int = 0  # texts that came, answered or not
    most_at_once: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)
    over: threading.Event = field(default_factory=threading.Event)
    _at_once: int = 0
    _server: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None
    base_path: ClassVar[str] = ""

    def reply(self, call: Call) -> Reply:
        raise NotImplementedError

    def upgrade(self, call: Call, handler: BaseHTTPRequestHandler) -> None:
        """Go on with a WebSocket."""
        raise Dead

    @property
    def url(self) -> str:
        assert self._server is not None
        place = "https://localhost" if self.certificate else "http://127.0.0.1"
        return f"{place}:{self._server.server_address[1]}{self.base_path}"

    def voices_of(self, text: str) -> list[str]:
        """Who has said that."""
        return [one.voice for one in self.said if one.text == text]

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
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @contextmanager
    def turn(self) -> Iterator[Fault | None]:
        """A text has come: what is to happen to it. It takes its time, and is counted among those at once."""
        with self.lock:
            self.asked += 1
            fault = self.always or (self.faults.popleft() if self.faults else None)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if self.seconds:
                self.over.wait(self.seconds)
            if fault is not None and fault.kind == "hang":
                self.over.wait(60)
                raise Dead
            if fault is not None and fault.kind == "dead":
                raise Dead
            yield fault
        finally:
            with self.lock:
                self._at_once -= 1

    def note(self, said: Said) -> None:
        with self.lock:
            self.said.append(said)

    def speak(self, said: Said, dress: Callable[[Sound], Reply] | None = None) -> Reply:
        """The answer to a text: its speech, by `dress` or as a streamed WAV file, or what goes wrong."""
        dress = dress or self.as_wav
        with self.turn() as fault:
            if fault is None:
                self.note(said)
                return dress(spoken(said.voice, said.text))
            return self.faulty(fault, said, dress)

    def faulty(self, fault: Fault, said: Said, dress: Callable[[Sound], Reply]) -> Reply:
        sound = spoken(said.voice, said.text)
        if fault.kind == "status":
            wait = (("Retry-After", fault.retry_after),) if fault.retry_after else ()
            return Reply(fault.body, fault.status, headers=wait)
        if fault.kind == "page":
            return Reply(PAGE, content_type="text/html; charset=utf-8")
        if fault.kind == "silence":
            return dress(Sound(array("h", bytes(2 * len(sound.samples))), sound.rate))
        if fault.kind == "empty":
            return dress(Sound(array("h"), sound.rate))
        if fault.kind == "hasty":
            return dress(Sound(sound.samples[: len(sound.samples) // 10], sound.rate))
        whole = dress(sound)
        if fault.kind == "cut":
            return Reply(
                whole.body, content_type=whole.content_type, is_chunked=whole.is_chunked, is_cut=True
            )
        assert fault.kind == "short", fault.kind
        return Reply(wav_bytes(sound)[: len(sound.samples) // 2], content_type="audio/wav")

    def as_wav(self, sound: Sound) -> Reply:
        return Reply(wav_bytes(sound, self.promised), content_type="audio/wav", is_chunked=True)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    double: Double

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave are no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""

    def _serve(self) -> None:
        double = self.server.double  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = parts.path.removeprefix(double.base_path)
        call = Call(self.command, path, dict(parse_qsl(parts.query)), headers, body)
        with double.lock:
            double.calls.append(call)
        try:
            if headers.get("upgrade", "").lower() == "websocket":
                self.close_connection = True
                double.upgrade(call, self)
            else:
                self._send(double.reply(call))
        except Dead:
            self.close_connection = True

    do_GET = do_POST = _serve  # noqa: N815

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers:
            self.send_header(name, value)
        body = reply.body[: len(reply.body) // 2] if reply.is_cut else reply.body
        if reply.is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for at in range(0, len(body), 1 << 16):
                part = body[at : at + (1 << 16)]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            if not reply.is_cut:
                self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(body)
        if reply.is_cut:
            self.close_connection = True
