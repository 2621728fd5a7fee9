"""The dry run: what the next sync would do, as a diff, without writing anything anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.logs import redact
from magpie.playlists.index import service as index
from magpie.playlists.matching.service import Verdict
from magpie.playlists.media_servers import service as servers
from magpie.playlists.models import Mode, Server, Song, Target, Task
from magpie.playlists.servers.port import Fault, MediaServer, ServerFailed
from magpie.playlists.sources import service as sources
from magpie.playlists.sources.fetching import Fetcher
from magpie.playlists.sources.port import SourceFailed, SourceRef
from magpie.playlists.sync import judging
from magpie.playlists.sync import songs as source_songs
from magpie.playlists.sync.keeping import needs_approval, planned
from magpie.playlists.sync.matchers import Matchers
from magpie.playlists.sync.plan import Plan
from magpie.playlists.tasks import repository, service
from magpie.playlists.tracks import Track


@dataclass(frozen=True, slots=True)
class Wish:
    """The songs that are wanted, and whether the source told all of them."""

    songs: list[Song]
    is_complete: bool


@dataclass(slots=True)
class Draft:
    """What would be done to one target; `plan` is None where nothing can be said, and `reason` says why."""

    target: Target
    server: Server
    plan: Plan | None = None
    needs_approval: bool = False
    reason: str | None = None
    error: str | None = None
    songs: dict[int, Song] = field(default_factory=dict)  # by the place in the result
    tracks: dict[str, Track] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drafts:
    is_complete: bool
    targets: list[Draft]


def draft(
    context: AppContext, matchers: Matchers, principal: Principal, task_id: int, *, fresh: bool
) -> Drafts:
    """What the next sync would do. `fresh`: ask the source what it has now; otherwise by what it had last.

    Raises `NotFound`, `SourceFailed`.
    """
    with context.database.read() as session:
        task = service.get(session, principal, task_id)
        songs = repository.songs(session, task.id)
        targets = repository.targets(session, [task.id])[task.id]
        known = repository.servers_of(session, [target.server_id for target in targets])
    wish = Wish(songs, task.is_source_complete)
    if task.platform != sources.FILE and (fresh or task.read_at is None):
        wish = _asked(context, task, songs)
    drafts = [Draft(target, known[target.server_id]) for target in targets if target.server_id in known]
    for one in drafts:
        try:
            _Drafting(context, matchers, task, wish, one).run()
        except ServerFailed as failure:
            one.reason, one.error = failure.reason.value, redact(failure.message)
    return Drafts(wish.is_complete, drafts)


def _asked(context: AppContext, task: Task, stored: Sequence[Song]) -> Wish:
    """What the source has now. Raises `SourceFailed`."""
    with Fetcher(context.settings) as fetcher:
        playlist = sources.fetch(SourceRef(task.platform, task.source_id, task.source_url), fetcher)
    told = source_songs.fresh(playlist.tracks)
    keys = [song.song_key for song in told]
    order = source_songs.order_of([song.song_key for song in stored], keys, is_complete=playlist.is_complete)
    before = {song.song_key: song for song in stored}
    found = [told[place] if place is not None else before[key] for key, place in order]
    return Wish(found, playlist.is_complete)


class _Drafting:
    """The dry run of one target."""

    def __init__(self, context: AppContext, matchers: Matchers, task: Task, wish: Wish, made: Draft) -> None:
        self._context = context
        self._matchers = matchers
        self._task = task
        self._wish = wish
        self._made = made

    def run(self) -> None:
        """Raises `ServerFailed`."""
        wanted = self._wanted()
        with self._context.database.read() as session:
            way = servers.way_to(self._context, session, self._made.server)
        connection = servers.open_way(way)
        try:
            current = self._current(connection)
            can = connection.capabilities
        finally:
            connection.close()
        goal = [track_id for _, track_id in wanted]
        if not can.keeps_duplicates:
            goal = list(dict.fromkeys(goal))
        removes = self._task.mode == Mode.MIRROR and self._wish.is_complete
        made = planned(removes, current, goal, can)
        self._made.plan = made
        self._made.needs_approval = needs_approval(self._task, self._made.target, made, goal)
        self._made.songs = _places(made, wanted)
        with self._context.database.read() as session:
            told = {*made.current, *made.result}
            self._made.tracks = index.by_ids(session, self._made.server.id, told)

    def _wanted(self) -> list[tuple[Song, str]]:
        """The songs that the server has, each with its track."""
        target, server = self._made.target, self._made.server
        with self._context.database.read() as session:
            ground = judging.ground_of(session, self._task.user_id, target, server)
            known = repository.matches(session, target.id)
            there = index.ids(session, server.id)
        present: Callable[[], set[str]] = lambda: there  # noqa: E731
        judge = judging.Judge(
            ground,
            lambda: self._matchers.of(self._context, server.id, ground.revision, ground.rules),
            present,
        )
        to_judge = {
            song.id for song in judging.stale(self._wish.songs, known, target.matched_with, ground, present)
        }
        found = []
        for song in self._wish.songs:
            if song.id in to_judge:
                row = judge.judge(song)
                verdict, track_id = row["verdict"], row["track_id"]
            else:
                verdict, track_id = known[song.id].verdict, known[song.id].track_id
            if verdict == Verdict.MATCHED.value and track_id:
                found.append((song, track_id))
        return found

    def _current(self, connection: MediaServer) -> list[str]:
        playlist_id = self._made.target.playlist_id
        if playlist_id is None:
            connection.check()  # so that whatever ails it is told now
            return []
        try:
            return [entry.track_id for entry in connection.entries(playlist_id)]
        except ServerFailed as failure:
            if failure.reason is not Fault.NOT_FOUND:
                raise
            return []


def _places(made: Plan, wanted: Sequence[tuple[Song, str]]) -> dict[int, Song]:
    """Which song stands at which place of the result."""
    waiting: dict[str, list[Song]] = {}
    for song, track_id in wanted:
        waiting.setdefault(track_id, []).append(song)
    found = {}
    for position, track_id in enumerate(made.result):
        if waiting.get(track_id):
            found[position] = waiting[track_id].pop(0)
    return found


__all__ = ["Draft", "Drafts", "SourceFailed", "draft"]
