"""One check's way up the ladder."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from magpie.downloads.extractors.keys import url_digest
from magpie.downloads.extractors.listing import ListedEntry, Listing, ListOrder, SourceFacts
from magpie.downloads.failures import DownloadFailure, Reason, disk_failure
from magpie.downloads.nest.client import Cancelled
from magpie.downloads.nest.workdir import evict_survivors
from magpie.history.schemas import GAP, TierReport
from magpie.kit.db import WriteSession
from magpie.links.checks import feeds, ladder, repository, service
from magpie.links.checks.feed_client import Answer, Validators
from magpie.links.checks.intake import CheckLost, Intake, Policy, Tally
from magpie.links.checks.ladder import Standing, Tier
from magpie.links.checks.rules import Rules
from magpie.links.checks.service import Mode
from magpie.links.models import Link
from magpie.sites import service as sites
from magpie.sites.cookies import Choice, Use

if TYPE_CHECKING:
    from magpie.links.checks.worker import Checker

log = structlog.get_logger(__name__)
T = TypeVar("T")

# After these another way would only annoy the site more.
_ENOUGH = frozenset({Reason.RATE_LIMITED, Reason.BOT_CHECK, Reason.REFUSED_ADDRESS})
ANNOUNCE_SECONDS = 1.0
MAX_ENTRIES = 200_000  # of one listing: a site that goes on for ever ends here


@dataclass(frozen=True, slots=True)
class Order:
    """What a claimed link asks for, detached from its session."""

    id: int
    key: str
    claim: int
    user_id: int
    url: str
    site: str
    mode: Mode
    history_id: int
    started_at: datetime
    former_status: str
    extractor: str | None
    feed_url: str | None
    validators: Validators
    policy: Policy
    standing: Standing
    cookies: Choice | None = field(repr=False)


@dataclass(slots=True)
class Outcome:
    """What came of a check. `answered`: the tier that was enough; `failure`: of the best tier, if none was."""

    tiers: list[TierReport] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    answered: Tier | None = None
    failure: DownloadFailure | None = None
    source: SourceFacts | None = None
    feed_title: str | None = None
    validators: Validators | None = None
    feed_failed: bool | None = None  # None: it was not asked
    listed: bool = False
    full: bool = False  # a whole listing has ended
    whole: bool = False  # and it went from the first entry to the last, so that what it lacks has vanished
    backfill_from: int | None = None  # where a listing is still open
    use: Use | None = None
    cookies_needed: bool | None = None  # None: nothing was learnt about it

    @property
    def requests(self) -> int:
        return sum(tier.requests for tier in self.tiers)

    @property
    def seconds(self) -> float:
        return round(sum(tier.seconds for tier in self.tiers), 3)

    def crashed(self) -> None:
        """Something is wrong with Magpie itself."""
        self.answered = None
        self.failure = DownloadFailure(Reason.TOOL_ERROR, "an error in Magpie itself; see the log")


def policy_of(link: Link, now: datetime) -> Policy:
    """How the entries of the link's waiting or running check are decided about."""
    automatic = link.download_automatically or link.check_mode == Mode.DOWNLOAD
    return Policy(Rules.of(link.filters), automatic, now)


class _Gap(Exception):
    """Between the feed's window and what is known there may be more."""


class Climb:
    """Tries the tiers of the plan; `outcome` tells afterwards what came of it."""

    def __init__(self, checker: Checker, order: Order, job_id: str, ended: Callable[[], bool]) -> None:
        self._checker = checker
        self._context = checker.context
        self._order = order
        self._job_id = job_id
        self._ended = ended
        self._announced = 0.0
        self.outcome = Outcome(backfill_from=order.standing.backfill_from)

    def run(self) -> None:
        """Raises `Cancelled`, `CheckLost`; what the source does wrong stands in the outcome."""
        plan = ladder.plan(self._order.standing, self._order.started_at)
        for tier in plan.tiers:
            if self._try(tier):
                break
            failure = self.outcome.failure
            if failure is not None and failure.reason in _ENOUGH:
                return
        if self.outcome.answered is not None:
            self.outcome.failure = None
            if plan.backfill:
                self._go_on()

    def _go_on(self) -> None:
        """Continue a listing that was broken off. That it breaks off again is no failure of the check."""
        start = ladder.resume_at(self._order.standing.backfill_from or 0)
        answered = self.outcome.answered
        if not self._try(Tier.FULL, start):
            self.outcome.failure = None
        self.outcome.answered = answered

    def _try(self, tier: Tier, start: int = 0) -> bool:
        """Whether the tier was enough."""
        if self._ended():
            raise Cancelled
        report = TierReport(tier=tier.value)
        self.outcome.tiers.append(report)
        began = time.monotonic()
        try:
            report.outcome = self._feed(report) if tier is Tier.FEED else self._list(tier, report, start)
        except _Gap:
            report.outcome, report.reason = "it shows nothing that is known: there may be a gap", GAP
            return False
        except DownloadFailure as failure:
            report.outcome, report.reason = failure.message, failure.reason.value
            # What the source itself says of its listing tells more than what its feed says.
            if tier is not Tier.FEED or self.outcome.failure is None:
                self.outcome.failure = failure
            return False
        except OSError as error:
            self.outcome.failure = disk_failure(error)
            report.outcome, report.reason = self.outcome.failure.message, self.outcome.failure.reason.value
            return False
        finally:
            report.seconds = round(time.monotonic() - began, 3)
        self.outcome.answered = tier
        return True

    # The feed

    def _feed(self, report: TierReport) -> str:
        order = self._order
        try:
            answer = self._ask_for_feed(report)
            feed = None
            if answer.document is not None:
                feed = feeds.parse(answer.document, answer.url, files=order.standing.is_feed)
        except feeds.NotAFeed as error:
            self.outcome.feed_failed = True
            raise DownloadFailure(Reason.UNSUPPORTED, f"the feed cannot be read: {error}") from error
        except DownloadFailure:
            self.outcome.feed_failed = True
            raise
        self.outcome.feed_failed = False
        if feed is None:
            self.outcome.validators = answer.validators
            return "unchanged"
        taken = self._take_feed(feed)
        self.outcome.feed_title = feed.title
        self.outcome.validators = answer.validators
        return f"{taken.new} new of {taken.seen}"

    def _ask_for_feed(self, report: TierReport) -> Answer:
        order, checker = self._order, self._checker
        url = order.feed_url or order.url
        with checker.bench.way_out(f"{self._job_id}-feed", url) as access, self._workdir() as folder:
            try:
                return self._with_cookies(
                    folder,
                    lambda cookies: checker.read_feed(url, access.url, order.validators, cookies=cookies),
                )
            finally:
                report.requests = access.requests

    def _with_cookies(self, folder: Path, ask: Callable[[Path | None], T]) -> T:
        """Ask the site with the link's cookies or without; what this tells about them stands in the outcome."""
        self.outcome.use = use = Use(self._order.cookies, folder)
        try:
            return use.run(ask)
        finally:
            if use.needed is not None:
                self.outcome.cookies_needed = use.needed or bool(self.outcome.cookies_needed)

    def _take_feed(self, feed: feeds.Feed) -> Tally:
        standing = self._order.standing
        intake = self._intake(is_listing=False, all_old=standing.known == 0)
        entries = list(feed.entries)
        if not standing.is_feed and ladder.has_gap(standing.known, len(entries), self._overlap(entries)):
            raise _Gap
        for start in range(0, len(entries), 250):
            self.store(intake, entries[start : start + 250])
        return intake.tally

    def _overlap(self, entries: list[ListedEntry]) -> int:
        """How many of a feed's entries are known."""
        keys = {entry.key for entry in entries}
        digests = {url_digest(entry.url) for entry in entries}
        with self._context.database.read() as session:
            return len(repository.known(session, self._order.id, keys, digests))

    # Listings

    def _list(self, tier: Tier, report: TierReport, start: int) -> str:
        order = self._order
        intake = self._intake(
            is_listing=True,
            all_old=start > 0 or order.standing.known == 0,
            top=self._lowest_rank() if start else None,
        )
        handler = _Handler(self, intake, tier, start)
        with self._workdir() as folder:
            wanted = ListOrder(
                url=order.url,
                workdir=folder,
                known=self._stops() if tier is Tier.LAZY else (),
                start=start,
                limit=MAX_ENTRIES,
                request_delay=sites.pause_between_pages(self._context.settings.site_delay_seconds),
                options={"lister": order.extractor} if order.extractor else {},
            )
            listing = self._with_cookies(
                folder,
                lambda cookies: self._checker.bench.list(
                    self._job_id, wanted, handler, cookies=cookies, kin=f"{order.user_id} {order.site}"
                ),
            )
        report.requests = listing.requests
        self._note_listing(tier, listing, start)
        return _said(listing, intake.tally)

    def _note_listing(self, tier: Tier, listing: Listing, start: int) -> None:
        outcome = self.outcome
        outcome.listed = True
        outcome.full = outcome.full or tier is Tier.FULL or listing.complete
        outcome.whole = outcome.whole or (listing.complete and start == 0)
        open_from = self._order.standing.backfill_from
        outcome.backfill_from = None if tier is Tier.FULL or listing.complete else open_from

    def _stops(self) -> tuple[str, ...]:
        standing = self._order.standing
        with self._context.database.read() as session:
            skip = ladder.left_out(standing.known)
            return tuple(repository.stop_keys(session, self._order.id, skip, ladder.HANDED_OVER))

    def _lowest_rank(self) -> int | None:
        with self._context.database.read() as session:
            return repository.lowest_rank(session, self._order.id)

    @contextmanager
    def _workdir(self) -> Iterator[Path]:
        """An empty, private folder; what an earlier start of the check left running there is ended first."""
        home = self._checker.home(self._order.key)
        folder = home / "list"  # beside it the nest notes who works in it
        if home.exists():
            evict_survivors(folder)
            shutil.rmtree(home, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        try:
            yield folder
        finally:
            shutil.rmtree(home, ignore_errors=True)

    # Taking in

    def _intake(self, *, is_listing: bool, all_old: bool, top: int | None = None) -> Intake:
        """Ranks begin above all that earlier checks gave, since time goes on."""
        started = int(self._order.started_at.timestamp()) * 1_000_000
        return Intake(
            self._context,
            self._order.claim,
            self._order.history_id,
            self._order.policy,
            started if top is None else top,
            is_listing,
            all_old,
            self.outcome.tally,
        )

    def store(
        self,
        intake: Intake,
        entries: list[ListedEntry],
        progress: Callable[[], dict[str, Any]] = dict[str, Any],
    ) -> None:
        """One batch, in one short unit of work. Raises `Cancelled`, `CheckLost`."""
        if self._ended():
            raise Cancelled
        with self._context.database.write() as session:
            link = repository.get(session, self._order.id)
            if link is None:
                raise CheckLost
            # What a person has changed since the check began counts from here on.
            intake.policy = policy_of(link, self._order.policy.now)
            intake.take(session, link, entries, progress)
            if time.monotonic() - self._announced >= ANNOUNCE_SECONDS:
                self._announced = time.monotonic()
                self._announce(session)

    def _announce(self, session: WriteSession) -> None:
        link = repository.get(session, self._order.id)
        if link is None:
            raise CheckLost
        tally = self.outcome.tally
        service.announce(self._context, session, link, seen=tally.seen, new=tally.new, queued=tally.queued)


class _Handler:
    """What a listing reports, as it comes."""

    def __init__(self, climb: Climb, intake: Intake, tier: Tier, start: int) -> None:
        self._climb = climb
        self._intake = intake
        self._tier = tier
        self._position = start

    def on_source(self, facts: SourceFacts) -> None:
        self._climb.outcome.source = facts

    def on_entries(self, entries: list[ListedEntry]) -> None:
        before = self._intake.tally.new
        self._position += len(entries)
        place: int | None = None

        def progress() -> dict[str, Any]:
            nonlocal place
            place = self._place(self._intake.tally.new > before)
            return {} if place is None else {"backfill_from": place}

        self._climb.store(self._intake, entries, progress)
        if place is not None:
            self._climb.outcome.backfill_from = place

    def _place(self, has_new: bool) -> int | None:
        """Where to go on if the listing breaks off here: what follows would be a hole that no later listing, which
        stops at what is known, finds by itself. None where nothing has changed about that."""
        if self._tier is Tier.FULL:
            return self._position
        if not has_new:
            return None
        open_from = self._climb.outcome.backfill_from
        return self._position if open_from is None else min(self._position, open_from)


def _said(listing: Listing, tally: Tally) -> str:
    end = "to its end" if listing.complete else "to what is known" if listing.reached_known else "in part"
    return f"{tally.new} new, listed {end}"
