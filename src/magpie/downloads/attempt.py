"""One attempt at one download: prepare, fetch, file, settle."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from magpie.downloads import repository, service, upgrade
from magpie.downloads.admission import UNKNOWN_SIZE, admit, admit_user, room
from magpie.downloads.board import Running
from magpie.downloads.extractors.port import Declined, IsAList, Kind, Medium, Profile, Role, Saved, Stage
from magpie.downloads.failures import DownloadFailure, Reason, disk_failure
from magpie.downloads.models import Download, Status
from magpie.downloads.nest.client import Cancelled, JobHandler, Verdict
from magpie.downloads.nest.workdir import evict_survivors
from magpie.downloads.remains import bytes_in, left_in, remove_home
from magpie.engine.port import Job, JobParked
from magpie.kit.db import WriteSession
from magpie.kit.filesystem import is_folder, mount_point
from magpie.library import service as library
from magpie.sites import service as sites
from magpie.sites.cookies import Choice, Use
from magpie.sites.service import Outcome

if TYPE_CHECKING:
    from magpie.downloads.worker import Workshop

log = structlog.get_logger(__name__)

# Files and pages of unknown sites: how good they are says nothing about how the site treats us.
ONE_QUALITY = frozenset({"direct", "web", "webimages"})


@dataclass(frozen=True, slots=True)
class Order:
    """What a claimed row asks for, detached from its session."""

    id: int
    key: str
    claim: int
    user_id: int | None
    url: str
    site: str
    profile: Profile
    naming: library.Naming
    title: str | None
    artist: str | None
    hints: dict[str, Any]
    root: str  # of the media folder that this attempt works in
    former_root: str  # and of the one that the attempt before it did
    is_upgrade: bool
    lacked: int | None  # bytes that there was no room for the last time
    cookies: Choice | None


class Attempt(JobHandler):
    """One attempt at one download, by whoever has claimed its row."""

    def __init__(self, workshop: Workshop, job: Job, order: Order, attempts: int) -> None:
        self.workshop = workshop
        self.job = job
        self.context = workshop.context
        self.order = order
        self.attempts = attempts
        self.held_item: int | None = None
        self.refusal: tuple[str, str] | None = None  # of the medium that was found
        self.wanted = order.lacked  # bytes that it takes in all, as far as anybody told
        self.height: int | None = None  # of what came, where the best was wanted
        self.running = Running(
            id=order.id,
            key=order.key,
            claim=order.claim,
            user_id=order.user_id,
            title=order.title,
            site="" if workshop.is_command else order.site,
            on_cancel=self._end,
        )
        self.folder = workshop.filing.roots.folder(order.root)
        self.mount: Path | None = None  # of the disk that the folder was found on
        self.home = library.workshop_in(self.folder) / order.key
        self.workdir = self.home / str(order.claim)
        self.cookies = Use(order.cookies, self.workdir)

    def run(self) -> None:
        """Fetch, file, settle; leave no work folder behind unless the next attempt can continue it."""
        self.workshop.board.add(self.running)
        keep = (
            True  # also if it is put down, or if not even its end can be written: it will be taken up again
        )
        try:
            keep = self._try()
        except library.FenceLost:
            log.warning("download_taken_over")
            keep = self._goes_on()
        except Exception:
            log.exception("download_crashed")
            keep = self._fail_for_a_fault_of_ours()
        finally:
            self.workshop.board.remove(self.running)
            if not keep:
                self._clean()

    def _fail_for_a_fault_of_ours(self) -> bool:
        try:
            return self._fail(DownloadFailure(Reason.TOOL_ERROR, "an error in Magpie itself; see the log"))
        except library.FenceLost:  # its row is gone, or somebody else's
            return self._goes_on()

    def _goes_on(self) -> bool:
        """Whether somebody is to go on with what was fetched here, now that the row is not this attempt's any more."""
        with self.context.database.read() as session:
            download = repository.get_by_key(session, self.order.key)
        return download is not None and not Status(download.status).is_final

    def _try(self) -> bool:
        """One attempt to its end. True if the work folder is worth keeping."""
        try:
            self._prepare()
            saved = self._fetch()
            self._file(saved)
        except Declined:
            self._settle_held()
        except IsAList as found:
            self._settle_list(found)
        except Cancelled:
            return self._settle_stopped()
        except DownloadFailure as failure:
            return self._fail(failure)
        except OSError as error:
            return self._fail(disk_failure(error))
        return False

    def _prepare(self) -> None:
        """Take away what an earlier attempt left, or continue it where its processes are surely gone."""
        if not self._is_there():
            raise DownloadFailure(Reason.FOLDER_MISSING)
        self.workshop.filing.recover(self.order.key, self.order.claim)
        if self.order.former_root != self.order.root:
            self._leave_former_folder()
        self.home.mkdir(exist_ok=True)
        gone = evict_survivors(self.workdir)
        for old in left_in(self.home):
            # The rename also takes the folder from a worker that was only stopped and comes back.
            if gone and old.name.isdecimal() and not self.workdir.exists():
                old.rename(self.workdir)
            else:
                log.warning("work_not_continued", folder=str(old), processes_left=not gone)
                doomed = old.with_name(f"{old.name}.old")
                old.rename(doomed)
                shutil.rmtree(doomed, ignore_errors=True)
        self.workdir.mkdir(exist_ok=True)
        self.running.disk = self.workdir.stat().st_dev
        self.mount = mount_point(self.workdir)
        # What there was no room for is not asked for again, again and again, before there is.
        self._admit(self.order.lacked or 0)

    def _leave_former_folder(self) -> None:
        """The media folder was changed since the last attempt: what that one has fetched cannot be continued,
        since a file is filed where it was fetched."""
        with suppress(
            ValueError, OSError
        ):  # from another installation's database; a share that does not answer
            home = self.workshop.filing.roots.workshop(self.order.former_root) / self.order.key
            evict_survivors(home / str(self.order.claim))
            doomed = home.with_name(f"{home.name}.old")
            with suppress(FileNotFoundError, NotADirectoryError):
                # The rename also takes the folder from a worker that was only stopped and comes back.
                home.rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)

    def _is_there(self) -> bool:
        """Whether the media folder is (still) on its disk. Only a start or a choice makes one: where it has gone, its
        disk or share has, and in its place is another disk, which is not to be filled."""
        try:
            return is_folder(self.home.parent) and (self.mount is None or os.path.ismount(self.mount))
        except PermissionError:  # that is another fault
            return True

    def _leave_mount_point(self) -> None:
        """Tools make folders that they miss: one that was at work while its disk went may have made its work folder
        anew below the mount point."""
        if self.mount is not None and is_folder(self.mount) and not os.path.ismount(self.mount):
            shutil.rmtree(self.home, ignore_errors=True)
            with suppress(OSError):  # not empty, or not there
                self.home.parent.rmdir()
                self.home.parent.parent.rmdir()

    def _fetch(self) -> Saved:
        return self.cookies.run(self._fetch_with)

    def _fetch_with(self, cookies: Path | None) -> Saved:
        order = self.order
        self._check()
        return self.workshop.bench.fetch(
            self.running.job_id,
            order.url,
            order.profile,
            self.workdir,
            self,
            title=order.title,
            artist=order.artist,
            hints=order.hints,
            cookies=cookies,
        )

    # What the job reports. Called in the worker's thread.

    def _check(self) -> None:
        """An order may arrive before the job's process is there to be killed; then the next report ends it."""
        one = self.running
        ended = one.cancelled.is_set() and not one.is_live
        lost = one.fence_lost.is_set() or self.job.lost
        if ended or lost or one.put_down.is_set() or self.workshop.stopping.is_set():
            raise Cancelled

    def on_stage(self, stage: Stage) -> None:
        self._check()
        self.running.stage = stage
        self.running.note()

    def on_progress(self, downloaded: int, total: int | None, speed: float | None, eta: float | None) -> None:
        self._check()
        one = self.running
        one.moved(downloaded, total, speed, eta)
        if not self._is_there():
            raise DownloadFailure(Reason.FOLDER_MISSING)
        if room(self.context.settings, self.folder) < 0:  # nobody said how much would come
            raise DownloadFailure(Reason.NO_SPACE)

    def on_found(self, medium: Medium) -> Verdict:
        """Whether the bytes are to be fetched: not if they are stored already, nor without room for them."""
        self._check()
        self.running.title = self.order.title or medium.title
        self.running.is_live = medium.is_live
        self.running.note()
        if (refusal := self._refusal(medium)) is not None:
            self.refusal = refusal
            return Verdict.STOP
        if self.order.is_upgrade and not self._is_better(medium):
            return Verdict.STOP
        with self.context.database.read() as session:
            held = library.find_held(session, self.workshop.filing, medium, self._quality(medium))
        if held is not None and not self.order.is_upgrade:
            self.held_item = held.id
            return Verdict.STOP
        self.wanted = medium.estimated_bytes or UNKNOWN_SIZE
        self.running.reserved = self._admit(self.wanted)
        return Verdict.GO

    def _quality(self, medium: Medium) -> str:
        return self.order.profile.quality_of(medium.kind)

    def _is_better(self, medium: Medium) -> bool:
        """Whether it is better than what the library has of it."""
        with self.context.database.read() as session:
            found = upgrade.look(session, medium, self._quality(medium), self.order.user_id)
        if isinstance(found, int):
            self.held_item = found
            return True
        self.refusal = found
        return False

    def _refusal(self, medium: Medium) -> tuple[str, str] | None:
        """Why those who asked for it do not want it, now that it is known better."""
        answers = (asked(self.order.id, medium) for asked in self.context.medium_found)
        return next((answer for answer in answers if answer is not None), None)

    def _admit(self, wanted: int) -> int:
        """How much of it is still to come: what an earlier attempt fetched has its room.

        Raises `DownloadFailure` if the user may not hold so much, or the disk lacks room for what is to come.
        """
        coming = max(0, wanted - bytes_in(self.workdir))
        admit_user(self.context.settings, self.context.database, self.order.user_id, wanted)
        admit(self.context.settings, self.folder, self.workshop.board, self.running, coming)
        return coming

    # How it ends.

    def _file(self, saved: Saved) -> None:
        self.on_stage(Stage.PLACING)
        medium = saved.medium
        self.height = best_height(self.order.profile, saved)
        if self.order.title or self.order.artist:
            medium = replace(
                medium, title=self.order.title or medium.title, artist=self.order.artist or medium.artist
            )
        saved = replace(saved, medium=medium)
        if self.order.profile.nfo:
            saved = library.with_nfo(saved, self.order.site, self.order.naming, self.workdir)
        if self.running.fence_lost.is_set():
            raise library.FenceLost
        self.workshop.filing.deliver(
            library.Delivery(
                key=self.order.key,
                claim=self.order.claim,
                user_id=self.order.user_id,
                site=self.order.site,
                quality=self._quality(medium),
                saved=saved,
                root=self.order.root,
                workdir=self.workdir,
                still_mine=self._still_wanted,
                settle=self._settle_item,
                replaces=self.order.is_upgrade,
                naming=self.order.naming,
            )
        )

    def _mine(self, session: WriteSession) -> Download | None:
        """The row, locked, if this attempt still holds it."""
        download = repository.lock_by_key(session, self.order.key)
        held = download and download.claim == self.order.claim and download.status == Status.DOWNLOADING
        return download if held else None

    def _still_wanted(self, session: WriteSession) -> bool:
        """Whether this attempt still holds the row. Raises `Cancelled` if nobody waits for its medium any more,
        `Declined` if what it was to replace has gone."""
        download = self._mine(session)
        if download is not None and download.cancel_requested and not self.running.is_live:
            raise Cancelled
        if download is not None and self.order.is_upgrade:
            self._require_replaced(session, download)
        return download is not None

    def _require_replaced(self, session: WriteSession, download: Download) -> None:
        if not upgrade.still_wanted(session, self.held_item, download.user_id):
            self.refusal = upgrade.NOTHING_THERE
            raise Declined

    def _settle_item(self, session: WriteSession, item: library.Item) -> None:
        if (download := self._mine(session)) is not None:
            service.settle_success(self.context, session, download, item)
            self._tell_site(session, Outcome(height=self.height))

    def _tell_site(self, session: WriteSession, outcome: Outcome) -> None:
        sites.report(self.context, session, self.order.site, outcome)
        self.cookies.note(session)

    def _settle_held(self) -> None:
        if self.refusal is not None:
            self._settle_refused(*self.refusal)
            return
        with self.context.database.write() as session:
            download = self._mine(session)
            item = session.get(library.Item, self.held_item)
            if download is None:
                raise library.FenceLost
            self._tell_site(session, Outcome())
            if self._settle_cancel(session, download):
                return
            if item is None:  # deleted in this very moment: fetch it after all
                service.queue_again(self.context, session, download)
                return
            member = library.is_member(session, item.id, download.user_id)
            library.add_member(session, item.id, download.user_id)
            service.settle_held(self.context, session, download, item, was_member=member)

    def _settle_refused(self, reason: str, message: str) -> None:
        with self.context.database.write() as session:
            if (download := self._mine(session)) is None:
                raise library.FenceLost
            self._tell_site(session, Outcome())
            if not self._settle_cancel(session, download):
                service.end(self.context, session, download, Status.SKIPPED, reason, message)
                service.announce(self.context, session, download)

    def _settle_list(self, found: IsAList) -> None:
        with self.context.database.write() as session:
            if (download := self._mine(session)) is None:
                raise library.FenceLost
            self._tell_site(session, Outcome())
            if not self._settle_cancel(session, download):
                service.settle_list(self.context, session, download, found)

    def _settle_stopped(self) -> bool:
        """The job's processes were killed: by a cancel, by a stop of the server, because its site wants to be left
        alone, or because we lost the row."""
        if self.running.fence_lost.is_set() or self.job.lost:
            raise library.FenceLost
        with self.context.database.write() as session:
            if (download := self._mine(session)) is None:
                raise library.FenceLost
            if self._settle_cancel(session, download):
                return False
            service.park(self.context, session, download)
        raise JobParked

    def _settle_cancel(self, session: WriteSession, download: Download) -> bool:
        """End a download that somebody has cancelled; False if nobody has."""
        if download.cancel_requested:
            service.end(self.context, session, download, Status.CANCELLED)
            service.announce(self.context, session, download)
        return download.cancel_requested

    def _fail(self, failure: DownloadFailure) -> bool:
        log.info("download_failed", reason=failure.reason.value, detail=failure.detail)
        told = Outcome(failure.reason, failure.retry_after)
        if not self._is_there():  # whatever a tool made of that
            failure = DownloadFailure(Reason.FOLDER_MISSING)
            self._leave_mount_point()
        with self.context.database.write() as session:
            if (download := self._mine(session)) is None:
                raise library.FenceLost
            self._tell_site(session, told)
            if failure.reason is Reason.NO_SPACE:
                download.total_bytes = self.wanted
            service.settle_failure(self.context, session, download, failure, self.attempts)
            return download.status == Status.PENDING

    def _end(self) -> None:
        """Ordered by the board: a cancel, or the row was taken over."""
        if self.running.is_live and not self.running.fence_lost.is_set():
            self.workshop.bench.nest.finish(self.running.job_id)
        else:
            self.workshop.bench.nest.kill(self.running.job_id)

    def _clean(self) -> None:
        shutil.rmtree(self.workdir, ignore_errors=True)
        remove_home(self.home)


def best_height(profile: Profile, saved: Saved) -> int | None:
    """Pixels of the shorter side of a video that was wanted as good as it comes, from a site that has its media in
    several qualities; None for everything else."""
    chosen = profile.kind == "video" and profile.max_height is None and saved.medium.kind is Kind.VIDEO
    if not chosen or saved.medium.extractor in ONE_QUALITY:
        return None
    sides = [
        min(one.width, one.height)
        for one in saved.files
        if one.role is Role.MEDIA and one.width and one.height
    ]
    return max(sides, default=None)
