"""Fetching a recording that an address leads to, as downloads do: through the guard, in a process of its own."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from magpie.config import Settings
from magpie.downloads.bench import Bench
from magpie.downloads.extractors.port import Declined, IsAList, Medium, Profile, Role, Saved, Stage
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.nest.client import Cancelled, JobHandler, Verdict
from magpie.kit.filesystem import free_bytes
from magpie.podcasts.making.failures import MakingFailed, Stopped
from magpie.podcasts.making.reading import ItemMatter

FetchRecording = Callable[[str, Path, Callable[[], bool]], "ItemMatter | None"]
GIGABYTE = 10**9
LOOK_SECONDS = 0.3


class _Listener(JobHandler):
    """Lets anything come that there is room for."""

    def __init__(self, folder: Path, reserve: int) -> None:
        self._folder = folder
        self._reserve = reserve

    def on_stage(self, stage: Stage) -> None:
        """All of them are right."""

    def on_found(self, medium: Medium) -> Verdict:
        if (medium.estimated_bytes or 0) > free_bytes(self._folder) - self._reserve:
            raise DownloadFailure(Reason.NO_SPACE)
        return Verdict.GO if not medium.is_live else Verdict.STOP

    def on_progress(self, downloaded: int, total: int | None, speed: float | None, eta: float | None) -> None:
        if free_bytes(self._folder) < self._reserve:  # nobody said how much would come
            raise DownloadFailure(Reason.NO_SPACE)


def recording_fetcher(settings: Settings, bench: Bench, name: str) -> FetchRecording:
    """What fetches the sound of what an address leads to; `name` is that of the work. The bench must be running."""

    def fetch(address: str, into: Path, stop: Callable[[], bool]) -> ItemMatter | None:
        """None if there is no recording. Raises `MakingFailed` for what may pass, `Stopped`."""
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True)
        reserve = int(settings.free_space_reserve_gb * GIGABYTE)
        job = f"{name}-recording"
        try:
            with _ended_by(stop, lambda: bench.nest.kill(job)):
                saved = bench.fetch(job, address, _profile(), into, _Listener(into, reserve))
        except Cancelled:
            raise Stopped from None
        except DownloadFailure as failure:
            _raise_what_may_pass(failure)
            return None
        except (IsAList, Declined):
            return None
        return _matter(saved, address, into)

    return fetch


def command_fetcher(settings: Settings, stack: ExitStack) -> FetchRecording:
    """The same for a command, which starts what it needs when there is something to fetch."""

    def fetch(address: str, into: Path, stop: Callable[[], bool]) -> ItemMatter | None:
        bench = Bench(settings)
        bench.start()
        stack.callback(bench.stop)
        return recording_fetcher(settings, bench, "command")(address, into, stop)

    return fetch


@contextmanager
def _ended_by(stop: Callable[[], bool], end: Callable[[], object]) -> Iterator[None]:
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            if stop():
                end()

    watch = threading.Thread(target=look, name="recording-watch", daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join(LOOK_SECONDS * 2)


def _profile() -> Profile:
    from magpie.profiles.convert import to_profile
    from magpie.profiles.service import SHIPPED

    return to_profile("audio", SHIPPED["audio"].spec)


def _raise_what_may_pass(failure: DownloadFailure) -> None:
    if failure.reason is Reason.NO_SPACE:
        raise MakingFailed("reading", "no_space", failure.message, waits=True, retry_after=60.0)
    if failure.diagnosis.transient and failure.reason is not Reason.TOOL_ERROR:
        raise MakingFailed(
            "reading", "unreachable", failure.message, may_pass=True, retry_after=failure.retry_after
        )


def _matter(saved: Saved, address: str, folder: Path) -> ItemMatter | None:
    main = next((one for one in saved.files if one.role is Role.MEDIA), None)
    if main is None:
        return None
    subtitles = [(folder / one.name, one.language) for one in saved.files if one.role is Role.SUBTITLE]
    return ItemMatter(
        title=saved.medium.title,
        description=saved.medium.description or "",
        address=address,
        subtitles=tuple(subtitles),
        recording=folder / main.name,
    )
