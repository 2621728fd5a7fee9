"""JSON lines over Unix sockets, with file descriptors where they are handed over."""

from __future__ import annotations

import json
import os
import socket
from collections import deque
from typing import Any

Message = dict[str, Any]

_CHUNK = 1 << 16
_MAX_LINE = 32 << 20  # a list of many thousand entries fits; endless input from a broken peer does not
_MAX_FDS = 16


def encode(message: Message) -> bytes:
    return json.dumps(message, separators=(",", ":"), default=str).encode() + b"\n"


class Channel:
    """One end of a stream socket that carries JSON lines. Sending and receiving are each for one thread.

    `receive` returns None at end of file. File descriptors that arrive are queued in `fds` in their order.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.fds: deque[int] = deque()
        self._buffer = bytearray()
        self._lines: deque[bytes] = deque()

    def send(self, message: Message, fds: list[int] | None = None) -> None:
        """Send one message. Raises OSError when the other end is gone."""
        data = encode(message)
        if fds:
            sent = socket.send_fds(self.sock, [data], fds)
            data = data[sent:]
        if data:
            self.sock.sendall(data)

    def receive(self) -> Message | None:
        """The next message; waits for it."""
        while not self._lines:
            if not self.fill():
                return None
        return self.pop()

    def fill(self) -> bool:
        """Read once from the socket. False at end of file (a reset connection is one, too)."""
        try:
            data, fds, _, _ = socket.recv_fds(self.sock, _CHUNK, _MAX_FDS)
        except ConnectionError:
            return False
        for fd in fds:
            os.set_inheritable(fd, False)
        self.fds.extend(fds)
        if not data:
            return False
        self._buffer += data
        *lines, rest = self._buffer.split(b"\n")
        if len(rest) > _MAX_LINE:
            raise ValueError("line too long")
        self._lines.extend(bytes(line) for line in lines)
        self._buffer = bytearray(rest)
        return True

    def pop(self) -> Message | None:
        """The next message that has arrived already, or None."""
        if not self._lines:
            return None
        message: Message = json.loads(self._lines.popleft())
        return message

    def close(self) -> None:
        while self.fds:
            os.close(self.fds.popleft())
        self.sock.close()
