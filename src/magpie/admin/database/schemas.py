"""What safekeeping looks like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class ImportStarted(BaseModel):
    """The import has begun; ask for its state."""

    message: str = (
        "Database import process started in the background. The application might restart or become "
        "temporarily unavailable. Please check server logs for status."
    )


class ImportStateOut(BaseModel):
    """How the latest import is, or was. `progress` from 0 to 1."""

    model_config = ConfigDict(from_attributes=True)

    state: Literal["idle", "running", "succeeded", "failed"]
    progress: float
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
