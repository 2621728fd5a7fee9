"""Tables of the playlists: servers and what they hold, tasks, wanted songs, verdicts, decisions and runs."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.clock import utcnow
from magpie.kit.db import Base


class TaskStatus(StrEnum):
    """How a task is."""

    IDLE = "idle"
    WAITING = "waiting"  # its sync is queued
    SYNCING = "syncing"
    ASKING = "asking"  # more would be removed than is allowed: a person decides
    ERROR = "error"


class Mode(StrEnum):
    """What becomes of songs that leave the source."""

    MIRROR = "mirror"  # they leave the server's playlist, too
    APPEND = "append"  # nothing is ever removed


class Choice(StrEnum):
    """What a person decided about a wanted song."""

    TRACK = "track"  # this one is it
    NEVER = "never"  # nothing here is it, and it is not to be fetched either


class RunStatus(StrEnum):
    """How one sync ended."""

    RUNNING = "running"
    SUCCESS = "success"
    ASKING = "asking"
    FAILURE = "failure"
    CANCELLED = "cancelled"


class Server(Base):
    """A media server. Without an owner it is the environment's: everybody's to use, nobody's to change."""

    __tablename__ = "media_servers"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: uuid.uuid4().hex)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(128))
    server_type: Mapped[str] = mapped_column(String(32))  # plex | jellyfin | subsonic, or a plug-in's
    url: Mapped[str] = mapped_column(Text)
    username: Mapped[str | None] = mapped_column(String(255))
    sealed_secret: Mapped[str | None] = mapped_column(Text)  # token or password, sealed with the vault
    is_token: Mapped[bool] = mapped_column(default=True)  # what the secret is
    verify_tls: Mapped[bool] = mapped_column(default=True)
    is_shared: Mapped[bool] = mapped_column(default=False)  # everybody may keep playlists on it
    library_id: Mapped[str | None] = mapped_column(String(255))  # None: all of its music
    # Where our media root lies for the server, for scans of one folder and for finding a file that we filed.
    media_root: Mapped[str | None] = mapped_column(Text)
    server_uid: Mapped[str | None] = mapped_column(
        String(255)
    )  # its own name, which an address change leaves alone
    version: Mapped[str | None] = mapped_column(String(64))
    checked_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(32))  # what ails it; None: nothing known
    message: Mapped[str | None] = mapped_column(Text)
    # The cached index of its tracks.
    indexed_at: Mapped[datetime | None]  # complete as of then
    listed_at: Mapped[datetime | None]  # read as a whole, not only its changes
    revision: Mapped[int] = mapped_column(default=0)  # grows whenever the index is not what it was
    track_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow)


class ServerTrack(Base):
    """One track of a server's music, as it was last told."""

    __tablename__ = "server_tracks"

    server_id: Mapped[int] = mapped_column(
        ForeignKey("media_servers.id", ondelete="CASCADE"), primary_key=True
    )
    track_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    artists: Mapped[list[Any]] = mapped_column(default=list)
    album: Mapped[str | None] = mapped_column(Text)
    album_artist: Mapped[str | None] = mapped_column(Text)
    duration: Mapped[float | None]  # seconds
    isrc: Mapped[str | None] = mapped_column(String(16))
    mbid: Mapped[str | None] = mapped_column(String(64))
    path: Mapped[str | None] = mapped_column(Text)


class Task(Base):
    """A playlist that is kept in step: from a source, to one playlist on each of its targets."""

    __tablename__ = "tasks"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: uuid.uuid4().hex)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    has_own_name: Mapped[bool] = mapped_column(default=False)  # the source's title does not replace it
    # The source.
    playlist_url: Mapped[str] = mapped_column(Text)  # as it was pasted
    platform: Mapped[str] = mapped_column(String(32))
    source_id: Mapped[str] = mapped_column(String(255))
    source_url: Mapped[str] = mapped_column(Text)
    source_title: Mapped[str | None] = mapped_column(Text)
    source_description: Mapped[str | None] = mapped_column(Text)
    source_cover_url: Mapped[str | None] = mapped_column(Text)
    source_owner: Mapped[str | None] = mapped_column(Text)
    source_total: Mapped[int | None]  # songs, as the source counts
    is_source_complete: Mapped[bool] = mapped_column(default=False)
    source_note: Mapped[str | None] = mapped_column(Text)
    read_at: Mapped[datetime | None]
    # How.
    mode: Mapped[str] = mapped_column(String(16), default=Mode.MIRROR)
    is_enabled: Mapped[bool] = mapped_column(default=True)
    cron_schedule: Mapped[str | None] = mapped_column(String(128))  # None: only when a person says so
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    max_removals: Mapped[int | None]  # more than this asks first; None: a fifth of the list, at least ten
    keep_title: Mapped[bool] = mapped_column(default=True)  # the source's title is the playlist's
    keep_description: Mapped[bool] = mapped_column(default=False)
    keep_cover: Mapped[bool] = mapped_column(default=False)
    fetch_missing: Mapped[bool] = mapped_column(default=False)  # look for missing songs after each sync
    # How it goes.
    status: Mapped[str] = mapped_column(String(16), default=TaskStatus.IDLE)
    reason: Mapped[str | None] = mapped_column(String(32))
    error_message: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    next_run_at: Mapped[datetime | None] = mapped_column(index=True)
    last_synced_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {total, matched, review, missing, waiting}
    is_removal_approved: Mapped[bool] = mapped_column(
        default=False
    )  # once: the next sync may remove what it planned
    # One job at a time: its number, and who holds it, as in links.
    turn: Mapped[int] = mapped_column(default=0)
    trigger: Mapped[str] = mapped_column(String(16), default="person")  # schedule | person | arrival | undo
    again: Mapped[str | None] = mapped_column(String(16))  # the trigger of one more, asked for while one runs
    claim: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(255))
    heartbeat_at: Mapped[datetime | None]
    run_id: Mapped[int | None]  # the run that is open
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow)


class Target(Base):
    """One playlist on one server that a task keeps in step."""

    __tablename__ = "task_targets"
    __table_args__ = (UniqueConstraint("task_id", "server_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    server_id: Mapped[int] = mapped_column(ForeignKey("media_servers.id", ondelete="CASCADE"), index=True)
    rank: Mapped[int] = mapped_column(default=0)  # 0: the task's `server_id`
    playlist_id: Mapped[str | None] = mapped_column(String(255))  # None until it is made
    playlist_title: Mapped[str | None] = mapped_column(Text)
    cover_digest: Mapped[str | None] = mapped_column(String(64))  # of the picture that was put there last
    description_digest: Mapped[str | None] = mapped_column(String(64))  # of the text that was put there last
    # JSON of the title that a new playlist was given, and the ids that had it before: a run that was killed before it
    # learnt the new one's id finds it by that.
    making: Mapped[str | None] = mapped_column(Text)
    entries: Mapped[list[Any]] = mapped_column(
        default=list
    )  # track ids as they were read back after the last sync
    matched_with: Mapped[str | None] = mapped_column(String(64))  # digest of all that its verdicts depend on
    status: Mapped[str | None] = mapped_column(String(16))  # in_step | behind | asking | error
    reason: Mapped[str | None] = mapped_column(String(32))
    error_message: Mapped[str | None] = mapped_column(Text)
    synced_at: Mapped[datetime | None]


class Song(Base):
    """One place in a task's source playlist. The same song twice is two places. Of a task whose platform is `file` these
    rows are the source."""

    __tablename__ = "songs"
    __table_args__ = (Index("ix_songs_task_id_position", "task_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    position: Mapped[int]  # from 0
    # The same in every playlist: "<source>:<source_id>", or a digest of the folded facts where there is no id.
    song_key: Mapped[str] = mapped_column(String(128), index=True)
    song_id: Mapped[str] = mapped_column(String(255))  # what the source calls it
    title: Mapped[str] = mapped_column(Text)
    artists: Mapped[list[Any]] = mapped_column(default=list)
    album: Mapped[str | None] = mapped_column(Text)
    duration: Mapped[float | None]
    isrc: Mapped[str | None] = mapped_column(String(16))
    mbid: Mapped[str | None] = mapped_column(String(64))
    aliases: Mapped[list[Any]] = mapped_column(default=list)
    url: Mapped[str | None] = mapped_column(Text)
    cover_url: Mapped[str | None] = mapped_column(Text)
    is_available: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime] = mapped_column(default=utcnow)


class SongMatch(Base):
    """What a target's server has for a wanted song."""

    __tablename__ = "song_matches"

    song_id: Mapped[int] = mapped_column(ForeignKey("songs.id", ondelete="CASCADE"), primary_key=True)
    target_id: Mapped[int] = mapped_column(
        ForeignKey("task_targets.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    verdict: Mapped[str] = mapped_column(String(16))  # matched | review | missing
    track_id: Mapped[str | None] = mapped_column(String(255))
    score: Mapped[float] = mapped_column(default=0.0)
    reasons: Mapped[list[Any]] = mapped_column(default=list)  # typed codes, as the matcher gives them
    candidates: Mapped[list[Any]] = mapped_column(
        default=list
    )  # [{track_id, title, artists, album, duration, score, reasons}]
    is_decided: Mapped[bool] = mapped_column(default=False)  # by a person
    matched_at: Mapped[datetime] = mapped_column(default=utcnow)


class Decision(Base):
    """What a person decided about a song: it holds for all of their playlists, on every server, for good.

    `facts` are those of the track that was picked, so that another server's copy of it is found.
    """

    __tablename__ = "song_decisions"
    __table_args__ = (UniqueConstraint("user_id", "song_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    song_key: Mapped[str] = mapped_column(String(128))
    choice: Mapped[str] = mapped_column(String(16))
    server_id: Mapped[int | None] = mapped_column(ForeignKey("media_servers.id", ondelete="SET NULL"))
    track_id: Mapped[str | None] = mapped_column(String(255))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    refused: Mapped[list[Any]] = mapped_column(default=list)  # facts of tracks that it is not
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow)


class Run(Base):
    """One sync of a task: what it did, and what undoing it needs. It outlives its task."""

    __tablename__ = "task_runs"
    __table_args__ = (Index("ix_task_runs_user_id_id", "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"), index=True)
    task_name: Mapped[str] = mapped_column(Text)
    trigger: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default=RunStatus.RUNNING)
    message: Mapped[str | None] = mapped_column(Text)
    counts: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # {added, removed, moved, matched, review, missing}
    lines: Mapped[list[Any]] = mapped_column(default=list)  # [{at, level, code, text}], bounded
    # Per target: {target_id: {playlist_id, was_made, before: [track ids], after: [track ids]}}.
    undo: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None]
    started_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]


class ArtistAlias(Base):
    """Names of one artist that a user has added to the shipped table."""

    __tablename__ = "artist_aliases"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    names: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
