"""Queries of profiles, and of what uses them."""

from __future__ import annotations

from sqlalchemy import func, select, update

from magpie.downloads.models import Download, Status
from magpie.kit.db import ReadSession, WriteSession
from magpie.library.models import Item, Membership
from magpie.links.addresses import address_key
from magpie.links.models import Link, LinkEntry
from magpie.profiles.models import SavedProfile

WAITING = (Status.PENDING.value, Status.DOWNLOADING.value)


def get(session: ReadSession, profile_id: int) -> SavedProfile | None:
    return session.get(SavedProfile, profile_id)


def lock(session: WriteSession, profile_id: int) -> SavedProfile | None:
    """The profile as it is now, nobody else's to change until the unit of work ends."""
    query = select(SavedProfile).where(SavedProfile.id == profile_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def named(session: ReadSession, user_id: int, name: str) -> SavedProfile | None:
    return session.scalar(
        select(SavedProfile).where(SavedProfile.user_id == user_id, SavedProfile.name == name)
    )


def of_user(session: ReadSession, user_id: int) -> list[SavedProfile]:
    query = select(SavedProfile).where(SavedProfile.user_id == user_id)
    return list(session.scalars(query.order_by(SavedProfile.name, SavedProfile.id)))


def add(session: WriteSession, profile: SavedProfile) -> None:
    """Raises IntegrityError if the user has one of this name; the unit of work stays usable."""
    with session.begin_nested():
        session.add(profile)
        session.flush()


def links_by_profile(session: ReadSession, user_id: int) -> dict[str, int]:
    """How many of a user's links use each profile."""
    query = select(Link.profile, func.count()).where(Link.user_id == user_id).group_by(Link.profile)
    return {row[0]: row[1] for row in session.execute(query)}


def links_using(session: ReadSession, user_id: int, name: str, most: int) -> list[str]:
    """Names of links that use a profile."""
    query = select(Link.name).where(Link.user_id == user_id, Link.profile == name)
    return list(session.scalars(query.order_by(Link.id).limit(most)))


def downloads_using(session: ReadSession, user_id: int, name: str) -> int:
    """How many unended downloads use a profile."""
    query = select(func.count()).select_from(Download)
    using = query.where(Download.user_id == user_id, Download.profile == name)
    return session.scalar(using.where(Download.status.in_(WAITING))) or 0


def rename(session: WriteSession, user_id: int, old: str, new: str) -> None:
    """Let what uses a profile know it by its new name."""
    for table in (Link, Download):
        session.execute(
            update(table).where(table.user_id == user_id, table.profile == old).values(profile=new),
            execution_options={"synchronize_session": "fetch"},
        )


def entry(session: ReadSession, entry_id: int) -> tuple[LinkEntry, Link] | None:
    """An entry with its link."""
    query = select(LinkEntry, Link).join(Link, Link.id == LinkEntry.link_id).where(LinkEntry.id == entry_id)
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None


def entry_at(session: ReadSession, user_id: int, url: str) -> tuple[LinkEntry, Link] | None:
    """An entry of a user's links by its address."""
    query = select(LinkEntry, Link).join(Link, Link.id == LinkEntry.link_id)
    row = session.execute(
        query.where(Link.user_id == user_id, LinkEntry.url_digest == address_key(url)).limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def item_at(session: ReadSession, user_id: int, url: str) -> Item | None:
    """An item of a user's by the address that it came from."""
    query = select(Item).join(Membership, Membership.item_id == Item.id)
    theirs = query.where(Membership.user_id == user_id, Membership.trashed_at.is_(None))
    return session.scalar(theirs.where(Item.source_url == url).limit(1))


def link(session: ReadSession, link_id: int) -> Link | None:
    return session.get(Link, link_id)


def place_in_link(session: ReadSession, entry: LinkEntry, *, newest_first: bool) -> int:
    """The entry's number in its link, from 1; in a playlist's own order, in a channel from the oldest."""
    earlier = LinkEntry.rank > entry.rank if newest_first else LinkEntry.rank < entry.rank
    query = select(func.count()).select_from(LinkEntry)
    return 1 + (session.scalar(query.where(LinkEntry.link_id == entry.link_id, earlier)) or 0)


def place_in_list(session: ReadSession, download: Download) -> int:
    """The number of a list's part among the list's parts, from 1."""
    query = select(func.count()).select_from(Download)
    earlier = query.where(Download.parent_id == download.parent_id, Download.id < download.id)
    return 1 + (session.scalar(earlier) or 0)
