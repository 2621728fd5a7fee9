"""Programs that have loaded already: a process per run of the tests, whatever the number of workers, that loads all of
`magpie serve` once, and forks.

A server loads for two seconds of processor time before it does anything, and hundreds are started. What is forked is a
process like any other: a session and group of its own, its own environment, folder, log and end; only its passwords are
hashed as cheaply as Argon2 allows. Tests about the start itself, about memory or about what the list of processes shows
start theirs the usual way (`Program(is_warm=False)`).
"""

from __future__ import annotations

import fcntl
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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    """The loaded process, seen from the tests: the connection of one worker, with which what it has started ends."""

    def __init__(self, address: Path) -> None:
        self._socket = _socket()
        self._process: subprocess.Popen[bytes] | None = None  # of whoever came first
        with _alone(address):
            try:
                self._socket.connect(str(address))
            except OSError:  # none yet, or it has ended with those who used it
                address.unlink(missing_ok=True)
                self._process = _begin(address)
                self._socket.connect(str(address))

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


def _socket() -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)


@contextmanager
def _alone(address: Path) -> Iterator[None]:
    """Nobody else connects, begins or ends meanwhile."""
    with (address.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _begin(address: Path) -> subprocess.Popen[bytes]:
    with _socket() as listening:
        listening.bind(str(address))
        listening.listen(64)
        return subprocess.Popen(
            [sys.executable, str(Path(__file__)), str(listening.fileno()), str(address)],
            pass_fds=[listening.fileno()],
            stdin=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if not name.startswith("MAGPIE_")},
        )


@cache
def nursery() -> Nursery:
    """This process' connection; it ends with it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}-{time.time_ns()}"
    folder = (
        Path(tempfile.gettempdir()) / f"magpie-nursery-{os.getuid()}"
    )  # short: it is part of a socket's name
    folder.mkdir(mode=0o700, exist_ok=True)
    return Nursery(folder / run[:32])


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
        with suppress(BrokenPipeError):  # who ordered it was killed just now
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


def _kill(child: int) -> None:
    """With its group, of which it may not be the leader yet."""
    os.kill(child, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)


class _Loaded:
    """The connections of the workers, and what they have had forked."""

    def __init__(self, listening: socket.socket, address: Path) -> None:
        self._listening, self._address = listening, address
        self._children: dict[socket.socket, set[int]] = {}  # by who ordered them
        self._words: dict[int, int] = {}  # where the end of each is told
        self._waking, woken = socket.socketpair()
        for end in (self._waking, woken, listening):
            end.setblocking(False)
        self._woken = woken
        signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> bool:
        """True in a child; False in the parent, once nobody orders any more."""
        while True:
            ready, _, _ = select.select([self._listening, self._waking, *self._children], [], [])
            if self._waking in ready:
                self._waking.recv(4096)
                self._bury()
            if self._listening in ready:
                self._welcome()
            for orders in [one for one in self._children if one in ready]:
                if self._obey(orders):
                    return True
            if not self._children and self._has_ended():
                return False

    def _welcome(self) -> None:
        with suppress(BlockingIOError):
            self._children[self._listening.accept()[0]] = set()

    def _obey(self, orders: socket.socket) -> bool:
        """True in a child."""
        message, descriptors, _, _ = socket.recv_fds(orders, _MESSAGE, 3)
        if not message:  # this worker has ended, perhaps by a kill: so do its servers
            for child in self._children.pop(orders):
                _kill(child)
            orders.close()
            return False
        pid = _fork(message, *descriptors)
        if pid is None:
            return True
        self._words[pid] = descriptors[2]
        self._children[orders].add(pid)
        return False

    def _has_ended(self) -> bool:
        """Whether nobody has connected meanwhile."""
        with _alone(self._address):
            self._welcome()
            if not self._children:
                self._address.unlink(missing_ok=True)
                self._listening.close()
        return not self._children

    def _bury(self) -> None:
        """Tell how children have ended."""
        while self._words:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            for children in self._children.values():
                children.discard(pid)
            word = self._words.pop(pid)
            with suppress(BrokenPipeError):  # who wanted to know it has ended as well
                os.write(word, str(os.waitstatus_to_exitcode(status)).encode())
            os.close(word)


def _load() -> None:
    for name in LOADED:
        __import__(name)
    from pwdlib.hashers.argon2 import Argon2Hasher

    from magpie.accounts import passwords

    # A twentieth of a second for each of the thousand times that somebody registers or signs in.
    passwords._argon2 = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    sys.path.pop(0)  # this file's folder
    _load()
    if _Loaded(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])).serve():
        from magpie.cli import main

        main()
