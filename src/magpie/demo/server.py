"""An ASGI application served by uvicorn in a thread of its own, on a free loopback port, until `stop`."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ConnectionKey = tuple[str, int]


class Connection:
    """One client's TCP connection, as far as an application may need it: to see it go, and to break it."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.lost = asyncio.Event()

    def cut(self) -> None:
        """Sends what is already written, then closes, whatever the answer's headers promised."""
        self.transport.close()

    def reset(self) -> None:
        """Breaks the connection with a TCP reset instead of an orderly end."""
        raw = self.transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


class _Config(uvicorn.Config):
    connections: dict[ConnectionKey, Connection]
    on_lost: Callable[[ConnectionKey], None] | None


class _Protocol(HttpToolsProtocol):
    """uvicorn's own HTTP/1.1 protocol, which also keeps a register of the open connections."""

    config: _Config

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.client is not None:
            self.config.connections[self.client] = Connection(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.client is None:
            return
        connection = self.config.connections.pop(self.client, None)
        if connection is not None:
            connection.lost.set()
        if self.config.on_lost is not None:
            self.config.on_lost(self.client)


class _Server(uvicorn.Server):
    """Tells when it is up, with the loop it runs in, and stops when told, instead of being asked again and again."""

    def __init__(self, config: uvicorn.Config, started: Callable[[asyncio.AbstractEventLoop], None]) -> None:
        super().__init__(config)
        self._tell = started
        self._end = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell(asyncio.get_running_loop())

    async def main_loop(self) -> None:
        """Waits for `end`; the tick keeps the Date header right, which is why it comes every second."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), 1.0)

    def end(self) -> None:
        """Ends the main loop at once; to be called in the server's own loop."""
        self.should_exit = True
        self._end.set()


class LoopbackServer:
    """Serves `app` on `host`, at a port that the system chooses; `start` returns once it answers."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str = "127.0.0.1",
        on_lost: Callable[[ConnectionKey], None] | None = None,
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((host, 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"
        self.connections: dict[ConnectionKey, Connection] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        self._up = threading.Event()
        config = _Config(
            app, http=_Protocol, interface="asgi3", ws="none", lifespan="off", log_config=None, access_log=False,
            proxy_headers=False, server_header=False, timeout_keep_alive=60, timeout_graceful_shutdown=3, backlog=512,
        )  # fmt: skip
        config.connections = self.connections
        config.on_lost = on_lost
        self._server = _Server(config, self._started)
        self._thread = threading.Thread(target=self._run, name=f"site-{self.port}", daemon=True)

    def _started(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._up.set()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._socket.close()
            self._up.set()

    def start(self) -> None:
        """Starts the thread. Raises `RuntimeError` if the server does not come up."""
        self._thread.start()
        if not self._up.wait(timeout=10) or self.loop is None:
            raise RuntimeError(f"the site at {self.url} did not start")

    def call(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Runs `function` in the server's loop soon; does nothing once the loop has ended."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(function, *arguments)

    def stop(self) -> None:
        """Ends every connection and waits until the thread is gone."""
        if not self._thread.is_alive():
            self._socket.close()
            return
        self.call(self._finish)
        self._thread.join(timeout=15)
        if self._thread.is_alive():
            raise RuntimeError(f"the site at {self.url} did not stop")

    def _finish(self) -> None:
        self._server.end()
        for connection in list(self.connections.values()):
            connection.transport.abort()
