"""Tables of the history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.clock import utcnow
from magpie.kit.db import Base


class HistoryRecord(Base):
    """One check. It outlives its link, and is shown once its listing has ended (`status` is set)."""

    __tablename__ = "history"
    __table_args__ = (
        # The pages of the list come from the index alone: `repository.page` skips over its entries.
        Index("ix_history_user_id_id", "user_id", "id", "status"),
        Index("ix_history_link_id_id", "link_id", "id", "status", "user_id"),
        Index("ix_history_status_id", "status", "id", "user_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    link_id: Mapped[int]  # no foreign key: the link may be gone
    link_name: Mapped[str] = mapped_column(Text)
    timestamp: Mapped[datetime] = mapped_column(default=utcnow)
    status: Mapped[str | None] = mapped_column(String(16))  # success | failure; None while the listing runs
    message: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # schemas.CheckDetails
    queued: Mapped[int] = mapped_column(default=0)  # downloads that the check began
    landed: Mapped[int] = mapped_column(default=0)  # of them completed
    failed: Mapped[int] = mapped_column(default=0)  # of them failed or cancelled


class HistoryFile(Base):
    """A file that came of a check. It stays when the file goes."""

    __tablename__ = "history_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    history_id: Mapped[int] = mapped_column(ForeignKey("history.id", ondelete="CASCADE"), index=True)
    path: Mapped[str] = mapped_column(Text)  # relative to the media root
