"""Has a document read by a child process, and ends that if it takes too long or is not wanted any more."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import IO, Any

import structlog

from magpie.podcasts.texts.document import Document, Unreadable
from magpie.podcasts.texts.kinds import Order

log = structlog.get_logger(__name__)

PATIENCE = 400.0  # seconds by the clock
_POLL = 0.2


def read(order: Order, stop: Callable[[], bool], *, patience: float = PATIENCE) -> Document:
    """Raises `Unreadable`."""
    process = _start()
    try:
        answer = _attend(process, order, stop, time.monotonic() + patience)
    finally:
        _end(process)
    if failed := answer.get("failed"):
        raise Unreadable(failed["code"], failed["message"])
    return Document(
        answer["title"], answer["text"], answer["language"], order.address or None, answer["kind"]
    )


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "magpie.podcasts.texts.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
        encoding="utf-8",
        cwd="/",
        env={"PATH": os.environ.get("PATH", "")},
    )


def _attend(
    process: subprocess.Popen[str], order: Order, stop: Callable[[], bool], latest: float
) -> dict[str, Any]:
    assert process.stdin is not None  # noqa: S101 (asked for in _start)
    assert process.stdout is not None  # noqa: S101
    answers: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(process.stdout, answers), daemon=True).start()
    with suppress(BrokenPipeError):  # that it says nothing tells enough
        process.stdin.write(json.dumps(asdict(order)) + "\n")
        process.stdin.flush()
    while True:
        if stop():
            raise Unreadable("stopped", "The reading was stopped.")
        if time.monotonic() > latest:
            raise Unreadable("too_slow", "The document takes too long to read.")
        try:
            line = answers.get(timeout=_POLL)
        except queue.Empty:
            continue
        if not line.endswith("\n"):
            code = process.wait(10)
            log.info("document_not_read", exit_code=code)
            if code == -signal.SIGXCPU:
                raise Unreadable("too_slow", "The document takes too long to read.")
            raise Unreadable("damaged", "The document cannot be read.")
        return dict(json.loads(line))


def _listen(output: IO[str], answers: queue.SimpleQueue[str]) -> None:
    with suppress(OSError, ValueError):
        answers.put(output.readline())


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
