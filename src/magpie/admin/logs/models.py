"""The bounded table of log lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.db import Base


class LogLine(Base):
    """One line, redacted before it came here. `level` is the number of Python's `logging`."""

    __tablename__ = "log_lines"
    __table_args__ = (
        Index("ix_log_lines_level_id", "level", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    level: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[str] = mapped_column(String(128))  # the logger's name
    host: Mapped[str] = mapped_column(String(128))
    message: Mapped[str] = mapped_column(Text)
    task_id: Mapped[int | None] = mapped_column(index=True)
    link_id: Mapped[int | None] = mapped_column(index=True)
    download_id: Mapped[int | None] = mapped_column(index=True)
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
