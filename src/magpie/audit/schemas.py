"""What the audit log looks like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class AuditOut(BaseModel):
    """One action. `user_id` is null when nobody was signed in, and once the account has been deleted."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    user_id: int | None
    username: str | None = Field(description="as given where nobody was signed in")
    action: str
    subject: str | None = Field(description="what it was done to, for instance `download:12`")
    outcome: Literal["success", "failure"]
    ip: str
    user_agent: str
    details: dict[str, Any]


class AuditPage(BaseModel):
    """Records, newest first; `next_cursor` leads to older ones."""

    records: list[AuditOut]
    next_cursor: str | None
