"""Hears from other hosts that there is something to do (PostgreSQL's LISTEN)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import psycopg

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
RETRY_SECONDS = 2.0


class Listener:
    """Calls `heard` for every note on a channel that another process sent. Losing notes costs a second of latency."""

    def __init__(self, conninfo: str, channel: str, own: str, heard: Callable[[], None]) -> None:
        self._conninfo = conninfo
        self._channel = channel
        self._own = own
        self._heard = heard
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine-listen", daemon=True)

    def open(self) -> None:
        self._thread.start()

    def close(self, nudge: Callable[[], None]) -> None:
        """End; `nudge` sends a note, so that the wait for one is over."""
        self._closed.set()
        nudge()
        if self._thread.is_alive():
            self._thread.join(timeout=LOOK_SECONDS * 2)

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    connection.execute(f"LISTEN {self._channel}")
                    self._heard()
                    self._listen(connection)
            except psycopg.Error as error:
                logger.info("Listening for other hosts failed: %s", type(error).__name__)
                self._closed.wait(RETRY_SECONDS)

    def _listen(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        while not self._closed.is_set():
            for note in connection.notifies(timeout=LOOK_SECONDS):
                if note.payload != self._own:
                    self._heard()
                if self._closed.is_set():
                    return
