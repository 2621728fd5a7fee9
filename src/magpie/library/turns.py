"""Turns at what is done in many short units of work within one request."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import Depends

AT_ONCE = 2


async def _turn() -> AsyncGenerator[None, None]:
    yield


# Long requests hold a thread each: others must always find one to end their unit of work in.
LongTurn = Annotated[None, Depends(_turn, scope="function", max_concurrency=AT_ONCE)]
