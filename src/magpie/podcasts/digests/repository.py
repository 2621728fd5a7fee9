"""Queries of digests, and of what links have brought."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession, WriteSession
from magpie.links.models import Link, LinkEntry, Verdict
from magpie.podcasts.models import Episode, EpisodeDigest

# Not yet what a digest could tell of, or nothing that anybody wants to hear of.
_LEFT_OUT = (Verdict.WAITING, Verdict.WANTED, Verdict.SKIPPED, Verdict.FAILED, Verdict.REMOVED)


def get(session: ReadSession, digest_id: int) -> EpisodeDigest | None:
    return session.get(EpisodeDigest, digest_id)


def by_key(session: ReadSession, key: str) -> EpisodeDigest | None:
    return session.scalar(select(EpisodeDigest).where(EpisodeDigest.key == key))


def lock(session: WriteSession, digest_id: int) -> EpisodeDigest | None:
    query = select(EpisodeDigest).where(EpisodeDigest.id == digest_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def lock_by_key(session: WriteSession, key: str) -> EpisodeDigest | None:
    query = select(EpisodeDigest).where(EpisodeDigest.key == key).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def every(session: ReadSession, principal: Principal) -> list[EpisodeDigest]:
    """Those that the user may see, the oldest first."""
    query = select(EpisodeDigest).where(visible_to(principal, EpisodeDigest.user_id))
    return list(session.scalars(query.order_by(EpisodeDigest.id)))


def due(session: ReadSession, now: datetime) -> list[EpisodeDigest]:
    query = select(EpisodeDigest).where(EpisodeDigest.next_run_at <= now)
    return list(session.scalars(query.order_by(EpisodeDigest.next_run_at)))


def to_look(session: ReadSession) -> list[EpisodeDigest]:
    """Those of whose feeds nobody knows yet what is in them."""
    query = select(EpisodeDigest).where(EpisodeDigest.options["look"].as_integer().is_not(None))
    return list(session.scalars(query.order_by(EpisodeDigest.id)))


def newest_episodes(session: ReadSession, digest_ids: Collection[int]) -> dict[int, str]:
    """The key of the newest episode of each digest."""
    query = select(Episode.digest_id, Episode.key).where(Episode.digest_id.in_(digest_ids))
    rows = session.execute(query.order_by(Episode.id))
    return {row[0]: row[1] for row in rows if row[0] is not None}


def links_of(session: ReadSession, user_id: int, ids: Collection[int]) -> dict[int, Link]:
    """Of those links the ones that are there and the user's."""
    query = select(Link).where(Link.id.in_(ids), Link.user_id == user_id)
    return {link.id: link for link in session.scalars(query)}


def new_entries(
    session: ReadSession, link_ids: Collection[int], since: datetime, published_since: datetime, limit: int
) -> Sequence[LinkEntry]:
    """What links have brought since then, the newest first; of what was published long before, nothing."""
    came = func.coalesce(LinkEntry.downloaded_at, LinkEntry.first_seen_at)
    query = select(LinkEntry).where(
        LinkEntry.link_id.in_(link_ids),
        came > since,
        LinkEntry.verdict.not_in(_LEFT_OUT),
        or_(LinkEntry.published_at.is_(None), LinkEntry.published_at > published_since),
    )
    order = (func.coalesce(LinkEntry.published_at, came).desc(), LinkEntry.id.desc())
    return session.scalars(query.order_by(*order).limit(limit)).all()
