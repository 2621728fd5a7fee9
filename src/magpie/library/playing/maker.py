"""Runs the inspector: at once for what somebody waits for, in the background for all else."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Full, Queue
from typing import Literal

import structlog

from magpie.library.playing.inspector import NOTHING

log = structlog.get_logger(__name__)

What = Literal["facts", "peaks", "thumbnail"]
PATIENCE = {"facts": 30.0, "peaks": 3600.0, "thumbnail": 120.0}  # seconds by the clock
WAITING_MOST = 1000  # orders; more are forgotten, and made when they are asked for


class NotInspected(Exception):
    """The inspector could not say what is in the file: it was stopped, or is not to be had."""


class Maker:
    """One thread that does one order after the other, and those of requests in their own threads."""

    def __init__(self) -> None:
        self._orders: Queue[tuple[str, Callable[[], None]]] = Queue(WAITING_MOST)
        self._known: set[str] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._running: set[subprocess.Popen[bytes]] = set()

    @property
    def is_idle(self) -> bool:
        """Whether there is no order in the background."""
        return not self._known

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def order(self, name: str, work: Callable[[], None]) -> bool:
        """Have the work done in the background, once for all who order it by this name meanwhile; whether it will be."""
        with self._lock:
            if name in self._known:
                return True
            if self._stopping.is_set():
                return False
            try:
                self._orders.put_nowait((name, work))
            except Full:
                return False
            self._known.add(name)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="maker", daemon=True)
                self._thread.start()
            return True

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                name, work = self._orders.get(timeout=1)
            except Empty:
                continue
            try:
                work()
            except Exception:
                log.exception("not_made", what=name)
            finally:
                with self._lock:
                    self._known.discard(name)

    def inspect(self, what: What, source: Path, target: Path) -> bool:
        """Make `target` of the file `source`; False if there is nothing of the kind in it. Raises `NotInspected`."""
        command = [sys.executable, "-m", "magpie.library.playing.inspector", what, str(source), str(target)]
        with self._lock:
            if self._stopping.is_set():
                raise NotInspected
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", "")},
            )
            self._running.add(process)
        try:
            code = process.wait(PATIENCE[what])
        except subprocess.TimeoutExpired:
            code = None
        finally:
            process.kill()
            process.wait()
            with self._lock:
                self._running.discard(process)
        if code not in (0, NOTHING):
            log.info("file_not_inspected", what=what, exit_code=code)
            raise NotInspected
        return code == 0

    def stop(self) -> None:
        """Begin nothing more, and stop what runs."""
        with self._lock:
            self._stopping.set()
            for process in self._running:
                process.kill()
        if self._thread is not None:
            self._thread.join(5)
