"""Processes that have eSpeak NG ready: each speaks one text at a time, and ends by itself when nobody asks."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from magpie.podcasts.voices.port import VoiceFailed, stopped

_LOOK_EVERY = 0.1  # seconds between two looks at whether to stop
_PATIENCE = 300.0  # seconds by the clock, for one text


class _Ended(Exception):
    """The process had ended before it took the order."""


class _Warm:
    """One process."""

    def __init__(self, package: Path) -> None:
        program = Path(__file__).with_name("child.py")
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(program), str(package)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", "")},
            start_new_session=True,
            bufsize=0,
        )
        threading.Thread(target=self.process.wait, name="espeak", daemon=True).start()

    def order(self, order: Mapping[str, str], stop: Callable[[], bool]) -> int:
        """Its exit code for the order. Raises `_Ended`, `VoiceFailed`."""
        assert self.process.stdin is not None  # noqa: S101
        try:
            self._send(json.dumps(order).encode() + b"\n")
        except OSError as error:
            raise _Ended from error
        code = self._answer(stop)
        if code is None:
            raise _Ended
        return code

    def _send(self, data: bytes) -> None:
        assert self.process.stdin is not None  # noqa: S101
        view = memoryview(data)
        while view:
            view = view[self.process.stdin.write(view) or 0 :]

    def _answer(self, stop: Callable[[], bool]) -> int | None:
        assert self.process.stdout is not None  # noqa: S101
        latest = time.monotonic() + _PATIENCE
        line = b""
        while not line.endswith(b"\n"):
            if select.select([self.process.stdout], [], [], _LOOK_EVERY)[0]:
                data = self.process.stdout.read(64)
                if not data:
                    return None
                line += data
            elif stop():
                raise stopped()
            elif time.monotonic() > latest:
                raise VoiceFailed("failing", "eSpeak takes too long for a text.")
        return int(line)

    def end(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


class Pool:
    """The processes of one server. Thread-safe."""

    def __init__(self, package: Path) -> None:
        self._package = package
        self._idle: list[_Warm] = []
        self._lock = threading.Lock()
        atexit.register(self.close)

    def order(self, order: Mapping[str, str], stop: Callable[[], bool]) -> int:
        """The exit code of whoever has done it. Raises `VoiceFailed`."""
        while True:
            with self._lock:
                warm = self._idle.pop() if self._idle else None
            is_new = warm is None
            warm = warm or _Warm(self._package)
            try:
                code = warm.order(order, stop)
            except _Ended:
                warm.end()
                if is_new:
                    raise VoiceFailed("failing", "eSpeak cannot be started.") from None
                continue
            except BaseException:
                warm.end()
                raise
            with self._lock:
                self._idle.append(warm)
            return code

    def close(self) -> None:
        """End the processes that wait for orders."""
        with self._lock:
            idle, self._idle = self._idle, []
        for warm in idle:
            warm.end()
