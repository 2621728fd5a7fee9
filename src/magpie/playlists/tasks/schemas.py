"""What tasks, their matches, plans and runs look like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, model_validator

from magpie.kit.codes import codes
from magpie.playlists.matching.service import Verdict
from magpie.playlists.models import Mode, RunStatus, TaskStatus
from magpie.playlists.servers.port import Fault
from magpie.playlists.sync.order import Note, TargetStatus, Trigger
from magpie.playlists.sync.plan import Edit
from magpie.playlists.tasks import cron

# What a source's failure is called in a task: the source's own reason behind this.
SOURCE_REASONS = [
    f"source_{reason}"
    for reason in ("gone", "private", "refused", "limited", "unreachable", "unreadable", "not_configured")
]
REASONS = [*(fault.value for fault in Fault), *SOURCE_REASONS, "crashed"]
WAITING = "waiting"  # not judged yet
MAX_NAME = 300
MAX_TARGETS = 20
MAX_SHARE_TEXT = 8192

VerdictName = Literal["matched", "review", "missing", "waiting"]
Format = Literal["m3u", "csv", "jspf", "xspf"]


def _schedule(text: str | None) -> str | None:
    return cron.checked(text) if text and text.strip() else None


def _timezone(name: str | None) -> str | None:
    return cron.zone(name).key if name else None


def _line(text: str | None) -> str | None:
    if text is None:
        return None
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:MAX_NAME]


Schedule = Annotated[str | None, Field(max_length=256), AfterValidator(_schedule)]
Timezone = Annotated[str | None, Field(max_length=64), AfterValidator(_timezone)]
Name = Annotated[str | None, Field(max_length=2000), AfterValidator(_line)]


class TargetIn(BaseModel):
    """A server that the playlist is kept on."""

    server_id: Annotated[int, Field(ge=1, le=2**31 - 1)]
    playlist_id: Annotated[str | None, Field(max_length=255)] = Field(
        default=None, description="a playlist that is there already; null: Magpie makes one"
    )


class TaskSettings(BaseModel):
    """What may be said of a task besides its source."""

    name: Name = Field(default=None, description="null: the source's own title")
    server_id: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = Field(
        default=None, description="short for one target"
    )
    targets: Annotated[list[TargetIn] | None, Field(max_length=MAX_TARGETS)] = Field(
        default=None, description="where the playlist is kept; several servers are possible"
    )
    cron_schedule: Schedule = Field(
        default=None, description="minute, hour, day, month, day of the week; null: only when you say so"
    )
    timezone: Timezone = Field(default=None, description="of the schedule, as in Europe/Berlin")
    mode: Mode | None = None
    is_enabled: bool | None = None
    max_removals: Annotated[int | None, Field(ge=0, le=1_000_000)] = Field(
        default=None, description="more than this asks first; null: a fifth of the playlist, at least ten"
    )
    keep_title: bool | None = None
    keep_description: bool | None = None
    keep_cover: bool | None = None
    fetch_missing: bool | None = Field(default=None, description="look for missing songs after each sync")

    @model_validator(mode="after")
    def _one_server_once(self) -> TaskSettings:
        ids = [target.server_id for target in self.targets or ()]
        if len(ids) != len(set(ids)):
            raise ValueError("A server is a target once.")
        return self


class TaskCreate(TaskSettings):
    """A playlist to keep in step."""

    playlist_url: Annotated[str, Field(max_length=MAX_SHARE_TEXT)] = Field(
        default="", description="a link, or the whole text that an app shares; empty for a file"
    )
    platform: Annotated[str, Field(min_length=1, max_length=32)] = Field(
        default="auto",
        description="`netease`, `qq`, `spotify`, `ytmusic`, `deezer`, `listenbrainz`, `apple`, `file`, or `auto`",
    )


class TaskUpdate(TaskSettings):
    """Changes of a task. What is left out stays as it is."""

    playlist_url: Annotated[str | None, Field(max_length=MAX_SHARE_TEXT)] = None
    platform: Annotated[str | None, Field(min_length=1, max_length=32)] = None


class TaskTarget(BaseModel):
    """One playlist on one server."""

    id: int
    server_id: int
    server_name: str
    server_type: str
    playlist_id: str | None
    playlist_title: str | None
    count: int = Field(description="entries after the last sync")
    status: str | None = Field(json_schema_extra=codes(TargetStatus))
    reason: str | None = Field(json_schema_extra=codes(Fault))
    error_message: str | None
    synced_at: datetime | None


class TaskCounts(BaseModel):
    """A task's songs by verdict, on its first server."""

    total: int = 0
    matched: int = 0
    review: int = 0
    missing: int = 0
    waiting: int = Field(default=0, description="not judged yet")


class TaskOut(BaseModel):
    """A playlist that is kept in step, and how it is doing."""

    id: int
    user_id: int
    name: str
    server_id: int | None
    playlist_url: str
    platform: str
    cron_schedule: str | None
    timezone: str
    mode: Mode
    is_enabled: bool
    max_removals: int | None
    keep_title: bool
    keep_description: bool
    keep_cover: bool
    fetch_missing: bool
    status: str = Field(json_schema_extra=codes(TaskStatus))
    reason: str | None = Field(description="typed code of what went wrong", json_schema_extra=codes(REASONS))
    error_message: str | None
    needs_approval: bool
    removals: int = Field(description="entries that would go if it were approved")
    can_undo: bool
    counts: TaskCounts
    targets: list[TaskTarget]
    source_url: str
    source_title: str | None
    source_description: str | None
    source_owner: str | None
    source_total: int | None
    is_source_complete: bool
    source_note: str | None
    cover_url: str | None = Field(description="the source's picture, as this server hands it on")
    read_at: datetime | None
    next_run_at: datetime | None
    last_synced_at: datetime | None
    last_success_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ShareText(BaseModel):
    """Whatever was pasted."""

    text: Annotated[str, Field(max_length=MAX_SHARE_TEXT)]


class Recognised(BaseModel):
    """What a pasted text is about; `platform` is null if it names no playlist that Magpie knows."""

    platform: str | None = None
    platform_title: str | None = None
    playlist_id: str | None = Field(default=None, description="null for a short link: nobody was asked yet")
    url: str | None = None
    is_short: bool = False
    lacks: list[str] = Field(default=[], description="settings without which this platform cannot be asked")


class NextRuns(BaseModel):
    """When a schedule comes next."""

    cron_schedule: str
    timezone: str
    next_runs: list[datetime]


class SongOut(BaseModel):
    """A wanted song."""

    id: int
    position: int
    song_id: str
    title: str
    artists: list[str]
    album: str | None
    duration: float | None
    isrc: str | None
    url: str | None
    is_available: bool = Field(description="false: the platform has greyed it or taken it away")


class FoundTrack(BaseModel):
    """A track on the server."""

    track_id: str
    title: str
    artists: list[str]
    album: str | None
    duration: float | None
    score: float | None = None
    reasons: list[str] = []


class MatchOut(BaseModel):
    """A wanted song, and what the server has for it."""

    song: SongOut
    verdict: VerdictName
    score: float
    reasons: list[str]
    is_decided: bool
    track: FoundTrack | None
    candidates: list[FoundTrack]


class MatchPage(BaseModel):
    """Songs with their verdicts, in the playlist's order."""

    matches: list[MatchOut]
    next_cursor: str | None
    counts: TaskCounts


class DecisionIn(BaseModel):
    """What you decide about a song: it holds for all of your playlists, on every server."""

    song_id: Annotated[str, Field(min_length=1, max_length=255)] = Field(description="as the source calls it")
    choice: Literal["track", "never", "refuse", "forget"] = Field(
        description="`track`: this is it; `refuse`: this is not it; `never`: nothing is, and it is not to be fetched; "
        "`forget`: let Magpie judge again"
    )
    track_id: Annotated[str | None, Field(max_length=255)] = None
    server_id: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = Field(
        default=None, description="the server of the track; null: the task's first"
    )

    @model_validator(mode="after")
    def _names_a_track(self) -> DecisionIn:
        if self.choice in ("track", "refuse") and not self.track_id:
            raise ValueError("Say which track.")
        return self


class UnmatchedOut(BaseModel):
    """A song that a server does not have for sure."""

    song_id: str
    title: str
    artist: str
    artists: list[str]
    album: str | None
    duration: float | None
    verdict: VerdictName
    reasons: list[str]
    is_decided: bool
    is_available: bool


class OpOut(BaseModel):
    """One line of a diff."""

    op: Edit
    before: int | None
    position: int | None
    track_id: str
    song: SongOut | None
    track: FoundTrack | None


class TargetPlan(BaseModel):
    """What a sync would do to one playlist."""

    target_id: int
    server_id: int
    server_name: str
    is_new: bool = Field(description="the playlist would be made")
    added: int
    removed: int
    moved: int
    needs_approval: bool
    error: str | None = Field(default=None, description="why nothing can be said")
    reason: str | None = Field(default=None, json_schema_extra=codes(REASONS))
    ops: list[OpOut]


class PlanOut(BaseModel):
    """What the next sync would do; nothing is written."""

    is_source_complete: bool
    targets: list[TargetPlan]


class RunLine(BaseModel):
    """A line of a run's log."""

    at: datetime
    level: Literal["info", "warning", "error"]
    code: str = Field(json_schema_extra=codes(Note))
    text: str = Field(description="in English")
    values: dict[str, int | str] = Field(
        default_factory=dict,
        description="what it is about, for other languages: server, reason, count, total, added, removed, moved; empty "
        "for lines that an earlier version wrote",
    )


class RunOut(BaseModel):
    """One sync and what came of it."""

    id: int
    task_id: int | None
    task_name: str
    trigger: str = Field(json_schema_extra=codes(Trigger))
    status: str = Field(json_schema_extra=codes(RunStatus))
    message: str | None
    counts: dict[str, int]
    lines: list[RunLine]
    can_undo: bool
    undone_at: datetime | None
    started_at: datetime
    ended_at: datetime | None


class RunPage(BaseModel):
    """A task's runs, newest first."""

    runs: list[RunOut]
    next_cursor: str | None


class ArtistIn(BaseModel):
    """Names of one artist."""

    names: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=2, max_length=50)
    ]


class ArtistOut(BaseModel):
    """Names of one artist that you have added."""

    id: int
    names: list[str]
    created_at: datetime


VERDICTS = tuple(verdict.value for verdict in Verdict)
