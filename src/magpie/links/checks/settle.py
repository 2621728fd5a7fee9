"""How a check ends: what it means for its link, its record in the history, and the next check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from magpie.context import AppContext
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.history import service as history
from magpie.history.models import HistoryRecord
from magpie.history.schemas import CheckDetails
from magpie.kit.db import WriteSession
from magpie.kit.logs import redact
from magpie.links.checks import cadence, ladder, live, repository, service
from magpie.links.checks.climb import Order, Outcome
from magpie.links.checks.service import Mode
from magpie.links.models import Link, LinkStatus
from magpie.sites import service as sites

log = structlog.get_logger(__name__)

# The source itself says that it is not there any more.
GONE = frozenset({Reason.NOT_FOUND, Reason.REMOVED})
OFF_AIR = "It is not on air."
_DEAD = "The source has been gone for a while, so it is not looked at any more. Check its address."


class Settlement:
    """Writes the end of one check."""

    def __init__(
        self, context: AppContext, order: Order, now: Callable[[], datetime], dice: Callable[[], float]
    ) -> None:
        self._context = context
        self._order = order
        self._now = now
        self._dice = dice

    def settle(self, outcome: Outcome) -> None:
        """In one unit of work. Records nothing if the link belongs to somebody else by now."""
        order = self._order
        with self._context.database.write() as session:
            if outcome.whole:
                self._mark_vanished(session)
            link = repository.lock_by_key(session, order.key)
            if link is None or link.check_claim != order.claim or link.check_mode is None:
                log.info("check_taken_over")
                return
            mode = Mode(link.check_mode)
            self._learn(link, outcome)
            failure = outcome.failure if outcome.answered is None else None
            off_air = failure is not None and is_off_air(link, failure)
            if off_air:
                failure = None
                live.off_air(session, link)
            if failure is None:
                self._well(link, outcome)
            else:
                self._badly(link, failure)
            if outcome.use is not None:
                outcome.use.note(session)
            self._report(session, link, failure)
            said = OFF_AIR if off_air else message_of(outcome)
            self._record(session, link, outcome, failure, mode, said)
            link.check_mode = link.check_worker = link.check_heartbeat_at = link.check_history_id = None
            if mode is Mode.DOWNLOAD:
                service.wake(self._context, session, link)
            tally = outcome.tally
            service.announce(
                self._context, session, link, seen=tally.seen, new=tally.new, queued=tally.queued
            )

    def _mark_vanished(self, session: WriteSession) -> None:
        order = self._order
        count = repository.count_vanished(session, order.id, order.started_at)
        if count and ladder.believable_loss(order.standing.known, count):
            repository.mark_vanished(session, order.id, order.started_at, self._now())

    def _learn(self, link: Link, outcome: Outcome) -> None:
        """What the check has learnt about the source, also if it failed in the end."""
        now = self._now()
        link.backfill_from = outcome.backfill_from
        if outcome.listed:
            link.last_listed_at = now
        if outcome.full:
            link.last_full_at = now
        if outcome.cookies_needed is not None:
            link.cookies_needed_at = now if outcome.cookies_needed else None
        source = outcome.source
        if source is not None:
            link.extractor = source.extractor
            link.source_title = source.title or link.source_title
            link.source_description = source.description or link.source_description
            link.picture_url = source.picture_url or link.picture_url
            if source.type and link.type == "auto":
                link.type = source.type
            if source.feed_url and (link.feed_url is None or link.feed_failures >= ladder.FEED_FAILURES):
                self._take_feed(link, source.feed_url)
        elif outcome.feed_title:
            link.source_title = link.source_title or outcome.feed_title
        if link.source_title and not link.has_own_name:
            link.name = link.source_title[:300]
        self._learn_of_feed(link, outcome)

    def _take_feed(self, link: Link, url: str) -> None:
        if url != link.feed_url:
            link.feed_url, link.feed_failures = url, 0
            link.feed_etag = link.feed_modified = link.feed_rests_until = None

    def _learn_of_feed(self, link: Link, outcome: Outcome) -> None:
        if outcome.feed_failed is None:
            return
        if outcome.feed_failed:
            link.feed_failures += 1
            rest = ladder.feed_rest(link.feed_failures)
            link.feed_rests_until = self._now() + rest if rest else None
            return
        link.feed_failures, link.feed_rests_until = 0, None
        # Only once all that it shows is stored is the next “unchanged” to be believed.
        if outcome.validators is not None and outcome.answered is not None:
            link.feed_etag, link.feed_modified = outcome.validators.etag, outcome.validators.modified

    def _well(self, link: Link, outcome: Outcome) -> None:
        now = self._now()
        limits = service.bounds_of(self._context, link)
        if self._order.standing.known and link.last_success_at is not None:
            elapsed = now - link.last_success_at
            before = link.new_per_day if link.new_per_day is not None else cadence.usual_rate(limits)
            link.new_per_day = cadence.rate(before, outcome.tally.fresh, elapsed)
        link.last_checked_at = link.last_success_at = now
        link.status, link.failures = LinkStatus.IDLE, 0
        link.reason = link.error_message = link.died_at = None
        due = cadence.after_success(now, limits, link.new_per_day, self._dice())
        if outcome.backfill_from is not None:  # there is more to be listed, and no reason to wait for long
            due = min(due, now + timedelta(minutes=min(limits.base, 10)))
        link.next_check_at = due if link.is_enabled else None

    def _badly(self, link: Link, failure: DownloadFailure) -> None:
        now = self._now()
        is_gone = failure.reason in GONE
        goes_on = link.failures and (service.reason_of(link) in GONE) == is_gone
        link.failures = link.failures + 1 if goes_on else 1
        link.last_checked_at = now
        link.status, link.reason = LinkStatus.ERROR, failure.reason.value
        link.error_message = redact(failure.message)
        if is_gone and cadence.is_dead(link.failures, link.last_success_at or link.created_at, now):
            link.died_at, link.next_check_at = now, None
            link.error_message = f"{link.error_message} {_DEAD}"
            return
        limits = service.bounds_of(self._context, link)
        due = cadence.after_failure(now, limits, link.failures, failure.retry_after, self._dice())
        link.next_check_at = due if link.is_enabled and link.died_at is None else None

    def _report(self, session: WriteSession, link: Link, failure: DownloadFailure | None) -> None:
        """Tell how the site has treated us; if it is left alone from now on, the link says so."""
        outcome = sites.Outcome(failure.reason, failure.retry_after) if failure else sites.Outcome()
        sites.report(self._context, session, link.site, outcome)
        session.flush()
        rest = sites.resting(session, [link.site]).get(link.site)
        if rest is None:
            return
        link.status = LinkStatus.COOLING_DOWN
        if link.next_check_at is not None:
            spread = timedelta(seconds=60 * self._dice())
            link.next_check_at = max(link.next_check_at, rest.until + spread)

    def _record(
        self,
        session: WriteSession,
        link: Link,
        outcome: Outcome,
        failure: DownloadFailure | None,
        mode: Mode,
        said: str,
    ) -> None:
        record = session.get(HistoryRecord, self._order.history_id)
        if record is None:
            return
        tally = outcome.tally
        details = CheckDetails(
            mode=mode.value,
            tier=outcome.answered.value if outcome.answered else None,
            tiers=outcome.tiers,
            site=link.site,
            extractor=link.extractor,
            requests=outcome.requests,
            seconds=outcome.seconds,
            seen=tally.seen,
            new=tally.new,
            skipped=tally.skipped,
            backfill=outcome.backfill_from is not None,
            reason=failure.reason.value if failure else None,
            error_message=redact(failure.message) if failure else None,
            hint=failure.diagnosis.hint if failure else None,
        )
        record.link_name = link.name
        message = redact(failure.message) if failure else said
        history.finish(session, record, failure=failure is not None, message=message, details=details)
        log.info(
            "link_checked",
            tier=details.tier,
            requests=details.requests,
            seconds=details.seconds,
            new=tally.new,
            reason=details.reason,
        )


def is_off_air(link: Link, failure: DownloadFailure) -> bool:
    """Whether the failure only says that nothing is broadcast now. Some answer 404 then, where there was a stream."""
    if failure.reason is Reason.NOT_YET:
        return True
    return failure.reason is Reason.NOT_FOUND and link.type == service.LIVE and bool(link.counts)


def message_of(outcome: Outcome) -> str:
    """A check that went well, in one sentence or two."""
    tally = outcome.tally
    parts = ["No new items." if not tally.new else f"Found {_items(tally.new)}."]
    if tally.skipped:
        parts.append(f"{tally.skipped} left out by the rules.")
    if outcome.backfill_from is not None:
        parts.append("Older items are still to be listed.")
    return " ".join(parts)


def _items(count: int) -> str:
    return "1 new item" if count == 1 else f"{count} new items"
