"""Tables of the notifications."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.clock import utcnow
from magpie.kit.db import Base


class Happening(StrEnum):
    """What people are told of."""

    NEW_ITEM = "new_item"  # a followed link has brought something
    FAILED = "failed"  # a download has failed for good
    NEEDS_ATTENTION = "needs_attention"  # something does not mend itself


class Digest(StrEnum):
    """How much is gathered into one message."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"


class NotificationTarget(Base):
    """Where a user wants to be told, and of what."""

    __tablename__ = "notification_targets"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: uuid.uuid4().hex)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(128))
    sealed_url: Mapped[str] = mapped_column(Text)  # Apprise's address: it holds the service's password
    scheme: Mapped[str] = mapped_column(String(32))  # all of the address that is ever shown
    events: Mapped[list[Any]] = mapped_column(default=list)  # of Happening
    digest: Mapped[str] = mapped_column(String(16), default=Digest.AT_ONCE)
    is_enabled: Mapped[bool] = mapped_column(default=True)
    # Its deliveries: one job waits or runs at a time.
    turn: Mapped[int] = mapped_column(default=0)  # grows with every delivery; part of the job's id
    is_turn_open: Mapped[bool] = mapped_column(default=False)
    claim: Mapped[int] = mapped_column(default=0)  # fencing: only its holder may send and record
    rests_until: Mapped[datetime | None]  # nothing is sent before, after a message or a failure
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    paused_at: Mapped[datetime | None]  # it kept failing: nothing is sent until somebody has looked
    last_sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Notice(Base):
    """Something to be told to one target. This row is the truth; it goes once it is told."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_target_id_due_at", "target_id", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("notification_targets.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text, default="")
    due_at: Mapped[datetime] = mapped_column(default=utcnow)
    handed_at: Mapped[datetime | None]  # it is being sent: whether it arrived is not known yet
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Concern(Base):
    """A state of things that needs attention and that the target was told of. It goes when the state has ended."""

    __tablename__ = "concerns"

    target_id: Mapped[int] = mapped_column(
        ForeignKey("notification_targets.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[str] = mapped_column(String(300), primary_key=True)
    noticed_at: Mapped[datetime] = mapped_column(default=utcnow)
