"""Saving into a folder of the user's own, without a library and without a database."""

from __future__ import annotations

import errno
import shutil
import tempfile
import threading
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Self

from magpie.config import Settings
from magpie.downloads.bench import Bench
from magpie.downloads.board import Running
from magpie.downloads.extractors.port import Declined, IsAList, Kind, Medium, Profile, Role, Saved, Stage
from magpie.downloads.failures import DownloadFailure, Reason, disk_failure
from magpie.downloads.lists import places_in
from magpie.downloads.models import Status
from magpie.downloads.nest.client import Cancelled, JobHandler, Verdict
from magpie.downloads.sites import site_of
from magpie.kit.filesystem import free_bytes, rename_anew
from magpie.kit.paths import below
from magpie.library.filing import MAX_NAME_TRIES
from magpie.library.naming import Naming, paths_for
from magpie.library.sidecars import with_nfo
from magpie.plugins import plugins


@dataclass(slots=True)
class FolderResult:
    """What became of one address."""

    url: str
    status: Status
    paths: list[Path] = field(default_factory=list)
    medium: Medium | None = None
    failure: DownloadFailure | None = None


class _Watcher(JobHandler):
    """Follows one job for the progress display, and admits it if there is room."""

    def __init__(self, running: Running, folder: Path, reserve: int) -> None:
        self._running = running
        self._folder = folder
        self._reserve = reserve

    def on_stage(self, stage: Stage) -> None:
        self._running.stage = stage

    def on_found(self, medium: Medium) -> Verdict:
        self._running.title = medium.title
        self._running.is_live = medium.is_live
        if (medium.estimated_bytes or 0) > free_bytes(self._folder) - self._reserve:
            raise DownloadFailure(Reason.NO_SPACE)
        return Verdict.GO

    def on_progress(self, downloaded: int, total: int | None, speed: float | None, eta: float | None) -> None:
        self._running.moved(downloaded, total, speed, eta)
        if free_bytes(self._folder) < self._reserve:  # nobody said how much would come
            raise DownloadFailure(Reason.NO_SPACE)


class FolderSaver:
    """Saves one address after the other into one folder. Leaves nothing there but finished files."""

    def __init__(self, settings: Settings, folder: Path, profile: Profile) -> None:
        self._folder = folder
        self._profile = profile
        self._naming = Naming(profile.template, profile.server)
        self._reserve = int(settings.free_space_reserve_gb * 10**9)
        self._bench = Bench(settings)
        self._running: list[Running] = []
        self._cancelled = threading.Event()

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._bench.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bench.stop()

    def running(self) -> list[Running]:
        return list(self._running)

    def cancel(self) -> None:
        """End what runs, begin nothing more. A live recording is finished first, so that it can be played."""
        self._cancelled.set()
        for one in self.running():
            if one.is_live:
                self._bench.nest.finish(one.key)
            else:
                self._bench.nest.kill(one.key)

    def save(self, url: str, hints: dict[str, Any] | None = None) -> list[FolderResult]:
        """Save one address; a list gives one result for each of its entries. `hints`: as in `Request`."""
        if self._cancelled.is_set():
            return [FolderResult(url, Status.CANCELLED)]
        try:
            return [self._fetch(url, hints or {})]
        except IsAList as found:
            return [result for part, told in places_in(found) for result in self.save(part, told)]
        except (Cancelled, Declined):
            return [FolderResult(url, Status.CANCELLED)]
        except DownloadFailure as met:
            failure = met
        except OSError as error:
            failure = disk_failure(error)
        return [FolderResult(url, Status.FAILED, failure=failure)]

    def _fetch(self, url: str, hints: dict[str, Any]) -> FolderResult:
        key = uuid.uuid4().hex
        running = Running(id=0, key=key, claim=0, user_id=None)
        self._running.append(running)
        # Beside the final names, so that a rename is enough; hidden, and removed in any case.
        home = Path(tempfile.mkdtemp(prefix=".magpie-", dir=self._folder))
        workdir = home / "work"
        workdir.mkdir()
        try:
            watcher = _Watcher(running, self._folder, self._reserve)
            saved = self._bench.fetch(key, url, self._profile, workdir, watcher, hints=hints)
            naming = self._naming.within(hints)
            return FolderResult(
                url, Status.COMPLETED, self._place(saved, url, key, workdir, naming), saved.medium
            )
        finally:
            self._running.remove(running)
            shutil.rmtree(home, ignore_errors=True)

    def _place(self, saved: Saved, url: str, key: str, workdir: Path, naming: Naming) -> list[Path]:
        """Under the profile's names if it has some, otherwise the library's, but without its rooms: a gallery keeps
        its folder, the rest lies flat."""
        wanted = tuple(file for file in saved.files if file.role is not Role.THUMBNAIL)
        saved = replace(saved, files=wanted)
        site = site_of(url, plugins().sites)
        if self._profile.nfo:
            saved = with_nfo(saved, site, naming, workdir)
        named = naming.template is not None or naming.server is not None
        depth = 0 if named else 2 if saved.medium.kind is Kind.GALLERY else 1
        sources = [below(workdir, file.name) for file in saved.files]
        for number in range(1, MAX_NAME_TRIES):
            names = paths_for(saved.medium, saved.files, site, key, number, naming)
            targets = [below(self._folder, Path(*PurePosixPath(name).parts[-depth:])) for name in names]
            if _bring(sources, targets):
                return targets
        raise OSError(errno.EEXIST, "no free name in the folder")


def _bring(sources: list[Path], targets: list[Path]) -> bool:
    """Put the files under those names; False, and nothing done, if one is taken, by another program just now
    perhaps: nothing is ever overwritten."""
    brought: list[tuple[Path, Path]] = []
    try:
        for source, target in zip(sources, targets, strict=True):
            target.parent.mkdir(parents=True, exist_ok=True)
            rename_anew(source, target)
            brought.append((source, target))
    except BaseException as error:
        for source, target in brought:
            target.replace(source)
        if isinstance(error, FileExistsError):
            return False
        raise
    return True
