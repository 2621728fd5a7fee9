"""One delivery: all that is due for one target, as one message.

The rows are marked as handed over before the service hears a word, in a unit of work that is committed, and go when it
has taken the message. If the process dies in between, nobody knows whether the message has arrived: it is not told a
second time, and the target says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from magpie.context import AppContext
from magpie.engine.port import Job, JobParked, JobRef
from magpie.kit.clock import utcnow
from magpie.notifications import repository, service
from magpie.notifications.courier import Courier, Message, Outcome, Withheld
from magpie.notifications.digests import MAX_LINES, Line, compose

log = structlog.get_logger(__name__)

# New items are shown under their links, so more is looked at than is shown.
LOOKED_AT = 5 * MAX_LINES
INTERRUPTED = "The server stopped while a message was on its way: it may not have arrived."


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A claimed target, and the message of what was due then."""

    key: str
    claim: int
    target_id: int
    url: str | None
    recipient: str | None
    message: Message
    due_at: datetime
    last: int  # the highest number of the notices in it


class Delivery:
    """Does the deliveries of one process. `now` is there to be replaced."""

    def __init__(
        self, context: AppContext, courier: Courier, *, now: Callable[[], datetime] = utcnow
    ) -> None:
        self._context = context
        self._courier = courier
        self.now = now

    def perform(self, job: Job) -> None:
        """Deliver what is due. Never raises for what the service did; `JobParked` if the program stops before."""
        parcel = self._claim(job.ref)
        if parcel is None:
            return
        with structlog.contextvars.bound_contextvars(notification_target_id=parcel.target_id):
            try:
                outcome = self._send(parcel, job)
            except Withheld:
                log.info("delivery_taken_over")
                return
            except Exception as error:  # noqa: BLE001
                # Its text may hold the address.
                log.error("delivery_crashed", error=type(error).__name__)
                outcome = Outcome("An error in Magpie itself; see the log.")
            self._settle(parcel, outcome)

    def give_up(self, ref: JobRef) -> None:
        """Its process died again and again."""
        with self._context.database.write() as session:
            target = repository.lock_by_key(session, ref.key)
            if target is not None and target.is_turn_open and target.turn == ref.attempt:
                repository.drop_handed(session, target.id)
                target.is_turn_open = False
                service.settle(target, Outcome(INTERRUPTED), self.now())

    def _claim(self, ref: JobRef) -> _Parcel | None:
        """Take the target; None if there is nothing to do any more."""
        context, now = self._context, self.now()
        with context.database.write() as session:
            target = repository.lock_by_key(session, ref.key)
            if target is None or not target.is_turn_open or target.turn != ref.attempt:
                return None
            if ref.epoch != context.job_epoch(session):
                return None
            target.claim += 1
            if repository.drop_handed(session, target.id):
                log.warning("message_may_be_lost", target_id=target.id)
                target.last_error = INTERRUPTED
            totals, last = repository.due_counts(session, target.id, now)
            if not totals or not target.is_enabled or target.paused_at is not None:
                target.is_turn_open = False
                return None
            found = repository.due_notices(session, target.id, now, LOOKED_AT)
            lines = [Line(one.event, one.title, one.body) for one in found]
            return _Parcel(
                key=target.key,
                claim=target.claim,
                target_id=target.id,
                url=service.opened(context, target),
                recipient=repository.address_of(session, target.user_id),
                message=compose(
                    lines,
                    totals,
                    context.settings.public_url,
                    repository.languages(session, {target.user_id})[target.user_id],
                ),
                due_at=now,
                last=last,
            )

    def _send(self, parcel: _Parcel, job: Job) -> Outcome:
        if parcel.url is None:
            return Outcome(service.NOT_OPENED, is_lasting=True)
        return self._courier.send(
            self._context.settings,
            parcel.url,
            parcel.message,
            recipient=parcel.recipient,
            begin=lambda: self._hand_over(parcel, job),
        )

    def _hand_over(self, parcel: _Parcel, job: Job) -> None:
        """The last moment before the service hears of it."""
        if job.stopping.is_set():
            raise JobParked
        with self._context.database.write() as session:
            target = repository.lock_by_key(session, parcel.key)
            if target is None or job.lost or target.claim != parcel.claim or not target.is_turn_open:
                raise Withheld
            repository.mark_handed(session, parcel.target_id, parcel.due_at, parcel.last, self.now())

    def _settle(self, parcel: _Parcel, outcome: Outcome) -> None:
        with self._context.database.write() as session:
            target = repository.lock_by_key(session, parcel.key)
            if target is None or target.claim != parcel.claim:
                return
            if outcome.problem is None:
                repository.drop_handed(session, parcel.target_id)
            else:
                repository.mark_handed(session, parcel.target_id, parcel.due_at, parcel.last, None)
            target.is_turn_open = False
            service.settle(target, outcome, self.now())
        log.info("message_sent" if outcome.problem is None else "message_not_sent", problem=outcome.problem)
