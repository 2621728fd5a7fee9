"""Emptying the trash of what has lain in it long enough: on one host, a few seconds at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError

from magpie.context import AppContext
from magpie.engine import Engine, Where
from magpie.kit.clock import utcnow
from magpie.library.trash import service

log = structlog.get_logger(__name__)

EVERY_SECONDS = 300.0
# Other periodic work waits meanwhile; what is left over goes in the next turn.
BUDGET_SECONDS = 5.0


def turn(context: AppContext, *, now: Callable[[], datetime] = utcnow) -> int:
    """One look at the trash; how much went. Never raises for a database out of reach."""
    try:
        gone = service.purge(context, now(), time.monotonic() + BUDGET_SECONDS)
    except OperationalError as error:
        log.info("trash_not_emptied", error=type(error).__name__)
        return 0
    if gone:
        log.info("trash_emptied", count=gone)
    return gone


def register(engine: Engine, context: AppContext) -> None:
    """Have the trash emptied while the engine runs."""
    engine.every("trash", EVERY_SECONDS, lambda: _turn(context), Where.ONE)


def _turn(context: AppContext) -> None:
    turn(context)
