"""The fork server: `python -P -m magpie.downloads.nest FD [FOLDER]`.

Single-threaded on purpose, since it forks. It imports the extractors once, then, for each job that its worker
names, forks a child that leads a session and process group of its own. It is the subreaper of everything below
it, so nothing that a job starts can outlive the job unseen: when a job's leader has ended, the rest of its group
is killed and reaped, and only then is the job reported as ended. Its worker's death is the end of file on the
control socket: every group is killed and the server exits. In the folder extractors keep what they have worked out.

Messages from the worker: `start {job, memory_mb}` with two descriptors (the job's socket, the pipe for its
output), `kill {job}`. Messages to it: `ready {extractors, problems}`, `started {job, pid}`,
`ended {job, status, cause}` where `status` is negative for a signal and `cause` is `memory`, `killed` or null.
"""

from __future__ import annotations

import faulthandler
import itertools
import os
import selectors
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import psutil

from magpie.downloads.extractors import finish
from magpie.downloads.extractors.port import Extractor, Keeps, PreloadsInBackground, WarmsUp
from magpie.downloads.nest.kernel import become_subreaper, children_of
from magpie.downloads.nest.wire import Channel, Message
from magpie.kit import collector
from magpie.plugins import plugins

MEMORY_CHECK_SECONDS = 0.25
STRAY_CHECK_SECONDS = 0.02
WARMING_SECONDS = 0.02  # at a stretch; the loop looks at its sockets in between


@dataclass(slots=True)
class Group:
    """A running job's process group; its id is its leader's process id."""

    job: str
    pid: int
    memory_bytes: int
    status: int | None = None  # set once the leader has ended
    cause: str | None = None


class Server:
    """The loop: control socket, ended children, memory."""

    def __init__(self, control: socket.socket, extractors: list[Extractor]) -> None:
        self._channel = Channel(control)
        self._extractors = extractors
        self._groups: dict[int, Group] = {}
        self._selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = socket.socketpair()
        self._wake_read.setblocking(False)
        self._wake_write.setblocking(False)
        self._next_check = 0.0
        self._warming: Iterator[None] | None = _warm_up(extractors)
        self._begun = 0  # jobs so far

    def serve(self, versions: dict[str, str], problems: list[str]) -> None:
        """Work until the worker is gone."""
        signal.set_wakeup_fd(self._wake_write.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._selector.register(self._channel.sock, selectors.EVENT_READ)
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._channel.send({"type": "ready", "extractors": versions, "problems": problems})
        try:
            while self._turn():
                pass
        except BrokenPipeError:
            pass
        finally:
            self._kill_everything()

    def _turn(self) -> bool:
        events = self._selector.select(self._patience())
        if not events:
            self._warm()
        for key, _ in events:
            if key.fileobj is self._wake_read:
                self._wake_read.recv(4096)
            elif not self._channel.fill():
                return False
        while (message := self._channel.pop()) is not None:
            self._obey(message)
        self._reap()
        if self._groups and time.monotonic() >= self._next_check:
            self._check_memory()
        return True

    def _patience(self) -> float | None:
        """Seconds to wait at most. A group that outlives its leader is polled: its members may be reaped late."""
        if self._should_warm():
            return 0
        if not self._groups:
            return None
        if any(group.status is not None for group in self._groups.values()):
            return STRAY_CHECK_SECONDS
        return max(0.0, self._next_check - time.monotonic())

    def _should_warm(self) -> bool:
        """While the first job runs it may be the only one, as for most commands: then warming would be for nothing."""
        return self._warming is not None and (not self._groups or self._begun > 1)

    def _warm(self) -> None:
        """A little of what no job should wait for."""
        if self._warming is None or not self._should_warm():
            return
        deadline = time.monotonic() + WARMING_SECONDS
        try:
            while time.monotonic() < deadline:
                next(self._warming)
        except StopIteration:
            self._warming = None
            collector.settle()
        except Exception:  # noqa: BLE001  somebody's plug-in: jobs do without what it had to prepare
            traceback.print_exc()
            self._warming = None

    def _obey(self, message: Message) -> None:
        if message["type"] == "start":
            self._start(message)
        elif message["type"] == "kill":
            for group in self._groups.values():
                if group.job == message["job"]:
                    self._kill(group, "killed")

    def _start(self, message: Message) -> None:
        job_fd, output_fd = self._channel.fds.popleft(), self._channel.fds.popleft()
        pid = os.fork()
        if pid == 0:
            self._become_job(job_fd, output_fd)
        os.close(job_fd)
        os.close(output_fd)
        self._begun += 1
        self._groups[pid] = Group(message["job"], pid, message["memory_mb"] << 20)
        self._channel.send({"type": "started", "job": message["job"], "pid": pid})

    def _become_job(self, job_fd: int, output_fd: int) -> NoReturn:
        """In the child: leave everything of the server behind, run the job, exit without any clean-up."""
        status = 70
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            self._selector.close()
            self._channel.close()
            self._wake_read.close()
            self._wake_write.close()
            os.dup2(output_fd, 1)
            os.dup2(output_fd, 2)
            os.close(output_fd)
            from magpie.downloads.nest.job import run_job

            status = run_job(socket.socket(fileno=job_fd), self._extractors)
        finally:
            os._exit(status)

    def _kill(self, group: Group, cause: str) -> None:
        group.cause = group.cause or cause
        _signal_group(group.pid)

    def _reap(self) -> None:
        """Collect what has ended; report the groups of which nothing is left."""
        while True:
            try:
                pid, raw = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if (group := self._groups.get(pid)) is not None:
                group.status = os.waitstatus_to_exitcode(raw)
                _signal_group(pid)
        for group in [group for group in self._groups.values() if group.status is not None]:
            if _signal_group(group.pid) or self._kill_strays():
                continue  # looked at again when the next one has been reaped, or a moment later
            del self._groups[group.pid]
            self._channel.send(
                {"type": "ended", "job": group.job, "status": group.status, "cause": group.cause}
            )

    def _kill_strays(self) -> bool:
        """Kill children that belong to no job's session: they left their group, and their parent has died.

        True if there was one: it may take a moment to go.
        """
        sessions, found = set(self._groups), False
        for pid in children_of(os.getpid()):
            try:
                if pid not in self._groups and os.getsid(pid) not in sessions:
                    os.kill(pid, signal.SIGKILL)
                    found = True
            except ProcessLookupError:
                continue
        return found

    def _check_memory(self) -> None:
        self._next_check = time.monotonic() + MEMORY_CHECK_SECONDS
        used = dict.fromkeys(self._groups, 0)
        for pid in psutil.pids():
            try:
                leader = os.getpgid(pid)
                if leader in used:
                    used[leader] += psutil.Process(pid).memory_info().rss
            except (ProcessLookupError, psutil.Error):
                continue
        for pid, size in used.items():
            group = self._groups[pid]
            if group.memory_bytes and size > group.memory_bytes and group.status is None:
                self._kill(group, "memory")

    def _kill_everything(self) -> None:
        for group in self._groups.values():
            _signal_group(group.pid)
        self._kill_strays()


def _signal_group(pid: int) -> bool:
    """SIGKILL to a group; False if there is none."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS, for a group of zombies
        return True
    return True


def _preload(
    extractors: list[Extractor], folder: Path | None
) -> tuple[list[Extractor], dict[str, str], list[str]]:
    """Prepare every extractor; one that fails is left out and reported. The others' versions come with them."""
    versions: dict[str, str] = {}
    problems: list[str] = []

    def begin(extractor: Extractor) -> None:
        if folder is not None and isinstance(extractor, Keeps):
            extractor.keep_in(folder)
        if isinstance(extractor, PreloadsInBackground):
            extractor.begin_preload()

    def complete(extractor: Extractor) -> None:
        extractor.preload()
        versions[extractor.name] = str(extractor.version())

    begun = [extractor for extractor in extractors if _try(begin, extractor, problems)]
    good = [extractor for extractor in begun if _try(complete, extractor, problems)]
    finish.prepare()
    return good, versions, problems


def _try(step: Callable[[Extractor], None], extractor: Extractor, problems: list[str]) -> bool:
    try:
        step(extractor)
    except (Exception, SystemExit) as error:  # noqa: BLE001  somebody's plug-in must not stop the others
        problems.append(f"{extractor.name}: {type(error).__name__}: {error}")
        return False
    return True


def _warm_up(extractors: list[Extractor]) -> Iterator[None]:
    """The steps of all of them; each is asked for its own only when its turn comes."""
    able = [extractor for extractor in extractors if isinstance(extractor, WarmsUp)]
    yield from itertools.chain.from_iterable(extractor.warm_up() for extractor in able)


def main() -> None:
    """Preload, then serve the worker at the other end of the inherited socket."""
    faulthandler.enable()
    control = socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(control.fileno(), False)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    become_subreaper()
    from magpie.downloads.nest import job  # noqa: F401  imported before the fork, so that jobs need not

    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    extractors, versions, problems = _preload(plugins().extractors, folder)
    collector.settle()
    Server(control, extractors).serve(versions, problems)
