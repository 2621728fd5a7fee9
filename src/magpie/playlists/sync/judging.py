"""The verdict on each wanted song for one server: what a person decided, then what Magpie itself put there, then the
matcher. What has been matched stays so while its track is there: playlists do not change their minds by themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession
from magpie.playlists.index import service as index
from magpie.playlists.matching.service import Candidate, Match, Matcher, Verdict
from magpie.playlists.models import Choice, Decision, Server, Song, SongMatch, Target
from magpie.playlists.sync import held
from magpie.playlists.sync.matchers import Matchers, Rules, rules_of
from magpie.playlists.sync.songs import track_of
from magpie.playlists.tasks import repository
from magpie.playlists.tracks import Track

DECIDED = "decided"
BATCH = 500  # verdicts in one unit of work
_FACTS = ("title", "artists", "album", "duration", "isrc", "mbid")


def facts_of(track: Track) -> dict[str, Any]:
    """What is remembered of a track that a person has picked or refused, so that it is known again elsewhere."""
    facts = {name: getattr(track, name) for name in _FACTS}
    return {**facts, "artists": list(track.artists), "id": track.id}


def candidate_of(candidate: Candidate) -> dict[str, Any]:
    """A candidate as it is stored and shown."""
    track = candidate.track
    return {
        "track_id": track.id,
        "title": track.title,
        "artists": list(track.artists),
        "album": track.album,
        "duration": track.duration,
        "score": round(candidate.score, 4),
        "reasons": list(candidate.reasons),
    }


@dataclass(frozen=True, slots=True)
class Ground:
    """What the verdicts of one target rest on."""

    target_id: int
    server_id: int
    revision: int
    rules: Rules
    decisions: Mapping[str, Decision]
    held: Mapping[tuple[str, str], str]  # (platform, its id) -> track, for songs that Magpie has put there

    @property
    def digest(self) -> str:
        return f"{self.rules.digest}.{self.revision}"


def ground_of(session: ReadSession, user_id: int, target: Target, server: Server) -> Ground:
    return Ground(
        target_id=target.id,
        server_id=server.id,
        revision=server.revision,
        rules=rules_of(session, user_id),
        decisions=repository.decisions(session, user_id),
        held=held.by_source(session, user_id, server),
    )


class Judge:
    """Judges songs on one ground. The matcher is made when the first song needs it."""

    def __init__(
        self, ground: Ground, matcher: Callable[[], Matcher], present: Callable[[], Collection[str]]
    ) -> None:
        self._ground = ground
        self._make = matcher
        self._present = present
        self._matcher: Matcher | None = None

    @property
    def matcher(self) -> Matcher:
        if self._matcher is None:
            self._matcher = self._make()
        return self._matcher

    def judge(self, song: Song) -> dict[str, Any]:
        """The verdict as a row of `SongMatch`."""
        decision = self._ground.decisions.get(song.song_key)
        if decision is not None and decision.choice == Choice.NEVER:
            return self._row(song, Match(Verdict.MISSING, None, 0.0, (DECIDED,)), is_decided=True)
        if decision is not None and decision.choice == Choice.TRACK:
            picked = self._picked(decision)
            if picked is not None:
                return self._row(
                    song, Match(Verdict.MATCHED, None, 1.0, (DECIDED,)), track_id=picked, is_decided=True
                )
        found = self.matcher.match(track_of(song), source_map=self._ground.held)
        if decision is not None and decision.refused:
            found = _without(found, decision.refused)
        return self._row(song, found)

    def _picked(self, decision: Decision) -> str | None:
        """The track that a person has chosen: itself, or its like on another server."""
        if decision.server_id == self._ground.server_id and decision.track_id in self._present():
            return decision.track_id
        facts = decision.facts
        if not facts.get("title"):
            return None
        known: dict[str, Any] = {name: facts.get(name) for name in _FACTS}
        known["artists"] = tuple(facts.get("artists") or ())
        like = Track(id="", **known)
        found = self.matcher.match(like)
        return found.track.id if found.verdict is Verdict.MATCHED and found.track is not None else None

    def _row(
        self, song: Song, found: Match, *, track_id: str | None = None, is_decided: bool = False
    ) -> dict[str, Any]:
        return {
            "song_id": song.id,
            "target_id": self._ground.target_id,
            "verdict": found.verdict.value,
            "track_id": track_id or (found.track.id if found.track else None),
            "score": float(found.score),
            "reasons": list(found.reasons),
            "candidates": [candidate_of(one) for one in found.candidates],
            "is_decided": is_decided,
            "matched_at": utcnow(),
        }


def _without(found: Match, refused: Sequence[Mapping[str, Any]]) -> Match:
    """A verdict without the tracks that a person has said it is not."""
    left = tuple(one for one in found.candidates if not is_refused(one.track, refused))
    if found.track is None or not is_refused(found.track, refused):
        verdict = Verdict.MISSING if found.verdict is Verdict.REVIEW and not left else found.verdict
        return Match(verdict, found.track, found.score, found.reasons, left)
    if not left:
        return Match(Verdict.MISSING, None, 0.0, (DECIDED,))
    return Match(Verdict.REVIEW, None, left[0].score, (DECIDED, *left[0].reasons), left)


def is_refused(track: Track, refused: Sequence[Mapping[str, Any]]) -> bool:
    """Whether it is one of those tracks, on this server or, by its facts, on another."""
    for facts in refused:
        same = facts.get("title") == track.title and tuple(facts.get("artists") or ()) == track.artists
        lengths = facts.get("duration"), track.duration
        near = None in lengths or abs(float(lengths[0] or 0) - float(lengths[1] or 0)) <= 2
        if facts.get("id") == track.id or (same and near and facts.get("album") == track.album):
            return True
    return False


def stale(
    songs: Sequence[Song],
    known: Mapping[int, SongMatch],
    before: str | None,
    ground: Ground,
    present: Callable[[], Collection[str]],
) -> list[Song]:
    """The songs that are to be judged: new ones, all if the rules have changed, and if only the index has, those that
    were not there and those whose track has gone."""
    rules, _, _ = (before or "").partition(".")
    if rules != ground.rules.digest:
        return list(songs)
    missing = [song for song in songs if song.id not in known]
    if before == ground.digest:
        return missing
    there = present()
    again = {
        song_id
        for song_id, match in known.items()
        if match.verdict != Verdict.MATCHED.value or match.track_id not in there
    }
    return [song for song in songs if song.id not in known or song.id in again]


def settle(
    context: AppContext,
    matchers: Matchers,
    user_id: int,
    target_id: int,
    check: Callable[[], None] = lambda: None,
) -> dict[str, int]:
    """Bring the verdicts of a target up to date with its songs and its server's index; how many there are of each.

    Raises `LookupError` if the target is gone.
    """
    with context.database.read() as session:
        target = session.get(Target, target_id)
        server = session.get(Server, target.server_id) if target is not None else None
        if target is None or server is None:
            raise LookupError("the target is gone")
        ground = ground_of(session, user_id, target, server)
        songs = repository.songs(session, target.task_id)
        known = repository.matches(session, target_id)
        before = target.matched_with
    present = _Present(context, server.id)
    judge = Judge(ground, lambda: matchers.of(context, server.id, ground.revision, ground.rules), present)
    to_judge = stale(songs, known, before, ground, present)
    for start in range(0, len(to_judge), BATCH):
        check()
        rows = [judge.judge(song) for song in to_judge[start : start + BATCH]]
        with context.database.write() as session:
            repository.put_matches(session, target_id, _of_known_songs(session, rows))
    with context.database.write() as session:
        locked = repository.lock_target(session, target_id)
        if locked is None:
            raise LookupError("the target is gone")
        if locked.matched_with != ground.digest:
            locked.matched_with = ground.digest
        return repository.verdict_counts(session, target_id)


def _of_known_songs(session: ReadSession, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without those of songs that were deleted meanwhile."""
    known = repository.existing_songs(session, [row["song_id"] for row in rows])
    return [row for row in rows if row["song_id"] in known]


class _Present:
    """The ids of a server's tracks, read when they are asked for."""

    def __init__(self, context: AppContext, server_id: int) -> None:
        self._context = context
        self._server_id = server_id
        self._ids: set[str] | None = None

    def __call__(self) -> set[str]:
        if self._ids is None:
            with self._context.database.read() as session:
                self._ids = index.ids(session, self._server_id)
        return self._ids
