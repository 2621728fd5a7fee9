"""Tables of the podcasts: episodes, their sources and scripts, digests of followed links, transcripts of items."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.clock import utcnow
from magpie.kit.db import Base


class EpisodeStatus(StrEnum):
    """How an episode is."""

    PENDING = "pending"  # queued: to be begun, or to be gone on with
    WRITING = "writing"  # sources are read, the script is written
    WAITING = "waiting"  # its script waits to be approved
    VOICING = "voicing"
    MASTERING = "mastering"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SourceKind(StrEnum):
    """What an episode is made of."""

    TEXT = "text"
    URL = "url"
    FILE = "file"  # a document that was uploaded
    AUDIO = "audio"  # a recording that was uploaded
    ITEM = "item"  # of the library
    EPISODE = "episode"  # another episode's script


class Origin(StrEnum):
    """How a version of a script came to be."""

    WRITTEN = "written"
    EDITED = "edited"
    TRANSLATED = "translated"


class Episode(Base):
    """One podcast. This row is the truth; the job that works on it can be queued again from it.

    Its files lie in the folder `podcasts`: `<key>.mp3`, `<key>.json` and so on, what it is made of in `<key>/`.
    """

    __tablename__ = "episodes"
    __table_args__ = (
        Index("ix_episodes_user_id_id", "user_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: uuid.uuid4().hex)  # `podcastId`
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(500), default="")
    is_titled: Mapped[bool] = mapped_column(
        default=False
    )  # by a person: the script's title does not replace it
    description: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(16), default=EpisodeStatus.PENDING, index=True)
    template_id: Mapped[str | None] = mapped_column(String(64))
    template: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as it was when the episode was begun
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # wishes of this episode alone
    # Who does the work, as it was settled at the beginning: {"llm", "tts", "asr"}; a person may change it later.
    providers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    approved_version: Mapped[int | None]
    estimate: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {tokens, characters, minutes, cost}
    usage: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the same, as it really was
    step: Mapped[str | None] = mapped_column(String(32))  # of the work, for people: "outline", "segment", …
    steps_done: Mapped[int] = mapped_column(default=0)
    steps_total: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None] = mapped_column(String(32))
    error_message: Mapped[str | None] = mapped_column(Text)
    duration: Mapped[float | None]  # seconds
    size: Mapped[int | None] = mapped_column(BigInteger)  # bytes of the mp3
    files: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"mp3": name, "opus": name, "cover": …}
    report: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # loudness and so on, as mastering measured them
    digest_id: Mapped[int | None] = mapped_column(
        ForeignKey("episode_digests.id", ondelete="SET NULL"), index=True
    )
    attempt: Mapped[int] = mapped_column(default=0)  # part of the job's id
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    next_attempt_at: Mapped[datetime | None]
    claim: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(255))
    heartbeat_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]  # when its sources and intermediate files were deleted


class EpisodeSource(Base):
    """One of the things that an episode is made of."""

    __tablename__ = "episode_sources"
    __table_args__ = (UniqueConstraint("episode_id", "position"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id", ondelete="CASCADE"))
    position: Mapped[int]  # from 0
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str | None] = mapped_column(String(500))
    address: Mapped[str | None] = mapped_column(Text)
    file: Mapped[str | None] = mapped_column(String(255))  # in the episode's folder, as it was given
    name: Mapped[str | None] = mapped_column(String(255))  # of the uploaded file, for people
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="SET NULL"), index=True)
    of_episode_id: Mapped[int | None] = mapped_column(
        ForeignKey("episodes.id", ondelete="SET NULL"), index=True
    )
    language: Mapped[str | None] = mapped_column(String(16))
    characters: Mapped[int | None]  # of its text, once it was read


class EpisodeScript(Base):
    """One version of an episode's script; versions count from 1 and are never changed."""

    __tablename__ = "episode_scripts"
    __table_args__ = (UniqueConstraint("episode_id", "version"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id", ondelete="CASCADE"))
    version: Mapped[int]
    origin: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(16))
    script: Mapped[dict[str, Any]] = mapped_column(default=dict)  # `script.turns.Script.as_json`
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class EpisodeUse(Base):
    """A recording that was made, for counting what people make; it outlives its episode."""

    __tablename__ = "episode_uses"
    __table_args__ = (
        Index("ix_episode_uses_user_id_at", "user_id", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    seconds: Mapped[float]
    at: Mapped[datetime] = mapped_column(default=utcnow)


class EpisodeDigest(Base):
    """What is new at followed links, as an episode on a schedule."""

    __tablename__ = "episode_digests"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: uuid.uuid4().hex)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    link_ids: Mapped[list[Any]] = mapped_column(default=list)  # followed links
    feed_urls: Mapped[list[Any]] = mapped_column(default=list)  # feeds of reading matter that is not followed
    template_id: Mapped[str | None] = mapped_column(String(64))
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    cron_schedule: Mapped[str] = mapped_column(String(100))
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    max_entries: Mapped[int] = mapped_column(default=10)
    is_enabled: Mapped[bool] = mapped_column(default=True)
    next_run_at: Mapped[datetime | None] = mapped_column(index=True)
    last_run_at: Mapped[datetime | None]
    seen_until: Mapped[datetime | None]  # what is older was in an episode, or was there before the digest
    error_message: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class TranscriptStatus(StrEnum):
    """How the transcript of an item is."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ItemTranscript(Base):
    """A transcript of a medium of the library that somebody asked for; done, it is one of the item's subtitles."""

    __tablename__ = "item_transcripts"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: uuid.uuid4().hex)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(String(16), default=TranscriptStatus.PENDING, index=True)
    language: Mapped[str | None] = mapped_column(String(16))  # as it was asked for; then as it was heard
    provider: Mapped[str | None] = mapped_column(String(255))
    progress: Mapped[float] = mapped_column(default=0.0)  # 0 to 1
    error_code: Mapped[str | None] = mapped_column(String(32))
    error_message: Mapped[str | None] = mapped_column(Text)
    # The subtitles that it became; null until then, and once they are gone.
    file_id: Mapped[int | None] = mapped_column(ForeignKey("item_files.id", ondelete="SET NULL"), index=True)
    attempt: Mapped[int] = mapped_column(default=0)  # part of the job's id
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    next_attempt_at: Mapped[datetime | None]
    claim: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(255))
    heartbeat_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    completed_at: Mapped[datetime | None]
