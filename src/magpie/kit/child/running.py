"""Our side: start the process, hand it the order, hear what it tells, and leave nothing of it behind."""

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
from dataclasses import dataclass, field
from typing import Any

MOST_LINE = 64 << 20  # bytes; a day of talk with all its words has a tenth of that
_LOOK_SECONDS = 0.2
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONPATH")

Message = dict[str, Any]


class Stopped(Exception):
    """It was to stop."""


class TookTooLong(Exception):
    """By the clock."""


class EndedEarly(Exception):
    """It ended, or said nonsense, before it had said what came of the order. `code` as of `Popen`, None if unknown."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"exit code {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Program:
    """What is started: a module that calls `serve`. `patience` in seconds by the clock, `environment` by name: what it
    needs besides the usual; `given` is what it gets instead."""

    module: str
    patience: float
    environment: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)


def run(
    program: Program,
    order: Mapping[str, Any],
    stop: Callable[[], bool],
    on_message: Callable[[Message], None] = lambda _: None,
) -> Message:
    """What came of the order. Whatever is told before goes to `on_message`, in this thread.

    `stop` is asked several times a second. Raises `Stopped`, `TookTooLong` or `EndedEarly`; in any case the process and
    all that it has started are gone then.
    """
    latest = time.monotonic() + program.patience
    with _running(program) as process:
        _hand_over(process, order)
        for message in _messages(process, latest, stop):
            if "outcome" in message:
                return dict(message["outcome"])
            on_message(message)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        import structlog  # slow, and children import this module, too

        log = structlog.get_logger(__name__)
        log.warning("child_ended_early", module=program.module, exit_code=process.returncode)
        raise EndedEarly(process.returncode)


@contextmanager
def _running(program: Program) -> Iterator[subprocess.Popen[bytes]]:
    names = (*_PASSED_ON, *program.environment)
    environment = {name: os.environ[name] for name in names if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", program.module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**environment, **program.given},
        cwd="/",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()


def _hand_over(process: subprocess.Popen[bytes], order: Mapping[str, Any]) -> None:
    assert process.stdin is not None  # noqa: S101 (asked for above)
    with suppress(BrokenPipeError):  # what it says, or that it says nothing, tells more
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()


def _messages(process: subprocess.Popen[bytes], latest: float, stop: Callable[[], bool]) -> Iterator[Message]:
    """Until the process ends, or says something that is none: that tells as much as its end."""
    with suppress(OSError, ValueError):
        for line in _lines(process, latest, stop):
            message = json.loads(line)
            if not isinstance(message, dict):
                return
            yield message


def _lines(process: subprocess.Popen[bytes], latest: float, stop: Callable[[], bool]) -> Iterator[bytes]:
    """Line by line until the process ends. Raises `ValueError` for a line without an end."""
    assert process.stdout is not None  # noqa: S101 (asked for above)
    number, held = process.stdout.fileno(), bytearray()
    poll = select.poll()
    poll.register(number, select.POLLIN)
    while True:
        if stop():
            raise Stopped
        if time.monotonic() > latest:
            raise TookTooLong
        if not poll.poll(_LOOK_SECONDS * 1000):
            continue
        if not (data := os.read(number, 1 << 16)):
            return
        piece, *more = data.split(b"\n")
        held += piece
        for piece in more:
            yield bytes(held)
            held = bytearray(piece)
        if len(held) > MOST_LINE:
            raise ValueError("a line without an end")
