"""What the library looks like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from magpie.library.filtering import Filter, ItemKind
from magpie.library.pages import Sort
from magpie.library.personal.schemas import PlaybackOut


class FileOut(BaseModel):
    """One file of an item. `path` is relative to the media folder that it lies in; sizes in bytes, durations in seconds."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    role: Literal["media", "image", "thumbnail", "subtitle", "info", "cover", "nfo"]
    path: str
    size: int
    mime: str
    width: int | None
    height: int | None
    duration: float | None
    language: str | None
    missing_since: datetime | None = Field(description="when it was first looked for in vain")
    damaged_at: datetime | None = Field(
        description="when its content was seen to differ though nobody had written to it"
    )


class ItemOut(BaseModel):
    """One medium in the library."""

    id: int
    kind: ItemKind
    title: str
    artist: str | None
    album: str | None
    album_artist: str | None
    track_number: int | None
    disc_number: int | None
    genre: str | None
    isrc: str | None
    description: str | None
    duration: float | None = Field(description="seconds")
    size: int = Field(description="bytes of all files")
    source_url: str
    site: str
    extractor: str
    quality: str
    published_at: datetime | None
    created_at: datetime
    thumbnail_url: str | None
    file_url: str
    pinned: bool = Field(description="you keep it whatever the retention of links says")
    is_favourite: bool
    tags: list[str] = Field(description="your own, by name")
    playback: PlaybackOut | None = Field(description="where you are in it; null if you have never played it")
    files: list[FileOut]


class Named(BaseModel):
    """Something of yours that an item belongs to."""

    id: int
    name: str


class ItemDetails(ItemOut):
    """One medium in the library, and what of yours it belongs to."""

    links: list[Named] = Field(description="your followed links that have it, by name; 100 at most")
    collections: list[Named] = Field(
        description="your collections that you have put it into, by name; 100 at most. Searches are left out"
    )


class Pin(BaseModel):
    """Whether an item is kept whatever the retention of links says."""

    model_config = ConfigDict(extra="forbid")

    pinned: bool


class ItemPage(BaseModel):
    """A page of items. `next_cursor` is null on the last page."""

    items: list[ItemOut]
    next_cursor: str | None
    total: int = Field(description="items on all pages; so many at least unless `total_is_exact`")
    total_is_exact: bool


class FacetValue(BaseModel):
    """A value that items have, and how many of them."""

    value: str
    count: int


class LinkFacet(BaseModel):
    """A followed link, and how many of the items it has brought."""

    id: int
    name: str
    count: int


class FacetsOut(BaseModel):
    """What the items have in common, the most frequent first."""

    counted: int = Field(description="items that were looked at: the newest ones, 5,000 at most")
    is_exact: bool = Field(description="whether those are all")
    kind: list[FacetValue]
    site: list[FacetValue]
    artist: list[FacetValue]
    album: list[FacetValue]
    genre: list[FacetValue]
    tag: list[FacetValue]
    link: list[LinkFacet]


class FacetQuery(Filter):
    """Which items."""

    model_config = ConfigDict(extra="ignore")

    @property
    def filter(self) -> Filter:
        """Which items."""
        return Filter.model_validate(self.model_dump(include=set(Filter.model_fields)))


class ItemQuery(FacetQuery):
    """Which items, in which order, and which page of them."""

    sort: Sort = Field("newest", description="`relevance` is `newest` where there are no words to look for")
    cursor: Annotated[str, StringConstraints(max_length=300)] | None = Field(
        None, description="`next_cursor` of the page before"
    )
    limit: Annotated[int, Field(ge=1, le=200)] = 50
