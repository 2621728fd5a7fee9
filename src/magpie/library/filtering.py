"""The filter by which items are named, and what it says of their rows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from magpie.accounts.ownership import kept_by, visible_to
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession
from magpie.kit.web import Moment
from magpie.library.models import Collection, CollectionItem, Item, ItemFile, ItemTag, Membership, Playback
from magpie.links.models import Link, LinkEntry

LARGEST_ID = 2**31 - 1
LONGEST_SECONDS = 10.0**9

ItemKind = Literal["video", "audio", "gallery", "image", "file"]
# Text that every database can be asked for.
Word = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Seconds = Annotated[float, Field(ge=0, le=LONGEST_SECONDS, allow_inf_nan=False)]


class Filter(BaseModel):
    """Which items: all that is said must hold. With nothing said, the caller's whole library but its trash."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] | None = Field(
        None, description="words that title, artist, album, description or your tags hold"
    )
    kind: ItemKind | None = None
    link_id: Id | None = Field(None, description="what this followed link has brought")
    collection_id: Id | None = Field(None, description="what is in this collection of yours")
    tag: Word | None = Field(None, description="what you have given this tag")
    site: Word | None = None
    artist: Word | None = None
    album: Word | None = None
    genre: Word | None = None
    is_favourite: bool | None = None
    is_finished: bool | None = Field(None, description="whether you have played it to its end")
    language: Annotated[Word, StringConstraints(max_length=35)] | None = Field(
        None, description="of one of its files, as in `files`"
    )
    min_duration: Seconds | None = Field(None, description="seconds")
    max_duration: Seconds | None = Field(None, description="seconds")
    published_after: Moment | None = Field(None, description="at or after this moment")
    published_before: Moment | None = Field(None, description="before this moment")
    in_trash: bool = Field(False, description="what is in the trash, instead of what is not")


def is_narrow(wanted: Filter) -> bool:
    """Whether it names items that are most likely few, and that the database finds at once."""
    named = (wanted.link_id, wanted.collection_id, wanted.tag, wanted.is_favourite, wanted.is_finished)
    return any(one not in (None, False) for one in named)


def unfolded(session: ReadSession, principal: Principal, wanted: Filter) -> list[Filter]:
    """The filter, with a collection that is a saved search replaced by that search; both must hold."""
    if wanted.collection_id is None:
        return [wanted]
    query = select(Collection.query).where(Collection.id == wanted.collection_id)
    saved = session.scalar(query.where(visible_to(principal, Collection.user_id)))
    if saved is None:
        return [wanted]
    return [wanted.model_copy(update={"collection_id": None}), Filter.model_validate(saved)]


def described(wanted: Filter) -> list[ColumnElement[bool]]:
    """What the item's own columns say."""
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (Item.kind, wanted.kind),
        (Item.site, wanted.site),
        (Item.artist, wanted.artist),
        (Item.album, wanted.album),
        (Item.genre, wanted.genre),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.min_duration is not None:
        found.append(Item.duration >= wanted.min_duration)
    if wanted.max_duration is not None:
        found.append(Item.duration <= wanted.max_duration)
    if wanted.published_after is not None:
        found.append(Item.published_at >= wanted.published_after)
    if wanted.published_before is not None:
        found.append(Item.published_at < wanted.published_before)
    if wanted.language is not None:
        found.append(exists().where(ItemFile.item_id == Item.id, ItemFile.language == wanted.language))
    return found


def personal(principal: Principal, wanted: Filter) -> list[ColumnElement[bool]]:
    """What the caller has made of it. Superusers see everybody's items, but tags, favourites, collections and
    playing are everybody's own."""
    found: list[ColumnElement[bool]] = []
    if wanted.link_id is not None:
        found.append(
            _in(LinkEntry.item_id, LinkEntry.link_id == wanted.link_id, LinkEntry.item_id.is_not(None))
            & exists().where(Link.id == wanted.link_id, visible_to(principal, Link.user_id))
        )
    if wanted.collection_id is not None:
        found.append(
            _in(CollectionItem.item_id, CollectionItem.collection_id == wanted.collection_id)
            & exists().where(Collection.id == wanted.collection_id, visible_to(principal, Collection.user_id))
        )
    if wanted.tag is not None:
        found.append(_in(ItemTag.item_id, ItemTag.user_id == principal.id, ItemTag.name == wanted.tag))
    if wanted.is_favourite is not None:
        mine = (kept_by(principal, Membership.user_id), Membership.is_favourite.is_(True))
        found.append(
            _in(Membership.item_id, *mine) if wanted.is_favourite else ~_is(Membership.item_id, *mine)
        )
    if wanted.is_finished is not None:
        ended = (Playback.user_id == principal.id, Playback.is_finished.is_(True))
        found.append(_in(Playback.item_id, *ended) if wanted.is_finished else ~_is(Playback.item_id, *ended))
    return found


def _in(column: InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """For few items among many: they are looked up, and the others never looked at."""
    return Item.id.in_(select(column).where(*where))


def _is(column: InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """For many: each item is looked up as it is met."""
    return exists().where(column == Item.id, *where)
