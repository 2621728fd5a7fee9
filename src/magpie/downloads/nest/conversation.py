"""What a worker's thread and a job process say to each other while the job runs."""

from __future__ import annotations

import os
import selectors
import time
from typing import TYPE_CHECKING

from magpie.downloads.extractors.listing import ListedEntry, ListHandler, SourceFacts
from magpie.downloads.extractors.port import Stage, medium_from_wire
from magpie.downloads.nest.generation import Job
from magpie.downloads.nest.wire import Message

if TYPE_CHECKING:
    from magpie.downloads.nest.client import JobHandler

OUTPUT_KEPT = 8192  # bytes of the tools' output that are kept for diagnosis
PROCESSING_PATIENCE = 15  # re-encoding may be silent for so many times the inactivity limit
_ANSWERS = frozenset({"saved", "list", "declined", "failure", "inspected", "listed"})


class JobDied(Exception):
    """End of file before an answer."""


class NoProgress(Exception):
    """Nothing has moved for too long."""


class Conversation:
    """Reads reports and output until the job's answer. The output is always drained, so tools never block."""

    def __init__(
        self, job: Job, handler: JobHandler, patience: float, listing: ListHandler | None = None
    ) -> None:
        self._job = job
        self._handler = handler
        self._listing = listing
        self._patience = patience
        self._stage: Stage | None = None
        self._moved = time.monotonic()
        self._bytes = -1
        self._output = bytearray()
        self.has_heard = False  # anything at all

    def hold(self) -> Message:
        """Returns the job's answer. Raises JobDied, NoProgress, or what the handler raises."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._job.channel.sock, selectors.EVENT_READ)
            selector.register(self._job.output, selectors.EVENT_READ)
            while True:
                events = selector.select(self._time_left())
                for key, _ in events:
                    if key.fileobj == self._job.output and not self.drain_output():
                        selector.unregister(self._job.output)
                if any(key.fileobj is self._job.channel.sock for key, _ in events):
                    alive = self._job.channel.fill()
                    if (answer := self._hear()) is not None:
                        return answer
                    if not alive:
                        raise JobDied
                if self._time_left() == 0:
                    raise NoProgress

    def _time_left(self) -> float:
        patience = self._patience
        if self._stage is Stage.PROCESSING:
            patience *= PROCESSING_PATIENCE
        return max(0.0, self._moved + patience - time.monotonic())

    def _hear(self) -> Message | None:
        """Deal with all reports that have arrived; returns the answer if it is among them."""
        while (message := self._job.channel.pop()) is not None:
            self.has_heard = True
            kind = message["type"]
            if kind in _ANSWERS:
                return message
            if kind == "stage":
                self._stage = Stage(message["stage"])
                self._moved = time.monotonic()
                self._handler.on_stage(self._stage)
            elif kind == "found":
                verdict = self._handler.on_found(medium_from_wire(message["medium"]))
                self._job.send({"type": "verdict", "go": verdict == "go"})
                self._moved = time.monotonic()
            elif kind == "progress":
                downloaded, total, speed, eta = message["progress"]
                if downloaded != self._bytes:
                    self._bytes, self._moved = downloaded, time.monotonic()
                self._handler.on_progress(downloaded, total, speed, eta)
            elif self._listing is not None:
                self._hear_of_list(message, self._listing)
        return None

    def _hear_of_list(self, message: Message, handler: ListHandler) -> None:
        """Whatever a listing reports is movement, also that it has only asked for another page."""
        if message["type"] == "source":
            handler.on_source(SourceFacts(**message["source"]))
        elif message["type"] == "entries":
            handler.on_entries([ListedEntry(**entry) for entry in message["entries"]])
        self._moved = time.monotonic()

    def drain_output(self) -> bool:
        """Read what the tools have printed; False at its end. Only the last bytes are kept."""
        while True:
            try:
                data = os.read(self._job.output, 65536)
            except BlockingIOError:
                return True
            if not data:
                return False
            self._output += data
            del self._output[:-OUTPUT_KEPT]

    def last_words(self) -> str:
        """The last lines that the job printed."""
        lines = self._output.decode(errors="replace").splitlines()
        return " | ".join(line.strip() for line in lines[-5:] if line.strip())[:1000]
