"""The rules of digests: what they look at, when, and what people may do with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.engine.port import JobRef, Lane
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken
from magpie.links import service as links
from magpie.playlists.tasks import cron
from magpie.podcasts.digests import repository
from magpie.podcasts.digests.schemas import DigestCreate, DigestOut, DigestUpdate
from magpie.podcasts.episodes import files
from magpie.podcasts.episodes import service as episodes
from magpie.podcasts.episodes.schemas import Wishes
from magpie.podcasts.episodes.taking import clean_source_address
from magpie.podcasts.models import EpisodeDigest

KIND = "digest"
LANE = Lane.BACKGROUND
MOST_DIGESTS = 100
# In `EpisodeDigest.options`: how its episodes are to be, whether recordings are listened to, what was in each feed,
# since when a feed counts that was not read yet, and what came of the last run.
WISHES, TRANSCRIBE, SEEN, SINCE, LAST = "wishes", "transcribe", "seen", "since", "last"
# The number of the look that is to be taken at new feeds, so that it is known what is there already; and of the last one.
LOOK, LOOKS = "look", "looks"
MOST_LOOKS = 10**9  # below the numbers of runs, which are moments
MOST_NAMED = 50  # titles of what was left out


def job_of(digest: EpisodeDigest, epoch: int) -> JobRef | None:
    """The run that is due, named by when it was to be; None if none is to be."""
    if digest.next_run_at is None:
        return None
    return JobRef(kind=KIND, key=digest.key, epoch=epoch, attempt=int(digest.next_run_at.timestamp() * 1000))


def look_of(digest: EpisodeDigest, epoch: int) -> JobRef | None:
    """The look that is to be taken at feeds that are new to it; None if none is."""
    number = digest.options.get(LOOK)
    return JobRef(kind=KIND, key=digest.key, epoch=epoch, attempt=int(number)) if number else None


def since_of(digest: EpisodeDigest, url: str) -> datetime:
    """Since when a feed counts of which nobody knows what was in it."""
    told = (digest.options.get(SINCE) or {}).get(url)
    return datetime.fromisoformat(told) if told else digest.seen_until or digest.created_at


def remember(digest: EpisodeDigest, seen: Mapping[str, list[str]]) -> None:
    """Keep what is in its feeds now, of those that it still has."""
    kept = {**(digest.options.get(SEEN) or {}), **seen}
    kept = {url: keys for url, keys in kept.items() if url in digest.feed_urls}
    since = digest.options.get(SINCE) or {}
    waiting = {url: told for url, told in since.items() if url in digest.feed_urls and url not in kept}
    digest.options = {**digest.options, SEEN: kept, SINCE: waiting}


def end_look(digest: EpisodeDigest) -> None:
    """It was taken, or will not be: what could not be read counts since it was added."""
    digest.options = {name: value for name, value in digest.options.items() if name != LOOK}


def _begin_look(context: AppContext, session: WriteSession, digest: EpisodeDigest, now: datetime) -> None:
    """Find out what is in feeds that are new to it: that is not news."""
    remember(digest, {})
    known = {**digest.options[SEEN], **digest.options[SINCE]}
    fresh = {url: now.isoformat() for url in digest.feed_urls if url not in known}
    if not fresh:
        return
    number = int(digest.options.get(LOOKS) or 0) % MOST_LOOKS + 1
    since = {**digest.options[SINCE], **fresh}
    digest.options = {**digest.options, SINCE: since, LOOK: number, LOOKS: number}
    session.flush()
    job, engine = look_of(digest, context.job_epoch(session)), context.engine
    if engine is not None and job is not None:
        session.after_commit(lambda: engine.enqueue(job, LANE))


def every(session: ReadSession, principal: Principal) -> list[EpisodeDigest]:
    """The oldest first."""
    return repository.every(session, principal)


def get(session: ReadSession, principal: Principal, digest_id: int) -> EpisodeDigest:
    """Raises `NotFound` for what is not there or not the caller's."""
    return owned(repository.get(session, digest_id), principal)


def _lock(session: WriteSession, principal: Principal, digest_id: int) -> EpisodeDigest:
    return owned(repository.lock(session, digest_id), principal)


def create(
    context: AppContext, session: WriteSession, principal: Principal, wanted: DigestCreate
) -> EpisodeDigest:
    """A new digest: what is there now is not new. Raises `RuleBroken`, `NotAllowed`, `Conflict`."""
    if (
        len([one for one in repository.every(session, principal) if one.user_id == principal.id])
        >= MOST_DIGESTS
    ):
        raise Conflict(f"There are {MOST_DIGESTS} digests already")
    _require(context, session, principal, wanted.link_ids, wanted.wishes)
    now = utcnow()
    digest = EpisodeDigest(
        user_id=principal.id,
        name=wanted.name,
        link_ids=list(dict.fromkeys(wanted.link_ids)),
        feed_urls=_feeds(wanted.feed_urls),
        template_id=wanted.wishes.template_id,
        options={WISHES: _kept(wanted.wishes), TRANSCRIBE: wanted.transcribe, SEEN: {}},
        cron_schedule=wanted.cron_schedule,
        timezone=wanted.timezone,
        max_entries=wanted.max_entries,
        is_enabled=wanted.is_enabled,
        seen_until=now,
    )
    schedule(digest, now)
    session.add(digest)
    session.flush()
    _begin_look(context, session, digest, now)
    _note(session, principal, "create", digest)
    return digest


def update(
    context: AppContext, session: WriteSession, principal: Principal, digest_id: int, wanted: DigestUpdate
) -> EpisodeDigest:
    """Change a digest; what is left out stays. Raises as `create`."""
    digest = _lock(session, principal, digest_id)
    _require(context, session, principal, wanted.link_ids or [], wanted.wishes or Wishes())
    if wanted.link_ids is not None:
        digest.link_ids = list(dict.fromkeys(wanted.link_ids))
    if wanted.feed_urls is not None:
        digest.feed_urls = _feeds(wanted.feed_urls)
        _begin_look(context, session, digest, utcnow())
    if not digest.link_ids and not digest.feed_urls:
        raise RuleBroken("name at least one followed link or feed", "body", "linkIds")
    for name in ("name", "cron_schedule", "timezone", "max_entries", "is_enabled"):
        value = getattr(wanted, name)
        if value is not None:
            setattr(digest, name, value)
    if wanted.wishes is not None:
        digest.options = {**digest.options, WISHES: _kept(wanted.wishes)}
        digest.template_id = wanted.wishes.template_id
    if wanted.transcribe is not None:
        digest.options = {**digest.options, TRANSCRIBE: wanted.transcribe}
    if {"cron_schedule", "timezone", "is_enabled"} & wanted.model_fields_set:
        schedule(digest, utcnow())
    _note(session, principal, "update", digest)
    return digest


def remove(session: WriteSession, principal: Principal, digest_id: int) -> EpisodeDigest:
    """Make no more episodes of it; those that were made stay."""
    digest = _lock(session, principal, digest_id)
    _note(session, principal, "delete", digest)
    session.delete(digest)
    return digest


def run(context: AppContext, session: WriteSession, principal: Principal, digest_id: int) -> EpisodeDigest:
    """Look for what is new now; the schedule goes on as before. A run that waits or is at work already is the one."""
    digest = _lock(session, principal, digest_id)
    now = utcnow()
    if digest.next_run_at is not None and digest.next_run_at <= now:
        return digest
    digest.next_run_at = now
    _note(session, principal, "run", digest)
    job, engine = job_of(digest, context.job_epoch(session)), context.engine
    if engine is not None and job is not None:
        session.after_commit(lambda: engine.enqueue(job, LANE))
    return digest


def schedule(digest: EpisodeDigest, now: datetime) -> None:
    """Let the next run be the schedule's next moment; whatever was missed is missed."""
    digest.next_run_at = (
        cron.next_run(digest.cron_schedule, digest.timezone, now) if digest.is_enabled else None
    )


def _require(
    context: AppContext, session: ReadSession, principal: Principal, link_ids: list[int], wishes: Wishes
) -> None:
    for index, link_id in enumerate(link_ids):
        try:
            links.get(session, principal, link_id)
        except NotFound:
            raise RuleBroken("there is no such link", "body", "linkIds", index) from None
    episodes.require_free_choice(context, principal, wishes)
    episodes.require_free_voices(context, principal, wishes.speakers, "wishes")
    episodes.template_of(files.root_of(context.settings), principal, wishes)


def _feeds(urls: list[str]) -> list[str]:
    cleaned = [clean_source_address(url, ("body", "feedUrls", index)) for index, url in enumerate(urls)]
    return list(dict.fromkeys(cleaned))


def _kept(wishes: Wishes) -> dict[str, Any]:
    return wishes.model_dump(mode="json", by_alias=True, exclude_none=True)


def digests_out(session: ReadSession, digests: list[EpisodeDigest]) -> list[DigestOut]:
    """As they are answered."""
    newest = repository.newest_episodes(session, [one.id for one in digests])
    return [
        DigestOut(
            id=one.id,
            user_id=one.user_id,
            name=one.name,
            link_ids=one.link_ids,
            feed_urls=one.feed_urls,
            cron_schedule=one.cron_schedule,
            timezone=one.timezone,
            max_entries=one.max_entries,
            is_enabled=one.is_enabled,
            transcribe=bool(one.options.get(TRANSCRIBE)),
            wishes=one.options.get(WISHES) or {},
            next_run_at=one.next_run_at,
            last_run_at=one.last_run_at,
            last_new=(one.options.get(LAST) or {}).get("new"),
            last_left_out=(one.options.get(LAST) or {}).get("leftOut") or [],
            error_message=one.error_message,
            last_podcast_id=newest.get(one.id),
            created_at=one.created_at,
        )
        for one in digests
    ]


def _note(session: WriteSession, principal: Principal, verb: str, digest: EpisodeDigest) -> None:
    details = {"name": digest.name}
    audit.record(
        session, f"digest.{verb}", principal=principal, subject=f"digest:{digest.id}", details=details
    )
