"""Backups on a schedule."""

from __future__ import annotations

import threading

import structlog

from magpie.admin.database import service
from magpie.context import AppContext
from magpie.engine import Engine, Where

log = structlog.get_logger(__name__)

# A look reads one folder. So soon after its time a backup is made, and so soon after somebody has an account.
LOOK_SECONDS = 10.0


def register(engine: Engine, context: AppContext) -> None:
    """Look now and then whether a backup is due; one host of all makes it, in its own data folder."""
    running = threading.Lock()

    def back_up() -> None:
        try:
            service.make_due_backup(context)
        except Exception:
            log.exception("backup_failed")
        finally:
            running.release()

    def look() -> None:
        # In a thread of its own: a large database takes longer than periodic work should.
        if running.acquire(blocking=False):
            threading.Thread(target=back_up, name="backup", daemon=True).start()

    engine.every("backups", LOOK_SECONDS, look, Where.ONE)
