"""What care looks like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

ScanStatus = Literal["pending", "running", "completed", "failed", "cancelled"]
ProblemReason = Literal["folder", "name", "folder_missing", "not_media"]


class ScanWanted(BaseModel):
    """What a scan is to do."""

    model_config = ConfigDict(extra="forbid")

    adopt: bool = Field(
        False, description="take media in that no item has, for yourself; else they are only counted"
    )


class ScanCounts(BaseModel):
    """Files, by what became of them."""

    files: int = Field(0, description="seen on the disk so far")
    unchanged: int = 0
    changed: int = Field(0, description="written to by somebody else; their items say now what they say")
    moved: int = Field(0, description="found under another name")
    missing: int = Field(0, description="no longer there, since this scan")
    still_missing: int = 0
    returned: int = Field(0, description="there again")
    unknown: int = Field(0, description="of no item")
    adopted: int = Field(0, description="items made of them")
    problems: int = 0


class ScanProblem(BaseModel):
    """A path that could not be looked at (`folder`, `name`: no valid text), a media folder that is not there
    (`folder_missing`), or a file that is not what its name says (`not_media`)."""

    path: str
    reason: ProblemReason


class ScanOut(BaseModel):
    """One look at the media folders."""

    id: int
    status: ScanStatus
    adopts: bool
    counts: ScanCounts
    problems: list[ScanProblem] = Field(description="the first hundred")
    message: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class ScanPage(BaseModel):
    """Scans, newest first."""

    scans: list[ScanOut]
    next_cursor: str | None


class Share(BaseModel):
    """How much somebody or something takes. `name` is a user's, a link's, a kind's or a site's."""

    id: int | None = None
    name: str
    items: int
    bytes: int


class Disk(BaseModel):
    """A disk with a media folder on it; bytes."""

    path: str | None = Field(description="for superusers only")
    total: int
    free: int
    reserve: int = Field(description="what downloads leave free")
    is_there: bool


class Storage(BaseModel):
    """What takes how much room. What several people hold counts for each of them, and once in `total`."""

    total: Share
    quota_bytes: int | None = Field(description="how much you may hold; null: no limit")
    by_user: list[Share] = Field(description="superusers see all users, others themselves")
    by_kind: list[Share]
    by_site: list[Share] = Field(description="the largest hundred")
    trash: Share
    missing: Share = Field(description="items of which files are missing")
    damaged: Share = Field(description="items of which a file has changed though nobody has written to it")
    disks: list[Disk]
