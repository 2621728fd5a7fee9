"""The downloads' table."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.clock import utcnow
from magpie.kit.db import Base


class Status(StrEnum):
    """`pending → downloading → completed | failed | cancelled`, plus `skipped` with a reason."""

    PENDING = "pending"
    DOWNLOADING = "downloading"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"

    @property
    def is_final(self) -> bool:
        return self not in (Status.PENDING, Status.DOWNLOADING)


class Download(Base):
    """One job that brings one medium in. This row is the truth; the job engine only runs it."""

    __tablename__ = "downloads"
    __table_args__ = (
        Index("ix_downloads_user_id_id", "user_id", "id"),
        Index("ix_downloads_status_id", "status", "id"),
        Index("ix_downloads_user_id_status_id", "user_id", "status", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: uuid.uuid4().hex)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("downloads.id", ondelete="SET NULL"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="SET NULL"), index=True)
    # Of a followed link: the link, its entry, and the check that began the download.
    link_id: Mapped[int | None] = mapped_column(ForeignKey("links.id", ondelete="SET NULL"), index=True)
    entry_id: Mapped[int | None] = mapped_column(
        ForeignKey("link_entries.id", ondelete="SET NULL"), index=True
    )
    history_id: Mapped[int | None] = mapped_column(ForeignKey("history.id", ondelete="SET NULL"), index=True)
    url: Mapped[str] = mapped_column(Text)
    site: Mapped[str] = mapped_column(String(255))
    profile: Mapped[str] = mapped_column(String(32), default="video")
    title: Mapped[str | None] = mapped_column(Text)
    artist: Mapped[str | None] = mapped_column(Text)
    wanted_title: Mapped[str | None] = mapped_column(Text)  # what the user said; wins over the site's
    wanted_artist: Mapped[str | None] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(default=100)  # lower is sooner
    # Of an entry that is in the library: only a better quality is fetched, and takes the place of the item's files.
    is_upgrade: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Of a list's part: what the list says of it, as extractors read it (`Request.hints`).
    hints: Mapped[dict[str, Any] | None]

    status: Mapped[str] = mapped_column(String(16), default=Status.PENDING)
    stage: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))
    error_message: Mapped[str | None] = mapped_column(Text)
    file_path: Mapped[str | None] = mapped_column(Text)  # relative to the file's media folder
    # The media folder that the latest attempt works in, as in `ItemFile`.
    root: Mapped[str] = mapped_column(Text, default="", server_default="")
    attempt: Mapped[int] = mapped_column(default=1)  # grows with every start; part of the job's id
    failures: Mapped[int] = mapped_column(default=0)  # in a row, since the last start by a person
    next_attempt_at: Mapped[datetime | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False)

    # Fencing: whoever starts the work raises `claim`; only the holder of the present number may place files.
    claim: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(255))
    heartbeat_at: Mapped[datetime | None]
    downloaded_bytes: Mapped[int | None] = mapped_column(BigInteger)
    total_bytes: Mapped[int | None] = mapped_column(BigInteger)
    speed: Mapped[float | None]  # bytes per second
    eta: Mapped[float | None]  # seconds

    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
