"""From the library to a place in a playlist: the servers are asked for a scan, looked at until they tell of the file, and
then the playlists that wait are synced.

`song_arrivals` says what is awaited where; its rows are the truth. There is one job at a time for a server, named by the
moment at which something there is due; nobody sleeps until a server is ready, the next look is another job.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath

import structlog

from magpie.context import AppContext
from magpie.engine.port import Job, JobParked, JobRef, JobState, Lane, Wanted
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.library.models import Item
from magpie.playlists.index import service as index
from magpie.playlists.matching.aliases import Aliases
from magpie.playlists.matching.service import Matcher, Verdict
from magpie.playlists.media_servers import service as servers
from magpie.playlists.media_servers.service import Connect, Way
from magpie.playlists.missing import repository
from magpie.playlists.missing.models import SongArrival, SongOrder
from magpie.playlists.models import Server
from magpie.playlists.servers import service as kinds
from magpie.playlists.servers.port import Fault, MediaServer, ServerFailed
from magpie.playlists.sync.held import server_path
from magpie.playlists.sync.order import Trigger
from magpie.playlists.sync.songs import track_of
from magpie.playlists.tasks import repository as tables
from magpie.playlists.tasks import turns
from magpie.playlists.tracks import Track

log = structlog.get_logger(__name__)

KIND = "arrival"
FIRST_LOOK = timedelta(seconds=3)  # after the scan was asked for; then twice as long each time
LONGEST = timedelta(minutes=20)
MOST_LOOKS = 12  # about two hours in all; after that a sync or the schedule finds what comes
SCANNED_AGAIN = (
    4  # after so many looks in vain: a scan that was asked for while another one ran may have been dropped
)
AT_ONCE = 200
MOST_FOLDERS = 20  # scanned one by one; of more, the whole library is
MOST_WAITING = 5000
# Not every account may ask for a scan; most servers watch their folders by themselves.
_NO_SCAN = frozenset({Fault.NO_RIGHT, Fault.UNSUPPORTED})


# What is awaited


def await_song(context: AppContext, session: WriteSession, order: SongOrder, item_id: int) -> None:
    """An ordered song is in the library: it is awaited at every server whose playlists miss it."""
    places = repository.waiting_places(session, order.user_id, order.song_key)
    _await(context, session, {target.server_id for _, target in places}, item_id, order.user_id, order.id)


def note_item(context: AppContext, session: WriteSession, user_id: int | None, item_id: int) -> None:
    """A medium has come to the library in some other way; sound may be what a playlist waits for."""
    item = session.get(Item, item_id)
    if user_id is not None and item is not None and item.kind == "audio":
        _await(context, session, repository.servers_with_waiting(session, user_id), item_id, user_id, None)


def _await(
    context: AppContext,
    session: WriteSession,
    server_ids: Collection[int],
    item_id: int,
    user_id: int,
    order_id: int | None,
) -> None:
    now = utcnow()
    for server in repository.servers(session, server_ids):
        known = repository.arrival_of(session, server.id, item_id)
        if known is None:
            known = SongArrival(server_id=server.id, item_id=item_id, user_id=user_id, tries=0, due_at=now)
            session.add(known)
        known.order_id = order_id or known.order_id
        known.due_at, known.tries, known.scanned_at = now, 0, None
        session.flush()
        _enqueue(context, session, server.key, now)


# The queue


def job_of(server_key: str, due_at: datetime, epoch: int) -> JobRef:
    return JobRef(kind=KIND, key=server_key, epoch=epoch, attempt=int(due_at.timestamp()))


def _enqueue(context: AppContext, session: WriteSession, server_key: str, due_at: datetime) -> None:
    engine = context.engine
    if engine is None:
        return
    job = job_of(server_key, due_at, context.job_epoch(session))
    delay = max(0.0, (due_at - utcnow()).total_seconds())
    site = turns.site_of(server_key)
    session.after_commit(
        lambda: engine.enqueue(job, Lane.CHECK, site=site, priority=turns.LATER, delay=delay)
    )


def pending(context: AppContext, now: datetime) -> list[Wanted]:
    """The jobs that rows wait for."""
    with context.database.read() as session:
        epoch = context.job_epoch(session)
        return [
            Wanted(
                ref=job_of(key, due_at, epoch),
                lane=Lane.CHECK,
                site=turns.site_of(key),
                priority=turns.LATER,
                delay=max(0.0, (due_at - now).total_seconds()),
            )
            for key, due_at in repository.next_arrivals(session)
        ]


def begin_anew(context: AppContext, ref: JobRef, state: JobState) -> None:
    """The engine is done with a job whose rows still wait as they did: they are due again in a while."""
    with context.database.write() as session:
        server = repository.server_by_key(session, ref.key)
        if server is None:
            return
        moment = datetime.fromtimestamp(ref.attempt + 1, tz=utcnow().tzinfo)
        rows = repository.arrivals_due(session, server.id, moment, AT_ONCE)
        if rows:
            log.info("arrivals_begun_anew", server_id=server.id, engine_state=state.value)
            _later(context, session, server.key, [row.id for row in rows])


class Arrivals:
    """Looks at servers. `connect` is there to be replaced."""

    def __init__(self, context: AppContext, *, connect: Connect = kinds.connect) -> None:
        self.context = context
        self.connect = connect

    def perform(self, job: Job) -> None:
        """One look at one server. Never raises for what ails it; `JobParked` if the program stops in the middle."""
        with self.context.database.read() as session:
            server = repository.server_by_key(session, job.ref.key)
            if server is None or job.ref.epoch != self.context.job_epoch(session):
                return
            moment = utcnow() + timedelta(seconds=1)
            rows = repository.arrivals_due(session, server.id, moment, AT_ONCE)
            if not rows:
                return
        look = _Look(self, server, rows, job)
        try:
            look.run()
        except ServerFailed as failure:
            log.info("arrival_not_looked_for", server_id=server.id, reason=failure.reason.value)
        except LookupError:  # the server was taken away meanwhile
            return
        look.settle()


class _Look:
    """One look at one server for all that is due there."""

    def __init__(self, arrivals: Arrivals, server: Server, rows: Sequence[SongArrival], job: Job) -> None:
        self._job = job
        self._context = arrivals.context
        self._connect = arrivals.connect
        self._server = server
        self._rows = list(rows)
        self._gone: set[int] = set()  # rows that wait for nothing any more
        self._arrived: set[int] = set()
        self._scanned: set[int] = set()
        self._paths: dict[int, str] = {}

    def run(self) -> None:
        """Raises `ServerFailed`, `LookupError`."""
        with self._context.database.read() as session:
            self._leave_out(session)
            way = servers.way_to(self._context, session, self._server)
        if not self._waiting():
            return
        connection = servers.open_way(way, self._connect)
        try:
            servers.require_same(self._server, connection.check())
            self._scan(connection, way)
            found = index.refresh(self._context, self._server.id, connection, check=self._check)
        finally:
            connection.close()
        self._find(news=bool(found.added or found.changed))

    def _check(self) -> None:
        """A server that has never been read takes a while; what was read until a stop stays."""
        if self._job.stopping.is_set() or self._job.lost:
            raise JobParked

    def _waiting(self) -> list[SongArrival]:
        return [row for row in self._rows if row.id not in self._gone]

    def _leave_out(self, session: ReadSession) -> None:
        """Media whose files are gone, and those that nobody has ordered and no playlist waits for."""
        files = repository.main_files(session, [row.item_id for row in self._rows])
        items = repository.items(session, [row.item_id for row in self._rows])
        there = [row for row in self._rows if row.item_id in files and row.item_id in items]
        wanted = self._wanted(session, [row for row in there if row.order_id is None], items)
        for row in there:
            if row.order_id is not None or row.id in wanted:
                self._paths[row.id] = files[row.item_id]
        self._gone = {row.id for row in self._rows} - self._paths.keys()

    def _wanted(
        self, session: ReadSession, rows: Sequence[SongArrival], items: Mapping[int, Item]
    ) -> set[int]:
        """Those rows whose media some playlist may wait for. All of a user's are looked for at once: each of their
        waiting songs is matched once, however much has come."""
        found: set[int] = set()
        for user_id in {row.user_id for row in rows}:
            by_item = {str(row.item_id): row.id for row in rows if row.user_id == user_id}
            matcher = Matcher([track_of_item(items[int(one)]) for one in by_item], Aliases.shipped())
            for song in repository.waiting_songs(session, user_id, self._server.id, MOST_WAITING):
                said = matcher.match(track_of(song))
                if said.verdict is not Verdict.MISSING:
                    likely = [one.track.id for one in said.candidates]
                    found |= {
                        by_item[one]
                        for one in (said.track.id if said.track else "", *likely)
                        if one in by_item
                    }
        return found

    def _scan(self, connection: MediaServer, way: Way) -> None:
        """Ask for a scan of the folders with what is new, or where the server cannot do that, of all."""
        new = [row for row in self._waiting() if row.scanned_at is None]
        if not new:
            return
        folders = {server_path(self._server, str(PurePosixPath(self._paths[row.id]).parent)) for row in new}
        whole = None in folders or not connection.capabilities.can_scan_path or len(folders) > MOST_FOLDERS
        try:
            for folder in [None] if whole else sorted(one for one in folders if one):
                connection.scan(way.library_id, folder)
        except ServerFailed as failure:
            if failure.reason not in _NO_SCAN:
                raise
            log.info("scan_not_allowed", server_id=self._server.id, reason=failure.reason.value)
        self._scanned = {row.id for row in new}

    def _find(self, *, news: bool) -> None:
        """See what the server tells of now, and have the playlists filled that wait for it."""
        with self._context.database.write() as session:
            places = {row.id: server_path(self._server, self._paths[row.id]) for row in self._waiting()}
            paths = {path for path in places.values() if path}
            there = index.by_paths(session, self._server.id, paths) if paths else {}
            self._arrived = {row_id for row_id, path in places.items() if path in there}
            for row in self._waiting():
                if row.order_id is not None and (row.id in self._arrived or not self._server.media_root):
                    self._wake(session, row)
            if news or any(row.id in self._arrived and row.order_id is None for row in self._rows):
                turns.arrived(self._context, session, self._server.id)

    def _wake(self, session: WriteSession, row: SongArrival) -> None:
        """Sync the playlists that wait for an ordered song; where files are not known by their paths, look whether the
        matcher has found it meanwhile."""
        order = repository.order(session, row.order_id or 0)
        if order is None:
            self._gone.add(row.id)
            return
        places = repository.waiting_places(session, order.user_id, order.song_key)
        here = [(song, target) for song, target in places if target.server_id == self._server.id]
        if not here:
            self._arrived.add(row.id)
        if row.id not in self._arrived:
            return
        for task_id in sorted({target.task_id for _, target in here}):
            task = tables.lock(session, task_id)
            if task is None or not task.is_enabled:
                continue
            # It may have been there before, under names that the matcher did not trust: now its file is known.
            tables.forget_songs_matches(session, [song.id for song, _ in here if song.task_id == task_id])
            turns.request(self._context, session, task, Trigger.ARRIVAL)

    def settle(self) -> None:
        """Forget what has come, and look for the rest later."""
        done = self._gone | self._arrived
        with self._context.database.write() as session:
            for row in repository.lock_arrivals(session, sorted(done)):
                session.delete(row)
            left = [row.id for row in self._rows if row.id not in done]
            for row in repository.lock_arrivals(session, [one for one in left if one in self._scanned]):
                row.scanned_at = row.scanned_at or utcnow()
            _later(self._context, session, self._server.key, left)


def _later(context: AppContext, session: WriteSession, server_key: str, ids: Sequence[int]) -> None:
    """Another look after a growing pause; after the last one nobody looks any more."""
    next_due: datetime | None = None
    for row in repository.lock_arrivals(session, ids):
        row.tries += 1
        if row.tries > MOST_LOOKS:
            log.info("arrival_given_up", server_id=row.server_id, item_id=row.item_id)
            session.delete(row)
            continue
        if row.tries % SCANNED_AGAIN == 0:
            row.scanned_at = None
        row.due_at = utcnow() + min(FIRST_LOOK * 2 ** (row.tries - 1), LONGEST)
        next_due = min(next_due or row.due_at, row.due_at)
    session.flush()
    if next_due is not None:
        _enqueue(context, session, server_key, next_due)


def track_of_item(item: Item) -> Track:
    """A medium of the library as the matcher takes it."""
    said = item.extra.get("artists")
    artists = tuple(one for one in said if isinstance(one, str)) if isinstance(said, list) else ()
    return Track(
        id=str(item.id),
        title=item.title,
        artists=artists or ((item.artist,) if item.artist else ()),
        album=item.album,
        duration=item.duration,
        isrc=item.isrc,
        album_artist=item.album_artist,
    )
