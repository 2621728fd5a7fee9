"""From rows to what is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from magpie.kit.db import ReadSession
from magpie.playlists.models import Run, Server, Song, Target, Task, TaskStatus
from magpie.playlists.tasks import covers, repository
from magpie.playlists.tasks.decisions import Judged
from magpie.playlists.tasks.planning import Draft, Drafts
from magpie.playlists.tasks.schemas import (
    WAITING,
    FoundTrack,
    MatchOut,
    OpOut,
    PlanOut,
    RunLine,
    RunOut,
    SongOut,
    TargetPlan,
    TaskCounts,
    TaskOut,
    TaskTarget,
    UnmatchedOut,
)
from magpie.playlists.tracks import Track

_MADE = ("server_id", "needs_approval", "removals", "can_undo", "counts", "targets", "cover_url")
_OF_TARGET = (
    "id",
    "server_id",
    "playlist_id",
    "playlist_title",
    "status",
    "reason",
    "error_message",
    "synced_at",
)


def counts_out(task: Task) -> TaskCounts:
    return TaskCounts(**{name: int(task.counts.get(name, 0)) for name in TaskCounts.model_fields})


def tasks_out(session: ReadSession, tasks: Sequence[Task]) -> list[TaskOut]:
    """Tasks with their targets."""
    targets = repository.targets(session, [task.id for task in tasks])
    ids = {target.server_id for found in targets.values() for target in found}
    servers = repository.servers_of(session, ids)
    undoable = repository.undoable_tasks(session, [task.id for task in tasks])
    return [_task_out(task, targets[task.id], servers, task.id in undoable) for task in tasks]


def task_out(session: ReadSession, task: Task) -> TaskOut:
    return tasks_out(session, [task])[0]


def _task_out(
    task: Task, targets: Sequence[Target], servers: Mapping[int, Server], can_undo: bool
) -> TaskOut:
    fields = {name: getattr(task, name) for name in TaskOut.model_fields if name not in _MADE}
    asks = task.status == TaskStatus.ASKING
    return TaskOut(
        **fields,
        server_id=targets[0].server_id if targets else None,
        needs_approval=asks,
        removals=int(task.counts.get("removals", 0)) if asks else 0,
        can_undo=can_undo,
        cover_url=covers.address_of(task),
        counts=counts_out(task),
        targets=[_target_out(target, servers[target.server_id]) for target in targets],
    )


def _target_out(target: Target, server: Server) -> TaskTarget:
    fields: dict[str, Any] = {name: getattr(target, name) for name in _OF_TARGET}
    return TaskTarget(
        **fields, server_name=server.name, server_type=server.server_type, count=len(target.entries)
    )


def song_out(song: Song) -> SongOut:
    return SongOut.model_validate({name: getattr(song, name) for name in SongOut.model_fields})


def found_out(track: Track, **more: Any) -> FoundTrack:
    return FoundTrack(
        track_id=track.id,
        title=track.title,
        artists=list(track.artists),
        album=track.album,
        duration=track.duration,
        **more,
    )


def _verdict_of(judged: Judged) -> Any:
    return judged.match.verdict if judged.match is not None else WAITING


def match_out(judged: Judged) -> MatchOut:
    match = judged.match
    return MatchOut(
        song=song_out(judged.song),
        verdict=_verdict_of(judged),
        score=match.score if match is not None else 0.0,
        reasons=list(match.reasons) if match is not None else [],
        is_decided=match.is_decided if match is not None else False,
        track=found_out(judged.track) if judged.track is not None else None,
        candidates=[FoundTrack.model_validate(one) for one in match.candidates] if match is not None else [],
    )


def unmatched_out(judged: Judged) -> UnmatchedOut:
    song, match = judged.song, judged.match
    return UnmatchedOut(
        song_id=song.song_id,
        title=song.title,
        artist=", ".join(song.artists),
        artists=list(song.artists),
        album=song.album,
        duration=song.duration,
        verdict=_verdict_of(judged),
        reasons=list(match.reasons) if match is not None else [],
        is_decided=match.is_decided if match is not None else False,
        is_available=song.is_available,
    )


def plan_out(drafts: Drafts) -> PlanOut:
    return PlanOut(
        is_source_complete=drafts.is_complete, targets=[_target_plan(one) for one in drafts.targets]
    )


def _target_plan(one: Draft) -> TargetPlan:
    counts = one.plan.counts() if one.plan is not None else {"added": 0, "removed": 0, "moved": 0}
    ops = [
        OpOut(
            op=op.edit,
            before=op.before,
            position=op.position,
            track_id=op.track_id,
            song=song_out(one.songs[op.position]) if op.position in one.songs else None,
            track=found_out(one.tracks[op.track_id]) if op.track_id in one.tracks else None,
        )
        for op in (one.plan.ops() if one.plan is not None else ())
    ]
    return TargetPlan(
        target_id=one.target.id,
        server_id=one.server.id,
        server_name=one.server.name,
        is_new=one.target.playlist_id is None,
        needs_approval=one.needs_approval,
        error=one.error,
        reason=one.reason,
        ops=ops,
        **counts,
    )


def run_out(run: Run, undoable: int | None) -> RunOut:
    fields = {name: getattr(run, name) for name in RunOut.model_fields if name not in ("lines", "can_undo")}
    return RunOut(
        **fields, lines=[RunLine.model_validate(line) for line in run.lines], can_undo=run.id == undoable
    )
