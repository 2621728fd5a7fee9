"""One import at a time, in the background, with a state that can be asked for."""

from __future__ import annotations

import contextvars
import secrets
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
from magpie.kit.errors import AppError, Conflict, NotFound
from magpie.kit.refusal import Refused

log = structlog.get_logger(__name__)

FAULT = "A fault of Magpie's, or of the database: see the server's log."
UNCHANGED = "The data is as it was."
WORDS: dict[service.Stage, str] = {
    "checking": "Checking the file",
    "saving": "Saving the present state",
    "replacing": "Replacing the data",
}


@dataclass(frozen=True, slots=True)
class ImportState:
    """How the latest import of this process is, or was. `progress` from 0 to 1; `rows` once they are imported."""

    state: Literal["idle", "running", "succeeded", "failed"] = "idle"
    stage: service.Stage | None = None
    progress: float = 0.0
    rows: int | None = None
    message: str = "Nothing has been imported since the start."
    finished_at: datetime | None = None


class Importer:
    """Runs imports in a thread. If the process dies meanwhile, the database rolls back and nothing has changed."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._state = ImportState()
        self._receipt = secrets.token_urlsafe(24)

    @property
    def state(self) -> ImportState:
        return self._state

    def state_for(self, receipt: str) -> ImportState:
        """The state, if that is the receipt of the latest import. Raises `NotFound`."""
        if not secrets.compare_digest(receipt.encode(), self._receipt.encode()):
            raise NotFound("There is no import with this receipt; the server may have been restarted since")
        return self._state

    def require_idle(self) -> None:
        """Raises `Conflict` while an import runs."""
        if self._state.state == "running":
            raise Conflict("An import is running: wait for its end")

    def start(
        self, path: Path, source: str, principal: Principal, afterwards: Callable[[], None] | None = None
    ) -> str:
        """Import a file; `afterwards` is called at the end, however it ends. Raises `Conflict`.

        The receipt that comes back asks for the outcome even when the session has ended, as it does with success.
        """
        receipt = secrets.token_urlsafe(24)
        with self._lock:
            self.require_idle()
            self._state = ImportState("running", "checking", message=WORDS["checking"])
            self._receipt = receipt
        # The thread goes on as part of this request: who asked stands in the log and in the audit log.
        run = contextvars.copy_context().run
        thread = threading.Thread(
            target=run, args=(self._run, path, source, principal, afterwards), name="import", daemon=True
        )
        thread.start()
        return receipt

    def _run(
        self, path: Path, source: str, principal: Principal, afterwards: Callable[[], None] | None
    ) -> None:
        try:
            header = service.import_dump(
                self._context, path, report=self._report, username=principal.username, source=source
            )
            rows = sum(header.rows.values())
            message = f"{rows} rows were imported. Everybody signs in again."
            self._state = ImportState("succeeded", None, 1.0, rows, message, utcnow())
        except (Refused, AppError) as error:
            self._failed(principal, source, str(error))
        except Exception:
            log.exception("import_failed")
            self._failed(principal, source, FAULT)
        finally:
            if afterwards:
                afterwards()

    def _report(self, stage: service.Stage, progress: float) -> None:
        progress = round(min(progress, 1.0), 3)
        self._state = replace(self._state, stage=stage, message=WORDS[stage], progress=progress)

    def _failed(self, principal: Principal, source: str, reason: str) -> None:
        log.warning("import_refused", file=source, reason=reason)
        try:
            service.note_failure(self._context, principal, source, reason)
        except Exception:
            log.exception("import_failure_not_noted")
        self._state = replace(
            self._state, state="failed", message=f"{reason} {UNCHANGED}", finished_at=utcnow()
        )
