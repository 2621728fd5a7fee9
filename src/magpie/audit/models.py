"""The audit log's table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.clock import utcnow
from magpie.kit.db import Base


class AuditRecord(Base):
    """One action. It outlives its user: the name is kept beside the reference."""

    __tablename__ = "audit_records"
    __table_args__ = (
        Index("ix_audit_records_at_id", "at", "id"),
        Index("ix_audit_records_user_id_id", "user_id", "id"),
        Index("ix_audit_records_action_id", "action", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    username: Mapped[str | None] = mapped_column(String(254))  # as given at a failed login, else the user's
    action: Mapped[str] = mapped_column(String(64))  # `download.create`, `login`, `settings.update`, …
    subject: Mapped[str | None] = mapped_column(String(255))  # what it was done to: `download:12`
    outcome: Mapped[str] = mapped_column(String(16))  # success | failure
    ip: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(255), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # never a secret
