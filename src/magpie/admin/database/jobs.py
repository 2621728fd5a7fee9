"""Backups on a schedule."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog

from magpie.admin.database import service
from magpie.context import AppContext
from magpie.engine import Engine, Where
from magpie.kit.refusal import sentence_of

log = structlog.get_logger(__name__)

# A look reads one folder. So soon after its time a backup is made, and so soon after somebody has an account.
LOOK_SECONDS = 10.0
# After a failure: of a full disk each further attempt writes as much as there is room for, and a line into the log.
PAUSE_SECONDS = 1800.0


def register(engine: Engine, context: AppContext, *, now: Callable[[], float] = time.monotonic) -> None:
    """Look now and then whether a backup is due; one host of all makes it, in its own data folder."""
    running, not_before = threading.Lock(), 0.0

    def back_up() -> None:
        nonlocal not_before
        try:
            service.make_due_backup(context)
        except Exception as error:
            not_before = now() + PAUSE_SECONDS
            log.exception("backup_failed", reason=sentence_of(error))
        finally:
            running.release()

    def look() -> None:
        # In a thread of its own: a large database takes longer than periodic work should.
        if now() >= not_before and running.acquire(blocking=False):
            threading.Thread(target=back_up, name="backup", daemon=True).start()

    engine.every("backups", LOOK_SECONDS, look, Where.ONE)
