"""Turns at hashing passwords, for routes."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from fastapi import Depends

from magpie.accounts import passwords


async def _hashing_turn() -> AsyncGenerator[None, None]:
    yield


# Whoever waits for a turn to hash waits outside the thread pool, which others need for their quick answers.
HashingTurn = Depends(_hashing_turn, scope="function", max_concurrency=passwords.CONCURRENT_HASHES)
