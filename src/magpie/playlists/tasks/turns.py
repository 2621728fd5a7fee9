"""Asking for syncs. One sync of a task waits or runs at a time; a wish that comes meanwhile is done after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from magpie.context import AppContext
from magpie.engine.port import Engine, JobRef, Lane
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.events import Event
from magpie.playlists.models import Task, TaskStatus
from magpie.playlists.sync.order import Trigger
from magpie.playlists.tasks import cron, repository

KIND = "task"
SOON = 0  # priority of what a person waits for
LATER = 100
_FOR_PEOPLE = frozenset({Trigger.PERSON, Trigger.UNDO})


def job_of(task: Task, epoch: int) -> JobRef:
    return JobRef(kind=KIND, key=task.key, epoch=epoch, attempt=task.turn)


def site_of(server_key: str | None) -> str:
    """Where a task's jobs queue: one at a time at one server, since they read the same index and write to its lists."""
    return f"server-{server_key}" if server_key else "servers"


def priority_of(task: Task) -> int:
    return SOON if task.trigger in _FOR_PEOPLE else LATER


def is_busy(task: Task) -> bool:
    return task.status in repository.BUSY


def request(context: AppContext, session: WriteSession, task: Task, trigger: Trigger) -> None:
    """Have the task synced."""
    if task.status == TaskStatus.SYNCING:
        if task.again not in _FOR_PEOPLE:
            task.again = trigger
        return
    if task.status == TaskStatus.WAITING:
        if trigger not in _FOR_PEOPLE or task.trigger in _FOR_PEOPLE:
            return
        withdraw_job(context, session, task)
    task.trigger = trigger
    queue(context, session, task)


def queue(context: AppContext, session: WriteSession, task: Task) -> None:
    """A new number, so that the engine takes it for another job; handed over once it is committed."""
    task.turn += 1
    task.status = TaskStatus.WAITING
    task.worker = task.heartbeat_at = None
    session.flush()
    announce(context, session, task)
    engine = context.engine
    if engine is None:
        return
    job, priority = job_of(task, context.job_epoch(session)), priority_of(task)
    site = site_of(repository.main_server_keys(session, [task.id]).get(task.id))
    session.after_commit(lambda: engine.enqueue(job, Lane.CHECK, site=site, priority=priority))


def unfinished(session: ReadSession) -> list[Task]:
    """Everybody's tasks whose sync waits or runs."""
    return [task for task, _site in repository.unfinished(session)]


def withdraw_job(context: AppContext, session: WriteSession, task: Task) -> None:
    """Take back the job that waits; one that runs finds that the task is not its own any more."""
    engine = context.engine
    if engine is not None:
        job = job_of(task, context.job_epoch(session))
        session.after_commit(lambda: _cancel(engine, job))


def withdraw(context: AppContext, session: WriteSession, task: Task) -> None:
    """Take back a sync, also one that runs: it ends at its next write."""
    if not is_busy(task):
        return
    withdraw_job(context, session, task)
    task.status = TaskStatus.ERROR if task.error_message else TaskStatus.IDLE
    task.worker = task.heartbeat_at = task.again = None
    task.claim += 1


def _cancel(engine: Engine, job: JobRef) -> None:
    engine.cancel(job)


def schedule(task: Task, now: datetime) -> None:
    """Let the next run be the schedule's next moment."""
    task.next_run_at = cron.next_run(task.cron_schedule, task.timezone, now) if task.is_enabled else None


def announce(context: AppContext, session: WriteSession, task: Task, **more: Any) -> None:
    """Tell open pages, once the unit of work is committed, how a task is."""
    session.flush()
    body = {
        "type": "task",
        "id": task.id,
        "status": task.status,
        "name": task.name,
        "reason": task.reason,
        "error_message": task.error_message,
        "counts": {name: value for name, value in task.counts.items() if isinstance(value, int)},
        "last_synced_at": _text(task.last_synced_at),
        "next_run_at": _text(task.next_run_at),
        **more,
    }
    event = Event(task.user_id, body)
    session.after_commit(lambda: context.events.publish([event]))


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def arrived(
    context: AppContext, session: WriteSession, server_id: int, *, but: int | None = None
) -> list[int]:
    """Songs have come to a server: have all playlists filled that wait for some. The tasks' ids; `but` is left out."""
    ids = [task_id for task_id in repository.with_waiting_songs(session, server_id) if task_id != but]
    for task_id in ids:
        task = repository.lock(session, task_id)
        if task is not None and task.is_enabled and task.read_at is not None:
            request(context, session, task, Trigger.ARRIVAL)
    return ids


def waiting(session: ReadSession, server_id: int) -> bool:
    """Whether any playlist waits for songs to come to this server."""
    return bool(repository.with_waiting_songs(session, server_id))
