"""Programs that have loaded already: a process per run of the tests that loads all of `magpie serve` once, and forks.

A server loads for two seconds of processor time before it does anything, and hundreds are started. What is forked is a
process like any other: a session and group of its own, its own environment, folder, log and end. Tests about the start
itself, about memory or about what the list of processes shows start theirs the usual way (`Program(is_warm=False)`).
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

LOADED = (
    "magpie.app",
    "magpie.server",
    "magpie.cli",
    "dbos",
    "psycopg",
    "uvloop",
    "uvicorn.loops.uvloop",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.protocols.websockets.websockets_impl",
)
_MESSAGE = 256 * 1024  # bytes of one order at most


class WarmProcess:
    """What `subprocess.Popen` is for a process that the nursery forked, as far as tests need it."""

    def __init__(self, pid: int, word: int) -> None:
        self.pid, self._word = pid, word
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._look(0)

    def wait(self, timeout: float) -> int:
        code = self._look(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("magpie", timeout)
        return code

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def _look(self, timeout: float) -> int | None:
        if self.returncode is None and select.select([self._word], [], [], timeout)[0]:
            told = os.read(self._word, 16)
            self.returncode = int(told) if told else -signal.SIGKILL  # the nursery is gone
            os.close(self._word)
        return self.returncode


class Nursery:
    """The loaded process, seen from the tests."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__)), str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if not name.startswith("MAGPIE_")},
        )
        theirs.close()

    def start(
        self, arguments: list[str], environment: dict[str, str], folder: Path, out: int, errors: int
    ) -> WarmProcess:
        """A new process, with the files of its two outputs."""
        reading, writing = os.pipe()
        order = json.dumps({"arguments": arguments, "environment": environment, "folder": str(folder)})
        try:
            socket.send_fds(self._socket, [order.encode()], [out, errors, writing])
        finally:
            os.close(writing)
        told = b""
        while not told.endswith(b"\n"):
            piece = os.read(reading, 16)
            assert piece, "the nursery has ended"
            told += piece
        return WarmProcess(int(told), reading)


@cache
def nursery() -> Nursery:
    """This process' own; it ends with it."""
    return Nursery()


def command(
    *arguments: object, env: dict[str, str], cwd: Path, timeout: float = 90
) -> subprocess.CompletedProcess[str]:
    """`magpie` with these arguments, as `subprocess.run` would run it: to its end, with nothing to read."""
    words = [str(one) for one in arguments]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        process = nursery().start(words, env, cwd, out.fileno(), errors.fileno())
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        told = [
            os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode() for file in (out, errors)
        ]
    return subprocess.CompletedProcess(["magpie", *words], code, *told)


# The loaded process itself.


def _fork(message: bytes, out: int, errors: int, word: int) -> int | None:
    """The child's number; None in the child, which is `magpie` from now on."""
    order = json.loads(message)
    pid = os.fork()
    if pid:
        os.close(out)
        os.close(errors)
        os.write(word, f"{pid}\n".encode())
        return pid
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    os.setsid()
    os.dup2(out, 1)
    os.dup2(errors, 2)
    os.closerange(3, 256)
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    os.chdir(order["folder"])
    sys.argv = ["magpie", *order["arguments"]]
    return None


def _bury(words: dict[int, int]) -> None:
    """Tell how children have ended."""
    while words:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        word = words.pop(pid)
        os.write(word, str(os.waitstatus_to_exitcode(status)).encode())
        os.close(word)


def _serve(orders: socket.socket) -> bool:
    """True in a child; False in the parent, once nobody orders any more."""
    waking, woken = socket.socketpair()
    for end in (waking, woken):
        end.setblocking(False)
    signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    words: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([orders, waking], [], [])
        if waking in ready:
            waking.recv(4096)
            _bury(words)
        if orders in ready:
            message, descriptors, _, _ = socket.recv_fds(orders, _MESSAGE, 3)
            if not message:  # the tests have ended, perhaps by a kill: so do their servers
                for child in words:
                    os.killpg(child, signal.SIGKILL)
                return False
            pid = _fork(message, *descriptors)
            if pid is None:
                return True
            words[pid] = descriptors[2]


def _load() -> None:
    for name in LOADED:
        __import__(name)
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    sys.path.pop(0)  # this file's folder
    _load()
    if _serve(socket.socket(fileno=int(sys.argv[1]))):
        from magpie.cli import main

        main()
