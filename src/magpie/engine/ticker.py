"""Runs short functions periodically, one after the other in one thread."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from magpie.engine.port import Where

logger = logging.getLogger(__name__)

# How long a function for one worker waits before it asks again whether this is the one.
_NOT_LEADER_SECONDS = 2.0


@dataclass(slots=True)
class _Task:
    name: str
    seconds: float
    function: Callable[[], None]
    where: Where
    due: float = 0.0


class Ticker:
    """A fault of a function is logged; the function runs again at its next turn."""

    def __init__(self, is_leader: Callable[[], bool]) -> None:
        self._is_leader = is_leader
        self._tasks: list[_Task] = []
        self._changed = threading.Event()
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="engine-ticker", daemon=True)

    def add(self, name: str, seconds: float, function: Callable[[], None], where: Where) -> None:
        """Run `function` at once and then every so many seconds."""
        with self._lock:
            self._tasks.append(_Task(name, seconds, function, where))
        self._changed.set()

    def open(self) -> None:
        self._thread.start()

    def close(self, timeout: float) -> None:
        """Begin nothing more; wait for the function that runs."""
        self._closed.set()
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        while not self._closed.is_set():
            self._changed.clear()
            with self._lock:
                tasks = list(self._tasks)
            for task in tasks:
                if not self._closed.is_set() and task.due <= time.monotonic():
                    self._turn(task)
            due = min((task.due for task in tasks), default=time.monotonic() + 60)
            self._changed.wait(max(0.0, due - time.monotonic()))

    def _turn(self, task: _Task) -> None:
        if task.where is Where.ONE and not self._is_leader():
            task.due = time.monotonic() + min(task.seconds, _NOT_LEADER_SECONDS)
            return
        try:
            task.function()
        except Exception:
            logger.exception("Periodic work %s failed", task.name)
        task.due = time.monotonic() + task.seconds
