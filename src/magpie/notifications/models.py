"""Tables of the notifications."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.clock import utcnow
from magpie.kit.db import Base


class NotificationTarget(Base):
    """Where a user wants to be told, and of what."""

    __tablename__ = "notification_targets"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(128))
    sealed_url: Mapped[str] = mapped_column(Text)  # Apprise's address: it holds the service's password
    scheme: Mapped[str] = mapped_column(String(32))  # all of the address that is ever shown
    events: Mapped[list[Any]] = mapped_column(default=list)  # new_item, failed, needs_attention
    digest: Mapped[str] = mapped_column(String(16), default="at_once")  # at_once | hourly | daily
    is_enabled: Mapped[bool] = mapped_column(default=True)
    last_sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Notice(Base):
    """Something to be told to one target. This row is the truth; it goes once it is told."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_target_id_due_at", "target_id", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: uuid.uuid4().hex)
    target_id: Mapped[int] = mapped_column(ForeignKey("notification_targets.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text, default="")
    due_at: Mapped[datetime] = mapped_column(default=utcnow)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
