"""What an import looks like over HTTP."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

KindName = Literal["opml", "takeout", "csv", "json", "list", "archive"]


class FoundOut(BaseModel):
    """A source that the file names. `new` becomes `added` or `refused` by an import that is not dry."""

    url: str
    name: str
    type: str
    line: int | None = None
    exists: bool = Field(description="followed already")
    status: Literal["new", "exists", "added", "refused"]
    link_id: int | None = None
    message: str | None = Field(default=None, description="why it was refused")


class ProblemOut(BaseModel):
    """What could not be read."""

    model_config = ConfigDict(from_attributes=True)

    message: str
    line: int | None
    text: str | None


class ImportOut(BaseModel):
    """What a file holds, and what became of it."""

    kind: KindName
    dry_run: bool
    found: list[FoundOut]
    archived: int = Field(description="media that the file says are held already: they will not be fetched")
    added: int = Field(description="links that were made")
    problems: list[ProblemOut] = Field(description="the first 200")
