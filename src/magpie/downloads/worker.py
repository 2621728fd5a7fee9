"""The work of one download, from claiming its row to its end.

`Workshop` holds what all downloads of one process share. The server's worker and `magpie save` do their
downloads through the same `perform`.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from magpie.context import AppContext
from magpie.downloads import repository, service
from magpie.downloads.attempt import Attempt, Order
from magpie.downloads.bench import Bench
from magpie.downloads.board import Board
from magpie.downloads.extractors.port import Stage
from magpie.downloads.failures import Reason
from magpie.downloads.models import Download, Status
from magpie.downloads.nest.workdir import evict_survivors
from magpie.engine.port import Job, JobParked, JobRef
from magpie.kit.clock import utcnow
from magpie.kit.db import WriteSession
from magpie.library import service as library
from magpie.profiles import service as profiles
from magpie.sites import cookies
from magpie.sites import service as sites

log = structlog.get_logger(__name__)

# Workers whose name begins so are commands such as `magpie save`, which work beside the engine.
COMMAND_PREFIX = "command:"
# Running downloads are heard of every five seconds; after so long without a word nobody works on one.
SILENCE = timedelta(seconds=60)


def is_silent(heartbeat: datetime | None) -> bool:
    """Whether whoever works on a row has not been heard of for so long that nobody does any more."""
    return heartbeat is None or heartbeat < utcnow() - SILENCE


class Workshop:
    """Everything that downloads into the library need, shared by all of them in this process."""

    def __init__(self, context: AppContext, name: str) -> None:
        """`name` tells the workers of an installation apart; see `COMMAND_PREFIX`."""
        self.context = context
        self.name = name
        self.bench = Bench(context.settings)
        self.board = Board(context.database, context.events)
        self.filing = library.filing_of(context)
        self.stopping = threading.Event()

    @property
    def is_command(self) -> bool:
        """Whether this is a command's, which works without the engine and waits for nothing."""
        return self.name.startswith(COMMAND_PREFIX)

    def start(self) -> None:
        self.bench.start()
        self.board.start()

    def stop(self) -> None:
        """Stop the processes; what still runs is parked."""
        self.stop_all()
        self.board.stop()
        self.bench.stop()

    def stop_all(self) -> None:
        """Kill all running jobs, and begin none any more: the program stops."""
        self.stopping.set()
        self._kill_all()

    def abandon_all(self) -> None:
        """Kill all running jobs, which other workers have taken over; this one may be given others afterwards."""
        for running in self.board.all():
            running.fence_lost.set()
        self._kill_all()

    def _kill_all(self) -> None:
        for running in self.board.all():
            self.bench.nest.kill(running.job_id)

    def perform(self, job: Job, *, attempts: int | None = None) -> None:
        """Do one download whose row says that this attempt is due.

        Never raises for what the download met; `JobParked` if it was put down because the program stops, or
        because its site is left alone.
        """
        order = self._claim(job.ref)
        if order is None:
            return
        with structlog.contextvars.bound_contextvars(download_id=order.id):
            Attempt(self, job, order, attempts or self.context.settings.download_attempts).run()

    def _is_free(self, download: Download) -> bool:
        """Whether this worker may take the row.

        A row that is being worked on belongs to whom the engine gives it: its former worker is dead then, or
        will find its claim gone. Commands work without the engine: theirs are left to them, and they leave others
        theirs, as long as these are heard of.
        """
        if download.status != Status.DOWNLOADING:
            return True
        by_command = (download.worker or "").startswith(COMMAND_PREFIX)
        return is_silent(download.heartbeat_at) or not (by_command or self.is_command)

    def _claim(self, ref: JobRef) -> Order | None:
        """Take the row; None if there is nothing to do any more, or the database was replaced since."""
        key = ref.key
        with self.context.database.write() as session:
            download = repository.lock_by_key(session, key)
            if download is None or download.attempt != ref.attempt:
                return None
            if Status(download.status).is_final:  # its worker may have died before it could clean up
                service.sweep_after(self.context, session, download)
                return None
            if not self._is_free(download):
                return None
            # Asked while the row is locked: before, an import might still be on its way.
            if ref.epoch != self.context.job_epoch(session):
                return None
            if download.cancel_requested:
                workdir = self.filing.roots.workshop(download.root) / key / str(download.claim)
                session.after_commit(lambda: _evict(workdir))
                service.end(self.context, session, download, Status.CANCELLED)
                service.sweep_after(self.context, session, download)
                service.announce(self.context, session, download)
                return None
            if self._rests(session, download):
                return None
            try:
                profile = profiles.find(session, download.user_id, download.profile)
            except profiles.NoProfile:
                service.settle_unknown_profile(self.context, session, download)
                return None
            download.status, download.stage = Status.DOWNLOADING, Stage.EXTRACTING
            download.claim += 1
            download.worker = self.name
            former_root, download.root = download.root, self.filing.roots.present_name
            download.heartbeat_at = utcnow()
            download.started_at = download.started_at or utcnow()
            download.next_attempt_at = None
            service.announce(self.context, session, download)
            return Order(
                id=download.id,
                key=download.key,
                claim=download.claim,
                user_id=download.user_id,
                url=download.url,
                site=download.site,
                profile=profile,
                naming=profiles.naming_of(self.context, session, download, profile),
                title=download.wanted_title,
                artist=download.wanted_artist,
                hints=download.hints or {},
                root=download.root,
                former_root=former_root,
                is_upgrade=download.is_upgrade,
                lacked=download.total_bytes if download.reason == Reason.NO_SPACE else None,
                cookies=cookies.choose_for(
                    self.context,
                    session,
                    user_id=download.user_id,
                    site=download.site,
                    url=download.url,
                    link_id=download.link_id,
                ),
            )

    def _rests(self, session: WriteSession, download: Download) -> bool:
        """Whether the site is left alone, which the dispatcher may not have heard of yet. Then the job goes back into
        its queue (raises `JobParked`), and for a command, which waits for nothing, the download ends."""
        rest = sites.resting(session, [download.site]).get(download.site)
        if rest is None:
            return False
        if not self.is_command:
            for follower in self.context.site_changed:
                follower()
            raise JobParked
        service.settle_resting(self.context, session, download, rest)
        return True


def _evict(workdir: Path) -> None:
    if not evict_survivors(workdir):
        log.warning("processes_left", folder=str(workdir))
