"""Scans as the job engine sees them, the schedule of scans, and the slow reading of all files."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError

from magpie.context import AppContext
from magpie.engine.port import Engine, Job, JobParked, JobRef, JobState, Lane, Source, Wanted, Where
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession
from magpie.kit.errors import Conflict
from magpie.library import repository as library
from magpie.library.care import digests, repository, service
from magpie.library.care.scan import Report, Scanner, Stopped
from magpie.library.roots import BASE, roots_of

log = structlog.get_logger(__name__)

TOLD_EVERY_SECONDS = 0.5
SCHEDULE_SECONDS = 300.0
READING_SECONDS = 60.0
MEGABYTE = 10**6


def register(engine: Engine, context: AppContext) -> None:
    """Tell the engine how scans are done, and have files read in the background."""
    scans = Scans(context)
    engine.register(service.KIND, scans.perform, max_starts=5, exhausted=scans.give_up)
    engine.reconcile(Source(service.KIND, scans.pending, scans.ended))
    engine.every("scheduled scans", SCHEDULE_SECONDS, scans.begin_due, Where.ONE)
    reader = Reader(context)
    engine.every("content of files", READING_SECONDS, reader.turn, Where.ONE)
    engine.on_stopping(reader.stop)


def roots_to_scan(session: ReadSession, present: str) -> list[str]:
    """The media folder for new files, and those that files lie in."""
    return sorted({present, *library.roots_in_use(session)}, key=lambda name: (name != BASE, name))


class Scans:
    """Does what the rows of scans ask for."""

    def __init__(self, context: AppContext) -> None:
        self._context = context

    def perform(self, job: Job) -> None:
        """Scan for one row."""
        started = self._start(job.ref)
        if started is None:
            return
        user_id, names = started
        scanner = Scanner(
            self._context.database, roots_of(self._context), user_id=user_id, tell=self._teller(job)
        )
        try:
            report = scanner.scan(names)
        except Stopped:
            if job.stopping.is_set():
                raise JobParked from None
            return
        except Exception as error:
            self._end(job.ref, service.FAILED, scanner.report, _sentence(error))
            raise
        self._end(job.ref, service.COMPLETED, report, None)

    def _start(self, ref: JobRef) -> tuple[int | None, list[str]] | None:
        with self._context.database.write() as session:
            scan = repository.lock_scan(session, ref.key)
            if scan is None or scan.status not in service.UNFINISHED or scan.attempt != ref.attempt:
                return None
            scan.status, scan.started_at = service.RUNNING, scan.started_at or utcnow()
            service.tell(self._context, session, scan)
            present = roots_of(self._context).present_name
            return scan.user_id if scan.adopts else None, roots_to_scan(session, present)

    def _teller(self, job: Job) -> Callable[[Report], None]:
        told = time.monotonic()

        def tell(report: Report) -> None:
            nonlocal told
            if job.stopping.is_set() or job.lost:
                raise Stopped
            if time.monotonic() - told < TOLD_EVERY_SECONDS:
                return
            told = time.monotonic()
            with self._context.database.write() as session:
                scan = repository.lock_scan(session, job.ref.key)
                if scan is None or scan.status != service.RUNNING:
                    raise Stopped
                service.note(scan, report)
                service.tell(self._context, session, scan)

        return tell

    def _end(self, ref: JobRef, status: str, report: Report | None, message: str | None) -> None:
        with self._context.database.write() as session:
            scan = repository.lock_scan(session, ref.key)
            if scan is None or scan.status not in service.UNFINISHED:
                return
            scan.status, scan.message, scan.ended_at = status, message, utcnow()
            if report is not None:
                service.note(scan, report)
            service.tell(self._context, session, scan)

    def give_up(self, job: Job) -> None:
        self._end(job.ref, service.FAILED, None, "The program ended again and again while it scanned.")

    def pending(self, _now: datetime) -> list[Wanted]:
        with self._context.database.read() as session:
            epoch = self._context.job_epoch(session)
            return [
                Wanted(ref=service.job_of(scan, epoch), lane=Lane.BACKGROUND)
                for scan in repository.unfinished_scans(session)
            ]

    def ended(self, ref: JobRef, state: JobState) -> None:
        """The engine is done with a job whose row still waits: a new attempt."""
        with self._context.database.write() as session:
            scan = repository.lock_scan(session, ref.key)
            if scan is None or scan.status not in service.UNFINISHED or scan.attempt != ref.attempt:
                return
            log.info("scan_begun_anew", scan_id=scan.id, engine_state=state.value)
            scan.attempt += 1
            scan.status = service.PENDING
            session.flush()
            service.queue(self._context, session, scan)

    def begin_due(self) -> None:
        """Look whether the media folders were last scanned too long ago; nothing is adopted then."""
        hours = self._context.settings.scan_every_hours
        if not hours:
            return
        try:
            with self._context.database.write() as session:
                last = repository.last_scan_at(session)
                is_due = last is None or last <= utcnow() - timedelta(hours=hours)
                if is_due and library.roots_in_use(session):
                    service.begin(self._context, session, None, adopt=False)
        except Conflict:
            pass
        except OperationalError as error:
            log.info("scan_not_begun", error=type(error).__name__)


def _sentence(error: Exception) -> str:
    return (
        error.strerror or "The disk could not be read."
        if isinstance(error, OSError)
        else "A fault of Magpie."
    )


class Reader:
    """Reads files in a thread of its own, one turn after the other, as long as there are some to read."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._busy = threading.Lock()
        self._stopping = threading.Event()

    def turn(self) -> None:
        rate = self._context.settings.verify_mb_per_second
        if rate and not self._stopping.is_set() and self._busy.acquire(blocking=False):
            threading.Thread(target=self._read, args=(rate,), name="content of files", daemon=True).start()

    def _read(self, rate: float) -> None:
        settings = self._context.settings
        try:
            digests.read_due(
                self._context.database,
                roots_of(self._context),
                digests.Pace(rate * MEGABYTE, self._stopping.wait),
                every=timedelta(days=settings.verify_every_days),
                budget=READING_SECONDS,
            )
        except digests.Interrupted:
            pass
        except OperationalError as error:
            log.info("files_not_read", error=type(error).__name__)
        except Exception:
            log.exception("files_not_read")
        finally:
            self._busy.release()

    def stop(self) -> None:
        self._stopping.set()
