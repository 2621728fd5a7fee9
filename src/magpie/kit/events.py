"""Live events: published by whichever worker does something, received by every open page.

On SQLite there is one process and an event goes straight to its subscribers. On PostgreSQL it travels by
NOTIFY, so that pages on one host see the work of another.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
import structlog

log = structlog.get_logger(__name__)

CHANNEL = "magpie_events"
MAX_PAYLOAD = 7900  # PostgreSQL refuses payloads of 8000 bytes and more
MAX_QUEUE = 1000


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, and to whom it may be shown: the owner (None: superusers only) and all superusers."""

    owner: int | None
    body: dict[str, Any] = field(default_factory=dict)


class Subscription:
    """One open page's queue of events that it wants. Slow readers lose the oldest events, never memory."""

    def __init__(self, loop: asyncio.AbstractEventLoop, wants: Callable[[Event], bool]) -> None:
        self._loop = loop
        self._wants = wants
        self._queue: asyncio.Queue[Event] = asyncio.Queue(MAX_QUEUE)

    def offer(self, event: Event) -> None:
        """Called from any thread. What is not wanted does not even wake the reader."""
        if not self._wants(event):
            return
        with suppress(RuntimeError):  # the loop has been closed: nobody reads any more
            self._loop.call_soon_threadsafe(self._put, event)

    def _put(self, event: Event) -> None:
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(event)

    async def next(self) -> Event:
        return await self._queue.get()


class EventBus:
    """Events within one process."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Nothing to start within one process."""

    def stop(self) -> None:
        """Nothing to stop within one process."""

    def publish(self, events: list[Event]) -> None:
        self.deliver(events)

    def deliver(self, events: list[Event]) -> None:
        with self._lock:
            subscriptions = list(self._subscriptions)
        for subscription in subscriptions:
            for event in events:
                subscription.offer(event)

    @contextmanager
    def subscribe(self, wants: Callable[[Event], bool] = lambda _event: True) -> Iterator[Subscription]:
        """Must be entered in the event loop that reads. `wants` is asked in any thread, and must be quick."""
        subscription = Subscription(asyncio.get_running_loop(), wants)
        with self._lock:
            self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            with self._lock:
                self._subscriptions.discard(subscription)


class PostgresEventBus(EventBus):
    """Events between all hosts on one PostgreSQL database."""

    def __init__(self, conninfo: str) -> None:
        super().__init__()
        self._conninfo = conninfo
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._sender: psycopg.Connection[Any] | None = None
        self._sending = threading.Lock()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._listen, name="events", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(timeout=5)
        with self._sending:
            if self._sender:
                self._sender.close()
                self._sender = None

    def publish(self, events: list[Event]) -> None:
        if not events or self._stopping.is_set():
            return
        payloads = [_payload(event) for event in events]
        try:
            self._send(payloads)
        except psycopg.Error:
            # Events are a convenience: pages fetch the state again when they reconnect.
            log.warning("events_not_sent", count=len(payloads), exc_info=True)

    def _send(self, payloads: list[str]) -> None:
        with self._sending:
            try:
                self._notify(payloads)
            except psycopg.OperationalError:
                if self._sender:
                    self._sender.close()
                self._sender = None  # the connection was lost: once more on a new one
                self._notify(payloads)

    def _notify(self, payloads: list[str]) -> None:
        if self._sender is None or self._sender.closed:
            self._sender = psycopg.connect(self._conninfo, autocommit=True, application_name="magpie events")
        self._sender.execute(
            "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload", (CHANNEL, payloads)
        )

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                with psycopg.connect(
                    self._conninfo, autocommit=True, application_name="magpie events"
                ) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    while not self._stopping.is_set():
                        for notice in connection.notifies(timeout=1.0):
                            self._hear(notice.payload)
            except psycopg.Error:
                log.warning("events_listener_lost", exc_info=True)
                self._stopping.wait(2.0)

    def _hear(self, payload: str) -> None:
        """Whoever may connect to the database may say anything on the channel."""
        try:
            data = json.loads(payload)
            event = Event(data["owner"], dict(data["body"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            log.warning("event_not_understood", size=len(payload))
            return
        self.deliver([event])


def _payload(event: Event) -> str:
    """The event as text that PostgreSQL takes: what makes it too long is left out, the largest first."""
    body = dict(event.body)
    while True:
        text = json.dumps({"owner": event.owner, "body": body}, ensure_ascii=True)
        if len(text) <= MAX_PAYLOAD or not body:
            return text
        del body[max(body, key=lambda key: len(json.dumps(body[key], ensure_ascii=True)))]
