"""Doing checks: claiming a link, watching over the claim, and putting it down when the program stops.

`Checker` holds what all checks of one process share. The server's worker and `magpie check` go through the same
`perform`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from magpie.context import AppContext
from magpie.downloads.bench import Bench
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.nest.client import Cancelled
from magpie.downloads.worker import COMMAND_PREFIX, is_silent
from magpie.engine.holding import Hold, Holds
from magpie.engine.port import Job, JobParked, JobRef
from magpie.history import service as history
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.links import pictures
from magpie.links.checks import feed_client, repository, service
from magpie.links.checks.climb import Climb, Order, Outcome, policy_of
from magpie.links.checks.intake import CheckLost
from magpie.links.checks.ladder import Standing
from magpie.links.checks.service import Mode
from magpie.links.checks.settle import Settlement
from magpie.links.models import Link, LinkStatus
from magpie.sites import cookies
from magpie.sites import service as sites
from magpie.sites.cookies import Choice

log = structlog.get_logger(__name__)

# After so long a check tries again whether the site goes without cookies that are for when they are needed.
COOKIES_REMEMBERED = timedelta(days=3)
# Types whose sources are in an order of their own, not newest first.
UNORDERED = frozenset({"playlist"})


class Checker:
    """Everything that checks need, shared by all of them in this process."""

    def __init__(
        self,
        context: AppContext,
        bench: Bench,
        name: str,
        *,
        now: Callable[[], datetime] = utcnow,
        dice: Callable[[], float] = random.random,
        read_feed: Callable[..., feed_client.Answer] = feed_client.fetch,
    ) -> None:
        """`name` tells workers apart, as in `Workshop`. `now` and `dice` (0 to 1) are there to be replaced."""
        self.context = context
        self.bench = bench
        self.name = name
        self.now = now
        self.dice = dice
        self.read_feed = read_feed
        self.holds = Holds(
            "check",
            context.database,
            beat=self._beat,
            held=self._is_held,
            end=lambda hold: bench.nest.kill(hold.name),
        )

    def home(self, key: str) -> Path:
        """The folder of a link's listings."""
        return self.context.settings.data_dir / "checks" / key

    def perform(self, job: Job) -> None:
        """Do one check whose link says that this job is its turn.

        Never raises for what the check met; `JobParked` if it was put down, because the program stops or because
        the site is left alone.
        """
        order = self._claim(job.ref)
        if order is None:
            return
        hold = Hold(order.id, order.claim, job, f"check-{order.key}-{order.claim}")
        with structlog.contextvars.bound_contextvars(link_id=order.id), self.holds.watched(hold):
            self._run(order, hold)
            pictures.refresh(self.context, self.bench, order.id)

    def _run(self, order: Order, hold: Hold) -> None:
        settlement = Settlement(self.context, order, self.now, self.dice)
        climb = Climb(self, order, hold.name, lambda: self.holds.must_end(hold))
        try:
            climb.run()
            settlement.settle(climb.outcome)
        except Cancelled:
            self._put_down(order, hold)
        except CheckLost:
            log.info("check_taken_over")
        except Exception:
            log.exception("check_crashed")
            climb.outcome.crashed()
            settlement.settle(climb.outcome)

    def _put_down(self, order: Order, hold: Hold) -> None:
        """The listing's processes were killed: by a stop of the program, or because the link is not ours."""
        if hold.is_lost or not self.holds.is_stopping(hold):
            log.info("check_taken_over")
            return
        with self.context.database.write() as session:
            status = LinkStatus(order.former_status)
            kept = {"status": status, "check_worker": None, "check_heartbeat_at": None}
            if not repository.still_mine(session, order.id, order.claim, **kept):
                return
        raise JobParked

    def give_up(self, ref: JobRef, detail: str) -> None:
        """Record a check that brings down every process that does it as failed."""
        order = self._claim(ref)
        if order is not None:
            outcome = Outcome(backfill_from=order.standing.backfill_from)
            outcome.failure = DownloadFailure(Reason.TOOL_ERROR, detail)
            Settlement(self.context, order, self.now, self.dice).settle(outcome)

    # Claiming

    def _is_free(self, link: Link) -> bool:
        """Whether this worker may take the row: as in downloads, the engine hands out what it runs itself."""
        if link.check_worker is None:
            return True
        commands = (link.check_worker, self.name)
        return is_silent(link.check_heartbeat_at) or not any(
            name.startswith(COMMAND_PREFIX) for name in commands
        )

    def _claim(self, ref: JobRef) -> Order | None:
        """Take the link; None if there is nothing to do any more. Raises `JobParked` where its site rests."""
        context = self.context
        with context.database.write() as session:
            link = repository.lock_by_key(session, ref.key)
            if link is None or link.check_mode is None or link.checks != ref.attempt:
                return None
            if not self._is_free(link) or ref.epoch != context.job_epoch(session):
                return None
            order = None
            if sites.rests_until(session, link.site) is None:
                order = self._order(session, link)
            elif link.status != LinkStatus.COOLING_DOWN:
                link.status = LinkStatus.COOLING_DOWN
                service.announce(context, session, link)
        if order is None:
            raise JobParked
        return order

    def _order(self, session: WriteSession, link: Link) -> Order:
        now = self.now()
        former = LinkStatus.ERROR if link.error_message else LinkStatus.IDLE
        link.status = LinkStatus.CHECKING
        link.check_claim += 1
        link.check_worker = self.name
        link.check_heartbeat_at = utcnow()
        if link.check_history_id is None:
            record = history.begin(session, user_id=link.user_id, link_id=link.id, link_name=link.name)
            link.check_history_id = record.id
        known = repository.entry_count(session, link.id)
        service.announce(self.context, session, link)
        is_feed = link.type == "feed" or link.feed_url == link.url
        return Order(
            id=link.id,
            key=link.key,
            claim=link.check_claim,
            user_id=link.user_id,
            url=link.url,
            site=link.site,
            mode=Mode(link.check_mode or Mode.CHECK),
            history_id=link.check_history_id or 0,
            started_at=now,
            former_status=former,
            extractor=link.extractor,
            feed_url=link.url if is_feed else link.feed_url,
            validators=feed_client.Validators(link.feed_etag, link.feed_modified),
            policy=policy_of(link, now),
            standing=Standing(
                known=known,
                number=link.checks,
                has_feed=bool(link.feed_url),
                feed_rests_until=link.feed_rests_until,
                is_feed=is_feed,
                newest_first=link.type not in UNORDERED,
                last_listed_at=link.last_listed_at,
                last_full_at=link.last_full_at,
                backfill_from=link.backfill_from,
            ),
            cookies=self._cookies(session, link),
        )

    def _cookies(self, session: WriteSession, link: Link) -> Choice | None:
        """The link's cookies. Where it did not go without them lately, they are sent at once."""
        choice = cookies.choose(
            self.context, session, user_id=link.user_id, site=link.site, url=link.url, link=link
        )
        since = link.cookies_needed_at
        if choice is None or since is None or self.now() - since > COOKIES_REMEMBERED:
            return choice
        return replace(choice, is_needed=True)

    # Watching

    def _beat(self, session: WriteSession, hold: Hold, moment: datetime) -> bool:
        return repository.still_mine(session, hold.row_id, hold.claim, check_heartbeat_at=moment)

    def _is_held(self, session: ReadSession, hold: Hold) -> bool:
        link = repository.get(session, hold.row_id)
        return link is not None and link.check_claim == hold.claim and link.check_mode is not None
