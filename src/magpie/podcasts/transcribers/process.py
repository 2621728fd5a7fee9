"""A process that does one order for us, and ends with us.

Recognisers take much memory and hostile files, so each works in a process of its own, in a group of its own. The order
goes in as one line of JSON; what is found comes out as lines of JSON. Its line to us stays open: once that ends, because
we have, the whole group ends itself.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, NoReturn

from magpie.podcasts.transcribers.port import TranscriptionFailed

LOOK_SECONDS = 0.2
MOST_LINE = 64 << 20  # bytes; a day of talk with all its words has a tenth of that
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONPATH")

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Program:
    """What is started: a module with `serve` in it. `patience` in seconds by the clock, `environment` by name."""

    module: str
    patience: float
    environment: tuple[str, ...] = ()


def run(
    program: Program,
    order: Mapping[str, Any],
    on_message: Callable[[Message], None],
    stop: Callable[[], bool],
) -> None:
    """Have the order done; its messages go to `on_message`, in this thread.

    Raises `TranscriptionFailed`: what the program says is wrong, `stopped`, or `failing` if it ends without a word.
    """
    with _running(program) as process:
        deadline = time.monotonic() + program.patience
        try:
            _hand_over(process, order)
            for message in _messages(process, deadline, stop):
                if "error" in message:
                    raise TranscriptionFailed(str(message["error"]), str(message.get("message", "")))
                if message.get("done"):
                    return
                on_message(message)
        except (OSError, ValueError) as error:
            raise TranscriptionFailed("failing", "The recogniser's process ended too early.") from error
    raise TranscriptionFailed("failing", "The recogniser's process ended too early.")


@contextmanager
def _running(program: Program) -> Iterator[subprocess.Popen[bytes]]:
    names = (*_PASSED_ON, *program.environment)
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", program.module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in names if name in os.environ},
        cwd="/",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()


def _hand_over(process: subprocess.Popen[bytes], order: Mapping[str, Any]) -> None:
    if process.stdin is None:
        raise OSError("no pipe")
    process.stdin.write(json.dumps(order).encode() + b"\n")
    process.stdin.flush()


def _messages(
    process: subprocess.Popen[bytes], deadline: float, stop: Callable[[], bool]
) -> Iterator[Message]:
    """Line by line until the process ends. Raises `TranscriptionFailed` if that is to be earlier."""
    if process.stdout is None:
        raise OSError("no pipe")
    number, held = process.stdout.fileno(), bytearray()
    while True:
        if stop():
            raise TranscriptionFailed("stopped", "The transcription was stopped.")
        if time.monotonic() > deadline:
            raise TranscriptionFailed("failing", "The recogniser took too long.")
        ready, _, _ = select.select([number], [], [], LOOK_SECONDS)
        if not ready:
            continue
        data = os.read(number, 1 << 16)
        held += data
        *lines, rest = held.split(b"\n")
        held = bytearray(rest)
        for line in lines:
            message = json.loads(line)
            if isinstance(message, dict):
                yield message
        if not data:
            return
        if len(held) > MOST_LINE:
            raise ValueError("a line without an end")


# What follows runs in the process itself.


def serve(
    work: Callable[[Message, Callable[[Message], None]], None],
    *,
    memory: int | None,
    seconds: int,
    niceness: int = 10,
) -> int:
    """Do the one order: `work` is given it and a function that tells things. The exit code.

    `memory` in bytes (None: any), `seconds` of the processor.
    """
    import resource
    import threading

    os.nice(niceness)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    order = json.loads(sys.stdin.buffer.readline())
    out = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no message
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def tell(message: Message) -> None:
        data = memoryview(json.dumps(message).encode() + b"\n")
        while data:
            data = data[os.write(out, data) :]

    try:
        work(order, tell)
        tell({"done": True})
    except TranscriptionFailed as failure:
        tell({"error": failure.reason, "message": failure.message})
    except MemoryError:
        tell({"error": "failing", "message": "The recogniser needs more memory than it may have."})
    return 0


def _end_with_parent() -> NoReturn:
    """The line from the parent ends with it, however it ends; ffmpeg and the like must not go on alone."""
    sys.stdin.buffer.read()
    os.killpg(0, signal.SIGKILL)
    raise SystemExit  # not reached: the signal ends this process
