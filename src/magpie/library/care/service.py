"""The rules of scans: who asks for them, how they are told, how they end."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.engine.port import Engine, JobRef, Lane
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound
from magpie.kit.events import Event
from magpie.kit.paging import decode_cursor, encode_cursor
from magpie.library.care import repository
from magpie.library.care.scan import Report
from magpie.library.models import Scan

KIND = "scan"
KEPT = 50
PAGE = 50
PENDING, RUNNING, COMPLETED, FAILED, CANCELLED = "pending", "running", "completed", "failed", "cancelled"
UNFINISHED = (PENDING, RUNNING)


@dataclass(frozen=True, slots=True)
class Page:
    scans: list[Scan]
    next_cursor: str | None


def job_of(scan: Scan, epoch: int) -> JobRef:
    return JobRef(kind=KIND, key=scan.key, epoch=epoch, attempt=scan.attempt)


def begin(context: AppContext, session: WriteSession, principal: Principal | None, *, adopt: bool) -> Scan:
    """Have the media folders scanned. One scan waits or runs at a time: raises `Conflict` while one does."""
    if repository.unfinished_scans(session):
        raise Conflict("The media folders are being scanned already")
    repository.forget_scans(session, KEPT - 1)
    scan = Scan(
        key=uuid.uuid4().hex, user_id=principal.id if principal else None, adopts=adopt, status=PENDING
    )
    session.add(scan)
    session.flush()
    audit.record(
        session, "library.scan", principal=principal, subject=f"scan:{scan.id}", details={"adopt": adopt}
    )
    queue(context, session, scan)
    return scan


def queue(context: AppContext, session: WriteSession, scan: Scan) -> None:
    """Hand it over once it is committed."""
    engine = context.engine
    if engine is not None:
        job = job_of(scan, context.job_epoch(session))
        session.after_commit(lambda: engine.enqueue(job, Lane.BACKGROUND))


def get(session: ReadSession, scan_id: int) -> Scan:
    scan = session.get(Scan, scan_id)
    if scan is None:
        raise NotFound
    return scan


def unfinished(session: ReadSession) -> list[Scan]:
    """Scans that wait or run."""
    return repository.unfinished_scans(session)


def page(session: ReadSession, cursor: str | None, limit: int) -> Page:
    """Scans, newest first."""
    before = int(decode_cursor(cursor, (int,))[0]) if cursor else None
    scans = repository.newest_scans(session, before, limit + 1)
    more, scans = len(scans) > limit, scans[:limit]
    return Page(scans, encode_cursor(scans[-1].id) if more else None)


def cancel(context: AppContext, session: WriteSession, principal: Principal, scan_id: int) -> Scan:
    """End a scan; what it has noted stays. One that has ended stays as it is."""
    key = get(session, scan_id).key
    scan = repository.lock_scan(session, key)
    if scan is None:
        raise NotFound
    if scan.status in UNFINISHED:
        scan.status, scan.ended_at = CANCELLED, utcnow()
        audit.record(session, "library.scan_cancel", principal=principal, subject=f"scan:{scan.id}")
        job, engine = job_of(scan, context.job_epoch(session)), context.engine
        if engine is not None:
            session.after_commit(lambda: _cancel(engine, job))
        tell(context, session, scan)
    return scan


def _cancel(engine: Engine, job: JobRef) -> None:
    engine.cancel(job)


def note(scan: Scan, report: Report) -> None:
    """Let the row say what has been found."""
    scan.counts, scan.problems = dict(report.counts), list(report.problems)


def tell(context: AppContext, session: WriteSession, scan: Scan) -> None:
    """Let open pages know of it, once it is committed."""
    body = {"type": KIND, "id": scan.id, "status": scan.status, "counts": dict(scan.counts or {})}
    event = Event(owner=scan.user_id, body=body)
    session.after_commit(lambda: context.events.publish([event]))
