"""What is kept ready is bounded, and a change is never hidden in the second in which it happens."""

from __future__ import annotations

import time

import pytest

from magpie.library.feeds import cache as module
from magpie.library.feeds.cache import Cache


def test_what_was_used_longest_ago_makes_room() -> None:
    cache = Cache(max_bytes=30)
    for name in "abc":
        cache.put(name, b"x" * 10)
    assert cache.get("a") is not None
    cache.put("d", b"x" * 10)
    assert [cache.get(name) is not None for name in "abcd"] == [True, False, True, True]
    cache.put("huge", b"x" * 31)
    assert [cache.get(name) is not None for name in ("a", "c", "d", "huge")] == [True, True, True, False]


def test_the_same_is_not_counted_twice() -> None:
    cache = Cache(max_bytes=30)
    for _ in range(10):
        cache.put("a", b"x" * 20)
    cache.put("b", b"x" * 10)
    assert cache.get("a") is not None
    assert cache.get("b") is not None


def test_every_state_has_a_second_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1000.5)
    cache = Cache()
    moments = [cache.since("feed", state) for state in ("one", "one", "two", "three", "one")]
    assert moments == [1000, 1000, 1001, 1002, 1003]
    assert cache.since("another", "one") == 1000


def test_states_of_long_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_STATES", 2)
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    cache = Cache()
    for address in ("a", "b", "a", "c"):
        cache.since(address, "state")
    monkeypatch.setattr(time, "time", lambda: 2000.0)
    assert [cache.since(address, "state") for address in ("a", "c", "b")] == [1000, 1000, 2000]
