"""What an import looks like over HTTP."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from magpie.links.imports.reading import Trouble

KindName = Literal["opml", "takeout", "csv", "json", "list", "archive"]


class FoundOut(BaseModel):
    """A source that the file names. `new` becomes `added`, `refused` or `left_out` by an import that is not dry."""

    key: str = Field(description="names the source in `only`; spellings of one address have the same")
    url: str
    name: str
    type: str
    line: int | None = None
    exists: bool = Field(description="followed already")
    status: Literal["new", "exists", "added", "refused", "left_out"]
    link_id: int | None = None
    message: str | None = Field(default=None, description="why it was refused")


class ProblemOut(BaseModel):
    """What could not be read."""

    model_config = ConfigDict(from_attributes=True)

    reason: Trouble
    message: str = Field(description="that reason in plain words")
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
