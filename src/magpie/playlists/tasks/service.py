"""The rules of tasks: what is kept in step, where, for whom, and what people may have done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.config import Settings
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken
from magpie.playlists.media_servers import service as servers
from magpie.playlists.models import Mode, Run, Target, Task, TaskStatus
from magpie.playlists.sources import service as sources
from magpie.playlists.sources.fetching import Fetcher
from magpie.playlists.sources.port import SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.sources.registry import sources as platforms
from magpie.playlists.sync import songs
from magpie.playlists.sync.order import Trigger
from magpie.playlists.sync.perform import take_facts
from magpie.playlists.tasks import repository, turns
from magpie.playlists.tasks.schemas import TargetIn, TaskCreate, TaskSettings, TaskUpdate

FILE = sources.FILE
_PLAIN = ("keep_title", "keep_description", "keep_cover", "fetch_missing")


def resolve(settings: Settings, text: str, platform: str) -> SourceRef:
    """The playlist that a pasted text is about; short links are followed. Raises `RuleBroken`."""
    if platform not in (*platforms(), sources.AUTO, FILE):
        known = ", ".join([*sorted(platforms()), FILE, sources.AUTO])
        raise RuleBroken(f"must be one of {known}", "body", "platform")
    if platform == FILE:
        return SourceRef(FILE, "", "")
    if not text.strip():
        raise RuleBroken("paste a link to a playlist, or choose a file", "body", "playlist_url")
    found = sources.recognise(text, platform)
    if found is not None:
        return found
    try:
        with Fetcher(settings) as fetcher:
            return sources.resolve(text, fetcher, platform)
    except SourceFailed as failure:
        raise RuleBroken(failure.message, "body", "playlist_url", code=f"source_{failure.reason}") from None


def page(session: ReadSession, principal: Principal, *, skip: int, limit: int) -> tuple[list[Task], int]:
    """A page of tasks, and how many there are in all."""
    return repository.page(session, principal, skip=skip, limit=limit)


def get(session: ReadSession, principal: Principal, task_id: int) -> Task:
    """Raises `NotFound` for what is not there or not the caller's."""
    return owned(repository.get(session, task_id), principal)


def lock(session: WriteSession, principal: Principal, task_id: int) -> Task:
    """As `get`, and nobody else changes the task until the unit of work ends."""
    return owned(repository.lock(session, task_id), principal)


def create(
    context: AppContext, session: WriteSession, principal: Principal, wanted: TaskCreate, ref: SourceRef
) -> Task:
    """Keep a playlist in step, and sync it at once. Raises `RuleBroken`, `NotFound`."""
    task = Task(
        user_id=principal.id, name=wanted.name or ref.id or "Playlist", playlist_url=wanted.playlist_url
    )
    task.has_own_name = bool(wanted.name)
    task.mode, task.timezone, task.is_enabled, task.counts = Mode.MIRROR, "UTC", True, {}
    _take_source(task, ref)
    _apply(task, wanted)
    targets = _targets(session, principal, wanted)
    if not targets:
        raise RuleBroken("say on which server the playlist is to be kept", "body", "server_id")
    session.add(task)
    session.flush()
    _set_targets(session, task, targets)
    turns.schedule(task, utcnow())
    _note(session, principal, "create", task, platform=task.platform)
    if task.is_enabled and task.platform != FILE:
        turns.request(context, session, task, Trigger.PERSON)
    else:
        turns.announce(context, session, task)
    return task


def update(
    context: AppContext,
    session: WriteSession,
    principal: Principal,
    task_id: int,
    wanted: TaskUpdate,
    ref: SourceRef | None,
) -> Task:
    """Change a task; what is left out stays. `ref`: its new source, if it gets another one."""
    task = lock(session, principal, task_id)
    if "name" in wanted.model_fields_set:
        task.has_own_name = bool(wanted.name)
        task.name = wanted.name or task.source_title or task.name
    if ref is not None and (ref.platform, ref.id) != (task.platform, task.source_id):
        _take_source(task, ref)
        task.playlist_url = wanted.playlist_url or task.playlist_url
        task.read_at = task.source_title = task.source_cover_url = None
        if turns.is_busy(task):  # it may have read the former source already
            turns.withdraw(context, session, task)
            turns.request(context, session, task, Trigger.PERSON)
    _apply(task, wanted)
    targets = _targets(session, principal, wanted)
    if targets is not None:
        if not targets:
            raise RuleBroken("a playlist is kept on at least one server", "body", "targets")
        _set_targets(session, task, targets)
    if {"cron_schedule", "timezone", "is_enabled"} & wanted.model_fields_set:
        turns.schedule(task, utcnow())
    task.updated_at = utcnow()
    _note(session, principal, "update", task)
    turns.announce(context, session, task)
    return task


def _take_source(task: Task, ref: SourceRef) -> None:
    task.platform, task.source_id, task.source_url = ref.platform, ref.id[:255], ref.url


def _apply(task: Task, wanted: TaskSettings) -> None:
    said = wanted.model_fields_set
    for name in _PLAIN:
        value = getattr(wanted, name)
        if value is not None:
            setattr(task, name, value)
    if wanted.mode is not None:
        task.mode = wanted.mode
    if wanted.is_enabled is not None:
        task.is_enabled = wanted.is_enabled
    if "cron_schedule" in said:
        task.cron_schedule = wanted.cron_schedule
    if wanted.timezone is not None:
        task.timezone = wanted.timezone
    if "max_removals" in said:
        task.max_removals = wanted.max_removals


def _targets(session: ReadSession, principal: Principal, wanted: TaskSettings) -> list[TargetIn] | None:
    """The targets that were named, each on a server that the caller may use; None if none were."""
    if wanted.targets is not None:
        named = list(wanted.targets)
    elif wanted.server_id is not None:
        named = [TargetIn(server_id=wanted.server_id)]
    else:
        return None
    for target in named:
        try:
            servers.get(session, principal, target.server_id)
        except NotFound:
            raise RuleBroken("there is no such server", "body", "server_id") from None
    return named


def _set_targets(session: WriteSession, task: Task, named: Sequence[TargetIn]) -> None:
    known = {target.server_id: target for target in repository.targets(session, [task.id])[task.id]}
    for rank, wanted in enumerate(named):
        if wanted.playlist_id is not None:
            other = repository.others_playlist(session, wanted.server_id, wanted.playlist_id, task.id)
            if other is not None:
                raise RuleBroken(f"this playlist is kept by another task ({other})", "body", "targets")
        target = known.pop(wanted.server_id, None)
        if target is None:
            target = Target(task_id=task.id, server_id=wanted.server_id, entries=[])
            session.add(target)
        target.rank = rank
        if wanted.playlist_id is not None and wanted.playlist_id != target.playlist_id:
            target.playlist_id, target.entries = wanted.playlist_id, []
            target.synced_at = None
            target.making = target.playlist_title = target.cover_digest = target.description_digest = None
    for gone in known.values():
        session.delete(gone)
    session.flush()


def remove(context: AppContext, session: WriteSession, principal: Principal, task_id: int) -> Task:
    """Keep a playlist in step no more. What is on the servers stays."""
    task = lock(session, principal, task_id)
    turns.withdraw(context, session, task)
    _note(session, principal, "delete", task)
    session.delete(task)
    return task


def sync(context: AppContext, session: WriteSession, principal: Principal, task_id: int) -> Task:
    """Have it synced now."""
    task = lock(session, principal, task_id)
    turns.request(context, session, task, Trigger.PERSON)
    _note(session, principal, "sync", task)
    return task


def approve(context: AppContext, session: WriteSession, principal: Principal, task_id: int) -> Task:
    """Let the next sync remove as much as it has asked for. Raises `Conflict` if it asks for nothing."""
    task = lock(session, principal, task_id)
    removals = int(task.counts.get("removals", 0))
    if task.status != TaskStatus.ASKING or not removals:
        raise Conflict("Nothing waits for approval")
    task.is_removal_approved = True
    task.counts = {**task.counts, "approved": removals}
    turns.request(context, session, task, Trigger.PERSON)
    _note(session, principal, "approve", task, removals=removals)
    return task


def undo(context: AppContext, session: WriteSession, principal: Principal, task_id: int) -> Task:
    """Have the last sync undone that changed something. Raises `Conflict` if there is none, or one runs."""
    task = lock(session, principal, task_id)
    if turns.is_busy(task):
        raise Conflict("A sync is waiting or running: try again when it has ended")
    if repository.undoable(session, task.id) is None:
        raise Conflict("There is nothing to undo")
    turns.request(context, session, task, Trigger.UNDO)
    _note(session, principal, "undo", task)
    return task


def take_file(
    context: AppContext, session: WriteSession, principal: Principal, task_id: int, playlist: SourcePlaylist
) -> Task:
    """Let a file's songs be the task's source, and sync. Raises `Conflict` for a task that has another source."""
    task = lock(session, principal, task_id)
    if task.platform != FILE:
        raise Conflict("This task follows a playlist at a platform: make another one for the file")
    songs.store(session, task.id, playlist)
    task.source_id = playlist.ref.id
    take_facts(task, playlist)
    # What could not be read of a file will not come by reading it again: it is what there is.
    task.is_source_complete = True
    task.read_at = utcnow()
    _note(session, principal, "file", task, songs=len(playlist.tracks))
    if task.is_enabled:
        turns.request(context, session, task, Trigger.PERSON)
    return task


def runs(
    session: ReadSession, principal: Principal, task_id: int, *, before: int | None, limit: int
) -> tuple[list[Run], int | None]:
    """A task's runs, newest first, and the one that can be undone."""
    task = get(session, principal, task_id)
    undoable = repository.undoable(session, task.id)
    found = repository.runs(session, task.id, before=before, limit=limit)
    return found, undoable.id if undoable is not None else None


def _note(session: WriteSession, principal: Principal, verb: str, task: Task, **details: Any) -> None:
    details = {"name": task.name, **details}
    audit.record(session, f"task.{verb}", principal=principal, subject=f"task:{task.id}", details=details)
