"""The trash over HTTP."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from magpie.library.schemas import ItemOut


class TrashedItem(ItemOut):
    """An item in the trash."""

    trashed_at: datetime
    goes_at: datetime = Field(description="from then on it can go for ever; it stays until its turn comes")


class TrashPage(BaseModel):
    """A page of the trash, what was thrown away last first. `next_cursor` is null on the last page."""

    items: list[TrashedItem]
    next_cursor: str | None
    total: int
    size: int = Field(description="bytes of all that lies in the trash")


class Emptied(BaseModel):
    """How many items went for ever."""

    count: int
