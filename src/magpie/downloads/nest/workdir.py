"""Who works in a work folder: evidence for the worker that comes after a crash.

`owner.json` lies beside the work folder and names the job's process group, until its worker has seen the group end.
A later worker on the same host kills what is left of a group before it continues the partial files; one on another
host (a container that was made anew is one, too) can only continue what nobody is named for.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import psutil

from magpie.downloads.nest.kernel import group_members

OWNER_FILE = "owner.json"
_CLOCK_TOLERANCE = 2.0  # seconds: process start times are derived from the boot time, which clocks adjust


def boot_id() -> str:
    """Changes with every boot."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return f"{psutil.boot_time():.0f}"


def write_owner(workdir: Path) -> None:
    """Record the calling process, a group leader, as the owner of the work folder."""
    owner = {
        "host": socket.gethostname(),
        "boot": boot_id(),
        "pid": os.getpid(),
        "created": psutil.Process().create_time(),
    }
    temporary = workdir.parent / f".{OWNER_FILE}.{os.getpid()}"
    temporary.write_text(json.dumps(owner))
    temporary.replace(workdir.parent / OWNER_FILE)


def remove_owner(workdir: Path, pid: int | None) -> None:
    """Nothing is left of the group that this leader had. Another job's note, which has followed, stays."""
    path = workdir.parent / OWNER_FILE
    with suppress(OSError, ValueError, KeyError, TypeError):
        owner = json.loads(path.read_text())
        if owner["pid"] == pid and owner["host"] == socket.gethostname():
            path.unlink(missing_ok=True)


def evict_survivors(workdir: Path, patience: float = 30.0) -> bool:
    """Kill what is left of the group that worked here, and wait until it is gone: a busy machine takes its time to
    end processes that give way to all others, and what they have fetched is worth more than that.

    False when the owner lives on another host, or does not die within `patience` seconds: then the folder must
    not be touched.
    """
    try:
        owner = json.loads((workdir.parent / OWNER_FILE).read_text())
        host, boot, pid, created = owner["host"], owner["boot"], int(owner["pid"]), float(owner["created"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return True
    if host != socket.gethostname():
        return False
    if boot != boot_id():
        return True
    deadline = time.monotonic() + patience
    while survivors := _survivors(pid, created):
        if time.monotonic() > deadline:
            return False
        for survivor in survivors:
            _kill(survivor)
        time.sleep(0.02)
    return True


def _survivors(leader: int, created: float) -> list[int]:
    """Members of the group that are no older than its leader was: an older one is a stranger who got the id.

    No id is given anew while a group bears it: if its leader is another process by now, nobody is left of the group.
    """
    if _created(leader) > created + _CLOCK_TOLERANCE:
        return []
    return [pid for pid in group_members(leader) if _created(pid) >= created - _CLOCK_TOLERANCE and pid > 1]


def _created(pid: int) -> float:
    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return 0.0


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
