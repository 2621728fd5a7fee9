"""Messengers that have loaded already: a process that loads Apprise once, and forks.

A messenger takes a sixth of a second of processor time to load, and most tests are about what it says, not about how it
starts. What is forked does the same from its first line on: its own environment, its own confinement, its own end.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

LOADED = ("magpie.notifications.messenger", "apprise", "apprise.plugins.custom_json", "requests.adapters")


class WarmMessenger:
    """What `subprocess.Popen` is for the courier."""

    def __init__(self, command: list[str], *, env: Mapping[str, str], **_: Any) -> None:
        assert command[-1] == LOADED[0]
        theirs_in, mine_in = os.pipe()
        mine_out, theirs_out = os.pipe()
        nursery = _nursery()[0]
        socket.send_fds(nursery, [json.dumps(dict(env)).encode()], [theirs_in, theirs_out])
        os.close(theirs_in)
        os.close(theirs_out)
        self._process = os.pidfd_open(int(nursery.recv(16)))  # it lives: it waits for its order
        self.stdin, self.stdout = os.fdopen(mine_in, "wb"), os.fdopen(mine_out, "rb")

    def kill(self) -> None:
        with suppress(ProcessLookupError):  # it has ended
            signal.pidfd_send_signal(self._process, signal.SIGKILL)

    def communicate(self) -> None:
        """Wait for its end."""
        select.select([self._process], [], [])
        os.close(self._process)
        with suppress(BrokenPipeError):
            self.stdin.close()
        self.stdout.close()


@cache
def _nursery() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """What takes orders to the loaded process, which ends with this one, and that process."""
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, str(Path(__file__)), str(theirs.fileno())]
    process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()
    return mine, process


# The loaded process itself.


def _serve(orders: socket.socket) -> bool:
    """True in a child; False in the parent, once nobody orders any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, descriptors, _, _ = socket.recv_fds(orders, 65536, 2)
        if not message:
            return False
        if pid := os.fork():
            for descriptor in descriptors:
                os.close(descriptor)
            orders.send(str(pid).encode())
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        silent = os.open(os.devnull, os.O_WRONLY)
        for number, descriptor in enumerate((*descriptors, silent)):
            os.dup2(descriptor, number)
        os.closerange(3, 256)
        os.environ.clear()
        os.environ.update(json.loads(message))
        return True


if __name__ == "__main__":
    sys.path.pop(0)  # this file's folder
    for name in LOADED:
        __import__(name)
    if _serve(socket.socket(fileno=int(sys.argv[1]))):
        from magpie.notifications.messenger import main

        main()
