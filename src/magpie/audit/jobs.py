"""The audit log's upkeep."""

from __future__ import annotations

from magpie.audit import service
from magpie.context import AppContext
from magpie.engine import Engine, Where

DAY = 86400.0


def register(engine: Engine, context: AppContext) -> None:
    def prune() -> None:
        service.prune(context.database, context.settings.audit_keep_days)

    engine.every("old audit records", DAY, prune, Where.ONE)
