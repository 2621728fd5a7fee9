"""Tables of the missing songs: how they are fetched, sessions of fetching, and each song's order."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.clock import utcnow
from magpie.kit.db import Base


class SessionStatus(StrEnum):
    """How a session of fetching is."""

    RUNNING = "running"
    COMPLETED = "completed"  # nothing is left to do; some songs may not have been found
    CANCELLED = "cancelled"


class OrderStatus(StrEnum):
    """How the search for one song goes."""

    PENDING = "pending"
    SEARCHING = "searching"
    DOWNLOADING = "downloading"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MissingSettings(Base):
    """How a user's missing songs are fetched."""

    __tablename__ = "missing_settings"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    download_path: Mapped[str | None] = mapped_column(Text)  # below the media root; None: where music goes
    api_url: Mapped[str | None] = mapped_column(Text)  # an external downloader; None: Magpie searches
    sealed_api_key: Mapped[str | None] = mapped_column(Text)
    profile: Mapped[str | None] = mapped_column(String(32))  # None: the shipped one for music
    searches: Mapped[list[Any]] = mapped_column(
        default=list
    )  # where to search, best first; empty: all that ship
    updated_at: Mapped[datetime] = mapped_column(default=utcnow)


class SongSession(Base):
    """Songs that were asked for together."""

    __tablename__ = "song_sessions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"), index=True)
    status: Mapped[str] = mapped_column(String(16), default=SessionStatus.RUNNING)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]


class SongOrder(Base):
    """One song that is looked for. This row is the truth; the job that works on it can be queued again from it."""

    __tablename__ = "song_orders"
    __table_args__ = (
        Index("ix_song_orders_session_id", "session_id"),
        Index("ix_song_orders_user_id_song_key", "user_id", "song_key"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: uuid.uuid4().hex)
    session_id: Mapped[int] = mapped_column(ForeignKey("song_sessions.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"), index=True)
    song_key: Mapped[str] = mapped_column(String(128))
    # As `tracks.Track` without what only a server knows: what is searched for, and what is written into the tags.
    song: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(String(16), default=OrderStatus.PENDING)
    reason: Mapped[str | None] = mapped_column(String(32))
    error_message: Mapped[str | None] = mapped_column(Text)
    candidates: Mapped[list[Any]] = mapped_column(
        default=list
    )  # [{url, title, artists, duration, score, tried}]
    url: Mapped[str | None] = mapped_column(Text)  # what was chosen
    download_id: Mapped[int | None] = mapped_column(
        ForeignKey("downloads.id", ondelete="SET NULL"), index=True
    )
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="SET NULL"), index=True)
    attempt: Mapped[int] = mapped_column(default=0)  # part of the job's id
    failures: Mapped[int] = mapped_column(default=0)  # in a row, of those who were asked for it
    next_attempt_at: Mapped[datetime | None]
    claim: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(255))
    heartbeat_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]


class SongArrival(Base):
    """An item whose file a media server has not told of as yet: asked for a scan, then looked for, for a while.

    Without an order it is a medium that came in some other way and that some playlist may wait for.
    """

    __tablename__ = "song_arrivals"
    __table_args__ = (UniqueConstraint("server_id", "item_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(ForeignKey("media_servers.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("song_orders.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    scanned_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(index=True)
