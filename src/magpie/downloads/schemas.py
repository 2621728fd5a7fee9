"""What downloads look like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from magpie.downloads.addresses import clean_address
from magpie.downloads.failures import Reason
from magpie.kit.codes import codes

StatusName = Literal["pending", "downloading", "completed", "failed", "cancelled", "skipped"]
ProfileName = Annotated[
    str, Field(min_length=1, max_length=32, description="one that ships with Magpie, or your own")
]
StageName = Literal["queued", "extracting", "downloading", "recording", "processing", "placing"]
Address = Annotated[str, Field(max_length=8192), AfterValidator(clean_address)]


class DownloadCreate(BaseModel):
    """What is wanted. Title and artist, if given, win over what the site says."""

    url: Address
    profile: ProfileName = "video"
    title: str | None = Field(default=None, max_length=1000)
    artist: str | None = Field(default=None, max_length=1000)


class DownloadOut(BaseModel):
    """One download: its state, its progress, and where it led."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    url: str
    site: str
    profile: str
    title: str | None
    artist: str | None
    status: StatusName
    stage: StageName | None
    reason: str | None = Field(
        description="typed code of a failure or skip; a link's rule may skip, too",
        json_schema_extra=codes(Reason),
    )
    error_message: str | None = Field(description="what happened, in plain words")
    hint: str | None = Field(description="what to do about it")
    file_path: str | None = Field(description="relative to the media folder that the file lies in")
    item_id: int | None
    parent_id: int | None
    thumbnail_url: str | None
    downloaded_bytes: int | None
    total_bytes: int | None
    speed: float | None = Field(description="bytes per second")
    eta: float | None = Field(description="seconds")
    attempt: int
    next_attempt_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None


class DownloadPage(BaseModel):
    """One page of downloads, newest first; `page` counts from 1."""

    downloads: list[DownloadOut]
    total: int
    page: int
    per_page: int


class InspectRequest(BaseModel):
    """What was pasted into the box."""

    url: Address


class Inspection(BaseModel):
    """What an address is, and what can be done with it."""

    url: str
    site: str
    kind: Literal["file", "page", "gallery", "list", "unsupported"]
    extractor: str | None
    title: str | None
    verbs: list[Literal["save", "follow"]]
    reason: str | None = Field(
        description="typed code of what stands in the way", json_schema_extra=codes(Reason)
    )
    message: str | None = Field(description="that reason in plain words")
