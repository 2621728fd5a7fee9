"""Every query of feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, func, inspect, select, text, update
from sqlalchemy.orm import aliased

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession, WriteSession
from magpie.library.feeds.text import MAX_DESCRIPTION
from magpie.library.models import Collection, CollectionItem, FeedToken, Item, ItemFile, Membership
from magpie.links.models import Link, LinkEntry

PLAYED_KINDS = ("audio", "video")
_BATCH = 1000
# Plain columns: making thousands of rows into records would take longer than all the rest.
_ITEMS, _FILES = inspect(Item).local_table.c, inspect(ItemFile).local_table.c
_COLUMNS = (
    _ITEMS.id,
    _ITEMS.extractor,
    _ITEMS.source_id,
    _ITEMS.kind,
    _ITEMS.quality,
    _ITEMS.title,
    _ITEMS.artist,
    _ITEMS.album,
    func.substr(_ITEMS.description, 1, MAX_DESCRIPTION + 1).label("description"),
    _ITEMS.source_url,
    _ITEMS.duration,
    _ITEMS.published_at,
    _ITEMS.created_at,
    _ITEMS.track_number,
    _ITEMS.disc_number,
    # As text, whatever sites have put there; reading all of it would take longer than the rest of the row.
    _ITEMS.extra["season_number"].as_string().label("season"),
    _ITEMS.extra["episode_number"].as_string().label("episode"),
    _ITEMS.extra["age_limit"].as_string().label("age_limit"),
    _ITEMS.extra[("chapters", 1, "start")].as_string().label("second_chapter"),
)
# `state` of the newest that somebody has, for SQLite: by itself it would look at the rows of items, which are long and far
# apart, and there is no other way to tell it not to.
_HELD = text(
    """
    SELECT group_concat(id || ':' || revision), count(*) FROM (
        SELECT items.id, items.revision
        FROM memberships AS mine
        CROSS JOIN items INDEXED BY ix_items_kind_id_revision
            ON items.kind IN ('audio', 'video') AND items.id = mine.item_id
        WHERE mine.user_id = :user_id AND mine.id NOT IN (SELECT id FROM memberships WHERE trashed_at IS NOT NULL)
        ORDER BY mine.item_id DESC
        LIMIT :most
    )
    """
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which items a feed has: what meets the conditions, newest first; of a collection, in its order.

    `holder`: all that this user, who is no superuser, has but for the trash; then there are no conditions.
    `link_id`: only what this link has brought. `start` is where a page begins: below this id, or in a collection
    after so many.
    """

    conditions: Sequence[ColumnElement[bool]] = ()
    holder: Principal | None = None
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


class FileRow(NamedTuple):
    """What feeds tell of a file. Its fields are read many times: those of the database's own rows take longer."""

    item_id: int
    role: str
    path: str
    size: int
    mime: str
    language: str | None


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
    if choice.holder is not None:
        # Along the index of who has what, since others may have a million more; the trash is small.
        mine = aliased(Membership)
        query = query.join(mine, mine.item_id == Item.id)
        trash = select(Membership.id).where(Membership.trashed_at.is_not(None))
        query = query.where(visible_to(choice.holder, mine.user_id), mine.id.not_in(trash))
        return query.order_by(mine.item_id.desc())
    return query.order_by(Item.id.desc())


def state(session: ReadSession, choice: Choice) -> State:
    """One row from the database, however long the page is."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if choice.holder is not None and choice.start is None and is_sqlite:
        asked = {"user_id": choice.holder.id, "most": choice.limit + 1}
        row = session.execute(_HELD, asked).one()
    else:
        page = _narrowed(select(_ITEMS.id, _ITEMS.revision), choice).subquery()
        one = cast(page.c.id, String) + ":" + cast(page.c.revision, String)
        query = select(func.aggregate_strings(one, ","), func.count()).select_from(page)
        row = session.execute(query).one()
    return State(row[0] or "", row[1])


def rows(session: ReadSession, choice: Choice) -> list[Any]:
    """The page's items as rows, and one more if there is a next page."""
    return list(session.execute(_narrowed(select(*_COLUMNS), choice)))


def files_of(session: ReadSession, item_ids: Sequence[int]) -> dict[int, list[FileRow]]:
    """The files of these items, by item, in their order."""
    found: dict[int, list[FileRow]] = {}
    columns = (_FILES.item_id, _FILES.role, _FILES.path, _FILES.size, _FILES.mime, _FILES.language)
    for start in range(0, len(item_ids), _BATCH):
        part = item_ids[start : start + _BATCH]
        query = select(*columns).where(_FILES.item_id.in_(part))
        for row in session.execute(query.order_by(_FILES.item_id, _FILES.position)).all():
            file = FileRow._make(row)
            found.setdefault(file.item_id, []).append(file)
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
