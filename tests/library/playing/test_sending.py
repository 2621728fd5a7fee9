"""How the bytes travel: slow, dead and many clients, disks that are slow, files that shrink."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from magpie.kit import sendfile
from tests.library.playing.conftest import CONTENT, Running, Served, application
from tests.support.server import wait_for

# More than the buffers of both ends of a connection take.
LARGE = 160 << 20


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A large file that takes no room on the disk, with a mark at its end."""
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(LARGE - 4)
        file.seek(LARGE - 4)
        file.write(b"mark")
    return path


@pytest.fixture
def server(large: Path) -> Iterator[Running]:
    with Running(application(Served(large))) as running:
        yield running


def ask(connection: socket.socket, *fields: str) -> None:
    connection.sendall("\r\n".join(["GET /file HTTP/1.1", "Host: a", *fields, "", ""]).encode())


def head_of(connection: socket.socket) -> bytes:
    """The answer's head; not a byte more is read."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    return head


def take(connection: socket.socket, count: int) -> tuple[int, bytes]:
    """Read up to so many bytes; how many came until the end, and the last four of them."""
    taken, last = 0, b""
    while taken < count and (piece := connection.recv(min(1 << 20, count - taken))):
        taken += len(piece)
        last = (last + piece)[-4:]
    return taken, last


def open_files() -> int:
    return psutil.Process().num_fds()


def test_clients_that_rest_hold_up_nobody_and_get_all_in_the_end(server: Running) -> None:
    """There are more of them than threads that answer requests."""
    with ExitStack() as connections:
        resting = [connections.enter_context(server.connect(receiving=4096)) for _ in range(60)]
        for connection in resting:
            ask(connection)
            head_of(connection)
        for _ in range(3):
            with server.connect() as other:
                ask(other, f"Range: bytes={LARGE - 4}-")
                assert head_of(other).startswith(b"HTTP/1.1 206")
                assert take(other, 4) == (4, b"mark")
        patient = connections.enter_context(server.connect())
        ask(patient)
        head_of(patient)
        for connection in resting:
            connection.close()
        assert take(patient, LARGE) == (LARGE, b"mark")


def test_a_client_that_leaves_leaves_nothing_open(server: Running) -> None:
    with server.connect() as warm:  # threads and their pipes are made
        ask(warm, "Range: bytes=0-0")
        head_of(warm)
    wait_for(lambda: not server.server.server_state.connections, 10)
    before = open_files()
    connections = [server.connect() for _ in range(10)]
    for number, connection in enumerate(connections):
        ask(connection)
        head_of(connection)
        if number % 2:  # some hang up without a word
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert open_files() >= before + 30  # each has both ends of a connection here, and the file
    for connection in connections:
        connection.close()
    wait_for(lambda: open_files() <= before, 10, lambda: f"{before} were open, now {open_files()}")


def test_a_file_that_shrinks_ends_the_connection(server: Running, large: Path) -> None:
    with server.connect() as connection:
        ask(connection)
        assert f"content-length: {LARGE}".encode() in head_of(connection)
        os.truncate(large, 1000)
        taken, last = take(connection, LARGE)
        assert taken < LARGE
        assert last != b"mark"
    with server.connect() as connection:
        ask(connection)
        assert b"content-length: 1000\r\n" in head_of(connection)


def test_what_is_not_in_memory_is_read_by_a_thread(
    kernel_server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = set()
    read = sendfile._read

    def noted(file: int, offset: int, count: int) -> None:
        readers.add(threading.current_thread().name)
        read(file, offset, count)

    monkeypatch.setattr(sendfile, "_is_cached", lambda *_: False)
    monkeypatch.setattr(sendfile, "_read", noted)
    with kernel_server.connect() as connection:
        ask(connection, "Range: bytes=100-")
        head_of(connection)
        assert take(connection, len(CONTENT) - 100) == (len(CONTENT) - 100, CONTENT[-4:])
    assert all(name.startswith("file-reader") for name in readers)
    assert readers


def test_requests_that_are_sent_ahead_are_answered_in_their_order(kernel_server: Running) -> None:
    with kernel_server.connect() as connection:
        for start in (0, 100, 200, 300):
            ask(connection, f"Range: bytes={start}-{start + 49}")
        for start in (0, 100, 200, 300):
            assert f"bytes {start}-{start + 49}/".encode() in head_of(connection)
            assert connection.recv(50, socket.MSG_WAITALL) == CONTENT[start : start + 50]


def test_a_stopping_server_waits_for_no_slow_client(large: Path) -> None:
    with Running(application(Served(large))) as running:
        running.server.config.timeout_graceful_shutdown = 1
        connection = running.connect()
        ask(connection)
        head_of(connection)
        running.server.should_exit = True
        wait_for(lambda: not running._thread.is_alive(), 15)
        connection.close()
