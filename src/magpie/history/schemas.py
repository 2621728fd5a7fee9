"""What checks look like afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from magpie.downloads.failures import Reason
from magpie.kit.codes import codes

StatusName = Literal["success", "failure"]
TierName = Literal["feed", "lazy", "full"]
GAP = "gap"  # a tier shows nothing that is known: there may be more between


class TierReport(BaseModel):
    """One tier of the check ladder that was tried."""

    tier: TierName
    requests: int = 0
    seconds: float = 0.0
    outcome: str = Field(default="", description="what came of it, in plain words")
    reason: str | None = Field(
        default=None,
        description="typed code of why the next tier was taken",
        json_schema_extra=codes(Reason, [GAP]),
    )


class FailedDownload(BaseModel):
    """A download of the check that did not end well."""

    download_id: int
    entry_id: int | None = None
    url: str
    title: str | None = None
    status: str = Field(description="failed or cancelled")
    reason: str | None = Field(default=None, json_schema_extra=codes(Reason))
    error_message: str | None = None


class CheckDetails(BaseModel):
    """What a check did, and what it cost."""

    mode: Literal["check", "download"] | None = None
    tier: TierName | None = Field(default=None, description="the tier that answered")
    tiers: list[TierReport] = []
    site: str | None = None
    extractor: str | None = None
    requests: int = Field(default=0, description="requests that the source was asked in all")
    seconds: float = 0.0
    seen: int = Field(default=0, description="entries that the source listed")
    new: int = Field(default=0, description="of them not known before")
    skipped: int = Field(default=0, description="of the new ones left out by a rule")
    backfill: bool = Field(default=False, description="older entries were still listed, or are to be")
    reason: str | None = Field(
        default=None, description="typed code of a failure", json_schema_extra=codes(Reason)
    )
    error_message: str | None = None
    hint: str | None = Field(default=None, description="what to do about it")
    held: int = Field(default=0, description="downloads that found their medium in the library already")
    failed_downloads: list[FailedDownload] = Field(default=[], description="the first 50")


class HistoryOut(BaseModel):
    """One check: when, of which link, and what came of it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    link_id: int = Field(description="the link may be gone by now")
    link_name: str
    timestamp: datetime
    status: StatusName
    message: str
    downloaded_files: list[str] = Field(description="relative to the media root")
    details: CheckDetails
    queued: int = Field(description="downloads that the check began")
    landed: int = Field(description="of them completed")
    failed: int = Field(description="of them failed or cancelled")
