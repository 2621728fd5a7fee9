"""The rules of the history: one record per check, which follows its downloads until the last has ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from magpie.accounts.principal import Principal
from magpie.history import repository
from magpie.history.models import HistoryRecord
from magpie.history.schemas import CheckDetails, FailedDownload
from magpie.kit.clock import utcnow
from magpie.kit.db import Database, ReadSession, WriteSession
from magpie.kit.errors import NotFound

if TYPE_CHECKING:
    from magpie.downloads.models import Download

SUCCESS = "success"
FAILURE = "failure"
MOST_FAILURES_NOTED = 50
# Two hundred links that are looked at every hour leave two million records a year, most of which say "nothing new".
UNEVENTFUL_KEPT = timedelta(days=90)
_PART = 500


@dataclass(frozen=True, slots=True)
class Told:
    """A record and the files that came of its check, relative to the media root."""

    record: HistoryRecord
    files: list[str]


def begin(session: WriteSession, *, user_id: int, link_id: int, link_name: str) -> HistoryRecord:
    """The record of a check that begins. It is not shown until `finish`."""
    record = HistoryRecord(user_id=user_id, link_id=link_id, link_name=link_name, timestamp=utcnow())
    session.add(record)
    session.flush()
    return record


def queued(session: WriteSession, history_id: int, count: int) -> None:
    """Note that the check began so many more downloads."""
    repository.add_queued(session, history_id, count)


def finish(
    session: WriteSession, record: HistoryRecord, *, failure: bool, message: str, details: CheckDetails
) -> None:
    """The listing has ended: from now on the record is shown.

    `message` counts until downloads of the check land or fail, and for a failure for ever. Downloads that have
    ended while the listing ran are kept.
    """
    current = repository.lock(session, record.id)
    if current is None:  # the user is gone, and the record with them
        return
    so_far = CheckDetails.model_validate(current.details)
    kept = {"held": so_far.held, "failed_downloads": so_far.failed_downloads}
    current.details = details.model_copy(update=kept).model_dump(mode="json")
    current.status = FAILURE if failure else SUCCESS
    current.message = message
    _say(current)


def landed(session: WriteSession, download: Download, paths: Sequence[str]) -> None:
    """A download of a check has come into the library; `paths` relative to the media root."""
    record = _record_of(session, download)
    if record is not None:
        _forgive(record, download)
        record.landed += 1
        repository.add_files(session, record.id, paths)
        _say(record)


def held(session: WriteSession, download: Download) -> None:
    """A download of a check found its medium in the library already."""
    record = _record_of(session, download)
    if record is not None:
        _forgive(record, download)
        details = CheckDetails.model_validate(record.details)
        record.details = details.model_copy(update={"held": details.held + 1}).model_dump(mode="json")
        _say(record)


def postponed(session: WriteSession, download: Download) -> None:
    """The medium is not published yet: its download is begun, and counted, when it is time."""
    record = _record_of(session, download)
    if record is not None:
        record.queued -= 1
        _say(record)


def missed(session: WriteSession, download: Download) -> None:
    """A download of a check has failed, or was cancelled."""
    record = _record_of(session, download)
    if record is None:
        return
    _forgive(record, download)
    record.failed += 1
    details = CheckDetails.model_validate(record.details)
    if len(details.failed_downloads) < MOST_FAILURES_NOTED:
        details.failed_downloads.append(
            FailedDownload(
                download_id=download.id,
                entry_id=download.entry_id,
                url=download.url,
                title=download.title,
                status=download.status,
                reason=download.reason,
                error_message=download.error_message,
            )
        )
        record.details = details.model_dump(mode="json")
    _say(record)


def _forgive(record: HistoryRecord, download: Download) -> None:
    """A download that had failed was tried again: only its last end counts."""
    details = CheckDetails.model_validate(record.details)
    others = [one for one in details.failed_downloads if one.download_id != download.id]
    if len(others) < len(details.failed_downloads):
        record.failed -= 1
        record.details = details.model_copy(update={"failed_downloads": others}).model_dump(mode="json")


def _record_of(session: WriteSession, download: Download) -> HistoryRecord | None:
    return repository.lock(session, download.history_id) if download.history_id is not None else None


def _say(record: HistoryRecord) -> None:
    """Let the message of a check that went well follow its downloads."""
    if record.status != SUCCESS or not (record.landed or record.failed):
        return
    held_already = CheckDetails.model_validate(record.details).held
    parts = [f"Downloaded {_items(record.landed, 'new ')}."]
    if record.failed:
        parts.append(f"{_items(record.failed)} could not be downloaded.")
    coming = record.queued - record.landed - record.failed - held_already
    if coming > 0:
        parts.append(f"{_items(coming)} still to come.")
    record.message = " ".join(parts)


def _items(count: int, kind: str = "") -> str:
    return f"{count} {kind}item" if count == 1 else f"{count} {kind}items"


def page(
    session: ReadSession,
    principal: Principal,
    *,
    link_id: int | None = None,
    status: str | None = None,
    before: int | None = None,
    skip: int = 0,
    limit: int = 100,
) -> list[Told]:
    """What the caller may see, newest first."""
    records = repository.page(
        session, principal, link_id=link_id, status=status, before=before, skip=skip, limit=limit
    )
    files = repository.files_of(session, [record.id for record in records])
    return [Told(record, files[record.id]) for record in records]


def get(session: ReadSession, principal: Principal, history_id: int) -> Told:
    """Raises `NotFound` for what is not there or not the caller's."""
    record = repository.get(session, principal, history_id)
    if record is None:
        raise NotFound
    return Told(record, repository.files_of(session, [record.id])[record.id])


def existing(session: ReadSession, history_ids: Collection[int]) -> set[int]:
    """Those of these checks whose records are there still."""
    return repository.existing(session, history_ids) if history_ids else set()


def prune(database: Database, now: datetime) -> int:
    """Forget checks that went well long ago and found nothing new, but for each link's latest, a few at a time, so
    that nobody waits; how many."""
    total, last = 0, 0
    while True:
        with database.read() as session:
            rows = repository.without_downloads(session, SUCCESS, now - UNEVENTFUL_KEPT, last, _PART)
        uneventful = [row.id for row in rows if not CheckDetails.model_validate(row.details).new]
        if uneventful:
            with database.write() as session:
                repository.forget(session, uneventful)
        total += len(uneventful)
        if len(rows) < _PART:
            return total
        last = rows[-1].id
