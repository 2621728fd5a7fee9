"""`magpie check`: looking at links from the command line, beside a running server or without one."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import FrameType
from typing import Any

from magpie.config import settings
from magpie.context import AppContext, build_context
from magpie.downloads import service as downloads
from magpie.downloads.progress import show_progress
from magpie.downloads.worker import COMMAND_PREFIX, SILENCE, Workshop
from magpie.engine.port import DirectJob, JobParked
from magpie.history.models import HistoryRecord
from magpie.history.schemas import CheckDetails
from magpie.kit.clock import utcnow
from magpie.kit.logs import configure_logs
from magpie.links.checks import jobs, repository, service
from magpie.links.checks.service import Mode
from magpie.links.checks.worker import Checker
from magpie.links.models import Link
from magpie.notifications import sources as notifications
from magpie.playlists.missing import hearing
from magpie.preparation import prepare

SITES_AT_ONCE = 4
# What failed and is tried again sooner than this is waited for.
PATIENCE_SECONDS = 60.0
BUSY = "It is being checked by another process."
RESTS = "Its site is left alone for a while."
STOPPED = "It was stopped, and goes on with the next check."


@dataclass(frozen=True, slots=True)
class _Told:
    """What became of one link."""

    link: Link
    status: str
    message: str
    record: HistoryRecord | None = None

    @property
    def ok(self) -> bool:
        return self.status == "success" and (self.record is None or not self.record.failed)

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "id": self.link.id,
            "name": self.link.name,
            "url": self.link.url,
            "status": self.status,
            "message": self.message,
        }
        if self.record is not None:
            details = CheckDetails.model_validate(self.record.details)
            body |= details.model_dump(include={"tier", "requests", "seconds", "seen", "new", "reason"})
            body |= {name: getattr(self.record, name) for name in ("queued", "landed", "failed")}
        return body


def check(link_id: int | None, *, as_json: bool, downloads_too: bool) -> int:
    """Check one link, or all that are enabled. Returns the exit code: 0 all went well, 1 something failed, 2 there
    is no such link."""
    chosen = settings()
    configure_logs(debug=chosen.debug, style=chosen.log_format, quiet=not chosen.debug)
    context = build_context(chosen)
    try:
        prepare(context)
        jobs.follow_downloads(context)
        notifications.follow_downloads(context)
        hearing.follow_command(context)
        links = _links(context, link_id)
        if link_id is not None and not links:
            print(f"magpie check: there is no link {link_id}", file=sys.stderr)
            return 2
        return _report(_Command(context, downloads_too=downloads_too).run(links), as_json=as_json)
    finally:
        context.close()


def _links(context: AppContext, link_id: int | None) -> list[Link]:
    with context.database.read() as session:
        if link_id is None:
            return repository.enabled(session)
        link = repository.get(session, link_id)
        return [link] if link is not None else []


def _report(told: Iterator[_Told], *, as_json: bool) -> int:
    code = 0
    for one in told:
        code = code if one.ok else 1
        if as_json:
            print(json.dumps(one.as_json(), ensure_ascii=False), flush=True)
        else:
            line = "\t".join([str(one.link.id), one.link.name, one.status, one.message])
            print(line.encode(errors="replace").decode(), flush=True)
    return code


class _Command:
    """The checks and downloads of this process."""

    def __init__(self, context: AppContext, *, downloads_too: bool) -> None:
        name = f"{COMMAND_PREFIX}{socket.gethostname()}:{os.getpid()}"
        self._context = context
        self._workshop = Workshop(context, name)
        self._checker = Checker(context, self._workshop.bench, name)
        self._downloads_too = downloads_too
        self._stopped = threading.Event()

    def run(self, links: Sequence[Link]) -> Iterator[_Told]:
        """One after the other at each site, several sites at once."""
        sites: dict[str, list[Link]] = {}
        for link in links:
            sites.setdefault(link.site, []).append(link)
        self._workshop.start()
        self._on_signals()
        try:
            with (
                show_progress(self._workshop.board.all),
                ThreadPoolExecutor(SITES_AT_ONCE, "check") as pool,
            ):
                for told in pool.map(self._do_site, sites.values()):
                    yield from told
        finally:
            self._workshop.stop()

    def _on_signals(self) -> None:
        """Ctrl-C and a polite kill put down what runs; a second one ends the program at once."""

        def stop() -> None:
            self._stopped.set()
            self._checker.holds.stop_all()
            self._workshop.stop_all()

        def handle(number: int, _frame: FrameType | None) -> None:
            signal.signal(number, signal.SIG_DFL)
            threading.Thread(target=stop, daemon=True).start()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, handle)

    def _do_site(self, links: Sequence[Link]) -> list[_Told]:
        return [self._do(link) for link in links]

    def _do(self, link: Link) -> _Told:
        print(f"checking {link.name} …".encode(errors="replace").decode(), file=sys.stderr)
        before = self._latest(link.id)
        if self._stopped.is_set():
            return _Told(link, "stopped", STOPPED)
        try:
            self._check(link.id)
        except JobParked:
            return (
                _Told(link, "stopped", STOPPED)
                if self._stopped.is_set()
                else _Told(link, "cooling_down", RESTS)
            )
        record = self._latest(link.id)
        # A check that was put down, or whose process died, is gone on with under its own record.
        is_old = before is not None and before.status is not None and before.id == (record and record.id)
        if record is None or record.status is None or is_old:
            return _Told(link, "busy", BUSY)
        if self._downloads_too:
            self._download(link)
        return self._outcome(link.id, record.id)

    def _check(self, link_id: int) -> None:
        with self._context.database.write() as session:
            link = repository.get(session, link_id)
            if link is None:
                return
            service.request(self._context, session, link, Mode.CHECK, now=True)
            job = DirectJob(service.job_of(link, self._context.job_epoch(session)))
        self._checker.perform(job)

    def _latest(self, link_id: int) -> HistoryRecord | None:
        with self._context.database.read() as session:
            return repository.latest_record(session, link_id)

    def _outcome(self, link_id: int, record_id: int) -> _Told:
        with self._context.database.read() as session:
            link, record = session.get_one(Link, link_id), session.get_one(HistoryRecord, record_id)
            return _Told(link, record.status or "busy", record.message, record)

    def _download(self, link: Link) -> None:
        """All of the link's downloads that wait, in their order, also those whose turn comes meanwhile."""
        pause = self._context.settings.site_delay_seconds
        done: set[str] = set()
        while not self._stopped.is_set():
            with self._context.database.read() as session:
                waiting = downloads.next_of_link(
                    session, link.id, done, patience=PATIENCE_SECONDS, silent_since=utcnow() - SILENCE
                )
                epoch = self._context.job_epoch(session)
            if waiting is None:
                return
            done.add(f"{waiting.key}.{waiting.attempt}")
            if self._stopped.wait(downloads.seconds_until(waiting.next_attempt_at)):
                return
            try:
                self._workshop.perform(DirectJob(downloads.job_of(waiting, epoch)))
            except JobParked:
                return
            self._stopped.wait(pause)
