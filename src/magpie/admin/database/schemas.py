"""What safekeeping looks like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class ImportStarted(BaseModel):
    """The import has begun; ask for its state, with the `receipt` even after the session has ended."""

    message: str = (
        "Database import process started in the background. The application might restart or become "
        "temporarily unavailable. Please check server logs for status."
    )
    receipt: str


class ImportStateOut(BaseModel):
    """How an import is, or was. `progress` from 0 to 1; `rows`: how many were imported."""

    model_config = ConfigDict(from_attributes=True)

    state: Literal["idle", "running", "succeeded", "failed"]
    stage: Literal["checking", "saving", "replacing"] | None
    progress: float
    rows: int | None
    message: str
    finished_at: datetime | None


class BackupOut(BaseModel):
    """A backup; `size` in bytes, `kind`: what it was made for."""

    name: str
    kind: Literal["scheduled", "manual", "before-import"]
    created_at: datetime
    size: int


class BackupList(BaseModel):
    """All backups, newest first."""

    backups: list[BackupOut]
