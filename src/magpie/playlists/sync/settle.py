"""How a sync ends: what it means for its task, its run in the history, and the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from magpie.kit.db import WriteSession
from magpie.kit.logs import redact
from magpie.playlists.models import Run, RunStatus, Task, TaskStatus
from magpie.playlists.sync.order import Order, Report, TargetOutcome, TargetStatus, Trigger
from magpie.playlists.tasks import repository, turns

if TYPE_CHECKING:
    from magpie.playlists.sync.worker import Syncer

log = structlog.get_logger(__name__)

RUNS_KEPT = 100
FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=6)
VERDICTS = ("matched", "review", "missing")
EDITS = ("added", "removed", "moved")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a whole sync failed; `reason` is typed, `message` for people, `retry_after` in seconds."""

    reason: str
    message: str
    retry_after: float | None = None


def settle(
    syncer: Syncer, order: Order, report: Report, outcomes: Sequence[TargetOutcome], failure: Failure | None
) -> None:
    """In one unit of work. Records nothing if the task belongs to somebody else by now."""
    context = syncer.context
    now = syncer.now()
    with context.database.write() as session:
        task = repository.lock_by_key(session, order.key)
        if task is None or task.claim != order.claim or task.status != TaskStatus.SYNCING:
            log.info("sync_taken_over")
            return
        failure = failure or _failure_of(outcomes)
        asked = [outcome for outcome in outcomes if outcome.status is TargetStatus.ASKING]
        changed = sum(outcome.counts.get(name, 0) for outcome in outcomes for name in EDITS)
        _note_targets(session, task, order, outcomes, now)
        asked_before = task.counts.get("removals")
        _count(session, task, outcomes)
        undone = order.trigger is Trigger.UNDO and failure is None
        if undone:
            _undone(session, task, now)
        _conclude(task, failure, asked, now)
        is_known = task.status != TaskStatus.ASKING or task.counts.get("removals") == asked_before
        _record(session, task, order, report, outcomes, failure, now, is_known=is_known)
        task.last_synced_at = now
        task.worker = task.heartbeat_at = task.run_id = None
        repository.prune_runs(session, task.id, keep=RUNS_KEPT)
        if failure is None and task.fetch_missing and task.counts.get("missing") and not undone:
            for follower in context.songs_missing:
                follower(session, task)
        again, task.again = task.again, None
        turns.announce(context, session, task, changed=changed)
        # Whatever but a person wants another sync would do at once again what has just been undone.
        if again is not None and not (undone and again != Trigger.PERSON):
            turns.request(context, session, task, Trigger(again))
    log.info(
        "task_synced",
        trigger=order.trigger.value,
        changed=changed,
        reason=failure.reason if failure else None,
    )


def _failure_of(outcomes: Sequence[TargetOutcome]) -> Failure | None:
    """What ails the first target that failed."""
    for outcome in outcomes:
        if outcome.status is TargetStatus.ERROR:
            return Failure(outcome.reason or "failing", outcome.message or "The server failed.")
    return None


def _note_targets(
    session: WriteSession, task: Task, order: Order, outcomes: Sequence[TargetOutcome], now: datetime
) -> None:
    for outcome in outcomes:
        target = repository.lock_target(session, outcome.target_id)
        if target is None:
            continue
        target.reason, target.error_message = outcome.reason, outcome.message
        if order.trigger is Trigger.UNDO and outcome.status is not TargetStatus.ERROR:
            target.status = None
        else:
            target.status = outcome.status.value
        if outcome.status in (TargetStatus.IN_STEP, TargetStatus.BEHIND):
            target.synced_at = now


def _count(session: WriteSession, task: Task, outcomes: Sequence[TargetOutcome]) -> None:
    """The task's sums: those of its first target, and what it asks about."""
    counts: dict[str, Any] = repository.verdicts_of_task(session, task.id)
    if task.is_removal_approved and "approved" in task.counts:
        counts["approved"] = task.counts["approved"]
    removals = sum(outcome.removals for outcome in outcomes)
    if removals:
        counts["removals"] = removals
    task.counts = counts


def _undone(session: WriteSession, task: Task, now: datetime) -> None:
    """The schedule would do at once again what somebody has just undone: it pauses until they say otherwise."""
    run = repository.undoable(session, task.id)
    if run is not None:
        run.undone_at = now
    task.is_enabled = False


def _conclude(task: Task, failure: Failure | None, asked: Sequence[TargetOutcome], now: datetime) -> None:
    turns.schedule(task, now)
    if failure is not None:
        task.failures += 1
        task.status = TaskStatus.ERROR
        task.reason, task.error_message = failure.reason[:32], redact(failure.message)
        if task.next_run_at is not None:
            task.next_run_at = min(task.next_run_at, now + _retry_in(task.failures, failure))
        return
    task.failures = 0
    task.reason = task.error_message = None
    task.last_success_at = now
    task.status = TaskStatus.ASKING if asked else TaskStatus.IDLE
    task.is_removal_approved = False
    task.counts = {name: value for name, value in task.counts.items() if name != "approved"}


def _retry_in(failures: int, failure: Failure) -> timedelta:
    doubled: int = 2 ** min(failures - 1, 10)
    asked = timedelta(seconds=failure.retry_after or 0)
    return max(min(FIRST_RETRY * doubled, LONGEST_RETRY), asked)


def _record(
    session: WriteSession,
    task: Task,
    order: Order,
    report: Report,
    outcomes: Sequence[TargetOutcome],
    failure: Failure | None,
    now: datetime,
    *,
    is_known: bool,
) -> None:
    """What the run came to. `is_known`: what somebody has to approve, if anything, was asked before."""
    run = repository.lock_run(session, order.run_id)
    if run is None:
        return
    sums: Counter[str] = Counter()
    for outcome in outcomes:
        sums.update(outcome.counts)
    asks = task.status == TaskStatus.ASKING
    nothing = failure is None and is_known and not any(sums.values()) and not run.undo
    if order.trigger is Trigger.ARRIVAL and nothing:
        session.delete(run)  # a look that found nothing
        return
    if run.undo:
        repository.forget_undo(session, task.id, but=run.id)
    run.task_name = task.name
    run.counts = {name: sums[name] for name in EDITS} | {name: task.counts.get(name, 0) for name in VERDICTS}
    run.lines = [*run.lines, *report.lines][-200:]
    run.status = RunStatus.FAILURE if failure else RunStatus.ASKING if asks else RunStatus.SUCCESS
    run.message = redact(failure.message) if failure else _said(run, asks, task)
    run.ended_at = now


def _said(run: Run, asks: bool, task: Task) -> str:
    if asks:
        return f"{task.counts.get('removals', 0)} entries would go: somebody has to approve."
    if run.trigger == Trigger.UNDO:
        return "The last sync was undone, and the schedule pauses."
    if not any(run.counts.get(name) for name in EDITS):
        return "Nothing has changed."
    return ", ".join(f"{run.counts[name]} {name}" for name in EDITS if run.counts.get(name)) + "."
