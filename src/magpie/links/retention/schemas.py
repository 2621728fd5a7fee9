"""What a dry run of a retention looks like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from magpie.links.schemas import Retention


class TryRetention(BaseModel):
    """A retention to be tried; null or left out: the one that the link has."""

    retention: Annotated[Retention | None, Field(description="as at the link")] = None


class Doomed(BaseModel):
    """A medium that would go, and by which rule."""

    entry_id: int
    item_id: int
    title: str | None
    size: int = Field(description="bytes")
    since: datetime = Field(description="when it came into the library")
    rule: Literal["keep_last", "keep_days", "keep_gb"]
    stays_for: Literal["link", "user"] | None = Field(
        description="another link of yours has it, so that it stays in your library; or another user, so that only "
        "its files stay"
    )


class RetentionTrial(BaseModel):
    """What a retention would take away now. Nothing was changed."""

    held: int = Field(description="media that the link has in the library")
    count: int = Field(description="of those, how many would go")
    bytes: int = Field(description="that would leave your library")
    freed_bytes: int = Field(description="of those, bytes that nobody else holds: they leave the disk")
    stays: dict[str, int] = Field(
        description="media that no rule takes away: `pinned`, and `person` for what somebody asked for"
    )
    samples: list[Doomed] = Field(description="the first 20 that would go, the newest first")
