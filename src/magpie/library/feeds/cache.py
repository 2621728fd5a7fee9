"""What was written a moment ago: bounded, and gone with the process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

MAX_BYTES = 24 << 20
MAX_STATES = 4096


class Cache:
    """Documents by the state that they show, the ones longest unused forgotten; and since when an address shows which.

    Thread-safe.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._lock = threading.Lock()
        self._documents: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._max_bytes = max_bytes
        self._states: OrderedDict[str, tuple[str, int]] = OrderedDict()

    def get(self, state: str) -> bytes | None:
        with self._lock:
            if state in self._documents:
                self._documents.move_to_end(state)
            return self._documents.get(state)

    def put(self, state: str, document: bytes) -> None:
        """One that is larger than all of the room is not kept."""
        with self._lock:
            self._drop(state)
            if len(document) > self._max_bytes:
                return
            self._documents[state] = document
            self._bytes += len(document)
            while self._bytes > self._max_bytes:
                self._drop(next(iter(self._documents)))

    def _drop(self, state: str) -> None:
        if (old := self._documents.pop(state, None)) is not None:
            self._bytes -= len(old)

    def since(self, address: str, state: str) -> int:
        """When this state was first seen there, in whole seconds since 1970; never the same as for the state before."""
        with self._lock:
            known = self._states.pop(address, None)
            if known is None or known[0] != state:
                now = int(time.time())
                known = (state, now if known is None else max(now, known[1] + 1))
            self._states[address] = known
            if len(self._states) > MAX_STATES:
                self._states.popitem(last=False)
            return known[1]
