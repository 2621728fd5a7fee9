"""What feeds look like over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from magpie.library.feeds.sources import DEFAULT_LIMIT, MAX_LIMIT
from magpie.library.feeds.tokens import MAX_NAME
from magpie.library.listing import LARGEST_ID, Filter

Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT)]
Start = Annotated[int, Field(ge=0, le=LARGEST_ID)]


class PageAsked(BaseModel):
    """Which part of a feed."""

    model_config = ConfigDict(extra="ignore")

    limit: Limit = Field(DEFAULT_LIMIT, description="how many entries at most")
    start: Start | None = Field(None, description="where the page before has ended: see its `next`")


class SearchAsked(Filter):
    """A search, and which part of what it finds."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    limit: Limit = Field(DEFAULT_LIMIT, description="how many entries at most")
    start: Start | None = Field(None, description="where the page before has ended: see its `next`")


class FeedOut(BaseModel):
    """One feed. `id` is that of the link or collection."""

    kind: Literal["library", "podcasts", "collection", "link"]
    id: int | None
    title: str
    url: Annotated[str, Field(repr=False)]


class FeedList(BaseModel):
    """All your feeds under one token, whose addresses are secret."""

    token_id: int
    opml_url: Annotated[str, Field(description="all of them, for apps to import", repr=False)]
    search_url: Annotated[
        str, Field(description="append `?q=…` or any other filter of `GET /api/v1/items`", repr=False)
    ]
    feeds: list[FeedOut]


class NewFeedToken(BaseModel):
    """A further token, for one app or one person."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]


class FeedTokenOut(BaseModel):
    """A feed token. `token` is null if it was sealed with a key that this server has not; it counts all the same."""

    id: int
    name: str
    token: Annotated[str | None, Field(repr=False)]
    library_url: Annotated[str | None, Field(repr=False)]
    created_at: datetime
    last_used_at: datetime | None
