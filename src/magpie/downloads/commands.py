"""`magpie save`: saving from the command line, beside a running server or without one."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from magpie.accounts import service as accounts
from magpie.admin.settings.stored import effective
from magpie.config import Settings, settings
from magpie.context import AppContext, build_context
from magpie.downloads import repository, service
from magpie.downloads.addresses import clean_address
from magpie.downloads.extractors.port import Profile
from magpie.downloads.folder import FolderSaver
from magpie.downloads.models import Download, Status
from magpie.downloads.progress import show_progress
from magpie.downloads.worker import COMMAND_PREFIX, Workshop
from magpie.engine.port import DirectJob
from magpie.kit.logs import configure_logs
from magpie.library import service as library
from magpie.playlists.missing import hearing
from magpie.preparation import prepare
from magpie.profiles import service as profiles
from magpie.profiles.convert import to_profile

ON_DISK = (Status.COMPLETED, Status.SKIPPED)


@dataclass(slots=True)
class Outcome:
    """What became of one address. `paths` are absolute, the main file first."""

    url: str
    status: str
    paths: list[Path] = field(default_factory=list)
    title: str | None = None
    artist: str | None = None
    item_id: int | None = None
    reason: str | None = None
    error_message: str | None = None
    hint: str | None = None

    @property
    def ok(self) -> bool:
        return bool(self.paths) and self.status in ON_DISK

    def as_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "status": self.status,
            "path": str(self.paths[0]) if self.paths else None,
            "files": [str(path) for path in self.paths],
            "title": self.title,
            "artist": self.artist,
            "item_id": self.item_id,
            "reason": self.reason,
            "error_message": self.error_message,
            "hint": self.hint,
        }


def save(urls: list[str], *, profile: str, folder: Path | None, as_json: bool) -> int:
    """Save media now. Returns the exit code: 0 all on the disk, 1 something failed, 2 a wrong command."""
    chosen = settings()
    configure_logs(debug=chosen.debug, style=chosen.log_format, quiet=not chosen.debug)
    try:
        addresses = [clean_address(url) for url in urls]
        found = _profile(chosen, profile)
    except (ValueError, profiles.NoProfile) as error:
        return _wrong(str(error))
    if folder is not None:
        outcomes = _save_to_folder(_with_saved(chosen), addresses, found, folder)
    else:
        outcomes = _save_to_library(chosen, addresses, profile)
    return _report(outcomes, as_json=as_json)


def _profile(chosen: Settings, name: str) -> Profile:
    """The profile of this name: a shipped one, or one of the first superuser's. Raises `NoProfile`."""
    if name in profiles.SHIPPED:
        return to_profile(name, profiles.SHIPPED[name].spec)
    context = build_context(chosen)
    try:
        prepare(context)
        with context.database.read() as session:
            owner = accounts.first_superuser(session)
            return profiles.find(session, owner.id if owner else None, name)
    finally:
        context.close()


def _with_saved(chosen: Settings) -> Settings:
    """The settings with what superusers have saved; a library that cannot be read keeps nobody from saving."""
    found = effective(chosen)
    if found.trouble:
        print(f"magpie save: saved settings are left out: {found.trouble}", file=sys.stderr)
    return found.settings


def _wrong(message: str) -> int:
    print(f"magpie save: {message}", file=sys.stderr)
    return 2


def _report(outcomes: Iterable[Outcome], *, as_json: bool) -> int:
    """Print each outcome as it comes, in the order that was asked for."""
    code = 0
    for outcome in outcomes:
        if not outcome.ok:
            code = 1
            hint = f" {outcome.hint}" if outcome.hint else ""
            print(
                f"magpie save: {outcome.url}: {outcome.error_message or outcome.status}{hint}",
                file=sys.stderr,
            )
        if as_json:
            print(json.dumps(outcome.as_json(), ensure_ascii=False), flush=True)
        elif outcome.ok:
            print(_printable(outcome.paths[0]), flush=True)
    return code


def _printable(path: Path) -> str:
    return str(path).encode(errors="replace").decode(errors="replace")


def _on_signals(action: Callable[[], None]) -> None:
    """Ctrl-C and a polite kill end the downloads first; a second one ends the program at once."""

    def handle(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        threading.Thread(target=action, daemon=True).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)


def _save_to_folder(chosen: Settings, urls: list[str], profile: Profile, folder: Path) -> list[Outcome]:
    saver = FolderSaver(chosen, folder.absolute(), profile)
    _on_signals(saver.cancel)
    with saver, show_progress(saver.running):
        results = [saver.save(url) for url in urls]
    return [
        Outcome(
            url=one.url,
            status=one.status,
            paths=one.paths,
            title=one.medium.title if one.medium else None,
            artist=one.medium.artist if one.medium else None,
            reason=one.failure.reason if one.failure else None,
            error_message=one.failure.message if one.failure else None,
            hint=one.failure.diagnosis.hint if one.failure else None,
        )
        for result in results
        for one in result
    ]


def _save_to_library(chosen: Settings, urls: list[str], profile: str) -> list[Outcome]:
    context = build_context(chosen)
    prepare(context)
    hearing.follow_command(context)
    workshop = Workshop(context, f"{COMMAND_PREFIX}{socket.gethostname()}:{os.getpid()}")
    workshop.start()
    command = _LibraryCommand(context, workshop, profile)
    _on_signals(command.cancel)
    try:
        with (
            show_progress(workshop.board.all),
            ThreadPoolExecutor(context.settings.max_concurrent_downloads, "save") as pool,
        ):
            return [outcome for outcomes in pool.map(command.save, urls) for outcome in outcomes]
    finally:
        workshop.stop()
        context.close()


class _LibraryCommand:
    """Downloads into the library, made and done by this command."""

    def __init__(self, context: AppContext, workshop: Workshop, profile: str) -> None:
        self._context = context
        self._workshop = workshop
        self._profile = profile
        self._cancelled = False
        with context.database.read() as session:
            owner = accounts.first_superuser(session)
        # Before the first account exists the household owns what is saved: superusers see it.
        self._owner = owner.id if owner else None

    def cancel(self) -> None:
        """End what runs, begin nothing more."""
        self._cancelled = True
        with self._context.database.write() as session:
            for running in self._workshop.board.all():
                download = repository.lock_by_key(session, running.key)
                if download is not None:
                    download.cancel_requested = True

    def save(self, url: str) -> list[Outcome]:
        """Save one address; a list gives the outcome of each of its entries."""
        if self._cancelled:
            return [Outcome(url, Status.CANCELLED)]
        with self._context.database.write() as session:
            wanted = service.Wanted(url, self._profile)
            download = service.create(self._context, session, self._owner, wanted)
        return self._do(download)

    def _do(self, download: Download) -> list[Outcome]:
        epoch = self._epoch()
        self._workshop.perform(DirectJob(service.job_of(download, epoch)), attempts=1)
        with self._context.database.read() as session:
            ended = repository.get_by_key(session, download.key)
            entries = repository.children(session, download.id) if ended else []
        if ended is None:
            return [Outcome(download.url, Status.CANCELLED)]
        if entries:
            return [outcome for entry in entries if not self._cancelled for outcome in self._do(entry)]
        return [self._outcome(ended)]

    def _epoch(self) -> int:
        with self._context.database.read() as session:
            return self._context.job_epoch(session)

    def _outcome(self, download: Download) -> Outcome:
        outcome = Outcome(
            url=download.url,
            status=download.status,
            title=download.title,
            artist=download.artist,
            item_id=download.item_id,
            reason=download.reason,
            error_message=download.error_message,
            hint=service.hint_of(download),
        )
        if download.item_id is not None:
            with self._context.database.read() as session:
                roots = library.roots_of(self._context)
                outcome.paths = library.places_of(session, roots, download.item_id)
        return outcome
