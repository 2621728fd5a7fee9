"""Making the index after an upgrade or an import: on one host, a few seconds at a time."""

from __future__ import annotations

import time

import structlog
from sqlalchemy.exc import OperationalError

from magpie.context import AppContext
from magpie.engine import Engine, Where
from magpie.library.search import service

log = structlog.get_logger(__name__)

EVERY_SECONDS = 10.0
# Other periodic work waits meanwhile; what is left over goes in the next turn.
BUDGET_SECONDS = 5.0


def turn(context: AppContext) -> None:
    """Go on with the index. Never raises for a database out of reach."""
    deadline = time.monotonic() + BUDGET_SECONDS
    try:
        with context.database.read() as session:
            if service.is_current(session):
                return
        while service.step(context.database) and time.monotonic() < deadline:
            pass
    except OperationalError as error:
        log.info("search_not_indexed", error=type(error).__name__)


def register(engine: Engine, context: AppContext) -> None:
    """Have the index made while the engine runs."""
    engine.every("search index", EVERY_SECONDS, lambda: turn(context), Where.ONE)
