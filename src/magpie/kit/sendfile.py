"""Files straight from the kernel's cache to the socket: no byte of them passes through this process.

uvicorn knows no such thing, so our protocol (`kit.bounds.BoundedHttp`) puts a `FileSender` into each request's scope, as
`scope["extensions"][EXTENSION]`. An answer that has sent its head may hand over slices of an open file with it.

- The socket is a duplicate of the transport's, since event loops do not let others watch a transport's own descriptor.
  Before its first use the transport's buffer is emptied, so that the order holds.
- `sendfile` is called in the event loop, a step at a time, and only for what is in the page cache already: what is not
  is read by one of a few threads first, so that a slow disk holds up nobody else.
- A client that reads slowly holds two descriptors, and neither a thread nor memory of ours.
"""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from uvicorn.protocols.http.flow_control import FlowControl

EXTENSION = "magpie.sendfile"
STEP = 1 << 20  # bytes that are sent before others get their turn
# Bytes that are read from the disk at a time for who takes few at a time; up to STEP for others.
FIRST_READ = 128 << 10
READERS = 4

_readers = ThreadPoolExecutor(READERS, "file-reader")
_scratch = threading.local()


class FileEnded(OSError):
    """The file has become shorter than it was when its length was announced."""


class Cycle(Protocol):
    """What is used of uvicorn's record of one request and its answer."""

    expected_content_length: int
    disconnected: bool


class FileSender:
    """Sends slices of files as parts of one answer's body, whose length was announced in its head."""

    def __init__(self, transport: asyncio.Transport, flow: FlowControl, cycle: Cycle) -> None:
        self._transport = transport
        self._flow = flow
        self._cycle = cycle
        self._waiting: asyncio.Future[None] | None = None

    async def __call__(self, file: int, offset: int, count: int) -> None:
        """Send `count` bytes of the open file `file` from `offset` on; returns early if the client has gone.

        Raises `FileEnded`, or another `OSError` if the disk fails.
        """
        self._transport.set_write_buffer_limits(high=0)
        try:
            await self._flow.drain()
            if not self._gone:
                out = os.dup(self._transport.get_extra_info("socket").fileno())
                try:
                    await self._send(out, file, offset, count)
                finally:
                    os.close(out)
        finally:
            self._transport.set_write_buffer_limits()
            if self._gone:
                self._cycle.disconnected = True  # so that nobody misses the rest of the body

    def connection_lost(self) -> None:
        """To be called by the protocol: nobody waits for a socket that is closed."""
        if self._waiting is not None:
            _settle(self._waiting)

    @property
    def _gone(self) -> bool:
        return self._cycle.disconnected or self._transport.is_closing()

    async def _send(self, out: int, file: int, offset: int, count: int) -> None:
        ahead = FIRST_READ
        while count and not self._gone:
            step = min(count, STEP)
            if not _is_cached(file, offset, step):
                step = min(step, ahead)
                if not _is_cached(file, offset, step):
                    await asyncio.get_running_loop().run_in_executor(_readers, _read, file, offset, step)
                    if self._gone:
                        return
            try:
                sent = os.sendfile(out, file, offset, step)
            except BlockingIOError:
                sent = 0
            except (ConnectionError, TimeoutError):
                self._transport.abort()
                return
            else:
                if not sent:
                    raise FileEnded("the file has become shorter while it was sent")
            offset, count = offset + sent, count - sent
            self._cycle.expected_content_length -= sent
            if sent < step:
                ahead = FIRST_READ
                await self._writable(out)
            else:
                ahead = min(2 * ahead, STEP)
                await asyncio.sleep(0)

    async def _writable(self, out: int) -> None:
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        loop.add_writer(out, _settle, self._waiting)
        try:
            await self._waiting
        finally:
            loop.remove_writer(out)
            self._waiting = None


def _settle(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


def _is_cached(file: int, offset: int, count: int) -> bool:
    """Whether the first and the last of these bytes can be had without waiting for a disk; False if nobody knows."""
    nowait = getattr(os, "RWF_NOWAIT", None)  # Linux, and not all its file systems
    if nowait is None:
        return False
    byte = bytearray(1)
    try:
        for place in (offset, offset + count - 1):
            os.preadv(file, [byte], place, nowait)
    except OSError:
        return False
    return True


def _read(file: int, offset: int, count: int) -> None:
    """Have the kernel fetch these bytes. Once its answer is given up, the descriptor may be another file's by the time that
    this runs; that is harmless, since nothing is done with what was read."""
    if not hasattr(_scratch, "buffer"):
        _scratch.buffer = bytearray(FIRST_READ)
    whole, rest = divmod(count, FIRST_READ)  # all into the same few bytes
    os.preadv(file, [_scratch.buffer] * whole + [memoryview(_scratch.buffer)[:rest]], offset)
