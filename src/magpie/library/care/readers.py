"""A few readers' processes side by side, and what to do when a file kills one."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import Self, TypeVar

from magpie.library.care.facts import Facts

SECONDS = 60.0  # for one batch, on the slowest of disks
T = TypeVar("T")


class ReaderDied(Exception):
    """The process has ended, or was ended, over what it was given."""


class _Reader:
    """One process; started when it is first needed, and anew after it died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, files: Sequence[tuple[str, str]]) -> list[Facts | None]:
        """The facts of each file. Raises `ReaderDied`."""
        process = self._running()
        try:
            answer = _exchange(process, json.dumps(files).encode() + b"\n")
            return [None if one is None else Facts(**one) for one in json.loads(answer)]
        except (OSError, ValueError, TypeError) as error:
            self.close()
            raise ReaderDied from error

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "magpie.library.care.reader"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ},
            )
        return self._process

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            with suppress(OSError):
                self._process.communicate()
            self._process = None


def _exchange(process: subprocess.Popen[bytes], line: bytes) -> bytes:
    """One line there, one line back. Raises OSError when the process ends or says nothing for too long."""
    if process.stdin is None or process.stdout is None:
        raise OSError("no pipes")
    process.stdin.write(line)
    process.stdin.flush()
    number, parts, deadline = process.stdout.fileno(), bytearray(), time.monotonic() + SECONDS
    while not parts.endswith(b"\n"):
        ready, _, _ = select.select([number], [], [], max(0.0, deadline - time.monotonic()))
        data = os.read(number, 1 << 20) if ready else b""
        if not data:
            raise OSError("no answer")
        parts += data
    return bytes(parts)


class Readers:
    """Use as a context: `count` processes, which end with it."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._free: SimpleQueue[_Reader] = SimpleQueue()
        self._all = [_Reader() for _ in range(count)]
        for reader in self._all:
            self._free.put(reader)
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="reader")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        for reader in self._all:
            reader.close()

    def read(
        self, batches: Iterable[tuple[T, Sequence[tuple[str, str]]]]
    ) -> Iterator[tuple[T, list[Facts | None]]]:
        """Batches of (place, path) with something that belongs to them; their facts in the same order. Only a few
        batches are under way at a time."""
        waiting: deque[tuple[T, Future[list[Facts | None]]]] = deque()
        for belonging, files in batches:
            waiting.append((belonging, self._pool.submit(self._one, files)))
            if len(waiting) > 2 * self._count:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()

    def _one(self, files: Sequence[tuple[str, str]]) -> list[Facts | None]:
        reader = self._free.get()
        try:
            return _patiently(reader, files)
        finally:
            self._free.put(reader)


def _patiently(reader: _Reader, files: Sequence[tuple[str, str]]) -> list[Facts | None]:
    """As `ask`; after a death each file is asked for alone, and the deadly one gives None."""
    try:
        return reader.ask(files)
    except ReaderDied:
        if len(files) == 1:
            return [None]
        half = len(files) // 2
        return _patiently(reader, files[:half]) + _patiently(reader, files[half:])
