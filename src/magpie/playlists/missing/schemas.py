"""What missing songs look like over HTTP. The key goes in and never comes out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from magpie.kit.codes import codes
from magpie.playlists.missing.external import ApiFault


class OrderFault(StrEnum):
    """Why a song was not fetched."""

    NOT_FOUND = "not_found"  # nothing that is surely this song
    NOT_THE_SONG = "not_the_song"  # what was taken for it turned out to be another one
    SEARCH_FAILED = "search_failed"  # no site that was asked has answered
    DOWNLOAD_FAILED = "download_failed"
    CRASHED = "crashed"


REASONS = [*OrderFault, *ApiFault]
SessionStatusName = Literal["running", "completed", "cancelled"]
OrderStatusName = Literal["pending", "searching", "downloading", "completed", "failed", "cancelled"]


class DownloadSettings(BaseModel):
    """How missing songs are fetched. What is left out stays; null goes back to what ships."""

    download_path: Annotated[str | None, Field(max_length=500)] = Field(
        default=None, description="a folder below the media folder; null: where music goes"
    )
    api_url: Annotated[str | None, Field(max_length=2048)] = Field(
        default=None, description="an external downloader; null: Magpie searches by itself"
    )
    api_key: Annotated[str | None, Field(max_length=4096)] = Field(
        default=None, description="never given back; left out keeps what is there"
    )
    profile: Annotated[str | None, Field(max_length=32)] = Field(
        default=None, description="how songs are saved; null: `music`"
    )
    searches: Annotated[list[Annotated[str, Field(max_length=2048)]] | None, Field(max_length=10)] = Field(
        default=None,
        description="where to search, best first: names of `known_searches`, or search pages with `{query}`",
    )


class SearchOut(BaseModel):
    """A search that ships."""

    name: str
    title: str


class DownloadSettingsOut(BaseModel):
    """How missing songs are fetched."""

    download_path: str | None
    api_url: str | None
    api_key: None = Field(default=None, description="never given back")
    has_api_key: bool
    profile: str
    searches: list[str]
    known_searches: list[SearchOut]


class TestOut(BaseModel):
    """Whether what is set up works."""

    success: bool
    message: str
    reason: str | None = Field(description="typed code of the fault", json_schema_extra=codes(ApiFault))


class AllMissing(BaseModel):
    """Of which task; without one, of all of yours."""

    task_id: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None


class Single(BaseModel):
    """One song of a playlist. Title, artist and album, if they are given, are searched for instead of the playlist's."""

    task_id: Annotated[int, Field(ge=1, le=2**31 - 1)]
    song_id: Annotated[str, Field(min_length=1, max_length=255)]
    title: Annotated[str | None, Field(max_length=1000)] = None
    artist: Annotated[str | None, Field(max_length=1000)] = None
    album: Annotated[str | None, Field(max_length=1000)] = None
    url: Annotated[str | None, Field(max_length=8192)] = Field(
        default=None, description="save this one, without a search: a candidate, or any other address"
    )


class HeardOut(BaseModel):
    """A song as its own page, or its file, tells of it."""

    title: str
    artists: list[str]
    duration: float | None


class CandidateOut(BaseModel):
    """What a search has found."""

    url: str
    search: str | None
    title: str
    artists: list[str]
    duration: float | None
    score: float
    reasons: list[str] = Field(description="as the matcher gives them")
    tried: str | None = Field(description="how it went; null: not tried")
    heard: HeardOut | None = Field(
        default=None, description="what it turned out to be, if it is another song"
    )


class OrderOut(BaseModel):
    """One song of a session."""

    id: int
    task_id: int | None
    song_id: str
    title: str
    artist: str
    album: str | None
    duration: float | None
    status: OrderStatusName
    reason: str | None = Field(
        description="typed code; of a failed download, its own code stands in the candidates",
        json_schema_extra=codes(REASONS),
    )
    error_message: str | None
    url: str | None
    download_id: int | None
    item_id: int | None
    progress: float | None = Field(description="0 to 1, while it is downloaded")
    candidates: list[CandidateOut]
    created_at: datetime
    ended_at: datetime | None


class SessionOut(BaseModel):
    """Songs that were asked for together."""

    session_id: int
    task_id: int | None
    status: SessionStatusName
    total: int
    completed: int
    failed: int
    cancelled: int
    created_at: datetime
    ended_at: datetime | None
    items: list[OrderOut] = Field(description="as many as were asked for")


class StatusOut(BaseModel):
    """Sessions, newest first."""

    sessions: list[SessionOut]
