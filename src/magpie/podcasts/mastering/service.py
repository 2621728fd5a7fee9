"""What others call: `master`. The work is done by a child process, so that the server stays small."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

import structlog

from magpie.downloads.tools import find_tools
from magpie.podcasts.mastering.order import Mastered, MasteringFailed, MasteringOrder
from magpie.podcasts.mastering.wire import mastered_of_json, order_as_json
from magpie.podcasts.mastering.workroom import sweep

log = structlog.get_logger(__name__)

_POLL = 0.25  # seconds
_PATIENCE = 300.0  # seconds for anything
_BYTES_A_SECOND = 100_000  # of clips and music: a fortieth of what is usual


def master(
    order: MasteringOrder,
    on_progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
    *,
    ffmpeg: str = "",
) -> Mastered:
    """Make the recording. Raises `MasteringFailed`, and leaves nothing behind then.

    `on_progress` is told 0 to 1. `stop` is asked several times a second. `ffmpeg` as in the settings.
    """
    try:
        order.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MasteringFailed("failing", f"The folder cannot be used: {error.strerror}") from error
    request = {"order": order_as_json(order), "ffmpeg": _program(ffmpeg)}
    process = _start()
    try:
        answer = _attend(process, request, _patience(order), on_progress, stop or (lambda: False))
    finally:
        _end(process)
        sweep(order.folder, order.name)
    if "mastered" in answer:
        return mastered_of_json(answer["mastered"])
    failed = answer["failed"]
    if failed["detail"]:
        log.error("mastering_failed", detail=failed["detail"])
    raise MasteringFailed(failed["reason"], failed["message"], clip=failed["clip"])


def _program(ffmpeg: str) -> str:
    with suppress(RuntimeError, ImportError):
        if found := shutil.which(find_tools(ffmpeg).ffmpeg):
            return found
    raise MasteringFailed("no_ffmpeg", "ffmpeg, which writes the files, is not there")


def _patience(order: MasteringOrder) -> float:
    size = 0
    for path in [clip.path for clip in order.clips]:
        with suppress(OSError):
            size += path.stat().st_size
    return _PATIENCE + size * (1 + len(order.formats)) / _BYTES_A_SECOND


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "magpie.podcasts.mastering.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
        encoding="utf-8",
        cwd="/",
        # One core: others want to work, too, and more threads are no faster with matrices this small.
        env={"PATH": os.environ.get("PATH", ""), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )


def _attend(
    process: subprocess.Popen[str],
    request: dict[str, Any],
    patience: float,
    on_progress: Callable[[float], None] | None,
    stop: Callable[[], bool],
) -> dict[str, Any]:
    """The child's last line."""
    assert process.stdin is not None  # noqa: S101 (asked for in _start)
    assert process.stdout is not None  # noqa: S101
    lines: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_listen, args=(process.stdout, lines), daemon=True).start()
    with suppress(BrokenPipeError):  # what it says, or that it says nothing, tells more
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
    deadline = time.monotonic() + patience
    while True:
        if stop():
            raise MasteringFailed("stopped", "It was stopped")
        if time.monotonic() > deadline:
            raise MasteringFailed("timed_out", "It took too long")
        try:
            line = lines.get(timeout=_POLL)
        except queue.Empty:
            continue
        if line is None:
            log.warning("mastering_ended_early", exit_code=process.wait())
            raise MasteringFailed("failing", "The program that makes the recording has ended early")
        told = json.loads(line)
        if "progress" not in told:
            return dict(told)
        if on_progress is not None:
            on_progress(told["progress"])


def _listen(output: IO[str], lines: queue.Queue[str | None]) -> None:
    for line in output:
        lines.put(line)
    lines.put(None)


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
