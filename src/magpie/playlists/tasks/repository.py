"""Queries of tasks, their targets, songs, verdicts and runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, delete, exists, func, insert, or_, select, update

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession, WriteSession
from magpie.playlists.models import (
    ArtistAlias,
    Decision,
    Run,
    RunStatus,
    Server,
    Song,
    SongMatch,
    Target,
    Task,
    TaskStatus,
)

_UNSYNCHRONIZED = {"synchronize_session": False}
_PART = 500
BUSY = (TaskStatus.WAITING, TaskStatus.SYNCING)


# Tasks


def get(session: ReadSession, task_id: int) -> Task | None:
    return session.get(Task, task_id)


def lock(session: WriteSession, task_id: int) -> Task | None:
    """The task as it is now, nobody else's to change until the unit of work ends."""
    query = select(Task).where(Task.id == task_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def lock_by_key(session: WriteSession, key: str) -> Task | None:
    query = select(Task).where(Task.key == key).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def page(session: ReadSession, principal: Principal, *, skip: int, limit: int) -> tuple[list[Task], int]:
    """A page of tasks, newest first, and how many there are in all."""
    mine = visible_to(principal, Task.user_id)
    total = session.scalar(select(func.count()).select_from(Task).where(mine)) or 0
    query = select(Task).where(mine).order_by(Task.id.desc()).offset(skip).limit(limit)
    return list(session.scalars(query)), total


def still_mine(session: WriteSession, task_id: int, claim: int, **values: Any) -> bool:
    """Write values into the task's row if the sync still holds it."""
    held = update(Task).where(Task.id == task_id, Task.claim == claim, Task.status == TaskStatus.SYNCING)
    result: Any = session.execute(held.values(values or {"claim": claim}), execution_options=_UNSYNCHRONIZED)
    return bool(result.rowcount)


def due(session: ReadSession, now: datetime, limit: int) -> list[int]:
    """Tasks whose time has come, the longest waiting first."""
    query = select(Task.id).where(*_due(now)).order_by(Task.next_run_at, Task.id).limit(limit)
    return list(session.scalars(query))


def lock_due(session: WriteSession, ids: Collection[int], now: datetime) -> list[Task]:
    """Of those the ones that are still due, locked; what somebody else works on is left out."""
    query = select(Task).where(Task.id.in_(ids), *_due(now)).order_by(Task.id)
    query = query.with_for_update(key_share=True, skip_locked=True)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Task.next_run_at <= now, Task.is_enabled.is_(True), Task.status.not_in(BUSY)


def count_busy(session: ReadSession) -> int:
    return session.scalar(select(func.count()).select_from(Task).where(Task.status.in_(BUSY))) or 0


def unfinished(session: ReadSession) -> list[tuple[Task, str | None]]:
    """Tasks whose sync waits or runs, each with its site in the engine's queue."""
    tasks = list(session.scalars(select(Task).where(Task.status.in_(BUSY)).order_by(Task.id)))
    keys = main_server_keys(session, [task.id for task in tasks])
    return [(task, keys.get(task.id)) for task in tasks]


def main_server_keys(session: ReadSession, task_ids: Collection[int]) -> dict[int, str]:
    """The key of each task's first server."""
    query = select(Target.task_id, Server.key).join(Server, Server.id == Target.server_id)
    query = query.where(Target.task_id.in_(task_ids)).order_by(Target.rank.desc(), Target.id.desc())
    return {row[0]: row[1] for row in session.execute(query)}


# Targets


def targets(session: ReadSession, task_ids: Collection[int]) -> dict[int, list[Target]]:
    """The targets of each task, the first one first."""
    query = select(Target).where(Target.task_id.in_(task_ids)).order_by(Target.rank, Target.id)
    found: dict[int, list[Target]] = {task_id: [] for task_id in task_ids}
    for target in session.scalars(query):
        found[target.task_id].append(target)
    return found


def lock_target(session: WriteSession, target_id: int) -> Target | None:
    query = select(Target).where(Target.id == target_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def servers_of(session: ReadSession, ids: Collection[int]) -> dict[int, Server]:
    return {server.id: server for server in session.scalars(select(Server).where(Server.id.in_(ids)))}


def others_playlist(session: ReadSession, server_id: int, playlist_id: str, task_id: int) -> int | None:
    """Another task that keeps this very playlist."""
    query = select(Target.task_id).where(
        Target.server_id == server_id, Target.playlist_id == playlist_id, Target.task_id != task_id
    )
    return session.scalar(query.limit(1))


# Songs


def songs(session: ReadSession, task_id: int) -> list[Song]:
    """The source's playlist, in its order."""
    query = select(Song).where(Song.task_id == task_id).order_by(Song.position, Song.id)
    return list(session.scalars(query))


def song_count(session: ReadSession, task_id: int) -> int:
    return session.scalar(select(func.count()).where(Song.task_id == task_id)) or 0


def add_songs(session: WriteSession, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(Song), rows)


def write_songs(session: WriteSession, rows: Sequence[dict[str, Any]]) -> None:
    """`rows`: id and the columns to be set, the same ones in each."""
    if rows:
        session.execute(update(Song), rows)


def delete_songs(session: WriteSession, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _PART):
        part = delete(Song).where(Song.id.in_(ids[start : start + _PART]))
        session.execute(part, execution_options=_UNSYNCHRONIZED)


def existing_songs(session: ReadSession, ids: Sequence[int]) -> set[int]:
    """Those of these songs that are still there."""
    found: set[int] = set()
    for start in range(0, len(ids), _PART):
        found.update(session.scalars(select(Song.id).where(Song.id.in_(ids[start : start + _PART]))))
    return found


# Verdicts


def matches(session: ReadSession, target_id: int) -> dict[int, SongMatch]:
    """The verdicts of a target, by song."""
    query = select(SongMatch).where(SongMatch.target_id == target_id)
    return {match.song_id: match for match in session.scalars(query)}


def match_of(session: ReadSession, song_id: int, target_id: int) -> SongMatch | None:
    return session.get(SongMatch, (song_id, target_id))


def put_matches(session: WriteSession, target_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Replace the verdicts on these songs."""
    ids = [row["song_id"] for row in rows]
    for start in range(0, len(ids), _PART):
        part = SongMatch.song_id.in_(ids[start : start + _PART])
        session.execute(
            delete(SongMatch).where(SongMatch.target_id == target_id, part), execution_options=_UNSYNCHRONIZED
        )
    if rows:
        session.execute(insert(SongMatch), list(rows))


def forget_matches(session: WriteSession, user_id: int, song_key: str) -> None:
    """Have a song judged anew in all playlists of a user."""
    mine = select(Song.id).join(Task, Task.id == Song.task_id)
    mine = mine.where(Task.user_id == user_id, Song.song_key == song_key)
    session.execute(delete(SongMatch).where(SongMatch.song_id.in_(mine)), execution_options=_UNSYNCHRONIZED)


def forget_songs_matches(session: WriteSession, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _PART):
        part = delete(SongMatch).where(SongMatch.song_id.in_(ids[start : start + _PART]))
        session.execute(part, execution_options=_UNSYNCHRONIZED)


def verdict_counts(session: ReadSession, target_id: int) -> dict[str, int]:
    query = select(SongMatch.verdict, func.count()).where(SongMatch.target_id == target_id)
    return {row[0]: row[1] for row in session.execute(query.group_by(SongMatch.verdict))}


def verdicts_of_task(session: ReadSession, task_id: int) -> dict[str, int]:
    """A task's songs by verdict, on its first server: `waiting` are not judged yet."""
    total = song_count(session, task_id)
    first = next(iter(targets(session, [task_id])[task_id]), None)
    found = verdict_counts(session, first.id) if first is not None else {}
    counts = {name: found.get(name, 0) for name in ("matched", "review", "missing")}
    return {**counts, "total": total, "waiting": max(0, total - sum(counts.values()))}


def wanted_ids(session: ReadSession, target_id: int) -> list[str]:
    """The tracks of the matched songs of a target, in the source's order."""
    query = select(SongMatch.track_id).join(Song, Song.id == SongMatch.song_id)
    query = query.where(SongMatch.target_id == target_id, SongMatch.verdict == "matched")
    return [one for one in session.scalars(query.order_by(Song.position, Song.id)) if one]


def judged(
    session: ReadSession,
    task_id: int,
    target_id: int,
    *,
    verdicts: Collection[str],
    words: str | None,
    after: tuple[int, int] | None,
    limit: int,
) -> list[tuple[Song, SongMatch | None]]:
    """Songs with their verdicts, in the source's order; `after`: position and id of the last one that was seen."""
    mine = and_(SongMatch.song_id == Song.id, SongMatch.target_id == target_id)
    query = select(Song, SongMatch).outerjoin(SongMatch, mine).where(Song.task_id == task_id)
    if verdicts:
        known = SongMatch.verdict.in_([one for one in verdicts if one != "waiting"])
        query = query.where(or_(known, SongMatch.verdict.is_(None)) if "waiting" in verdicts else known)
    if words:
        like = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(or_(Song.title.ilike(like, escape="\\"), Song.album.ilike(like, escape="\\")))
    if after is not None:
        later = and_(Song.position == after[0], Song.id > after[1])
        query = query.where(or_(Song.position > after[0], later))
    rows: Sequence[Any] = session.execute(query.order_by(Song.position, Song.id).limit(limit)).all()
    return [(row[0], row[1]) for row in rows]


def same_songs(session: ReadSession, user_id: int, song_key: str) -> Iterator[tuple[Song, Target]]:
    """Every place where a song is wanted by a user, with every target there."""
    query = select(Song, Target).join(Task, Task.id == Song.task_id).join(Target, Target.task_id == Task.id)
    query = query.where(Task.user_id == user_id, Song.song_key == song_key).order_by(Song.id, Target.id)
    return ((song, target) for song, target in session.execute(query))


def song_of(session: ReadSession, task_id: int, song_id: str) -> Song | None:
    """By what the source calls it."""
    query = select(Song).where(Song.task_id == task_id, Song.song_id == song_id)
    return session.scalar(query.order_by(Song.position).limit(1))


def with_waiting_songs(session: ReadSession, server_id: int) -> list[int]:
    """Tasks on this server some of whose songs are not there, or doubtful."""
    waiting = exists().where(
        SongMatch.target_id == Target.id,
        SongMatch.verdict.in_(("missing", "review")),
        SongMatch.is_decided.is_(False),
    )
    query = select(Target.task_id).where(Target.server_id == server_id, waiting)
    return list(session.scalars(query.distinct().order_by(Target.task_id)))


def waiting_tasks_by_server(session: ReadSession, *, before: datetime) -> list[int]:
    """Of every server that some playlist waits for and that no sync has asked since then, one task."""
    waiting = exists().where(
        SongMatch.target_id == Target.id,
        SongMatch.verdict.in_(("missing", "review")),
        SongMatch.is_decided.is_(False),
    )
    query = select(func.min(Target.task_id)).join(Task, Task.id == Target.task_id)
    query = query.join(Server, Server.id == Target.server_id).where(
        waiting,
        Task.is_enabled.is_(True),
        Task.read_at.is_not(None),
        Task.status.not_in((*BUSY, TaskStatus.ASKING)),
        or_(Server.indexed_at.is_(None), Server.indexed_at < before),
    )
    found = session.scalars(query.group_by(Target.server_id))
    return sorted(set(found))


# Decisions and names


def decisions(session: ReadSession, user_id: int) -> dict[str, Decision]:
    """All that a user has decided, by song."""
    query = select(Decision).where(Decision.user_id == user_id)
    return {decision.song_key: decision for decision in session.scalars(query)}


def decision(session: ReadSession, user_id: int, song_key: str) -> Decision | None:
    return session.scalar(select(Decision).where(Decision.user_id == user_id, Decision.song_key == song_key))


def alias_rows(session: ReadSession, user_id: int) -> list[ArtistAlias]:
    query = select(ArtistAlias).where(ArtistAlias.user_id == user_id)
    return list(session.scalars(query.order_by(ArtistAlias.id)))


# Runs


def run(session: ReadSession, run_id: int) -> Run | None:
    return session.get(Run, run_id)


def lock_run(session: WriteSession, run_id: int) -> Run | None:
    query = select(Run).where(Run.id == run_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def runs(session: ReadSession, task_id: int, *, before: int | None, limit: int) -> list[Run]:
    """A task's runs, newest first."""
    query = select(Run).where(Run.task_id == task_id)
    if before is not None:
        query = query.where(Run.id < before)
    return list(session.scalars(query.order_by(Run.id.desc()).limit(limit)))


def _can_undo() -> tuple[ColumnElement[bool], ...]:
    """Only the last run that has changed something has kept what undoing it needs."""
    kept = func.length(cast(Run.undo, Text)) > len("{}")
    return kept, Run.undone_at.is_(None), Run.status != RunStatus.RUNNING


def undoable(session: ReadSession, task_id: int) -> Run | None:
    """The last run that has changed a playlist, unless it has been undone."""
    query = select(Run).where(Run.task_id == task_id, *_can_undo())
    return session.scalar(query.order_by(Run.id.desc()).limit(1))


def undoable_tasks(session: ReadSession, task_ids: Collection[int]) -> set[int]:
    """Those of these tasks whose last change can be undone."""
    query = select(Run.task_id).where(Run.task_id.in_(task_ids), *_can_undo())
    return {task_id for task_id in session.scalars(query) if task_id is not None}


def prune_runs(session: WriteSession, task_id: int, *, keep: int) -> None:
    """Forget old runs, but for the one that can be undone, however old it is."""
    newest = select(Run.id).where(Run.task_id == task_id).order_by(Run.id.desc())
    oldest = session.scalar(newest.offset(keep - 1).limit(1))
    if oldest is not None:
        session.execute(
            delete(Run).where(Run.task_id == task_id, Run.id < oldest, ~and_(*_can_undo())),
            execution_options=_UNSYNCHRONIZED,
        )


def forget_undo(session: WriteSession, task_id: int, *, but: int) -> None:
    """Forget what undoing older runs would need: a later one has changed the playlists."""
    older = update(Run).where(Run.task_id == task_id, Run.id != but)
    session.execute(older.values(undo={}), execution_options=_UNSYNCHRONIZED)
