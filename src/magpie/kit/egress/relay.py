"""Moving bytes between two sockets, with back-pressure and half-close.

Sockets are served by reader and writer callbacks instead of transports: one shared buffer per loop instead of
one per connection, and at most one buffer's worth of unsent data in each direction.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable

from magpie.kit.egress.messages import Body, EndlessBody

BUFFER_SIZE = 256 * 1024


class Pump:
    """One direction. `finished` is called once, with the error if there was one."""

    def __init__(
        self,
        source: socket.socket,
        sink: socket.socket,
        scratch: memoryview,
        *,
        body: Body,
        moved: Callable[[int], None],
        finished: Callable[[OSError | None], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._source = source
        self._sink = sink
        self._scratch = scratch
        self._body = body
        self._moved = moved
        self._finished = finished
        self._pending = memoryview(b"")
        self._reading = self._writing = False
        self._ended = self._shut_sink = False
        self.done = False

    def start(self, first: bytes = b"") -> None:
        """Sends `first`, then whatever the source says."""
        if first:
            self._send(memoryview(first))
        if not self.done and not self._writing:
            self._read(True)

    def stop(self) -> None:
        """Lets go of the sockets; safe to call again."""
        self.done = True
        self._read(False)
        self._write(False)

    def _readable(self) -> None:
        try:
            count = self._source.recv_into(self._scratch)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._finish(error)
            return
        if not count:
            self._ended = self._shut_sink = True
            self._end()
            return
        used = self._body.take(self._scratch[:count])
        if used:
            self._moved(used)
            self._send(self._scratch[:used])
        if used < count:  # whatever follows the body is not for this origin
            self._read(False)
            self._ended = True
            if not self._writing and not self.done:
                self._end()

    def _send(self, data: memoryview) -> None:
        try:
            sent = self._sink.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as error:
            self._finish(error)
            return
        if sent < len(data):
            self._pending = memoryview(bytes(data[sent:]))
            self._read(False)
            self._write(True)

    def _writable(self) -> None:
        try:
            sent = self._sink.send(self._pending)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._finish(error)
            return
        self._moved(0)
        self._pending = self._pending[sent:]
        if self._pending:
            return
        self._write(False)
        if self._ended:
            self._end()
        else:
            self._read(True)

    def _end(self) -> None:
        if self._shut_sink:
            with contextlib.suppress(OSError):  # already gone, as the other direction will notice
                self._sink.shutdown(socket.SHUT_WR)
        self._finish(None)

    def _finish(self, error: OSError | None) -> None:
        if self.done:
            return
        self.stop()
        self._finished(error)

    def _read(self, on: bool) -> None:
        if on != self._reading:
            self._reading = on
            if on:
                self._loop.add_reader(self._source, self._readable)
            else:
                self._loop.remove_reader(self._source)

    def _write(self, on: bool) -> None:
        if on != self._writing:
            self._writing = on
            if on:
                self._loop.add_writer(self._sink, self._writable)
            else:
                self._loop.remove_writer(self._sink)


class Relay:
    """Both directions between a client and an origin, with one idle clock.

    Args:
        sent, received: told the bytes to and from the origin as they pass.
        idle_timeout: seconds without a byte in either direction before `wait` gives up.
        body: where the request ends; a tunnel never does.
    """

    def __init__(
        self,
        client: socket.socket,
        origin: socket.socket,
        scratch: memoryview,
        *,
        sent: Callable[[int], None],
        received: Callable[[int], None],
        idle_timeout: float,
        body: Body | None = None,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._origin = origin
        self._idle_timeout = idle_timeout
        self._counters = sent, received
        self._last = self._loop.time()
        self._changed: asyncio.Future[None] | None = None
        self.error: OSError | None = None
        self.up = Pump(
            client, origin, scratch, body=body or EndlessBody(), moved=self._moved_up, finished=self._finished
        )
        self.down = Pump(
            origin, client, scratch, body=EndlessBody(), moved=self._moved_down, finished=self._finished
        )

    def idle_left(self) -> float:
        """Seconds until the exchange counts as idle."""
        return self._last + self._idle_timeout - self._loop.time()

    async def wait(self, *pumps: Pump) -> None:
        """Until these pumps are done.

        Raises:
            OSError: either side broke off; TimeoutError if nothing moved for too long.
        """
        while not all(pump.done for pump in pumps):
            left = self.idle_left()
            if left <= 0:
                raise TimeoutError("idle")
            self._changed = self._loop.create_future()
            timer = self._loop.call_later(left, self._wake)
            try:
                await self._changed
            finally:
                timer.cancel()
        if self.error:
            raise self.error

    def stop(self) -> None:
        """Lets go of both sockets without closing them."""
        self.up.stop()
        self.down.stop()

    def _moved_up(self, count: int) -> None:
        self._last = self._loop.time()
        self._counters[0](count)

    def _moved_down(self, count: int) -> None:
        self._last = self._loop.time()
        self._counters[1](count)

    def _finished(self, error: OSError | None) -> None:
        if error:
            self.error = self.error or error
            self.stop()
            with contextlib.suppress(OSError):  # wakes whoever awaits the origin's answer
                self._origin.shutdown(socket.SHUT_RDWR)
        self._wake()

    def _wake(self) -> None:
        if self._changed and not self._changed.done():
            self._changed.set_result(None)


async def linger(client: socket.socket, seconds: float) -> None:
    """Ends our side and waits for the client's end, lest a reset destroy what it has yet to read."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_WR)
        async with asyncio.timeout(seconds):
            while await loop.sock_recv(client, BUFFER_SIZE):
                pass


def reset_on_close(sock: socket.socket) -> None:
    """Makes closing visible as a failure: a body without a length must not look complete when it is not."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
