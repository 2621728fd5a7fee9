"""The site that the demo plug-in saves from: JSON listings and a real sound, with faults on demand."""

from __future__ import annotations

import io
import json
import math
import re
import struct
import threading
import wave
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self

TITLE, ARTIST = "Bell 铃", "Bird & Co"


def make_sound(seconds: float = 6.0, rate: int = 16000) -> bytes:
    """A tone as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        tone = (int(9000 * math.sin(n / 12)) for n in range(int(seconds * rate)))
        out.writeframes(b"".join(struct.pack("<h", value) for value in tone))
    return file.getvalue()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: ClassVar[DemoSite]

    def log_message(self, *_: object) -> None:
        """Not into the test's output."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.site.seen.append((path, self.headers.get("Range")))
        if path == "/demo-site/bell.wav":
            self._send_sound()
        elif path in self.site.listings:
            self._send(200, json.dumps(self.site.listings[path]).encode())
        else:
            self._send(404, b"")

    def _send_sound(self) -> None:
        sound, start = self.site.sound, 0
        if found := re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", "")):
            start = int(found[1])
        self.send_response(206 if start else 200)
        self.send_header("Content-Type", "audio/wav")
        self.send_header("ETag", '"bell-1"')
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(sound) - 1}/{len(sound)}")
        self.send_header("Content-Length", str(len(sound) - start))
        self.end_headers()
        cut, self.site.cut_after = self.site.cut_after, None
        self.wfile.write(sound[start:cut])
        self.close_connection = cut is not None

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are part of these tests."""


class DemoSite:
    """The site on loopback. `seen`: what was asked for, with its Range; `cut_after`: break the next file there."""

    def __init__(self) -> None:
        self.sound = make_sound()
        self.seen: list[tuple[str, str | None]] = []
        self.cut_after: int | None = None
        self.listings: dict[str, Any] = {
            "/demo-site/bell.json": {"title": TITLE, "artist": ARTIST, "file": "/demo-site/bell.wav"},
            "/demo-site/secret.json": {"private": True},
            "/demo-site/strange.json": ["not", "an", "object"],
            "/demo-site/nowhere.json": {"title": "Nowhere", "file": "http://127.0.0.1:9/inside.wav"},
            "/demo-site/all.json": {"title": "All", "entries": ["/demo-site/bell", 5]},
        }
        handler = type("Handler", (_Handler,), {"site": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def url(self, name: str) -> str:
        return f"http://{self.host}/demo-site/{name}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)
