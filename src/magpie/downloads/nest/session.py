"""The job's side of its line to the worker."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from queue import SimpleQueue
from typing import NoReturn

from magpie.downloads.extractors.listing import ListedEntry, SourceFacts
from magpie.downloads.extractors.port import Declined, Medium, Stage, to_wire
from magpie.downloads.nest.kernel import insist
from magpie.downloads.nest.wire import Channel, Message

PROGRESS_SECONDS = 0.25
BATCH_SECONDS = 0.2
BATCH_ENTRIES = 250


class JobSession:
    """Implements `port.Session` and `listing.ListSession` over the job's socket.

    A watching thread reads what the worker says. At end of file the worker is gone, and the whole process group,
    with ffmpeg and every other tool in it, kills itself.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._sending = threading.Lock()
        self._verdicts: SimpleQueue[bool] = SimpleQueue()
        self._orders: SimpleQueue[Message] = SimpleQueue()
        self._finish = threading.Event()
        self._stage: Stage | None = None
        self._last_sent = 0.0
        self._held_back: Message | None = None
        self._batch = Batch(self.send)
        self.watcher = threading.Thread(target=self._listen, name="worker-watch", daemon=True)

    def watch(self) -> None:
        """Start to listen to the worker."""
        self.watcher.start()

    def next_order(self) -> Message:
        """Wait for another order; if none comes, the worker hangs up, and this process ends."""
        return self._orders.get()

    def send(self, message: Message) -> None:
        try:
            with self._sending:
                self._channel.send(message)
        except OSError:
            kill_own_group()

    def stage(self, stage: Stage) -> None:
        if stage != self._stage:
            self._stage = stage
            self.flush()
            self.send({"type": "stage", "stage": stage})

    def found(self, medium: Medium) -> None:
        if medium.is_live:
            insist()  # what is not recorded now is lost
        self.send({"type": "found", "medium": to_wire(medium)})
        if not self._verdicts.get():
            raise Declined

    def progress(
        self, downloaded: int, total: int | None = None, speed: float | None = None, eta: float | None = None
    ) -> None:
        now = time.monotonic()
        message: Message = {"type": "progress", "progress": [downloaded, total, speed, eta]}
        if now - self._last_sent < PROGRESS_SECONDS:
            self._held_back = message
            return
        self._last_sent, self._held_back = now, None
        self.send(message)

    def source(self, facts: SourceFacts) -> None:
        self.send({"type": "source", "source": asdict(facts)})

    def entries(self, entries: Sequence[ListedEntry]) -> None:
        self._batch.add(entries)

    def requested(self, count: int = 1) -> None:
        self.send({"type": "requested", "count": count})

    def flush(self) -> None:
        """Send the progress and the entries that were held back."""
        if self._held_back is not None:
            self.send(self._held_back)
            self._held_back = None
        self._batch.flush()

    def should_finish(self) -> bool:
        return self._finish.is_set()

    def _listen(self) -> None:
        try:
            while (message := self._channel.receive()) is not None:
                if message["type"] == "verdict":
                    self._verdicts.put(message["go"])
                elif message["type"] == "finish":
                    self._finish.set()
                elif message["type"] == "list":
                    self._orders.put(message)
        finally:
            kill_own_group()


class Batch:
    """Gathers entries. They leave when there are many, or when the first has waited for long enough, also while the
    listing waits for the site's next page."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        self._send = send
        self._guard = threading.Lock()
        self._waiting: list[Message] = []
        self._timer: threading.Timer | None = None

    def add(self, entries: Sequence[ListedEntry]) -> None:
        with self._guard:
            self._waiting.extend(asdict(entry) for entry in entries)
            while len(self._waiting) >= BATCH_ENTRIES:
                self._send_some()
            if self._waiting and self._timer is None:
                self._timer = threading.Timer(BATCH_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        with self._guard:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._waiting:
                self._send_some()

    def _send_some(self) -> None:
        some, self._waiting = self._waiting[:BATCH_ENTRIES], self._waiting[BATCH_ENTRIES:]
        self._send({"type": "entries", "entries": some})


def kill_own_group() -> NoReturn:
    """End this process and everything in its group at once."""
    os.killpg(0, signal.SIGKILL)
    raise SystemExit  # not reached: the signal ends this process
