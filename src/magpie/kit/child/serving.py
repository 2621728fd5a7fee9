"""The child's side: what a module does that is started for one order. It imports nothing that takes time."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

Message = dict[str, Any]
Tell = Callable[[Message], None]


def serve(
    work: Callable[[Message, Tell], Message],
    *,
    memory: int | None,
    seconds: int | None = None,
    niceness: int = 5,
    clean: Callable[[], None] = lambda: None,
) -> int:
    """Do the one order: `work` is given it and a function that tells things, none of them an `outcome`; what it returns is
    that. Gives the exit code.

    `memory` in bytes of addresses, `seconds` of the processor; None: any. `clean` is called before the process ends
    because the one who started it has.
    """
    os.nice(niceness)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if seconds is not None:
        # The first limit ends it with a signal that tells why, the second one with one that nothing outlives.
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    order = json.loads(sys.stdin.readline())
    out = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no message
    threading.Thread(target=_end_with_parent, args=(clean,), daemon=True).start()

    def tell(message: Message) -> None:
        data = memoryview(json.dumps(message).encode() + b"\n")
        while data:
            data = data[os.write(out, data) :]

    tell({"outcome": work(order, tell)})
    return 0


def _end_with_parent(clean: Callable[[], None]) -> None:
    """The line from the parent ends with it, however it ends; ffmpeg and the like must not go on alone."""
    while os.read(0, 65536):
        pass
    clean()
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
