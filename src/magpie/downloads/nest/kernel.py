"""What the kernel offers beyond the standard library; every call does nothing where it is not offered."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from pathlib import Path

import psutil

_PR_SET_CHILD_SUBREAPER = 36
# The kernel takes one change of an autogroup in a tenth of a second, from all processes together.
_AGAIN_SECONDS = 0.15
_MOST_TRIES = 100


def become_subreaper() -> None:
    """Orphans below this process become its children instead of init's (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children_of(pid: int) -> list[int]:
    """The direct children's process ids. One small read where the kernel lists them, a scan elsewhere."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return [child.pid for child in psutil.Process(pid).children()]


def prefer_as_victim(score: int = 500) -> None:
    """When the system runs out of memory, this process and its children go before the server (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(score))


def give_way(niceness: int) -> None:
    """Let this process, and what it starts, have less of the processor than others.

    Linux shares it between sessions first where nothing else groups processes (autogroups, see sched(7)), and a
    process's own niceness counts within its session only: then it is the session's that matters.
    """
    os.nice(niceness)
    _set_session_niceness(niceness)


def insist() -> None:
    """Take back what `give_way` has said of the session: what happens now does not wait."""
    _set_session_niceness(0)


def _set_session_niceness(niceness: int) -> None:
    _session.niceness = niceness
    if not _session.tell():
        threading.Thread(target=_session.go_on_telling, name="give-way", daemon=True).start()


class _Session:
    """What the kernel is to know of this process's session."""

    niceness = 0

    def tell(self) -> bool:
        """False if it is to be tried again."""
        try:
            Path("/proc/self/autogroup").write_text(str(self.niceness))
        except BlockingIOError:
            return False
        except OSError:
            pass  # there are none
        return True

    def go_on_telling(self) -> None:
        for _ in range(_MOST_TRIES):
            threading.Event().wait(_AGAIN_SECONDS)
            if self.tell():
                return


_session = _Session()


def out_of_memory_kills() -> int:
    """How many processes the kernel has killed for want of memory since boot; 0 if it does not say."""
    try:
        lines = Path("/proc/vmstat").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def group_members(leader: int) -> list[int]:
    """The living processes of a group or session, zombies left out."""
    found = []
    for pid in psutil.pids():
        try:
            if leader in (os.getpgid(pid), os.getsid(pid)) and (
                psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
            ):
                found.append(pid)
        except (ProcessLookupError, PermissionError, psutil.Error):
            continue
    return found
