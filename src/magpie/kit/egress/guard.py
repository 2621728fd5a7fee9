"""The egress guard: a filtering forward proxy on loopback.

Every process that downloads is sent through it, because checks inside a process miss libcurl and ffmpeg.
It runs in a thread with a loop of its own, so a busy server does not slow downloads and the reverse.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import socket
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import structlog

from magpie.kit.egress.dial import Dialer, DirectDialer, Upstream, UpstreamDialer
from magpie.kit.egress.limits import GuardLimits
from magpie.kit.egress.passes import EgressAccess, PassBook
from magpie.kit.egress.policy import EgressPolicy
from magpie.kit.egress.relay import BUFFER_SIZE
from magpie.kit.egress.session import Services, Session

_log = structlog.get_logger(__name__)
_RESOLVER_THREADS = 16
_ACCEPTS_AT_ONCE = 64
_STOP_TIMEOUT = 10.0
_RETRY_ACCEPT = 0.2


class EgressGuard:
    """Start it, hand out passes, stop it; all methods may be called from any thread.

    Args:
        policy: what may be reached.
        upstream_proxy: ``http://[user:password@]host:port`` through which everything goes out.
        limits: bounds, see `GuardLimits`.

    Raises:
        ValueError: the upstream proxy's address cannot be read.
    """

    def __init__(
        self, policy: EgressPolicy, upstream_proxy: str | None = None, *, limits: GuardLimits | None = None
    ) -> None:
        self._policy = policy
        self._upstream = Upstream.parse(upstream_proxy) if upstream_proxy else None
        self._limits = limits or GuardLimits()
        self._book = PassBook()
        self._thread: threading.Thread | None = None
        self._server: _Server | None = None

    @property
    def port(self) -> int:
        """The loopback port; RuntimeError when not started."""
        return self._running().port

    def start(self) -> None:
        """Listens on a free port of 127.0.0.1.

        Raises:
            OSError: no socket to be had.
        """
        if self._thread:
            raise RuntimeError("the egress guard is already running")
        ready: Future[_Server] = Future()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="egress-guard", daemon=True)
        self._thread.start()
        try:
            self._server = ready.result()
        except BaseException:
            self._thread.join()
            self._thread = None
            raise

    def stop(self) -> None:
        """Closes every connection and ends the thread; fine to call again."""
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server and thread:
            server.loop.call_soon_threadsafe(server.stopping.set)
            thread.join(_STOP_TIMEOUT)

    def reconfigure(self, policy: EgressPolicy, upstream_proxy: str | None = None) -> None:
        """Takes other rules, and another proxy, for every connection that jobs open to the guard from now on.

        Raises:
            ValueError: the upstream proxy's address cannot be read; then all stays as it was.
        """
        upstream = Upstream.parse(upstream_proxy) if upstream_proxy else None
        self._policy, self._upstream = policy, upstream
        if server := self._server:
            server.loop.call_soon_threadsafe(server.use, self._dialer(server.pool))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @contextlib.contextmanager
    def pass_for(self, job_id: str) -> Iterator[EgressAccess]:
        """A pass for one job; at the end it is revoked and its connections are closed."""
        user, grant = self._book.issue(job_id, self._running().port)
        try:
            yield grant.access
        finally:
            self._book.revoke(user)
            if server := self._server:
                server.call(server.close_connections(grant.connections))
            access = grant.access
            _log.debug(
                "egress pass ended",
                job=job_id,
                requests=access.requests,
                received=access.received,
                sent=access.sent,
                refused=access.refused,
            )

    def _running(self) -> _Server:
        if not self._server:
            raise RuntimeError("the egress guard is not running")
        return self._server

    def _run(self, ready: Future[_Server]) -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._main(ready))

    async def _main(self, ready: Future[_Server]) -> None:
        pool = ThreadPoolExecutor(_RESOLVER_THREADS, thread_name_prefix="egress-resolver")
        scratch = memoryview(bytearray(BUFFER_SIZE))
        try:
            server = _Server(Services(self._book, self._dialer(pool), self._limits, scratch), pool)
        except OSError as error:
            ready.set_exception(error)
            return
        ready.set_result(server)
        try:
            await server.serve()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _dialer(self, pool: ThreadPoolExecutor) -> Dialer:
        if self._upstream:
            return UpstreamDialer(self._policy, self._limits, pool, self._upstream)
        return DirectDialer(self._policy, self._limits, pool)


class _Server:
    """The listening socket and its sessions; lives on the guard's loop."""

    def __init__(self, services: Services, pool: ThreadPoolExecutor) -> None:
        self.pool = pool
        self.loop = asyncio.get_running_loop()
        self.stopping = asyncio.Event()
        self._services = services
        self._sessions: set[asyncio.Task[None]] = set()
        self._accepting = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]

    async def serve(self) -> None:
        self._accept(True)
        try:
            await self.stopping.wait()
        finally:
            self._accept(False)
            self._listener.close()
            await self.close_connections(self._sessions)

    def use(self, dialer: Dialer) -> None:
        """Sessions that begin later dial by this one."""
        self._services = dataclasses.replace(self._services, dialer=dialer)

    def call(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs `work` on the loop and waits for it; does nothing once the loop has ended."""
        try:
            future = asyncio.run_coroutine_threadsafe(work, self.loop)
        except RuntimeError:
            work.close()
            return
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            future.result(_STOP_TIMEOUT)

    async def close_connections(self, connections: set[asyncio.Task[None]]) -> None:
        tasks = list(connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _accept(self, on: bool) -> None:
        if on == self._accepting:
            return
        self._accepting = on
        if on:
            self.loop.add_reader(self._listener, self._acceptable)
        else:
            self.loop.remove_reader(self._listener)

    def _acceptable(self) -> None:
        for _ in range(_ACCEPTS_AT_ONCE):
            if len(self._sessions) >= self._services.limits.connections:
                self._accept(False)  # until a session ends; the backlog holds the others
                return
            try:
                client, _address = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:  # out of file descriptors: the others need time to end
                self._accept(False)
                self.loop.call_later(_RETRY_ACCEPT, self._resume)
                return
            client.setblocking(False)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = self.loop.create_task(Session(client, self._services).run())
            self._sessions.add(task)
            task.add_done_callback(self._session_ended)

    def _session_ended(self, task: asyncio.Task[None]) -> None:
        self._sessions.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("egress session failed", error=type(error).__name__)
        self._resume()

    def _resume(self) -> None:
        if not self.stopping.is_set():
            self._accept(True)
