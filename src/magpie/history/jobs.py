"""The history's upkeep."""

from __future__ import annotations

from magpie.context import AppContext
from magpie.engine import Engine, Where
from magpie.history import service
from magpie.kit.clock import utcnow

DAY = 86400.0


def register(engine: Engine, context: AppContext) -> None:
    """Have checks that found nothing new forgotten in the end."""

    def prune() -> None:
        service.prune(context.database, utcnow())

    engine.every("uneventful checks", DAY, prune, Where.ONE)
