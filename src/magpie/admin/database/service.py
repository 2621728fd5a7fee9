"""Export, backup and import: the rules."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import structlog

from magpie.accounts import service as accounts
from magpie.accounts.principal import Principal
from magpie.admin.database.backups import Backup, Backups, Why
from magpie.admin.database.dump import RowFilter, write_dump
from magpie.admin.database.format import Header
from magpie.admin.database.replace import replace_rows
from magpie.admin.database.scratch import verified
from magpie.admin.database.secrets import PassphraseSeal, without_secrets
from magpie.admin.database.staging import settle, stage
from magpie.admin.settings import service as settings
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.kit.clock import utcnow

log = structlog.get_logger(__name__)

# Told what is being done, and how far the whole is, from 0 to 1.
Stage = Literal["checking", "saving", "replacing"]
Report = Callable[[Stage, float], None]


def export_name() -> str:
    """The file name that clients of Media Auto Saver know."""
    return f"media_auto_saver_backup_{utcnow():%Y%m%d_%H%M%S}.sql"


def export(context: AppContext, principal: Principal) -> Path:
    """A dump in a file of its own, for whoever asked; the caller deletes it."""
    folder = Backups(context.settings.data_dir).prepare()
    path = folder / f".export-{uuid.uuid4().hex}.sql"
    header = write_dump(context.database, path, without_secrets)
    try:
        with context.database.write() as session:
            details = {"rows": sum(header.rows.values())}
            audit.record(session, "database.export", principal=principal, details=details)
    except BaseException:
        path.unlink()
        raise
    return path


def make_backup(context: AppContext, why: Why, principal: Principal | None) -> Backup:
    """A backup into the folder of backups; then the oldest are removed."""
    backups = Backups(context.settings.data_dir)
    backup, header = backups.make(context.database, why, without_secrets)
    with context.database.write() as session:
        details = {"why": why.value, "rows": sum(header.rows.values())}
        audit.record(
            session, "backup.create", principal=principal, subject=f"backup:{backup.name}", details=details
        )
    backups.rotate(context.settings.backups_kept)
    return backup


def make_due_backup(context: AppContext) -> None:
    """The scheduled backup, when its time has come and there is anything to keep."""
    backups = Backups(context.settings.data_dir)
    if not backups.is_due(context.settings.backup_every_hours):
        return
    with context.database.read() as session:
        is_empty = accounts.needs_first_user(session)
    if not is_empty:
        make_backup(context, Why.SCHEDULED, None)


def import_dump(
    context: AppContext,
    path: Path,
    *,
    report: Report,
    username: str,
    source: str,
    passphrase: str | None = None,
) -> Header:
    """Verify the file, save the present state, and replace it; on any fault all stays as it was.

    `username`: who asked, for the audit log that comes with the file; `source`: what the file was called.
    Raises `DumpRefused` for the file's faults.
    """
    backups = Backups(context.settings.data_dir)
    folder = backups.prepare()
    report("checking", 0.0)
    with verified(path, folder, lambda part: report("checking", part * 0.6)) as (header, scratch):
        with context.database.read() as session:
            claim = downloads.highest_claim(session)
        claim = settle(scratch, _reader(context, header, passphrase), claim)
        with context.database.replacing() as session:
            stage(session, scratch, lambda part: report("checking", 0.6 + part * 0.2))
            report("saving", 0.8)
            before, _ = backups.make(context.database, Why.BEFORE_IMPORT, without_secrets)
            replace_rows(session, scratch, claim, lambda part: report("replacing", 0.9 + part * 0.1))
            details = {
                "file": source[:200],
                "written": header.created_at.isoformat(),
                "revision": header.revision,
                "sha256": header.digest,
                "rows": sum(header.rows.values()),
                "backup": before.name,
            }
            # By name only: the account of whoever asked may be another one now, or none.
            audit.record(session, "database.import", principal=None, username=username, details=details)
            session.after_commit(lambda: settings.refresh(context))
    if context.engine is not None:
        context.engine.reconcile_now()  # what waits begins at once, wherever there is room
    backups.rotate(context.settings.backups_kept)
    log.info("database_imported", file=source, rows=sum(header.rows.values()))
    return header


def _reader(context: AppContext, header: Header, passphrase: str | None) -> RowFilter:
    if passphrase is None or header.sealing is None:
        return without_secrets
    return PassphraseSeal(passphrase, header.sealing).opened_for(context.vault)


def note_failure(context: AppContext, principal: Principal, source: str, message: str) -> None:
    """Note an import that came to nothing."""
    with context.database.write() as session:
        audit.record(
            session,
            "database.import",
            principal=principal,
            outcome="failure",
            details={"file": source[:200], "message": message},
        )


def delete_backup(context: AppContext, name: str, principal: Principal) -> Backup:
    """Remove a backup for good. Raises `NotFound`."""
    backup = Backups(context.settings.data_dir).get(name)
    with context.database.write() as session:
        audit.record(session, "backup.delete", principal=principal, subject=f"backup:{backup.name}")
        session.after_commit(lambda: backup.path.unlink(missing_ok=True))
    return backup


def note_download(context: AppContext, name: str, principal: Principal) -> Backup:
    """A backup that somebody takes away. Raises `NotFound`."""
    backup = Backups(context.settings.data_dir).get(name)
    with context.database.write() as session:
        audit.record(session, "backup.download", principal=principal, subject=f"backup:{backup.name}")
    return backup
