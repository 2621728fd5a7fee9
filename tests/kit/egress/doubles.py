"""What stands in for the outer world: scripted servers, raw clients, an upstream proxy."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from magpie.kit.egress import EgressAccess

SMALL = b"a small answer"


@dataclass
class Origin:
    """A running site and what it was asked; `seen` holds (method, path, headers, body)."""

    plain_port: int
    tls_port: int
    ca: Path
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def plain(self) -> str:
        return f"http://127.0.0.1:{self.plain_port}"

    @property
    def tls(self) -> str:
        return f"https://127.0.0.1:{self.tls_port}"


Script = Callable[[socket.socket], object]


@contextmanager
def scripted(script: Script) -> Iterator[int]:
    """A server that runs `script` on every connection, each in a thread; yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []
    open_sockets: list[socket.socket] = []

    def talk(sock: socket.socket) -> None:
        with closing(sock), suppress(OSError):
            script(sock)

    def accept() -> None:
        with suppress(OSError):
            while True:
                sock, _ = listener.accept()
                sock.settimeout(10)
                open_sockets.append(sock)
                threads.append(threading.Thread(target=talk, args=(sock,)))
                threads[-1].start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join(5)
        for sock in open_sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)


def read_head(sock: socket.socket) -> bytes:
    """Reads until the end of a message head, byte by byte so that nothing behind it is taken."""
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        piece = sock.recv(1)
        if not piece:
            break
        data += piece
    return data


def raw_client(access: EgressAccess, head: str) -> socket.socket:
    """Connects to the guard and sends `head` (request line and headers) with the pass's credentials."""
    parts = urlsplit(access.url)
    secret = base64.b64encode(f"{parts.username}:{parts.password}".encode()).decode()
    sock = socket.create_connection(("127.0.0.1", parts.port or 0), timeout=10)
    sock.sendall(f"{head}\r\nProxy-Authorization: Basic {secret}\r\n\r\n".encode())
    return sock


def read_all(sock: socket.socket) -> bytes:
    """Reads until the other side ends."""
    data = bytearray()
    while piece := sock.recv(65536):
        data += piece
    return bytes(data)


def splice(one: socket.socket, two: socket.socket) -> None:
    """Moves bytes both ways until both ends are done."""

    def move(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)

    other = threading.Thread(target=move, args=(two, one))
    other.start()
    move(one, two)
    other.join(10)
