"""One life of the fork server, as its worker sees it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.nest.kernel import group_members
from magpie.downloads.nest.wire import Channel, Message

CLOSE_SECONDS = 5.0
_KEPT_ENVIRONMENT = (
    "PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "VIRTUAL_ENV",
    "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "COVERAGE_PROCESS_START",
)  # fmt: skip
TEST_ENVIRONMENT_PREFIX = "MAGPIE_TEST_"


class Job:
    """A job that was handed to the server. `status` and `cause` are set when `ended` is."""

    def __init__(self, generation: Generation, job_id: str, sock: socket.socket, output: int) -> None:
        self.generation = generation
        self.job_id = job_id
        self.channel = Channel(sock)
        self.output = output
        self.pid: int | None = None
        self.ended = threading.Event()
        self.status: int | None = None
        self.cause: str | None = None
        self.cancelled = False
        self._sending = threading.Lock()

    def send(self, message: Message) -> None:
        with self._sending:
            self.channel.send(message)

    @property
    def is_gone(self) -> bool:
        """Whether surely nothing is left of its group: the server has seen it end, or there is none to be seen."""
        return self.status is not None or (self.pid is not None and not group_members(self.pid))

    def kill(self) -> None:
        """Ask the server to kill the group; it is the leader's parent, so the id cannot be a stranger's."""
        self.generation.tell({"type": "kill", "job": self.job_id})

    def close(self) -> None:
        self.channel.close()
        if self.output >= 0:
            os.close(self.output)
            self.output = -1


class Generation:
    """A server process with its control socket and the thread that listens to it."""

    def __init__(self, keep_in: Path | None = None) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", "-m", "magpie.downloads.nest", str(theirs.fileno())]
            command += [str(keep_in)] if keep_in is not None else []
            self._process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=server_environment(),
                start_new_session=True,
            )
        self.pid = self._process.pid
        self.ready = threading.Event()
        self.dead = threading.Event()
        self.prepared = threading.Event()  # or dead
        self.versions: dict[str, str] = {}
        self.problems: list[str] = []
        self._channel = Channel(ours)
        self._sending = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._listener = threading.Thread(target=self._listen, name="nest-listener", daemon=True)
        self._listener.start()

    def begin(self, job_id: str, memory_mb: int) -> Job:
        """Hand a new job's socket and output pipe to the server. Raises DownloadFailure if it cannot be reached."""
        ours, theirs = socket.socketpair()
        output, their_output = os.pipe()
        os.set_blocking(output, False)
        job = Job(self, job_id, ours, output)
        self._jobs[job_id] = job
        message = {"type": "start", "job": job_id, "memory_mb": memory_mb}
        try:
            with self._sending:
                self._channel.send(message, [theirs.fileno(), their_output])
        except OSError as error:
            self._jobs.pop(job_id, None)
            job.close()
            raise DownloadFailure(Reason.INTERRUPTED, "the fork server ended") from error
        finally:
            theirs.close()
            os.close(their_output)
        return job

    def tell(self, message: Message) -> None:
        with suppress(OSError), self._sending:
            self._channel.send(message)

    def close(self) -> None:
        """End of file tells the server to kill its jobs and exit; returns when it has."""
        with suppress(OSError):
            self._channel.sock.shutdown(socket.SHUT_WR)
        try:
            self._process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(CLOSE_SECONDS)

    def _listen(self) -> None:
        try:
            while (message := self._channel.receive()) is not None:
                self._note(message)
        except (OSError, ValueError):
            pass
        self.dead.set()
        self.prepared.set()
        for job in list(self._jobs.values()):
            self.kill_directly(job)
        self._process.wait()
        with self._sending:
            self._channel.close()

    def _note(self, message: Message) -> None:
        if message["type"] == "ready":
            self.versions, self.problems = message["extractors"], message["problems"]
            self.prepared.set()
            self.ready.set()
            return
        job = self._jobs.get(message["job"])
        if job is None:
            return
        if message["type"] == "started":
            job.pid = message["pid"]
        elif message["type"] == "ended":
            del self._jobs[job.job_id]
            job.status, job.cause = message["status"], message["cause"]
            job.ended.set()

    def kill_directly(self, job: Job) -> None:
        """Without the server (it is dead, or deaf): kill the group ourselves and see it gone."""
        deadline = time.monotonic() + CLOSE_SECONDS
        while job.pid is not None and (members := group_members(job.pid)) and time.monotonic() < deadline:
            for pid in members:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)
        self._jobs.pop(job.job_id, None)
        job.ended.set()


def server_environment() -> dict[str, str]:
    """The little that job processes may see: no settings, no keys, no proxies of the server's."""
    kept = {name: value for name in _KEPT_ENVIRONMENT if (value := os.environ.get(name)) is not None}
    kept.update((k, v) for k, v in os.environ.items() if k.startswith(TEST_ENVIRONMENT_PREFIX))
    return {**kept, "YTDLP_NO_PLUGINS": "1"}
