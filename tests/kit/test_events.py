"""Events reach every reader: within one process, and between hosts by way of PostgreSQL."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from magpie.kit.events import CHANNEL, MAX_PAYLOAD, MAX_QUEUE, Event, EventBus, PostgresEventBus, Subscription


def event(number: int, **more: Any) -> Event:
    return Event(7, {"type": "download", "id": number, **more})


async def soon(subscription: Subscription) -> Event:
    return await asyncio.wait_for(subscription.next(), 10)


def test_everybody_who_listens_hears_everything_in_order() -> None:
    async def listen() -> None:
        bus = EventBus()
        with bus.subscribe() as one, bus.subscribe() as two:
            thread = threading.Thread(target=bus.publish, args=([event(1), event(2)],))
            thread.start()
            for subscription in (one, two):
                assert [await soon(subscription), await soon(subscription)] == [event(1), event(2)]
            thread.join()
        bus.publish([event(3)])

    asyncio.run(listen())


def test_a_slow_reader_loses_the_oldest() -> None:
    async def listen() -> None:
        bus = EventBus()
        with bus.subscribe() as subscription:
            bus.publish([event(number) for number in range(MAX_QUEUE + 5)])
            await asyncio.sleep(0)
            heard = [await soon(subscription) for _ in range(MAX_QUEUE)]
        assert [found.body["id"] for found in heard] == list(range(5, MAX_QUEUE + 5))

    asyncio.run(listen())


def test_a_closed_page_is_no_fault() -> None:
    bus = EventBus()
    kept: list[Any] = []

    async def leave() -> None:
        context = bus.subscribe()
        context.__enter__()
        kept.append(context)

    asyncio.run(leave())
    bus.publish([event(1)])


@pytest.fixture
def conninfo(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def hosts(conninfo: str) -> Iterator[tuple[PostgresEventBus, PostgresEventBus]]:
    """Two hosts on one database, both listening."""
    buses = PostgresEventBus(conninfo), PostgresEventBus(conninfo)
    for bus in buses:
        bus.start()
    wait_for_listeners(conninfo, 2)
    yield buses
    for bus in buses:
        bus.stop()


def listeners(conninfo: str) -> list[int]:
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    with psycopg.connect(conninfo, autocommit=True) as connection:
        return [row[0] for row in connection.execute(query)]


def wait_for_listeners(conninfo: str, number: int, other_than: tuple[int, ...] = ()) -> list[int]:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        found = [pid for pid in listeners(conninfo) if pid not in other_than]
        if len(found) == number:
            return found
        time.sleep(0.05)
    raise AssertionError(f"there are not {number} listeners")


def hearing(bus: EventBus, act: Callable[[Subscription], Awaitable[None]]) -> None:
    async def listen() -> None:
        with bus.subscribe() as subscription:
            await act(subscription)

    asyncio.run(listen())


@pytest.mark.postgres_only
def test_one_host_hears_the_other(hosts: tuple[PostgresEventBus, PostgresEventBus]) -> None:
    here, there = hosts

    async def act(subscription: Subscription) -> None:
        there.publish([event(1, title="晴天"), Event(None, {"type": "check", "id": 2})])
        assert await soon(subscription) == event(1, title="晴天")
        assert await soon(subscription) == Event(None, {"type": "check", "id": 2})
        here.publish([event(3)])
        assert await soon(subscription) == event(3)

    hearing(here, act)


@pytest.mark.postgres_only
def test_a_lost_connection_is_made_again(
    hosts: tuple[PostgresEventBus, PostgresEventBus], conninfo: str
) -> None:
    here, there = hosts
    there.publish([event(0)])  # opens the sender's connection, which is killed as well
    before = listeners(conninfo)
    kill = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(kill)
    wait_for_listeners(conninfo, 2, tuple(before))

    async def act(subscription: Subscription) -> None:
        there.publish([event(1)])
        assert await soon(subscription) == event(1)

    hearing(here, act)


@pytest.mark.postgres_only
def test_what_is_too_long_is_cut_and_takes_nothing_with_it(
    hosts: tuple[PostgresEventBus, PostgresEventBus],
) -> None:
    here, there = hosts
    long = {
        "error_message": "晴" * 5000,
        "entries": [{"a": "b" * 90}] * 200,
        **{f"field{n}": "x" * 190 for n in range(60)},
    }

    async def act(subscription: Subscription) -> None:
        there.publish([event(1, **long), event(2)])
        first = await soon(subscription)
        assert (first.owner, first.body["type"], first.body["id"]) == (7, "download", 1)
        assert "error_message" not in first.body
        assert "entries" not in first.body
        assert len(str(first.body)) <= MAX_PAYLOAD
        assert await soon(subscription) == event(2)

    hearing(here, act)


@pytest.mark.postgres_only
def test_nonsense_on_the_channel_is_passed_over(
    hosts: tuple[PostgresEventBus, PostgresEventBus], conninfo: str
) -> None:
    here, _ = hosts

    async def act(subscription: Subscription) -> None:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            for payload in ("", "{", "[]", "7", '{"owner": 1}', '{"owner": 1, "body": 5}', '{"body": {}}'):
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
        here.publish([event(9)])
        assert await soon(subscription) == event(9)

    hearing(here, act)


@pytest.mark.postgres_only
def test_a_database_that_is_away_is_no_failure_of_the_sender(conninfo: str) -> None:
    bus = PostgresEventBus(conninfo.replace("magpie_", "nowhere_"))
    with capture_logs() as logs:
        bus.publish([event(1)])
    assert [entry["event"] for entry in logs] == ["events_not_sent"]
    bus.stop()
    bus.publish([event(2)])
