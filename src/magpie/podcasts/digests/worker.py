"""Making digests: one run looks at everything, and begins an episode of what is new."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import OperationalError

from magpie.accounts import service as accounts
from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.downloads.bench import Bench
from magpie.engine.port import Engine, Job, JobParked, JobRef, JobState, Source, Wanted
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import AppError, Unavailable
from magpie.library import service as library
from magpie.links.checks import feed_client
from magpie.podcasts.digests import feeds, repository, service
from magpie.podcasts.digests.feeds import FetchFeed
from magpie.podcasts.digests.gathering import Gathered, Gathering, MatterOf
from magpie.podcasts.episodes import service as episodes
from magpie.podcasts.episodes.schemas import Wishes
from magpie.podcasts.making.pages import page_reader
from magpie.podcasts.making.reading import ItemMatter
from magpie.podcasts.making.serving import matter_of
from magpie.podcasts.making.tools import ReadPage
from magpie.podcasts.models import EpisodeDigest

log = structlog.get_logger(__name__)

MAX_STARTS = 5
TEMPLATE = "digest"
MOST_FAULTS = 5  # that are told
DIED = "Its process died again and again."
NO_SPACE = "There is not enough free space."
INACTIVE = "Its owner's account is not active."
CRASHED = "Something went wrong in Magpie itself; the log says more."


class Digester:
    """Everything that runs need. The rest is there to be replaced."""

    def __init__(
        self,
        context: AppContext,
        *,
        fetch: FetchFeed,
        read_page: ReadPage,
        now: Callable[[], datetime] = utcnow,
    ) -> None:
        self.context = context
        self._fetch = fetch
        self._read_page = read_page
        self._now = now

    def perform(self, job: Job) -> None:
        """One run that is still due. Never raises for what it met; `JobParked` if the program stops meanwhile."""
        try:
            if job.ref.attempt <= service.MOST_LOOKS:
                self._look(job)
            else:
                self._run(job)
        except (OperationalError, Unavailable):
            raise  # it is begun anew as soon as the database is there
        except Exception as error:
            # It would be begun anew at once otherwise, again and again, and ask all feeds each time.
            log.exception("digest_crashed")
            full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            self.give_up(job.ref, NO_SPACE if full else CRASHED)

    def _look(self, job: Job) -> None:
        """See what is in feeds that are new to a digest. What came after they were added is none of that."""
        digest = self._due(job.ref)
        if digest is None:
            return
        seen: dict[str, list[str]] = {}
        faults: list[str] = []
        for url in digest.feed_urls:
            if url in (digest.options.get(service.SEEN) or {}):
                continue
            if job.stopping.is_set():
                raise JobParked
            since = service.since_of(digest, url)
            try:
                feed = feeds.read(self._fetch, url)
            except feeds.NotRead as failure:
                faults.append(str(failure))
                continue
            seen[url] = feeds.marks(feed, until=since)
        if job.lost:
            return
        with self.context.database.write() as session:
            found = self._lock_due(session, job.ref)
            if found is None:
                return
            known = found.options.get(service.SEEN) or {}
            service.remember(found, {url: keys for url, keys in seen.items() if url not in known})
            service.end_look(found)
            if faults:
                found.error_message = "; ".join(faults[:MOST_FAULTS])

    def _run(self, job: Job) -> None:
        digest = self._due(job.ref)
        if digest is None:
            return
        with self.context.database.read() as session:
            owner = accounts.feed_reader(session, digest.user_id)
        if owner is None:  # not active: nobody's feeds are asked, and what is new stays so
            self.give_up(job.ref, INACTIVE)
            return
        with structlog.contextvars.bound_contextvars(digest_id=digest.id):
            began = self._now()
            gathering = Gathering(
                self.context,
                digest,
                fetch=self._fetch,
                read_page=self._read_page,
                matter_of=self._matter_of(owner),
                stop=lambda: job.stopping.is_set() or job.lost,
                now=began,
            )
            gathered = gathering.gather()
            if job.stopping.is_set():
                raise JobParked
            if not job.lost:
                self._settle(job.ref, began, gathered)

    def give_up(self, ref: JobRef, why: str) -> None:
        """A run that cannot be done: the next one is as the schedule says, and what was new is still new then."""
        with self.context.database.write() as session:
            digest = self._lock_due(session, ref)
            if digest is None:
                return
            digest.error_message = why
            if ref.attempt <= service.MOST_LOOKS:
                service.end_look(digest)
            else:
                service.schedule(digest, self._now())

    def _matter_of(self, owner: Principal) -> MatterOf:
        def matter(item_id: int) -> ItemMatter:
            with self.context.database.read() as session:
                library.get_item(session, owner, item_id)  # it may not be in their library any more
                return matter_of(session, library.roots_of(self.context), item_id)

        return matter

    def _due(self, ref: JobRef) -> EpisodeDigest | None:
        with self.context.database.read() as session:
            digest = repository.by_key(session, ref.key)
            return digest if self._is_due(session, digest, ref) else None

    def _lock_due(self, session: WriteSession, ref: JobRef) -> EpisodeDigest | None:
        digest = repository.lock_by_key(session, ref.key)
        return digest if self._is_due(session, digest, ref) else None

    def _is_due(self, session: ReadSession, digest: EpisodeDigest | None, ref: JobRef) -> bool:
        return digest is not None and _job_of(digest, ref, self.context.job_epoch(session)) == ref

    def _settle(self, ref: JobRef, began: datetime, gathered: Gathered) -> None:
        """Begin the episode and move the schedule on: both or neither."""
        try:
            with self.context.database.write() as session:
                digest = self._lock_due(session, ref)
                if digest is None:
                    return
                owner = accounts.feed_reader(session, digest.user_id)
                if gathered.sources and owner is not None:
                    self._begin(session, digest, owner, gathered)
                service.remember(digest, gathered.seen)
                left_out = gathered.left_out[: service.MOST_NAMED]
                digest.options = {
                    **digest.options,
                    service.LAST: {"new": gathered.new, "leftOut": left_out},
                }
                digest.seen_until = began
                self._note_run(digest, "; ".join(gathered.faults[:MOST_FAULTS]) or None)
        except AppError as refused:
            # A quota that is used up, a template that has gone: what was new is still new the next time.
            log.info("digest_refused", error=str(refused))
            with self.context.database.write() as session:
                digest = self._lock_due(session, ref)
                if digest is not None:
                    self._note_run(digest, str(refused))

    def _note_run(self, digest: EpisodeDigest, fault: str | None) -> None:
        now = self._now()
        digest.last_run_at, digest.error_message = now, fault
        service.schedule(digest, now)

    def _begin(
        self, session: WriteSession, digest: EpisodeDigest, owner: Principal, gathered: Gathered
    ) -> None:
        date = self._now().astimezone(ZoneInfo(digest.timezone)).date().isoformat()
        wishes = Wishes.model_validate(digest.options.get(service.WISHES) or {})
        changed = {"title": f"{digest.name}, {date}", "template_id": wishes.template_id or TEMPLATE}
        as_owner = accounts.user_numbered(session, owner.id)
        principal = Principal(owner.id, owner.username, bool(as_owner and as_owner.is_superuser))
        episodes.create(
            session,
            self.context,
            principal,
            wishes.model_copy(update=changed),
            gathered.sources,
            digest_id=digest.id,
        )


def _job_of(digest: EpisodeDigest, ref: JobRef, epoch: int) -> JobRef | None:
    """The look or the run that is due, whichever `ref` names."""
    if ref.attempt <= service.MOST_LOOKS:
        return service.look_of(digest, epoch)
    return service.job_of(digest, epoch)


def server_digester(context: AppContext, bench: Bench) -> Digester:
    """As it works in a server: whatever people have named is asked through the egress guard."""

    def fetch(url: str) -> feed_client.Answer:
        with bench.way_out("digest-feed", url) as access:
            return feed_client.fetch(url, access.url, feed_client.Validators())

    return Digester(context, fetch=fetch, read_page=page_reader(bench, "digest"))


def register(engine: Engine, context: AppContext, digester: Digester) -> None:
    """Tell the engine how digests are made, and which ones are due: it asks several times a minute."""

    def exhausted(job: Job) -> None:
        digester.give_up(job.ref, DIED)

    def pending(now: datetime) -> list[Wanted]:
        with context.database.read() as session:
            epoch = context.job_epoch(session)
            jobs = [service.job_of(digest, epoch) for digest in repository.due(session, now)]
            jobs += [service.look_of(digest, epoch) for digest in repository.to_look(session)]
            return [Wanted(ref=job, lane=service.LANE) for job in jobs if job is not None]

    def ended(ref: JobRef, state: JobState) -> None:
        with context.database.write() as session:
            digest = repository.lock_by_key(session, ref.key)
            if digest is None or _job_of(digest, ref, context.job_epoch(session)) != ref:
                return
            log.info("digest_begun_anew", digest_id=digest.id, engine_state=state.value)
            if ref.attempt <= service.MOST_LOOKS:
                service.end_look(digest)
            else:
                digest.next_run_at = utcnow()

    engine.register(service.KIND, digester.perform, max_starts=MAX_STARTS, exhausted=exhausted)
    engine.reconcile(Source(service.KIND, pending, ended))
