"""Tables of the library."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    false,
    inspect,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from magpie.kit.clock import utcnow
from magpie.kit.db import Base, JsonValue
from magpie.library.search.document import COLUMNS, extra_of
from magpie.library.search.terms import SORT_KEY_LENGTH, sort_key

# The same order on both databases, whatever language PostgreSQL's has.
SORT_KEY = String(SORT_KEY_LENGTH).with_variant(String(SORT_KEY_LENGTH, collation="C"), "postgresql")


def only_where(condition: str) -> dict[str, Any]:
    """The options of an index over the rows that meet the condition, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Item(Base):
    """One medium. What it is (`extractor`, `source_id`, `kind`, `quality`) exists once, whoever asked for it."""

    __tablename__ = "items"
    __table_args__ = (
        # On PostgreSQL a smaller index, which the migration makes: `source_id`, and a hash of the others.
        UniqueConstraint("extractor", "source_id", "kind", "quality"),
        # With `revision`, since feeds ask for it of thousands of items whose rows are long.
        Index("ix_items_kind_id_revision", "kind", "id", "revision"),
        Index("ix_items_sort_title_id", "sort_title", "id"),
        Index("ix_items_sort_artist_id", "sort_artist", "id"),
        Index("ix_items_published_at", "published_at"),
        Index("ix_items_duration", "duration"),
        Index("ix_items_size", "size"),
        Index("ix_items_isrc", "isrc", **only_where("isrc IS NOT NULL")),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    extractor: Mapped[str] = mapped_column(String(64))
    source_id: Mapped[str] = mapped_column(String(512))
    kind: Mapped[str] = mapped_column(String(16))
    quality: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    artist: Mapped[str | None] = mapped_column(Text)
    album: Mapped[str | None] = mapped_column(Text)
    # Folded and romanised beginnings, as the lists are sorted; made by `_written`.
    sort_title: Mapped[str] = mapped_column(SORT_KEY, default="", server_default="")
    sort_artist: Mapped[str] = mapped_column(SORT_KEY, default="", server_default="")
    album_artist: Mapped[str | None] = mapped_column(Text)
    track_number: Mapped[int | None]
    disc_number: Mapped[int | None]
    genre: Mapped[str | None] = mapped_column(String(128))
    isrc: Mapped[str | None] = mapped_column(String(12))
    description: Mapped[str | None] = mapped_column(Text)
    site: Mapped[str] = mapped_column(String(255))
    source_url: Mapped[str] = mapped_column(Text)
    duration: Mapped[float | None]  # seconds
    size: Mapped[int] = mapped_column(BigInteger)  # bytes of all files
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Grows with every change of the row or of its files, so that feeds know without reading them that nothing has
    # changed.
    revision: Mapped[int] = mapped_column(default=0, server_default="0", onupdate=text("revision + 1"))
    # On PostgreSQL, terms of the search that the database cannot make by itself; null until the item can be found.
    search_extra: Mapped[str | None] = mapped_column(Text, deferred=True)

    files: Mapped[list[ItemFile]] = relationship(
        back_populates="item",
        order_by="ItemFile.position",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


@event.listens_for(Item, "before_insert")
@event.listens_for(Item, "before_update")
def _written(_mapper: Mapper[Item], connection: Connection, item: Item) -> None:
    """Keep what is made from other columns in step with them, whoever changes those."""
    state = inspect(item)
    if not state.persistent or any(state.attrs[name].history.has_changes() for name in COLUMNS):
        item.sort_title, item.sort_artist = sort_key(item.title), sort_key(item.artist)
        if connection.dialect.name == "postgresql":
            item.search_extra = extra_of(item)


class ItemFile(Base):
    """One file of an item; the main file has position 0.

    `path` is relative to the file's media folder, which `root` names as `library.roots` reads it. Paths are unique
    over all folders, so that one may be emptied into another.
    """

    __tablename__ = "item_files"
    __table_args__ = (
        Index("ix_item_files_item_id_position", "item_id", "position"),
        # On PostgreSQL an exclusion constraint with hashes, of a quarter of the size, which the migration makes.
        UniqueConstraint("path"),
        Index("ix_item_files_digest", "digest", **only_where("digest IS NOT NULL")),
        Index("ix_item_files_missing_since", "missing_since", **only_where("missing_since IS NOT NULL")),
        Index("ix_item_files_damaged_at", "damaged_at", **only_where("damaged_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(Text)
    root: Mapped[str] = mapped_column(Text, default="", server_default="", index=True)
    role: Mapped[str] = mapped_column(String(16))
    position: Mapped[int]
    size: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str] = mapped_column(String(127))
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration: Mapped[float | None]
    language: Mapped[str | None] = mapped_column(String(35))
    # What the last look at the disk saw, so that an unchanged file is known without being read.
    modified_ns: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str | None] = mapped_column(String(64))  # BLAKE2b-256 of the content, in hex
    checked_at: Mapped[datetime | None]  # when the content was last read and agreed with `digest`
    missing_since: Mapped[datetime | None]
    damaged_at: Mapped[datetime | None]  # when its content was seen to differ though nobody had written to it

    item: Mapped[Item] = relationship(back_populates="files")


# What people and programs see of a file; what the care of the disk notes is none of it.
_SEEN_OF_A_FILE = ("role", "position", "size", "mime", "language")


@event.listens_for(ItemFile, "after_insert")
@event.listens_for(ItemFile, "after_delete")
def _came_or_went(_mapper: Mapper[ItemFile], connection: Connection, file: ItemFile) -> None:
    """A file that comes, goes or changes is a change of its item, unless that is being made in the same moment."""
    item = file.__dict__.get("item")
    if item is None or not inspect(item).pending:
        statement = update(Item).where(Item.id == file.item_id)
        connection.execute(statement.values(revision=Item.revision + 1))


@event.listens_for(ItemFile, "after_update")
def _altered(mapper: Mapper[ItemFile], connection: Connection, file: ItemFile) -> None:
    state = inspect(file)
    if any(state.attrs[name].history.has_changes() for name in _SEEN_OF_A_FILE):
        _came_or_went(mapper, connection, file)


class Membership(Base):
    """That an item is in somebody's library. Without a user it belongs to the household: superusers see it."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("item_id", "user_id"),
        Index("ix_memberships_user_id_item_id", "user_id", "item_id"),
        Index("ix_memberships_trashed_at", "trashed_at", **only_where("trashed_at IS NOT NULL")),
        Index("ix_memberships_favourites", "user_id", "item_id", **only_where("is_favourite")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    pinned: Mapped[bool] = mapped_column(default=False, server_default=false())  # retention leaves it alone
    is_favourite: Mapped[bool] = mapped_column(default=False, server_default=false())
    trashed_at: Mapped[
        datetime | None
    ]  # in the trash since; it can be taken out again until the trash is emptied
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class ItemAlias(Base):
    """That a medium was found to be one that the library has under another name: it is not fetched again.

    `merged_id`: the item that it had been, while that still lies in the trash.
    """

    __tablename__ = "item_aliases"
    __table_args__ = (
        UniqueConstraint("extractor", "source_id", "kind", "quality"),
        Index("ix_item_aliases_item_id", "item_id"),
        Index("ix_item_aliases_merged_id", "merged_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    merged_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="SET NULL"))
    extractor: Mapped[str] = mapped_column(String(64))
    source_id: Mapped[str] = mapped_column(String(512))
    kind: Mapped[str] = mapped_column(String(16))
    quality: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    merged_at: Mapped[datetime] = mapped_column(default=utcnow)


class Sound(Base):
    """That it is known how an item sounds (`duration` is null: it cannot be told), and from a file of which size."""

    __tablename__ = "sounds"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)  # of the file that it was made from
    duration: Mapped[float | None]  # seconds


class SoundBlock(Base):
    """Sixteen bits of the digest of an item's sound, by which likenesses are found (`library.twins.sound`)."""

    __tablename__ = "sound_blocks"

    block: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Likeness(Base):
    """Two items that sound alike; `item_id` is the smaller id. `score`: the share of equal bits, 0.5 to 1."""

    __tablename__ = "likenesses"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    score: Mapped[float]
    dismissed_at: Mapped[datetime | None]  # somebody says that they are two


class ItemTag(Base):
    """A word that one user has put on an item; nobody else sees it."""

    __tablename__ = "item_tags"
    __table_args__ = (Index("ix_item_tags_item_id", "item_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)


class Collection(Base):
    """Items that a user has put together; or, with a `query`, a search that keeps itself up to date."""

    __tablename__ = "collections"
    __table_args__ = (
        UniqueConstraint("user_id", "name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    query: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)


class CollectionItem(Base):
    """An item's place in a collection; an item is in it once."""

    __tablename__ = "collection_items"
    __table_args__ = (
        UniqueConstraint("collection_id", "item_id"),
        Index("ix_collection_items_collection_id_position", "collection_id", "position"),
        Index("ix_collection_items_item_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    position: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(default=utcnow)


class Playback(Base):
    """Where a user is in an item."""

    __tablename__ = "playbacks"
    __table_args__ = (
        Index("ix_playbacks_user_id_updated_at", "user_id", "updated_at"),
        Index("ix_playbacks_item_id", "item_id"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[float]  # seconds
    is_finished: Mapped[bool] = mapped_column(default=False)
    plays: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)


class FeedToken(Base):
    """A secret address under which a user's feeds can be read; `digest` finds it, `sealed` shows it again."""

    __tablename__ = "feed_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    last_used_at: Mapped[datetime | None]


class Scan(Base):
    """One look at the media folders: what is missing, moved or changed, and what lies there that no item has."""

    __tablename__ = "scans"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    # Whose media the files become that no item has; without a user such files are only counted.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    adopts: Mapped[bool]
    status: Mapped[str] = mapped_column(
        String(16), index=True
    )  # pending | running | completed | failed | cancelled
    attempt: Mapped[int] = mapped_column(default=1)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problems: Mapped[list[Any]] = mapped_column(default=list)  # the first ones: {path, reason, message}
    message: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Placement(Base):
    """A name in the library that is being filled: written before the rename, deleted with the item's birth.

    After a crash in between, the next attempt knows from it which files to take away again.
    """

    __tablename__ = "placements"

    path: Mapped[str] = mapped_column(Text, primary_key=True)
    root: Mapped[str] = mapped_column(Text, default="", server_default="")  # as in `ItemFile`
    holder: Mapped[str] = mapped_column(String(32), index=True)  # the download's key
    claim: Mapped[int]  # of the worker that fills it; a later claim may take it away, an earlier one may not
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
