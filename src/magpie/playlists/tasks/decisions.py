"""Verdicts as people see and decide them. A decision holds for all playlists of its user, and on every server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import NotFound
from magpie.kit.paging import decode_cursor, encode_cursor
from magpie.playlists.index import service as index
from magpie.playlists.matching.service import Verdict
from magpie.playlists.models import Choice, Decision, Song, SongMatch, Target, Task
from magpie.playlists.sync.judging import DECIDED, facts_of
from magpie.playlists.tasks import repository, service, turns
from magpie.playlists.tasks.schemas import DecisionIn
from magpie.playlists.tracks import Track

# After the last of several decisions the playlists are brought in step by themselves.
FOLLOW_UP = timedelta(seconds=30)
MOST_REFUSED = 50


@dataclass(frozen=True, slots=True)
class Judged:
    """A song, its verdict (None: not judged yet), and the track that it was matched with."""

    song: Song
    match: SongMatch | None
    track: Track | None


@dataclass(frozen=True, slots=True)
class Page:
    judged: list[Judged]
    next_cursor: str | None


def target_of(session: ReadSession, task: Task, server_id: int | None) -> Target:
    """The task's target on that server, or its first one. Raises `NotFound`."""
    for target in repository.targets(session, [task.id])[task.id]:
        if server_id is None or target.server_id == server_id:
            return target
    raise NotFound


def page(
    session: ReadSession,
    principal: Principal,
    task_id: int,
    *,
    server_id: int | None,
    verdicts: list[str],
    words: str | None,
    cursor: str | None,
    limit: int,
) -> Page:
    """A page of a task's songs with their verdicts on one server."""
    task = service.get(session, principal, task_id)
    target = target_of(session, task, server_id)
    after: tuple[int, int] | None = None
    if cursor:
        position, song_id = decode_cursor(cursor, (int, int))
        after = int(position), int(song_id)
    rows = repository.judged(
        session, task.id, target.id, verdicts=verdicts, words=words, after=after, limit=limit + 1
    )
    more, rows = len(rows) > limit, rows[:limit]
    judged = _with_tracks(session, target.server_id, rows)
    last = rows[-1][0] if more and rows else None
    return Page(judged, encode_cursor(last.position, last.id) if last is not None else None)


def every(
    session: ReadSession, principal: Principal, task_id: int, *, server_id: int | None, verdicts: list[str]
) -> list[Judged]:
    """All of a task's songs with these verdicts (none named: all) on one server."""
    task = service.get(session, principal, task_id)
    target = target_of(session, task, server_id)
    rows = repository.judged(
        session, task.id, target.id, verdicts=verdicts, words=None, after=None, limit=1_000_000
    )
    return _with_tracks(session, target.server_id, rows)


def _with_tracks(
    session: ReadSession, server_id: int, rows: list[tuple[Song, SongMatch | None]]
) -> list[Judged]:
    wanted = {match.track_id for _, match in rows if match is not None and match.track_id}
    known = index.by_ids(session, server_id, wanted)
    return [
        Judged(song, match, known.get(match.track_id) if match is not None and match.track_id else None)
        for song, match in rows
    ]


def decide(
    context: AppContext, session: WriteSession, principal: Principal, task_id: int, wanted: DecisionIn
) -> list[Judged]:
    """Note what a person says about a song; what that makes of it in this task. Raises `NotFound`.

    It counts at once wherever that needs no matching; elsewhere the song is judged anew at the next sync.
    """
    task = service.lock(session, principal, task_id)
    song = repository.song_of(session, task.id, wanted.song_id)
    if song is None:
        raise NotFound
    target = target_of(session, task, wanted.server_id)
    track = None
    if wanted.track_id is not None and wanted.choice in ("track", "refuse"):
        track = index.by_ids(session, target.server_id, [wanted.track_id]).get(wanted.track_id)
        if track is None:
            raise NotFound("There is no such track on this server")
    _remember(session, task.user_id, song.song_key, wanted, target, track)
    _apply(session, task.user_id, song.song_key, wanted, target, track)
    _follow_up(context, session, task.user_id, song.song_key)
    details: dict[str, Any] = {"song": song.title, "choice": wanted.choice}
    audit.record(session, "task.decide", principal=principal, subject=f"task:{task.id}", details=details)
    rows = [
        (one, repository.match_of(session, one.id, target.id))
        for one in repository.songs(session, task.id)
        if one.song_key == song.song_key
    ]
    return _with_tracks(session, target.server_id, rows)


def _remember(
    session: WriteSession,
    user_id: int,
    song_key: str,
    wanted: DecisionIn,
    target: Target,
    track: Track | None,
) -> None:
    decision = repository.decision(session, user_id, song_key)
    if wanted.choice == "forget":
        if decision is not None:
            session.delete(decision)
            session.flush()
        return
    if decision is None:
        decision = Decision(user_id=user_id, song_key=song_key, choice="", facts={}, refused=[])
        session.add(decision)
    decision.updated_at = utcnow()
    if wanted.choice == "refuse" and track is not None:
        kept = [facts for facts in decision.refused if facts.get("id") != track.id]
        decision.refused = [*kept, facts_of(track)][-MOST_REFUSED:]
        if decision.choice == Choice.TRACK and decision.track_id == track.id:
            decision.choice, decision.track_id, decision.facts = "", None, {}
    elif wanted.choice == "track" and track is not None:
        decision.choice, decision.server_id = Choice.TRACK, target.server_id
        decision.track_id, decision.facts = track.id, facts_of(track)
        decision.refused = [facts for facts in decision.refused if facts.get("id") != track.id]
    else:
        decision.choice, decision.track_id, decision.facts = Choice.NEVER, None, {}
    session.flush()


def _apply(
    session: WriteSession,
    user_id: int,
    song_key: str,
    wanted: DecisionIn,
    target: Target,
    track: Track | None,
) -> None:
    """Change the verdicts wherever the song is wanted."""
    places = list(repository.same_songs(session, user_id, song_key))
    candidates = {
        (song.id, place.id): match.candidates
        for song, place in places
        if (match := repository.match_of(session, song.id, place.id)) is not None
    }
    repository.forget_matches(session, user_id, song_key)
    session.expire_all()
    for song, place in places:
        row: dict[str, Any] = {
            "song_id": song.id,
            "target_id": place.id,
            "reasons": [DECIDED],
            "candidates": candidates.get((song.id, place.id), []),
            "is_decided": True,
            "matched_at": utcnow(),
        }
        if wanted.choice == "never":
            row |= {"verdict": Verdict.MISSING.value, "track_id": None, "score": 0.0}
        elif wanted.choice == "track" and track is not None and place.server_id == target.server_id:
            row |= {"verdict": Verdict.MATCHED.value, "track_id": track.id, "score": 1.0}
        else:
            continue
        repository.put_matches(session, place.id, [row])


def _follow_up(context: AppContext, session: WriteSession, user_id: int, song_key: str) -> None:
    """Have the playlists with this song brought in step a little later, so that a whole review is one sync."""
    due = utcnow() + FOLLOW_UP
    for task_id in sorted({song.task_id for song, _ in repository.same_songs(session, user_id, song_key)}):
        task = repository.lock(session, task_id)
        if task is None:
            continue
        task.counts = {**task.counts, **repository.verdicts_of_task(session, task_id)}
        if not task.is_enabled or task.read_at is None:
            continue
        later = task.next_run_at is None or task.next_run_at > due
        soon = task.next_run_at is not None and task.next_run_at - utcnow() <= FOLLOW_UP
        if later or soon:
            task.next_run_at = due
            turns.announce(context, session, task)
