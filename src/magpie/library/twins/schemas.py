"""What twins look like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from magpie.kit.web import LARGEST_ROW_ID
from magpie.library.schemas import ItemOut

Id = Annotated[int, Field(ge=1, le=LARGEST_ROW_ID)]


class TwinPair(BaseModel):
    """Two songs that may be the same one: the better one to keep first."""

    items: list[ItemOut]
    reason: Literal["isrc", "tags", "sound"]
    score: float | None = Field(description="how much they sound alike, where that is known: 0.85 to 1")


class TwinPage(BaseModel):
    """Pairs of songs that may be the same."""

    pairs: list[TwinPair]
    next_cursor: str | None


class Merge(BaseModel):
    """What is one: `ids` become the item that the address names."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Id] = Field(min_length=1, max_length=20)


class Dismissal(BaseModel):
    """Two items that are two."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Id] = Field(min_length=2, max_length=2)


class AliasOut(BaseModel):
    """What else an item is known as, since it was made one of several."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    extractor: str
    source_id: str
    merged_at: datetime


class Unmerged(BaseModel):
    """`restored`: what had been merged lay in the trash, and is in the library again."""

    restored: bool
