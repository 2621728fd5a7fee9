"""What digests look like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from magpie.playlists.tasks import cron
from magpie.podcasts.episodes.schemas import MAX_ADDRESS, Wishes
from magpie.podcasts.wire import Line, Wire

MAX_LINKS = 200
MAX_FEEDS = 100
MAX_ENTRIES = 50


def _schedule(text: str) -> str:
    return cron.checked(text)


def _timezone(name: str) -> str:
    return cron.zone(name).key


Schedule = Annotated[str, Field(max_length=100), AfterValidator(_schedule)]
Timezone = Annotated[str, Field(max_length=64), AfterValidator(_timezone)]
Name = Annotated[Line, Field(min_length=1, max_length=200)]
LinkIds = Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(max_length=MAX_LINKS)]
FeedUrls = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=MAX_ADDRESS)]], Field(max_length=MAX_FEEDS)
]
Count = Annotated[int, Field(ge=1, le=MAX_ENTRIES)]


class DigestCreate(Wire):
    """What is new since the last time, as an episode. Looked at: followed links, and feeds that are not followed."""

    name: Name
    link_ids: LinkIds = Field(default=[])
    feed_urls: FeedUrls = Field(default=[])
    cron_schedule: Schedule = Field(description="minute, hour, day, month, day of the week")
    timezone: Timezone = Field(default="UTC", description="of the schedule, as in Europe/Berlin")
    max_entries: Count = Field(default=10, description="the newest so many")
    is_enabled: bool = True
    transcribe: bool = Field(
        default=False,
        description="listen to recordings that have no subtitles; otherwise their description counts",
    )
    wishes: Wishes = Field(
        default_factory=Wishes, description="as for any episode; its title is the digest's"
    )

    @model_validator(mode="after")
    def _looks_somewhere(self) -> DigestCreate:
        if not self.link_ids and not self.feed_urls:
            raise ValueError("Name at least one followed link or feed.")
        return self


class DigestUpdate(Wire):
    """Changes of a digest. What is left out stays."""

    name: Name | None = None
    link_ids: LinkIds | None = None
    feed_urls: FeedUrls | None = None
    cron_schedule: Schedule | None = None
    timezone: Timezone | None = None
    max_entries: Count | None = None
    is_enabled: bool | None = None
    transcribe: bool | None = None
    wishes: Wishes | None = None


class DigestOut(Wire):
    """A digest, and how it is doing."""

    id: int
    user_id: int
    name: str
    link_ids: list[int]
    feed_urls: list[str]
    cron_schedule: str
    timezone: str
    max_entries: int
    is_enabled: bool
    transcribe: bool
    wishes: dict[str, Any]
    next_run_at: datetime | None
    last_run_at: datetime | None
    last_new: int | None = Field(description="so much was new at the last run; 0: no episode was made of it")
    last_left_out: list[str] = Field(description="titles of what was new then, and too much; at most 50")
    error_message: str | None = Field(description="what went wrong the last time")
    last_podcast_id: str | None
    created_at: datetime
