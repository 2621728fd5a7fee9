"""Tables of the library."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from magpie.kit.clock import utcnow
from magpie.kit.db import Base


class Item(Base):
    """One medium. What it is (`extractor`, `source_id`, `kind`, `quality`) exists once, whoever asked for it."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("extractor", "source_id", "kind", "quality"),
        Index("ix_items_kind_id", "kind", "id"),
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
    description: Mapped[str | None] = mapped_column(Text)
    site: Mapped[str] = mapped_column(String(255))
    source_url: Mapped[str] = mapped_column(Text)
    duration: Mapped[float | None]  # seconds
    size: Mapped[int] = mapped_column(BigInteger)  # bytes of all files
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)

    files: Mapped[list[ItemFile]] = relationship(
        back_populates="item",
        order_by="ItemFile.position",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class ItemFile(Base):
    """One file of an item; the main file has position 0.

    `path` is relative to the file's media folder, which `root` names as `library.roots` reads it. Paths are unique
    over all folders, so that one may be emptied into another.
    """

    __tablename__ = "item_files"
    __table_args__ = (Index("ix_item_files_item_id_position", "item_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(Text, unique=True)
    root: Mapped[str] = mapped_column(Text, default="", server_default="", index=True)
    role: Mapped[str] = mapped_column(String(16))
    position: Mapped[int]
    size: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str] = mapped_column(String(127))
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration: Mapped[float | None]
    language: Mapped[str | None] = mapped_column(String(35))

    item: Mapped[Item] = relationship(back_populates="files")


class Membership(Base):
    """That an item is in somebody's library. Without a user it belongs to the household: superusers see it."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("item_id", "user_id"),
        Index("ix_memberships_user_id_item_id", "user_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    pinned: Mapped[bool] = mapped_column(default=False, server_default=false())  # retention leaves it alone
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


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
