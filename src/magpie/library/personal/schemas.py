"""What users make of items, over HTTP."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

LONGEST_TAG = 64
MOST_TAGS = 50
# They change how the text around them is shown, or cannot be seen. Joiners stay: scripts and emoji need them.
INVISIBLE = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
LONGEST_SECONDS = 10.0**9


def in_one_line(name: str) -> str:
    """The name without anything that is not seen, in one spelling; raises `ValueError` if nothing is left."""
    text = "".join(" " if character.isspace() else character for character in name)
    text = "".join(
        one for one in text if unicodedata.category(one) not in ("Cc", "Cs") and one not in INVISIBLE
    )
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not text:
        raise ValueError("A name has at least one letter.")
    return text


def _tag(name: str) -> str:
    if len(tag := in_one_line(name)) > LONGEST_TAG:
        raise ValueError(f"A tag has at most {LONGEST_TAG} letters.")
    return tag


Tag = Annotated[str, StringConstraints(min_length=1, max_length=4 * LONGEST_TAG), AfterValidator(_tag)]


class PlaybackOut(BaseModel):
    """Where you are in an item; `position` in seconds."""

    model_config = ConfigDict(from_attributes=True)

    position: float
    is_finished: bool
    plays: int = Field(description="how often you have come to its end")
    updated_at: datetime | None = Field(description="null if you have never played it")


class PlaybackIn(BaseModel):
    """Where a player is. Without `is_finished` the position tells whether that is the end."""

    model_config = ConfigDict(extra="forbid")

    position: Annotated[float, Field(ge=0, le=LONGEST_SECONDS, allow_inf_nan=False, description="seconds")]
    is_finished: bool | None = None


class FavouriteIn(BaseModel):
    """Whether an item is one of your favourites."""

    model_config = ConfigDict(extra="forbid")

    is_favourite: bool


class TagsIn(BaseModel):
    """All tags that you want on an item. One that you have in other letter cases is taken as you have it."""

    model_config = ConfigDict(extra="forbid")

    tags: Annotated[list[Tag], Field(max_length=MOST_TAGS)]


class TagCount(BaseModel):
    """One of your tags, and how many of your items have it."""

    name: str
    count: int


class TagList(BaseModel):
    """Your tags by name."""

    tags: list[TagCount]
