"""The workers of one installation (PostgreSQL; on SQLite there is one, and no row)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.db import Base


class Worker(Base):
    """One place for a worker on a host. Rows are kept when their worker is gone: `generation` only rises."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    """The slot, `{worker name}-{n}`; its advisory lock is held by whoever lives in it."""
    executor: Mapped[str] = mapped_column(String(120))
    """The id under which the present (or last) worker claims jobs; never used twice."""
    generation: Mapped[int] = mapped_column(default=1)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    backend_pid: Mapped[int]
    """The database's process that serves the connection which holds the lock."""
    version: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    """When the worker left or was declared dead; None while it lives."""
