"""Doing searches: claiming an order, watching over the claim, and putting it down when the program stops."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import structlog

from magpie.context import AppContext
from magpie.downloads.bench import Bench
from magpie.downloads.nest.client import Cancelled
from magpie.engine.holding import Hold, Holds
from magpie.engine.port import Job, JobParked, JobRef
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.playlists.missing import external, options, repository, service
from magpie.playlists.missing.followers import aliases_of
from magpie.playlists.missing.models import OrderStatus, SongOrder
from magpie.playlists.missing.schemas import OrderFault
from magpie.playlists.missing.seeking import Finding, Looking, Quest

log = structlog.get_logger(__name__)


class Seeker:
    """Everything that searches need, shared by all of them in this process."""

    def __init__(self, context: AppContext, bench: Bench, name: str) -> None:
        """`name` tells workers apart."""
        self.context = context
        self.bench = bench
        self.name = name
        self.holds = Holds(
            "song-search",
            context.database,
            beat=self._beat,
            held=self._is_held,
            end=lambda hold: bench.nest.kill(hold.name),
        )

    def home(self, key: str) -> Path:
        """The folder of an order's searches."""
        return self.context.settings.data_dir / "searches" / key

    def perform(self, job: Job) -> None:
        """Do one search whose order says that this attempt is due.

        Never raises for what the search met; `JobParked` if it was put down because the program stops.
        """
        quest = self._claim(job.ref)
        if quest is None:
            return
        hold = Hold(quest.id, quest.claim, job, f"song-{quest.key}-{quest.claim}")
        with structlog.contextvars.bound_contextvars(song_order=quest.id), self.holds.watched(hold):
            try:
                finding = Looking(self, quest, hold.name, lambda: self._check(hold)).look()
                self._settle(quest, finding)
            except Cancelled:
                self._put_down(quest, hold)
            except Exception:
                log.exception("song_search_crashed")
                message = "Something went wrong in Magpie itself; the log says more."
                self._settle(quest, Finding(reason=OrderFault.CRASHED, message=message))

    def give_up(self, ref: JobRef, detail: str) -> None:
        """Record a search that brings down every process that does it as failed."""
        quest = self._claim(ref)
        if quest is not None:
            self._settle(quest, Finding(reason=OrderFault.CRASHED, message=detail))

    def _check(self, hold: Hold) -> None:
        if self.holds.must_end(hold):
            raise Cancelled

    def _put_down(self, quest: Quest, hold: Hold) -> None:
        """The search's processes were killed: by a stop of the program, or because the order is not ours."""
        if hold.is_lost or not self.holds.is_stopping(hold):
            log.info("song_search_taken_over")
            return
        with self.context.database.write() as session:
            kept = {"status": OrderStatus.PENDING, "worker": None, "heartbeat_at": None}
            if not repository.still_mine(session, quest.id, quest.claim, **kept):
                return
        raise JobParked

    # Claiming

    def _claim(self, ref: JobRef) -> Quest | None:
        """Take the order; None if there is nothing to do any more."""
        with self.context.database.write() as session:
            order = repository.lock_by_key(session, ref.key)
            if order is None or order.status not in repository.QUEUED or order.attempt != ref.attempt:
                return None
            if ref.epoch != self.context.job_epoch(session):
                return None
            if not repository.is_running(repository.session_of(session, order.session_id)):
                service.finish(self.context, session, order, OrderStatus.CANCELLED)
                return None
            try:
                ways = options.ways_of(self.context, session, order.user_id)
            except external.ApiFailed as failed:
                service.finish(
                    self.context, session, order, OrderStatus.FAILED, failed.reason, failed.message
                )
                return None
            order.status = OrderStatus.SEARCHING
            order.claim += 1
            order.worker, order.heartbeat_at = self.name, utcnow()
            service.announce(self.context, session, order.session_id)
            return _quest(session, order, ways)

    # How it ends

    def _settle(self, quest: Quest, finding: Finding) -> None:
        """In one unit of work. Records nothing if the order belongs to somebody else by now."""
        with self.context.database.write() as session:
            order = repository.lock_by_key(session, quest.key)
            if order is None or order.claim != quest.claim or order.status != OrderStatus.SEARCHING:
                log.info("song_search_taken_over")
                return
            self._record(session, order, finding)
            log.info(
                "song_searched",
                status=order.status,
                reason=order.reason,
                candidates=len(order.candidates),
            )

    def _record(self, session: WriteSession, order: SongOrder, finding: Finding) -> None:
        context = self.context
        if finding.item_id is not None:
            service.complete(context, session, order, finding.item_id)
        elif finding.is_transient and order.failures < len(service.RETRIES):
            order.reason, order.error_message = finding.reason, finding.message
            order.failures += 1
            service.queue(context, session, order, delay=service.RETRIES[order.failures - 1])
            service.announce(context, session, order.session_id)
        elif finding.reason is not None:
            service.finish(context, session, order, OrderStatus.FAILED, finding.reason, finding.message)
        else:
            order.failures = 0
            order.reason = order.error_message = None
            found = finding.candidates
            order.candidates = found or (
                [service.chosen(order, finding.api_url, "api")] if finding.api_url else []
            )
            service.try_next(context, session, order)

    # Watching

    def _beat(self, session: WriteSession, hold: Hold, moment: datetime) -> bool:
        return repository.still_mine(session, hold.row_id, hold.claim, heartbeat_at=moment)

    def _is_held(self, session: ReadSession, hold: Hold) -> bool:
        order = repository.order(session, hold.row_id)
        return (
            order is not None
            and order.claim == hold.claim
            and order.status in (*repository.QUEUED, OrderStatus.DOWNLOADING)
        )


def _quest(session: ReadSession, order: SongOrder, ways: options.Ways) -> Quest:
    return Quest(
        id=order.id,
        key=order.key,
        claim=order.claim,
        user_id=order.user_id,
        song_key=order.song_key,
        song=service.song_of(order),
        ways=ways,
        aliases=aliases_of(session, order.user_id),
    )
