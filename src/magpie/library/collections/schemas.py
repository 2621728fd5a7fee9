"""Collections over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from magpie.library.choice import MOST_IDS
from magpie.library.listing import Filter, Id
from magpie.library.personal.schemas import in_one_line

Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(in_one_line)]
Description = Annotated[str, StringConstraints(max_length=10_000)]
Ids = Annotated[list[Id], Field(max_length=MOST_IDS)]


class CollectionOut(BaseModel):
    """A collection. With a `query` it is a search, which keeps itself up to date."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    user_id: int
    name: str
    description: str | None
    query: Filter | None
    count: int | None = Field(description="how many items are in it; null for a search: its items tell")
    created_at: datetime
    updated_at: datetime


class CollectionList(BaseModel):
    """Your collections by name."""

    collections: list[CollectionOut]


class CollectionIn(BaseModel):
    """A new collection: with a `query` a search, otherwise with these items."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    description: Description | None = None
    query: Filter | None = None
    ids: Ids = []


class CollectionUpdate(BaseModel):
    """What is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    description: Description | None = None
    query: Filter | None = None


class ItemIds(BaseModel):
    """Items."""

    model_config = ConfigDict(extra="forbid")

    ids: Ids


class Added(BaseModel):
    """How many items were not in the collection before."""

    count: int


class Place(BaseModel):
    """Where an item is put: right before another one of the collection, or at its end."""

    model_config = ConfigDict(extra="forbid")

    before: Id | None = None
