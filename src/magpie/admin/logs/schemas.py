"""What log lines look like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

LevelName = Literal["debug", "info", "warning", "error", "critical"]


class LogOut(BaseModel):
    """One line. `fields` holds what else it says: `request_id`, `job`, `exception`, …; secrets are masked."""

    id: int
    timestamp: datetime
    level: LevelName
    source: str
    host: str
    message: str
    task_id: int | None
    link_id: int | None
    download_id: int | None
    fields: dict[str, Any]
