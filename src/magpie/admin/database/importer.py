"""One import at a time, in the background, with a state that can be asked for."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import structlog

from magpie.accounts.principal import Principal
from magpie.admin.database import service
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.errors import AppError, Conflict
from magpie.kit.refusal import Refused

log = structlog.get_logger(__name__)

FAULT = "A fault of Magpie's, or of the database: see the server's log."
UNCHANGED = "The data is as it was."


@dataclass(frozen=True, slots=True)
class ImportState:
    """How the latest import of this process is, or was. `progress` from 0 to 1."""

    state: Literal["idle", "running", "succeeded", "failed"] = "idle"
    progress: float = 0.0
    message: str = "Nothing has been imported since the start."
    finished_at: datetime | None = None


class Importer:
    """Runs imports in a thread. If the process dies meanwhile, the database rolls back and nothing has changed."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._state = ImportState()

    @property
    def state(self) -> ImportState:
        return self._state

    def require_idle(self) -> None:
        """Raises `Conflict` while an import runs."""
        if self._state.state == "running":
            raise Conflict("An import is running: wait for its end")

    def start(
        self, path: Path, source: str, principal: Principal, afterwards: Callable[[], None] | None = None
    ) -> None:
        """Import a file; `afterwards` is called at the end, however it ends. Raises `Conflict`."""
        with self._lock:
            self.require_idle()
            self._state = ImportState("running", 0.0, "Checking the file")
        # The thread goes on as part of this request: who asked stands in the log and in the audit log.
        run = contextvars.copy_context().run
        thread = threading.Thread(
            target=run, args=(self._run, path, source, principal, afterwards), name="import", daemon=True
        )
        thread.start()

    def _run(
        self, path: Path, source: str, principal: Principal, afterwards: Callable[[], None] | None
    ) -> None:
        try:
            header = service.import_dump(
                self._context, path, report=self._report, username=principal.username, source=source
            )
            rows = sum(header.rows.values())
            message = f"{rows} rows were imported. Everybody signs in again."
            self._state = ImportState("succeeded", 1.0, message, utcnow())
        except (Refused, AppError) as error:
            self._failed(principal, source, str(error))
        except Exception:
            log.exception("import_failed")
            self._failed(principal, source, FAULT)
        finally:
            if afterwards:
                afterwards()

    def _report(self, message: str, progress: float) -> None:
        self._state = replace(self._state, message=message, progress=round(min(progress, 1.0), 3))

    def _failed(self, principal: Principal, source: str, reason: str) -> None:
        log.warning("import_refused", file=source, reason=reason)
        try:
            service.note_failure(self._context, principal, source, reason)
        except Exception:
            log.exception("import_failure_not_noted")
        self._state = replace(
            self._state, state="failed", message=f"{reason} {UNCHANGED}", finished_at=utcnow()
        )
