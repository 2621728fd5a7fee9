"""Which items are meant: one filter for lists, facets, feeds, saved searches and whatever is done to many at once."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import ColumnElement, exists, or_, select

from magpie.accounts.ownership import kept_by, visible_to
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession
from magpie.kit.web import Moment
from magpie.library.holding import held
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


def conditions(session: ReadSession, principal: Principal, wanted: Filter) -> list[ColumnElement[bool]]:
    """Of `Item`: what the filter says, for what the caller may see. `where(*conditions(…))`."""
    found = [held(principal, in_trash=wanted.in_trash)]
    for one in _unfolded(session, principal, wanted):
        found += [*described(one), *personal(principal, one), *_searched(one.q)]
    return found


def _unfolded(session: ReadSession, principal: Principal, wanted: Filter) -> list[Filter]:
    """The filter, with a collection that is a saved search replaced by that search; both must hold."""
    if wanted.collection_id is None:
        return [wanted]
    query = select(Collection.query).where(Collection.id == wanted.collection_id)
    saved = session.scalar(query.where(visible_to(principal, Collection.user_id)))
    if saved is None:
        return [wanted]
    return [wanted.model_copy(update={"collection_id": None}), Filter.model_validate(saved)]


def ids(session: ReadSession, principal: Principal, wanted: Filter, limit: int) -> list[int]:
    """Ids of the items that are meant, newest first, at most `limit` of them."""
    query = select(Item.id).where(*conditions(session, principal, wanted))
    return list(session.scalars(query.order_by(Item.id.desc()).limit(limit)))


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
            exists().where(
                LinkEntry.item_id == Item.id,
                LinkEntry.link_id == wanted.link_id,
                Link.id == LinkEntry.link_id,
                visible_to(principal, Link.user_id),
            )
        )
    if wanted.collection_id is not None:
        found.append(
            exists().where(
                CollectionItem.item_id == Item.id,
                CollectionItem.collection_id == wanted.collection_id,
                Collection.id == CollectionItem.collection_id,
                visible_to(principal, Collection.user_id),
            )
        )
    if wanted.tag is not None:
        found.append(
            exists().where(
                ItemTag.item_id == Item.id, ItemTag.user_id == principal.id, ItemTag.name == wanted.tag
            )
        )
    if wanted.is_favourite is not None:
        mine = exists().where(
            Membership.item_id == Item.id,
            kept_by(principal, Membership.user_id),
            Membership.is_favourite.is_(True),
        )
        found.append(mine if wanted.is_favourite else ~mine)
    if wanted.is_finished is not None:
        ended = exists().where(
            Playback.item_id == Item.id, Playback.user_id == principal.id, Playback.is_finished.is_(True)
        )
        found.append(ended if wanted.is_finished else ~ended)
    return found


def _searched(q: str | None) -> list[ColumnElement[bool]]:
    return [
        or_(
            *(
                column.icontains(word, autoescape=True)
                for column in (Item.title, Item.artist, Item.album, Item.site)
            )
        )
        for word in (q or "").split()
    ]
