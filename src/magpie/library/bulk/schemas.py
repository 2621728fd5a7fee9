"""Bulk actions over HTTP."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from magpie.library.choice import Choice
from magpie.library.listing import Id
from magpie.library.personal.schemas import MOST_TAGS, Tag


class Action(StrEnum):
    """What is done to each item."""

    TAG = "tag"
    UNTAG = "untag"
    FAVOURITE = "favourite"
    UNFAVOURITE = "unfavourite"
    ADD_TO_COLLECTION = "add_to_collection"
    REMOVE_FROM_COLLECTION = "remove_from_collection"
    TRASH = "trash"
    RESTORE = "restore"
    DELETE = "delete"
    PIN = "pin"
    UNPIN = "unpin"


ABOUT_TAGS = (Action.TAG, Action.UNTAG)
ABOUT_COLLECTIONS = (Action.ADD_TO_COLLECTION, Action.REMOVE_FROM_COLLECTION)


class Bulk(Choice):
    """What to do, and to which items. `delete` is for ever; `restore` with a filter looks into the trash."""

    action: Action
    tags: Annotated[list[Tag], Field(min_length=1, max_length=MOST_TAGS)] | None = Field(
        None, description="for `tag` and `untag`"
    )
    collection_id: Id | None = Field(None, description="for `add_to_collection` and `remove_from_collection`")
    everybody: bool = Field(False, description="of a superuser, for `delete`: also what only others have")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.tags is not None) != (self.action in ABOUT_TAGS):
            raise ValueError("Tags belong to the actions tag and untag, and to no others.")
        if (self.collection_id is not None) != (self.action in ABOUT_COLLECTIONS):
            raise ValueError("A collection belongs to the actions with collections, and to no others.")
        return self


class BulkDone(BaseModel):
    """How many items it was done to; those that are not yours, or not where the action looks, are left out."""

    count: int
