"""One sync of one task: the source is read, its songs are matched with each server, and each playlist is written."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from magpie.kit.logs import redact
from magpie.playlists.index import service as index
from magpie.playlists.media_servers import service as servers
from magpie.playlists.models import Server, Target, Task
from magpie.playlists.servers.port import MediaServer, ServerFailed
from magpie.playlists.sources.port import SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.sync import judging, songs
from magpie.playlists.sync.keeping import Keeping, Wanted
from magpie.playlists.sync.order import (
    Note,
    Order,
    PutDown,
    Report,
    SyncLost,
    TargetOutcome,
    TargetStatus,
    Trigger,
)
from magpie.playlists.sync.settle import Failure, settle
from magpie.playlists.sync.undo import Undoing
from magpie.playlists.sync.worker import Syncer
from magpie.playlists.tasks import repository, turns

log = structlog.get_logger(__name__)

FILE = "file"
MAX_TITLE = 500
CRASHED = Failure("crashed", "Something went wrong in Magpie itself; the log says more.")


class Sync:
    """One sync. `check` is called before every write and raises if it is not to go on."""

    def __init__(self, syncer: Syncer, order: Order, check: Callable[[], None]) -> None:
        self._syncer = syncer
        self._context = syncer.context
        self._order = order
        self._check = check
        self._report = Report(syncer.now)

    def run(self) -> None:
        """All of it; whatever it meets is recorded. Raises `PutDown`, `SyncLost`."""
        failure: Failure | None = None
        outcomes: list[TargetOutcome] = []
        if self._order.is_resumed:
            self._report.note(Note.RESUMED, "Goes on where a sync ended with its process.")
        try:
            if self._order.trigger is not Trigger.UNDO:
                self._read_source()
            outcomes.extend(map(self._target, self._target_ids()))
        except SourceFailed as failed:
            failure = Failure(f"source_{failed.reason}", failed.message, failed.retry_after)
        except (PutDown, SyncLost):
            raise
        except Exception:
            log.exception("sync_crashed")
            failure = CRASHED
        self._settle(outcomes, failure)

    def give_up(self, detail: str) -> None:
        """Record the sync as failed, without doing anything."""
        self._settle([], Failure(CRASHED.reason, detail))

    def _settle(self, outcomes: list[TargetOutcome], failure: Failure | None) -> None:
        if failure is not None:
            self._report.note(Note.FAILED, failure.message, level="error", reason=failure.reason)
        settle(self._syncer, self._order, self._report, outcomes, failure)

    # The source

    def _read_source(self) -> None:
        """Fetch the source's list and keep it. Raises `SourceFailed`."""
        with self._context.database.read() as session:
            task = repository.get(session, self._order.id)
        if task is None:
            raise SyncLost
        if task.platform == FILE or (self._order.trigger is Trigger.ARRIVAL and task.read_at is not None):
            return
        ref = SourceRef(task.platform, task.source_id, task.source_url)
        playlist = self._syncer.fetch(ref, self._context.settings)
        self._check()
        self._keep(playlist)
        if playlist.is_complete:
            came = len(playlist.tracks)
            self._report.note(Note.SOURCE_READ, f"{came} songs at the source.", count=came)
        else:
            why = playlist.note or "The source gave only a part of its list."
            self._report.note(
                Note.SOURCE_INCOMPLETE,
                f"{why} Nothing is removed because of that.",
                level="warning",
                count=len(playlist.tracks),
                total=playlist.total,
                reason=f"source_{playlist.reason}" if playlist.reason else None,
            )

    def _keep(self, playlist: SourcePlaylist) -> None:
        with self._context.database.write() as session:
            task = repository.lock(session, self._order.id)
            if task is None or task.claim != self._order.claim:
                raise SyncLost
            songs.store(session, task.id, playlist)
            take_facts(task, playlist)
            task.read_at = self._syncer.now()

    # The targets

    def _target_ids(self) -> list[int]:
        with self._context.database.read() as session:
            return [target.id for target in repository.targets(session, [self._order.id])[self._order.id]]

    def _target(self, target_id: int) -> TargetOutcome:
        """Bring one playlist up to date. Whatever ails its server is the outcome, and stops no other target."""
        outcome = TargetOutcome(target_id, "")
        try:
            with self._context.database.read() as session:
                target = session.get(Target, target_id)
                server = session.get(Server, target.server_id) if target else None
                if target is None or server is None:
                    return outcome
                outcome.server_name = server.name
                way = servers.way_to(self._context, session, server)
            connection = servers.open_way(way, self._syncer.connect)
            try:
                self._with(connection, server, outcome)
            finally:
                connection.close()
        except ServerFailed as failure:
            self._failed(outcome, failure)
        except LookupError as error:  # the target or its server was taken away meanwhile
            log.info("target_gone", error=str(error))
        return outcome

    def _with(self, connection: MediaServer, server: Server, outcome: TargetOutcome) -> None:
        self._identify(connection, server)
        if self._order.trigger is Trigger.UNDO:
            Undoing(self._syncer, self._order, self._report, self._check).undo(connection, outcome)
            return
        refreshed = index.refresh(self._context, server.id, connection, check=self._check)
        if refreshed.added or refreshed.changed or refreshed.removed:
            text = f"{server.name}: {refreshed.added} tracks are new, {refreshed.removed} gone."
            added, removed = refreshed.added, refreshed.removed
            self._report.note(Note.INDEXED, text, server=server.name, added=added, removed=removed)
        if refreshed.added or refreshed.changed:
            with self._context.database.write() as session:
                turns.arrived(self._context, session, server.id, but=self._order.id)
        outcome.verdicts = judging.settle(
            self._context, self._syncer.matchers, self._order.user_id, outcome.target_id, self._check
        )
        with self._context.database.read() as session:
            task = repository.get(session, self._order.id)
            wanted = repository.wanted_ids(session, outcome.target_id)
        if task is None:
            raise SyncLost
        keeping = Keeping(self._syncer, self._order, self._report, self._check, connection, outcome)
        keeping.keep(task, Wanted(wanted))

    def _identify(self, connection: MediaServer, server: Server) -> None:
        """See that it is the server it was: another one at its address has other lists under the same numbers."""
        found = connection.check()
        servers.require_same(server, found)
        if server.server_uid is None or server.reason is not None or server.version != found.version[:64]:
            with self._context.database.write() as session:
                servers.note_check(session, server.id, found)

    def _failed(self, outcome: TargetOutcome, failure: ServerFailed) -> None:
        outcome.status = TargetStatus.ERROR
        outcome.reason, outcome.message = failure.reason.value, redact(failure.message)
        self._report.note(
            Note.FAILED,
            outcome.message,
            level="error",
            server=outcome.server_name or None,
            reason=outcome.reason,
        )


def take_facts(task: Task, playlist: SourcePlaylist) -> None:
    """What the source says of its list itself."""
    task.source_title = playlist.title[:MAX_TITLE]
    task.source_description = playlist.description
    task.source_cover_url = playlist.cover_url
    task.source_owner = playlist.owner
    task.source_total = playlist.total
    task.is_source_complete = playlist.is_complete
    task.source_note = playlist.note
    if not task.has_own_name and playlist.title:
        task.name = playlist.title[:MAX_TITLE]
