"""What a link's catalogue looks like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from magpie.downloads.failures import Reason
from magpie.kit.codes import codes
from magpie.links.checks.rules import Why
from magpie.links.schemas import Filters

VerdictName = Literal["listed", "waiting", "wanted", "downloaded", "skipped", "failed", "removed"]
ReasonCode = Annotated[
    str | None,
    Field(
        description="typed code of what was decided, or why a download failed",
        json_schema_extra=codes(Why, Reason),
    ),
]


class EntryOut(BaseModel):
    """One medium that was seen at a link, and why it was downloaded or not."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    link_id: int
    url: str
    title: str | None
    kind: str = Field(description="video, short, live, premiere, audio, gallery, image or file")
    duration: float | None = Field(description="seconds")
    published_at: datetime | None
    thumbnail_url: str | None = Field(description="at the site: not to be loaded by a page")
    first_seen_at: datetime
    last_seen_at: datetime
    gone_at: datetime | None = Field(description="since when the source does not list it any more")
    verdict: VerdictName
    reason: ReasonCode
    why: str = Field(description="the verdict and its reason in plain words")
    not_before: datetime | None
    by_person: bool = Field(description="a person decided; rules do not change it")
    item_id: int | None
    downloaded_at: datetime | None
    upgraded_at: datetime | None = Field(
        description="when a better quality was looked for, once; `why` says what came of it"
    )


class EntryPage(BaseModel):
    """A page of a catalogue, newest first."""

    entries: list[EntryOut]
    next_cursor: str | None
    total: int


class TryRules(BaseModel):
    """Rules to be tried; null or left out: those that the link has."""

    filters: Annotated[Filters | None, Field(description="as at the link")] = None


class VerdictCount(BaseModel):
    """How many entries would have this verdict for this reason."""

    verdict: VerdictName
    reason: ReasonCode
    count: int


class TriedEntry(BaseModel):
    """An entry whose verdict would change."""

    id: int
    title: str | None
    verdict: VerdictName
    reason: ReasonCode
    would_be: VerdictName
    would_reason: ReasonCode
    would_detail: str | None


class Trial(BaseModel):
    """What rules would make of all that is known of a link. Nothing was changed."""

    total: int
    counts: list[VerdictCount]
    wanted: int = Field(description="entries that are left out now and would be downloaded")
    unwanted: int = Field(description="entries that are not left out now and would be")
    held_but_ruled_out: int = Field(description="entries in the library that would not be downloaded today")
    lacking: dict[str, int] = Field(
        description="by rule, the entries whose listing does not tell what the rule asks for: it decides when their "
        "download begins"
    )
    samples: list[TriedEntry] = Field(description="the first 20 that would change")
