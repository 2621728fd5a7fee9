"""Making transcripts: claiming a row, hearing its item's sound, filing the subtitles, and putting it down in between."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from magpie.config import Settings
from magpie.context import AppContext
from magpie.engine.holding import Hold, Holds
from magpie.engine.port import Job, JobParked, JobRef
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import NotFound
from magpie.library import service as library
from magpie.podcasts.discretion import discreet
from magpie.podcasts.models import ItemTranscript, TranscriptStatus
from magpie.podcasts.transcribers import captions
from magpie.podcasts.transcribers import service as transcribers
from magpie.podcasts.transcribers.journal import FolderJournal
from magpie.podcasts.transcribers.port import Transcriber, Transcript, TranscriptionFailed
from magpie.podcasts.transcripts import queueing, repository
from magpie.podcasts.transcripts.service import TranscriptFault

log = structlog.get_logger(__name__)

Connect = Callable[[Settings], Transcriber]
TOLD_SECONDS = 1.0  # between two words on the progress
# Seconds until what may pass is tried again; each attempt has asked four times.
RETRIES = (60.0, 300.0, 1800.0, 7200.0)
LONGEST_DELAY = 24 * 3600.0
MIME = "text/vtt"


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be heard, for whom."""

    id: int
    key: str
    claim: int
    item_id: int
    language: str | None


class Scribe:
    """Everything that transcripts need, shared by all of them in this process."""

    def __init__(self, context: AppContext, name: str, *, connect: Connect = transcribers.connect) -> None:
        """`name` tells workers apart."""
        self.context = context
        self.name = name
        self.holds = Holds("transcript", context.database, beat=self._beat, held=self._is_held)
        self._connect = connect

    def home(self, key: str) -> Path:
        """Where the pieces of a transcript, and what was heard of them, lie until it is done."""
        return self.context.given.data_dir / "transcripts" / key

    def perform(self, job: Job) -> None:
        """Make one transcript whose row says that this attempt is due.

        Never raises for what it met; `JobParked` if it was put down because the program stops.
        """
        order = self._claim(job.ref)
        if order is None:
            return
        hold = Hold(order.id, order.claim, job)
        with structlog.contextvars.bound_contextvars(transcript=order.id), self.holds.watched(hold):
            try:
                self._make(order, hold)
            except TranscriptionFailed as failure:
                self._failed(order, hold, failure)
            except library.FenceLost:
                log.info("transcript_taken_over")
            except OSError as error:
                message = f"The disk could not be used ({error.strerror or type(error).__name__})."
                self._end(order, TranscriptFault.DISK, message)
            except Exception:
                log.exception("transcript_crashed")
                message = "Something went wrong in Magpie itself; the log says more."
                self._end(order, TranscriptFault.CRASHED, message)
        self._tidy(order)

    def give_up(self, ref: JobRef, detail: str) -> None:
        """Record a transcript that brings down every process that makes it as failed."""
        order = self._claim(ref)
        if order is not None:
            self._end(order, TranscriptFault.CRASHED, detail)
            self._tidy(order)

    def sweep(self) -> None:
        """Take away what is left of transcripts that nobody makes any more: their items were deleted, say."""
        homes = self.home("any").parent
        if not homes.is_dir():
            return
        # The folders first: whose row is not there yet has none.
        found = list(homes.iterdir())
        with self.context.database.read() as session:
            wanted = {one.key for one in repository.unfinished(session)}
        for folder in found:
            if folder.name not in wanted:
                shutil.rmtree(folder, ignore_errors=True)

    # The work

    def _make(self, order: _Order, hold: Hold) -> None:
        context = self.context
        media, transcriber = self._media(order), self._connect(context.settings)
        self._note(order, provider=transcriber.name)
        home = self.home(order.key)
        home.mkdir(parents=True, exist_ok=True)
        transcript = transcribers.transcribe(
            transcriber,
            media,
            order.language,
            self._teller(order),
            lambda: self.holds.must_end(hold),
            FolderJournal(home / "heard"),
            ffmpeg=context.given.ffmpeg,
            room=home,
        )
        self._file(order, transcript)
        log.info("transcript_made", provider=transcript.provider, passages=len(transcript.passages))

    def _media(self, order: _Order) -> Path:
        with self.context.database.read() as session:
            item = session.get(library.Item, order.item_id)
            file = library.main_file(item) if item is not None else None
            if file is None:
                raise library.FenceLost
            try:
                return library.open_file(library.roots_of(self.context), file)
            except NotFound as error:
                raise TranscriptionFailed(TranscriptFault.MISSING, f"{error.detail}.") from error

    def _teller(self, order: _Order) -> Callable[[float], None]:
        told = 0.0

        def tell(progress: float) -> None:
            nonlocal told
            if time.monotonic() - told >= TOLD_SECONDS:
                told = time.monotonic()
                self._note(order, progress=progress)

        return tell

    def _note(self, order: _Order, **values: object) -> None:
        with self.context.database.write() as session:
            if repository.still_mine(session, order.id, order.claim, **values):
                row = repository.lock(session, order.id)
                if row is not None:
                    queueing.announce(self.context, session, row)

    def _file(self, order: _Order, transcript: Transcript) -> None:
        """The subtitles and the row's end are one unit of work."""

        def settle(session: WriteSession, file: library.ItemFile) -> None:
            row = repository.lock_by_key(session, order.key)
            if row is None:
                raise library.FenceLost
            row.file_id, row.progress = file.id, 1.0
            row.language, row.provider = transcript.language, transcript.provider
            queueing.end(self.context, session, row, TranscriptStatus.COMPLETED)

        library.add_file(
            self.context.database,
            library.filing_of(self.context),
            library.Addition(
                item_id=order.item_id,
                holder=order.key,
                claim=order.claim,
                content=captions.vtt(transcript).encode(),
                mime=MIME,
                ending=".vtt",
                language=transcript.language,
                still_mine=lambda session: repository.still_mine(session, order.id, order.claim),
                settle=settle,
            ),
        )

    # How it ends otherwise

    def _failed(self, order: _Order, hold: Hold, failure: TranscriptionFailed) -> None:
        if failure.reason == "stopped":
            if hold.is_lost or not self.holds.is_stopping(hold):
                log.info("transcript_taken_over")
                return
            self._put_down(order)
        with self.context.database.write() as session:
            row = self._held(session, order)
            if row is None:
                return
            if failure.may_pass and row.failures < len(RETRIES):
                row.failures += 1
                delay = max(failure.retry_after or 0.0, RETRIES[row.failures - 1])
                row.error_code = failure.reason
                row.error_message = discreet(failure.message, self.context.settings, session, row.user_id)
                queueing.queue(self.context, session, row, delay=min(delay, LONGEST_DELAY))
                return
        self._end(order, failure.reason, failure.message)

    def _put_down(self, order: _Order) -> None:
        with self.context.database.write() as session:
            kept = {"status": TranscriptStatus.PENDING, "worker": None, "heartbeat_at": None}
            if not repository.still_mine(session, order.id, order.claim, **kept):
                return
        raise JobParked

    def _end(self, order: _Order, code: str, message: str) -> None:
        with self.context.database.write() as session:
            row = self._held(session, order)
            if row is not None:
                log.info("transcript_failed", reason=code, detail=message)
                told = discreet(message, self.context.settings, session, row.user_id)
                queueing.end(self.context, session, row, TranscriptStatus.FAILED, code, told)

    def _tidy(self, order: _Order) -> None:
        """What was heard is kept for another attempt only."""
        with self.context.database.read() as session:
            row = repository.get(session, order.id)
            is_wanted = row is not None and row.status in repository.UNFINISHED
        if not is_wanted:
            shutil.rmtree(self.home(order.key), ignore_errors=True)

    # Holding

    def _claim(self, ref: JobRef) -> _Order | None:
        """Take the row; None if there is nothing to do any more."""
        with self.context.database.write() as session:
            row = repository.lock_by_key(session, ref.key)
            if row is None or row.status not in repository.UNFINISHED or row.attempt != ref.attempt:
                return None
            if ref.epoch != self.context.job_epoch(session):
                return None
            row.status = TranscriptStatus.RUNNING
            row.claim += 1
            row.worker, row.heartbeat_at = self.name, utcnow()
            row.next_attempt_at = row.error_code = row.error_message = None
            queueing.announce(self.context, session, row)
            return _Order(row.id, row.key, row.claim, row.item_id, row.language)

    def _held(self, session: WriteSession, order: _Order) -> ItemTranscript | None:
        """The row, if it is still this order's."""
        row = repository.lock_by_key(session, order.key)
        is_held = row is not None and row.claim == order.claim and row.status == TranscriptStatus.RUNNING
        return row if is_held else None

    def _beat(self, session: WriteSession, hold: Hold, moment: datetime) -> bool:
        return repository.still_mine(session, hold.row_id, hold.claim, heartbeat_at=moment)

    def _is_held(self, session: ReadSession, hold: Hold) -> bool:
        row = repository.get(session, hold.row_id)
        return row is not None and row.claim == hold.claim and row.status == TranscriptStatus.RUNNING
