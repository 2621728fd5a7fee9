"""How many minutes of podcasts somebody has made in the last 30 days. Deleting an episode gives nothing back."""

from __future__ import annotations

from datetime import timedelta

from magpie.accounts import service as accounts
from magpie.accounts.principal import Principal
from magpie.config import Settings
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict
from magpie.podcasts.episodes import repository
from magpie.podcasts.models import Episode, EpisodeUse

DAYS = 30


def used_minutes(session: ReadSession, user_id: int) -> float:
    """What somebody has made in the last 30 days, in minutes."""
    return repository.used_seconds(session, user_id, utcnow() - timedelta(days=DAYS)) / 60


def require(
    session: ReadSession,
    settings: Settings,
    principal: Principal,
    minutes: float,
    *,
    owner_id: int | None = None,
) -> None:
    """Raises `Conflict` if so many minutes more are too many for whoever's episode it is. Superusers have no limit."""
    limit = settings.podcast_minutes_a_month
    if not limit or principal.is_superuser:
        return
    used = used_minutes(session, owner_id or principal.id)
    if used >= limit or used + minutes > limit:
        raise Conflict(f"{used:.0f} of {limit} minutes of podcasts in {DAYS} days are used")


def refusal(session: WriteSession, settings: Settings, episode: Episode, minutes: float) -> str | None:
    """Why so many minutes are too many for an episode that is being made; None if they are not.

    What is being made at the same time counts, too: how long it will be was not known when it was begun. Two that ask in
    the same moment are answered one after the other, so that the second one counts the first.
    """
    limit = settings.podcast_minutes_a_month
    owner = accounts.user_numbered(session, episode.user_id)
    if not limit or (owner is not None and owner.is_superuser):
        return None
    session.flush()  # the estimate is there for the other one to count
    accounts.lock_user(session, episode.user_id)
    used = used_minutes(session, episode.user_id)
    used += sum(
        float(one.estimate.get("minutes") or 0)
        for one in repository.active_of_user(session, episode.user_id)
        if one.id != episode.id
    )
    if used + minutes <= limit:
        return None
    return f"{minutes:.0f} minutes are too many: {used:.0f} of {limit} in {DAYS} days are used"


def note(session: WriteSession, episode: Episode, seconds: float) -> None:
    """Count a recording that was made, in the unit of work that completes its episode."""
    session.add(EpisodeUse(user_id=episode.user_id, seconds=seconds))
