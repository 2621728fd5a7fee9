"""Every query of feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select, update
from sqlalchemy.orm import aliased

from magpie.kit.db import ReadSession, WriteSession
from magpie.library.feeds.text import MAX_DESCRIPTION
from magpie.library.models import Collection, CollectionItem, FeedToken, Item, ItemFile, Membership
from magpie.links.models import Link, LinkEntry

PLAYED_KINDS = ("audio", "video")
_BATCH = 1000
_COLUMNS = (
    Item.id,
    Item.extractor,
    Item.source_id,
    Item.kind,
    Item.quality,
    Item.title,
    Item.artist,
    Item.album,
    func.substr(Item.description, 1, MAX_DESCRIPTION + 1).label("description"),
    Item.source_url,
    Item.duration,
    Item.published_at,
    Item.created_at,
    Item.track_number,
    Item.disc_number,
    Item.extra,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which items a feed has: what meets the conditions, newest first; of a collection, in its order.

    The other fields say by which index they are found fast: all of a user's, or those of one link or collection.
    `start` is where a page begins: below this id, or in a collection after so many.
    """

    conditions: Sequence[ColumnElement[bool]]
    user_id: int | None = None
    link_id: int | None = None
    collection_id: int | None = None
    start: int | None = None
    limit: int = 5000

    def next_start(self, rows: Sequence[Any]) -> int | None:
        """Where the next page begins, if there is one: `rows` are this page's, with one more."""
        if len(rows) <= self.limit:
            return None
        if self.collection_id is not None:
            return (self.start or 0) + self.limit
        return int(rows[self.limit - 1].id)


@dataclass(frozen=True, slots=True)
class State:
    """What a page of a feed holds, without its items: their ids and revisions as one text, and how many they are."""

    text: str
    count: int


def _narrowed(query: Select[*tuple[Any, ...]], choice: Choice) -> Select[*tuple[Any, ...]]:
    """The page's rows, and one more if there is a next page."""
    query = query.where(Item.kind.in_(PLAYED_KINDS), *choice.conditions).limit(choice.limit + 1)
    if choice.collection_id is not None:
        query = query.join(CollectionItem, CollectionItem.item_id == Item.id)
        query = query.where(CollectionItem.collection_id == choice.collection_id)
        order = (CollectionItem.position, CollectionItem.id)
        return query.order_by(*order).offset(choice.start or 0)
    if choice.start is not None:
        query = query.where(Item.id < choice.start)
    if choice.link_id is not None:
        brought = select(LinkEntry.item_id).where(
            LinkEntry.link_id == choice.link_id, LinkEntry.item_id.is_not(None)
        )
        query = query.where(Item.id.in_(brought))
    if choice.user_id is not None:
        # Along the index of who has what: others may have a million more.
        mine = aliased(Membership)
        query = query.join(mine, mine.item_id == Item.id).where(mine.user_id == choice.user_id)
        return query.order_by(mine.item_id.desc())
    return query.order_by(Item.id.desc())


def state(session: ReadSession, choice: Choice) -> State:
    """One row from the database, however long the page is."""
    page = _narrowed(select(Item.id, Item.revision), choice).subquery()
    one = cast(page.c.id, String) + ":" + cast(page.c.revision, String)
    row = session.execute(select(func.aggregate_strings(one, ","), func.count()).select_from(page)).one()
    return State(row[0] or "", row[1])


def rows(session: ReadSession, choice: Choice) -> list[Any]:
    """The page's items as rows, and one more if there is a next page."""
    return list(session.execute(_narrowed(select(*_COLUMNS), choice)))


def files_of(session: ReadSession, item_ids: Sequence[int]) -> dict[int, list[Any]]:
    """The files of these items as rows, by item, in their order."""
    found: dict[int, list[Any]] = {}
    columns = (
        ItemFile.item_id,
        ItemFile.role,
        ItemFile.path,
        ItemFile.size,
        ItemFile.mime,
        ItemFile.language,
    )
    for start in range(0, len(item_ids), _BATCH):
        part = item_ids[start : start + _BATCH]
        query = select(*columns).where(ItemFile.item_id.in_(part))
        for row in session.execute(query.order_by(ItemFile.item_id, ItemFile.position)):
            found.setdefault(row.item_id, []).append(row)
    return found


def links_of(session: ReadSession, user_id: int) -> list[Any]:
    """Id, name and address of the user's links, by name."""
    query = select(Link.id, Link.name, Link.url).where(Link.user_id == user_id)
    return list(session.execute(query.order_by(func.lower(Link.name), Link.id)))


def collections_of(session: ReadSession, user_id: int) -> list[Any]:
    """Id and name of the user's collections, by name."""
    query = select(Collection.id, Collection.name).where(Collection.user_id == user_id)
    return list(session.execute(query.order_by(func.lower(Collection.name), Collection.id)))


def collection(session: ReadSession, collection_id: int) -> Collection | None:
    return session.get(Collection, collection_id)


def tokens_of(session: ReadSession, user_id: int) -> list[FeedToken]:
    """The oldest first."""
    query = select(FeedToken).where(FeedToken.user_id == user_id).order_by(FeedToken.id)
    return list(session.scalars(query))


def token_by_digest(session: ReadSession, digest: str) -> FeedToken | None:
    return session.scalar(select(FeedToken).where(FeedToken.digest == digest))


def add_token(session: WriteSession, token: FeedToken) -> None:
    session.add(token)
    session.flush()


def delete_token(session: WriteSession, token: FeedToken) -> None:
    session.delete(token)
    session.flush()


def touch_token(session: WriteSession, token_id: int, now: datetime) -> None:
    statement = update(FeedToken).where(FeedToken.id == token_id).values(last_used_at=now)
    session.execute(statement, execution_options={"synchronize_session": False})
