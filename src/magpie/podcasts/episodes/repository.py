"""Queries of episodes, their sources and scripts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession, WriteSession
from magpie.podcasts.models import (
    Episode,
    EpisodeScript,
    EpisodeSource,
    EpisodeStatus,
    EpisodeUse,
    SourceKind,
)

_UNSYNCHRONIZED = {"synchronize_session": False}
ACTIVE = (EpisodeStatus.WRITING, EpisodeStatus.VOICING, EpisodeStatus.MASTERING)
BUSY = (EpisodeStatus.PENDING, *ACTIVE)


def get(session: ReadSession, episode_id: int) -> Episode | None:
    return session.get(Episode, episode_id)


def by_key(session: ReadSession, key: str) -> Episode | None:
    return session.scalar(select(Episode).where(Episode.key == key))


def lock_by_key(session: WriteSession, key: str) -> Episode | None:
    """The episode as it is now, nobody else's to change until the unit of work ends."""
    query = select(Episode).where(Episode.key == key).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def still_mine(session: WriteSession, episode_id: int, claim: int, **values: Any) -> bool:
    """Write values into the episode's row if the work on it still holds it."""
    held = update(Episode).where(Episode.id == episode_id, Episode.claim == claim, Episode.status.in_(ACTIVE))
    result: Any = session.execute(held.values(values or {"claim": claim}), execution_options=_UNSYNCHRONIZED)
    return bool(result.rowcount)


def page(
    session: ReadSession, principal: Principal, *, status: str | None, skip: int, limit: int
) -> tuple[list[Episode], int]:
    """A page of episodes, newest first, and how many there are in all."""
    wanted = [visible_to(principal, Episode.user_id)]
    if status is not None:
        wanted.append(Episode.status == status)
    total = session.scalar(select(func.count()).select_from(Episode).where(*wanted)) or 0
    query = select(Episode).where(*wanted).order_by(Episode.id.desc()).offset(skip).limit(limit)
    return list(session.scalars(query)), total


def unfinished(session: ReadSession) -> list[Episode]:
    """Episodes on which work waits or runs."""
    return list(session.scalars(select(Episode).where(Episode.status.in_(BUSY)).order_by(Episode.id)))


def published(session: ReadSession, user_id: int, limit: int) -> Sequence[Any]:
    """What a feed tells of a user's finished episodes, the newest first; rows of columns."""
    query = select(
        Episode.id,
        Episode.key,
        Episode.title,
        Episode.description,
        Episode.duration,
        Episode.size,
        Episode.files,
        Episode.completed_at,
    ).where(Episode.user_id == user_id, Episode.completed_at.is_not(None), Episode.size.is_not(None))
    order = (Episode.completed_at.desc(), Episode.id.desc())
    return session.execute(query.order_by(*order).limit(limit)).all()


def languages(session: ReadSession, episode_ids: Collection[int]) -> dict[int, str]:
    """The language of what is spoken in each of these episodes."""
    query = select(Episode.id, EpisodeScript.language).join(
        EpisodeScript,
        (EpisodeScript.episode_id == Episode.id) & (EpisodeScript.version == Episode.approved_version),
    )
    own = session.execute(query.where(Episode.id.in_(episode_ids)))
    newest = select(EpisodeScript.episode_id, EpisodeScript.language)
    newest = newest.where(EpisodeScript.episode_id.in_(episode_ids)).order_by(EpisodeScript.version)
    return {row[0]: row[1] for row in session.execute(newest)} | {row[0]: row[1] for row in own}


def hand_over(session: WriteSession, giver_id: int, taker_id: int) -> int:
    """Let episodes belong to another user; how many."""
    moved = update(Episode).where(Episode.user_id == giver_id).values(user_id=taker_id)
    result: Any = session.execute(moved, execution_options=_UNSYNCHRONIZED)
    return int(result.rowcount)


def lock_of_user(session: WriteSession, user_id: int) -> list[Episode]:
    """All episodes of a user, nobody else's to change until the unit of work ends."""
    query = select(Episode).where(Episode.user_id == user_id).order_by(Episode.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def count_busy(session: ReadSession, user_id: int) -> int:
    """On how many of a user's episodes work waits or runs."""
    query = select(func.count()).select_from(Episode)
    return session.scalar(query.where(Episode.user_id == user_id, Episode.status.in_(BUSY))) or 0


def done_by(
    session: ReadSession, llm: str, tts: str, limit: int, *, in_one_go: bool = False
) -> Sequence[Any]:
    """The latest finished episodes that these providers have written and spoken, rows of columns. `in_one_go`: only those
    that were made from texts and pages without having waited for anything or anybody."""
    query = select(
        Episode.estimate, Episode.usage, Episode.duration, Episode.started_at, Episode.completed_at
    ).where(
        Episode.status == EpisodeStatus.COMPLETED,
        Episode.duration > 0,
        Episode.providers["llm"].as_string() == llm,
        Episode.providers["tts"].as_string() == tts,
        Episode.options["translate"].as_string().is_(None),
    )
    if in_one_go:
        heard = select(EpisodeSource.episode_id).where(
            EpisodeSource.kind.in_((SourceKind.AUDIO, SourceKind.ITEM))
        )
        query = query.where(
            Episode.attempt == 1,
            Episode.started_at.is_not(None),
            Episode.completed_at.is_not(None),
            Episode.id.not_in(heard),
        )
    return session.execute(query.order_by(Episode.id.desc()).limit(limit)).all()


def active_of_user(session: ReadSession, user_id: int) -> list[Episode]:
    """A user's episodes that are being made just now."""
    return list(
        session.scalars(select(Episode).where(Episode.user_id == user_id, Episode.status.in_(ACTIVE)))
    )


# Sources


def sources(session: ReadSession, episode_ids: Collection[int]) -> dict[int, list[EpisodeSource]]:
    """The sources of each episode, in their order."""
    query = select(EpisodeSource).where(EpisodeSource.episode_id.in_(episode_ids))
    found: dict[int, list[EpisodeSource]] = {episode_id: [] for episode_id in episode_ids}
    for source in session.scalars(query.order_by(EpisodeSource.position)):
        found[source.episode_id].append(source)
    return found


def keys_of(session: ReadSession, episode_ids: Collection[int]) -> dict[int, str]:
    """The keys of episodes."""
    rows = session.execute(select(Episode.id, Episode.key).where(Episode.id.in_(episode_ids)))
    return {row[0]: row[1] for row in rows}


# Scripts


def script(session: ReadSession, episode_id: int, version: int | None = None) -> EpisodeScript | None:
    """A version of the script; None: the newest."""
    query = select(EpisodeScript).where(EpisodeScript.episode_id == episode_id)
    if version is not None:
        query = query.where(EpisodeScript.version == version)
    return session.scalar(query.order_by(EpisodeScript.version.desc()).limit(1))


def scripts(session: ReadSession, episode_id: int) -> Sequence[EpisodeScript]:
    """All versions, the newest first."""
    query = select(EpisodeScript).where(EpisodeScript.episode_id == episode_id)
    return session.scalars(query.order_by(EpisodeScript.version.desc())).all()


def newest_versions(session: ReadSession, episode_ids: Collection[int]) -> dict[int, int]:
    """The number of each episode's newest script, of those that have one."""
    query = select(EpisodeScript.episode_id, func.max(EpisodeScript.version))
    query = query.where(EpisodeScript.episode_id.in_(episode_ids)).group_by(EpisodeScript.episode_id)
    return {row[0]: row[1] for row in session.execute(query)}


def add_script(session: WriteSession, row: EpisodeScript) -> EpisodeScript:
    """Keep a new version; its number is the next one. The episode must be locked."""
    newest = newest_versions(session, [row.episode_id]).get(row.episode_id, 0)
    row.version = newest + 1
    session.add(row)
    session.flush()
    return row


# Care


def used_seconds(session: ReadSession, user_id: int, since: datetime) -> float:
    """How long the recordings are that a user has made since then, deleted ones, too."""
    query = select(func.sum(EpisodeUse.seconds)).where(EpisodeUse.user_id == user_id, EpisodeUse.at >= since)
    return session.scalar(query) or 0.0


def purgeable(session: ReadSession, before: datetime, limit: int) -> list[Episode]:
    """Finished episodes whose sources are still there and that were completed before this moment."""
    query = select(Episode).where(
        Episode.status == EpisodeStatus.COMPLETED, Episode.purged_at.is_(None), Episode.completed_at <= before
    )
    return list(session.scalars(query.order_by(Episode.id).limit(limit)))
