"""Every query of the notifications."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, or_, select, update

from magpie.accounts.models import User
from magpie.downloads.models import Download, Status
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.languages import Language, language_of
from magpie.links.models import Link, LinkEntry
from magpie.notifications.models import Concern, Notice, NotificationTarget
from magpie.playlists.models import Task, TaskStatus
from magpie.sites.models import Circuit, CookieJar, SiteState

_UNSYNCHRONIZED = {"synchronize_session": False}
_Target = NotificationTarget


def get(session: ReadSession, target_id: int) -> NotificationTarget | None:
    return session.get(_Target, target_id)


def of_user(session: ReadSession, user_id: int) -> list[NotificationTarget]:
    return list(session.scalars(select(_Target).where(_Target.user_id == user_id).order_by(_Target.id)))


def count_of_user(session: ReadSession, user_id: int) -> int:
    return session.scalar(select(func.count()).select_from(_Target).where(_Target.user_id == user_id)) or 0


def listening(session: ReadSession, user_id: int) -> list[NotificationTarget]:
    """The user's targets that may be told something."""
    open_ = (_Target.is_enabled.is_(True), _Target.paused_at.is_(None))
    return list(session.scalars(select(_Target).where(_Target.user_id == user_id, *open_)))


def all_listening(session: ReadSession) -> list[NotificationTarget]:
    open_ = (_Target.is_enabled.is_(True), _Target.paused_at.is_(None))
    return list(session.scalars(select(_Target).where(*open_).order_by(_Target.id)))


def lock_by_key(session: WriteSession, key: str) -> NotificationTarget | None:
    query = select(_Target).where(_Target.key == key).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def lock(session: WriteSession, target_id: int) -> NotificationTarget | None:
    query = select(_Target).where(_Target.id == target_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def waiting(session: ReadSession, target_ids: Sequence[int]) -> dict[int, int]:
    """By target, how many notices wait."""
    query = select(Notice.target_id, func.count()).where(Notice.target_id.in_(target_ids))
    return dict(session.execute(query.group_by(Notice.target_id)).all())


def due(session: ReadSession, now: datetime) -> list[str]:
    """The keys of the targets for which it is time to be told something, and for which no job is under way."""
    waits = exists().where(Notice.target_id == _Target.id, Notice.due_at <= now)
    rested = or_(_Target.rests_until.is_(None), _Target.rests_until <= now)
    free = (_Target.is_enabled.is_(True), _Target.paused_at.is_(None), _Target.is_turn_open.is_(False))
    return list(session.scalars(select(_Target.key).where(*free, rested, waits)))


def open_turns(session: ReadSession) -> list[NotificationTarget]:
    return list(session.scalars(select(_Target).where(_Target.is_turn_open.is_(True))))


def drop_handed(session: WriteSession, target_id: int) -> int:
    """Forget the notices that were being sent when their sender died; how many."""
    gone = delete(Notice).where(Notice.target_id == target_id, Notice.handed_at.is_not(None))
    return len(session.scalars(gone.returning(Notice.id), execution_options=_UNSYNCHRONIZED).all())


def due_notices(session: ReadSession, target_id: int, now: datetime, most: int) -> list[Notice]:
    """The oldest of what is due."""
    of_target = (Notice.target_id == target_id, Notice.due_at <= now)
    return list(session.scalars(select(Notice).where(*of_target).order_by(Notice.id).limit(most)))


def due_counts(session: ReadSession, target_id: int, now: datetime) -> tuple[dict[str, int], int]:
    """What is due, counted by event, and the highest number of it."""
    of_target = (Notice.target_id == target_id, Notice.due_at <= now)
    query = select(Notice.event, func.count(), func.max(Notice.id)).where(*of_target).group_by(Notice.event)
    rows = session.execute(query).all()
    return {event: count for event, count, _ in rows}, max((last for *_, last in rows), default=0)


def mark_handed(
    session: WriteSession, target_id: int, due_at: datetime, last: int, now: datetime | None
) -> None:
    """Note that what was due at that moment, up to number `last`, is being sent; or with None, that it is not."""
    batch = (Notice.target_id == target_id, Notice.due_at <= due_at, Notice.id <= last)
    session.execute(update(Notice).where(*batch).values(handed_at=now), execution_options=_UNSYNCHRONIZED)


def delete_notices(session: WriteSession, target_id: int) -> None:
    """All of a target."""
    session.execute(delete(Notice).where(Notice.target_id == target_id), execution_options=_UNSYNCHRONIZED)


def address_of(session: ReadSession, user_id: int) -> str | None:
    """The user's mail address."""
    return session.scalar(select(User.email).where(User.id == user_id))


def languages(session: ReadSession, user_ids: Collection[int]) -> dict[int, Language]:
    """The language of each of these users."""
    stored = dict(session.execute(select(User.id, User.language).where(User.id.in_(user_ids))).all())
    return {user_id: language_of(stored.get(user_id)) for user_id in user_ids}


def entry_was_there(session: ReadSession, entry_id: int) -> bool:
    """Whether a link's entry was downloaded before: what comes now is a better copy, and nothing new."""
    return session.scalar(select(LinkEntry.downloaded_at).where(LinkEntry.id == entry_id)) is not None


def link_name(session: ReadSession, link_id: int) -> str | None:
    return session.scalar(select(Link.name).where(Link.id == link_id))


# What needs attention


def ailing_links(session: ReadSession, users: set[int]) -> list[Link]:
    """Links that are dead, or whose last check has failed; also while the next one runs."""
    ails = or_(Link.died_at.is_not(None), (Link.failures > 0) & Link.is_enabled.is_(True))
    return list(session.scalars(select(Link).where(Link.user_id.in_(users), ails).order_by(Link.id)))


def ailing_tasks(session: ReadSession, users: set[int], failures: int) -> list[Task]:
    """Playlists whose sync has failed so often in a row, or that ask whether so much may be removed; also while the
    next one runs."""
    fails = (Task.failures >= failures) & Task.is_enabled.is_(True)
    may_ask = Task.status.in_((TaskStatus.ASKING, TaskStatus.WAITING, TaskStatus.SYNCING))
    query = select(Task).where(Task.user_id.in_(users), or_(fails, may_ask)).order_by(Task.id)
    return [
        task for task in session.scalars(query) if task.failures >= failures or task.counts.get("removals")
    ]


def stale_jars(session: ReadSession, users: set[int], now: datetime) -> list[CookieJar]:
    """Cookies that have expired, or that their site does not take any more."""
    stale = or_(CookieJar.refused_at.is_not(None), CookieJar.expires_at <= now)
    of_users = (CookieJar.user_id.in_(users), CookieJar.mode != "never")
    return list(session.scalars(select(CookieJar).where(*of_users, stale).order_by(CookieJar.id)))


def resting_sites(session: ReadSession, users: set[int], now: datetime) -> list[tuple[int, SiteState]]:
    """Sites that are left alone, each with a user who follows links there."""
    open_ = (SiteState.circuit == Circuit.OPEN, SiteState.open_until > now)
    query = select(Link.user_id, SiteState).join(SiteState, SiteState.site == Link.site)
    mine = (Link.user_id.in_(users), Link.is_enabled.is_(True))
    found = session.execute(query.where(*mine, *open_).order_by(Link.id)).all()
    return list({(user_id, state.site): (user_id, state) for user_id, state in found}.values())


def without_space(session: ReadSession, users: set[int], reason: str) -> dict[int, int]:
    """By user, how many downloads wait for room on the disk."""
    waits = (Download.status == Status.PENDING, Download.reason == reason, Download.user_id.in_(users))
    query = select(Download.user_id, func.count()).where(*waits).group_by(Download.user_id)
    return {user_id: count for user_id, count in session.execute(query) if user_id is not None}


def superusers(session: ReadSession, users: set[int]) -> set[int]:
    """Of these users, those who look after the server."""
    return set(session.scalars(select(User.id).where(User.id.in_(users), User.is_superuser.is_(True))))


def concerns_of(session: ReadSession, target_id: int) -> dict[str, datetime]:
    """What the target was told of, and when."""
    query = select(Concern.topic, Concern.noticed_at).where(Concern.target_id == target_id)
    return dict(session.execute(query).all())


def forget_concerns(session: WriteSession, target_id: int, topics: set[str]) -> None:
    gone = delete(Concern).where(Concern.target_id == target_id, Concern.topic.in_(topics))
    session.execute(gone, execution_options=_UNSYNCHRONIZED)
