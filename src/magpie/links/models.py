"""Tables of followed links."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Connection, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from magpie.kit.clock import utcnow
from magpie.kit.db import Base
from magpie.links.addresses import address_key, searchable


class LinkStatus(StrEnum):
    """What a link is doing. After every check it is `idle` again, or `error` or `cooling_down`."""

    IDLE = "idle"
    CHECKING = "checking"
    DOWNLOADING = "downloading"  # answered while downloads of the link run; never stored
    RECORDING = "recording"  # likewise
    ERROR = "error"
    COOLING_DOWN = "cooling_down"


class Verdict(StrEnum):
    """What was decided about an entry."""

    LISTED = "listed"  # known, and nobody has asked for it (the link does not download by itself)
    WAITING = (
        "waiting"  # wanted, but not yet: a premiere, a full disk, a site that is left alone, backfill's turn
    )
    WANTED = "wanted"  # a download of it waits or runs
    DOWNLOADED = "downloaded"  # in the library
    SKIPPED = "skipped"  # a rule says no
    FAILED = "failed"  # its download has failed for good
    REMOVED = "removed"  # it was in the library; retention or a person took it away


class Link(Base):
    """One followed address."""

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint("user_id", "url_key"),
        Index("ix_links_user_id_id", "user_id", "id"),
        Index("ix_links_next_check_at", "next_check_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: uuid.uuid4().hex)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(Text)
    url_key: Mapped[str] = mapped_column(
        String(32)
    )  # of what the address means; made from `url` by `written`
    site: Mapped[str] = mapped_column(String(255), index=True)
    name: Mapped[str] = mapped_column(Text)
    has_own_name: Mapped[bool] = mapped_column(
        default=False
    )  # given by a person; the site's does not replace it
    type: Mapped[str] = mapped_column(String(32), default="auto")
    tags: Mapped[list[Any]] = mapped_column(default=list)
    search: Mapped[str] = mapped_column(Text)  # folded name, address and tags; made by `written`
    # How many entries have which verdict, as of the last change that `tally` was told of.
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_enabled: Mapped[bool] = mapped_column(default=True)
    download_automatically: Mapped[bool] = mapped_column(default=True)
    profile: Mapped[str] = mapped_column(String(32), default="video")
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict)  # schemas.Filters
    retention: Mapped[dict[str, Any]] = mapped_column(default=dict)  # schemas.Retention
    sealed_cookies: Mapped[str | None] = mapped_column(Text)  # Netscape text, sealed with the vault
    cookie_mode: Mapped[str] = mapped_column(
        String(16), default="when_needed"
    )  # never | when_needed | always
    cookies_needed_at: Mapped[datetime | None]  # when a check last found that it does not go without

    # When it is looked at.
    interval_minutes: Mapped[int | None]  # None: the setting's
    max_interval_minutes: Mapped[int | None]  # how far a quiet link's interval may grow; None: see `cadence`
    next_check_at: Mapped[datetime | None]  # None: not by itself (disabled, or dead)
    last_checked_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    new_per_day: Mapped[float | None]  # smoothed rate of new entries, for the adaptive cadence
    checks: Mapped[int] = mapped_column(default=0)  # grows with every start of a check; part of the job's id
    check_mode: Mapped[str | None] = mapped_column(String(16))  # what the waiting or running check is to do
    check_priority: Mapped[int] = mapped_column(default=100)  # lower is sooner; 0 for "now"
    # Fencing, as in downloads: whoever starts a check raises `check_claim`, and only its holder may record anything.
    check_claim: Mapped[int] = mapped_column(default=0)
    check_worker: Mapped[str | None] = mapped_column(String(255))  # None while the check waits
    check_heartbeat_at: Mapped[datetime | None]
    check_history_id: Mapped[int | None]  # its record, which a check that is taken up again goes on with
    failures: Mapped[int] = mapped_column(default=0)  # checks that failed, in a row

    # How it is, and what the site says of it.
    status: Mapped[str] = mapped_column(String(16), default=LinkStatus.IDLE)
    reason: Mapped[str | None] = mapped_column(String(32))  # typed code of what went wrong
    error_message: Mapped[str | None] = mapped_column(Text)
    died_at: Mapped[datetime | None]  # the source is gone for good: it is not looked at by itself any more
    source_title: Mapped[str | None] = mapped_column(Text)
    source_description: Mapped[str | None] = mapped_column(Text)
    picture_url: Mapped[str | None] = mapped_column(Text)  # at the site
    picture_path: Mapped[str | None] = mapped_column(Text)  # the copy, relative to the data folder

    # What the ladder has learnt.
    feed_url: Mapped[str | None] = mapped_column(Text)
    feed_etag: Mapped[str | None] = mapped_column(Text)
    feed_modified: Mapped[str | None] = mapped_column(Text)
    feed_failures: Mapped[int] = mapped_column(default=0)  # in a row; a feed that keeps failing rests
    feed_rests_until: Mapped[datetime | None]
    extractor: Mapped[str | None] = mapped_column(String(64))  # who lists it
    last_listed_at: Mapped[datetime | None]  # by a listing, not by the feed
    last_full_at: Mapped[datetime | None]  # listed to its end
    backfill_from: Mapped[
        int | None
    ]  # entries listed so far of a listing that was broken off; None: nothing open

    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow)


@event.listens_for(Link, "before_insert")
@event.listens_for(Link, "before_update")
def written(_mapper: Mapper[Link], _connection: Connection, link: Link) -> None:
    """Keep what is made from other columns in step with them, whoever changes those."""
    link.url_key = address_key(link.url)
    link.search = searchable(link.name, link.url, *(link.tags or ()))


class LinkEntry(Base):
    """One medium that was seen at a link, and what was decided about it."""

    __tablename__ = "link_entries"
    __table_args__ = (
        UniqueConstraint("link_id", "source_key"),
        Index("ix_link_entries_link_id_url_digest", "link_id", "url_digest"),
        Index("ix_link_entries_link_id_verdict_id", "link_id", "verdict", "id"),
        Index("ix_link_entries_link_id_rank", "link_id", "rank"),
        Index("ix_link_entries_not_before", "not_before"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("links.id", ondelete="CASCADE"))
    source_key: Mapped[str] = mapped_column(String(255))  # the lister's name for it, as in yt-dlp's archives
    url: Mapped[str] = mapped_column(Text)
    url_digest: Mapped[str] = mapped_column(
        String(32)
    )  # finds it again when another tier names it differently
    title: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(
        String(16), default="video"
    )  # video short live premiere audio gallery image
    duration: Mapped[float | None]  # seconds
    published_at: Mapped[datetime | None]
    thumbnail_url: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # language, size, … where the listing tells
    # Higher is newer: the order of the listing, kept over checks.
    rank: Mapped[int] = mapped_column(BigInteger, default=0)
    history_id: Mapped[int | None]  # the check that saw it first
    first_seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    last_seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    gone_at: Mapped[datetime | None]  # a full listing did not show it any more

    verdict: Mapped[str] = mapped_column(String(16), default=Verdict.LISTED)
    reason: Mapped[str | None] = mapped_column(String(32))  # typed: see `links/checks/rules.py`
    detail: Mapped[str | None] = mapped_column(Text)  # that reason in plain words
    not_before: Mapped[datetime | None]  # a premiere's or an upgrade's time
    by_person: Mapped[bool] = mapped_column(default=False)  # a person decided; rules do not change it
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="SET NULL"), index=True)
    downloaded_at: Mapped[datetime | None]
    upgraded_at: Mapped[datetime | None]  # downloaded again, once, for a better quality


class ArchivedMedium(Base):
    """A medium that a user has from elsewhere, by its key as in yt-dlp's archives: it is not fetched again."""

    __tablename__ = "archived_media"
    __table_args__ = (UniqueConstraint("user_id", "source_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    source_key: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
