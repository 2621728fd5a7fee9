"""Our `YoutubeDL`: quick to build, silent, and recording live streams in its own way."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yt_dlp  # type: ignore[import-untyped]
import yt_dlp.globals  # type: ignore[import-untyped]
import yt_dlp.networking.common as networking  # type: ignore[import-untyped]
from yt_dlp.downloader.external import FFmpegFD  # type: ignore[import-untyped]
from yt_dlp.extractor import gen_extractor_classes  # type: ignore[import-untyped]
from yt_dlp.extractor.generic import GenericIE  # type: ignore[import-untyped]
from yt_dlp.networking.exceptions import HTTPError  # type: ignore[import-untyped]
from yt_dlp.plugins import load_all_plugins  # type: ignore[import-untyped]
from yt_dlp.postprocessor.ffmpeg import FFmpegPostProcessor  # type: ignore[import-untyped]

from magpie.downloads.extractors.faults import failure_of_status
from magpie.downloads.extractors.port import Session
from magpie.downloads.extractors.ytdlp.embeds import Embeds
from magpie.downloads.extractors.ytdlp.live import record
from magpie.downloads.extractors.ytdlp.suitable import Index, kept_index
from magpie.downloads.failures import DownloadFailure, Reason

TEST_PLUGINS = "MAGPIE_TEST_YTDLP_PLUGINS"  # tests only: a folder with a yt-dlp plug-in package in it
MESSAGES_KEPT = 30
GENERIC = "Generic"


class Log:
    """Keeps the last messages of one run, for diagnosis; shows nothing."""

    def __init__(self) -> None:
        self.warnings: deque[str] = deque(maxlen=MESSAGES_KEPT)
        self.errors: deque[str] = deque(maxlen=MESSAGES_KEPT)

    def debug(self, message: str) -> None:
        return None

    def info(self, message: str) -> None:
        return None

    def warning(self, message: str) -> None:
        self.warnings.append(message)

    def error(self, message: str) -> None:
        self.errors.append(message)


class Downloader(yt_dlp.YoutubeDL):  # type: ignore[misc]
    """One per job. `session` is what hooks and the recorder report to."""

    def __init__(self, params: dict[str, Any], session: Session) -> None:
        self.session = session
        self.log = Log()
        self._limited: DownloadFailure | None = None  # the site has said so
        super().__init__({**params, "logger": self.log}, auto_init=False)
        self.add_default_info_extractors()

    def add_default_info_extractors(self) -> None:
        """All enabled extractors; the original spends 40 ms on matching their names with a default of 'all'."""
        for extractor in enabled_extractors():
            self.add_info_extractor(extractor)

    def extract_info(
        self, url: str, download: bool = True, ie_key: str | None = None, **more: Any
    ) -> dict[str, Any] | None:
        """The original tries all extractors in turn, and compiling their patterns takes half a second."""
        key = ie_key or specific_extractor(url) or GENERIC
        info: dict[str, Any] | None = super().extract_info(url, download, key, **more)
        return info

    def urlopen(self, req: Any) -> Any:
        """A site that says "too many requests" is asked for nothing more by this job: yt-dlp itself would try some
        things five times over, and goes on with what its other threads have before them."""
        if self._limited is not None:
            raise self._limited
        try:
            return super().urlopen(req)
        except HTTPError as error:
            failure = failure_of_status(error.status, error.response.headers, error.reason or "")
            if failure.reason is Reason.RATE_LIMITED:
                self._limited = failure
                raise failure from error
            raise

    def forget_limit(self) -> None:
        """It was another site than the medium's that wanted to be left alone."""
        self._limited = None

    def process_video_result(self, info_dict: dict[str, Any], download: bool = True) -> dict[str, Any]:
        """Record from the start where the site offers it, from now on where it does not."""
        formats = self._get_formats(info_dict)
        self.params["live_from_start"] = any(entry.get("is_from_start") for entry in formats)
        if info_dict.get("is_live"):
            self.params["concurrent_fragment_downloads"] = (
                1  # the only way that ends cleanly when interrupted
            )
        result: dict[str, Any] = super().process_video_result(info_dict, download=download)
        return result

    def _ensure_dir_exists(self, path: str) -> bool:
        """The original makes what is missing; but all goes into the work folder, and where that has gone, so has its
        disk: what it was mounted on is not to be filled."""
        return True

    def _write_subtitles(self, info_dict: dict[str, Any], filename: str) -> Any:
        """As the original, but one that does not come fails no download: big sites refuse them often."""
        before, self.params["ignoreerrors"] = self.params.get("ignoreerrors"), True
        try:
            return super()._write_subtitles(info_dict, filename)
        finally:
            self.params["ignoreerrors"] = before


@cache
def enabled_extractors() -> tuple[Any, ...]:
    """The classes of all extractors in yt-dlp's order, the generic one last."""
    return tuple(extractor for extractor in gen_extractor_classes() if extractor._ENABLED)


_kept_in: list[Path] = []  # the folder for what need not be worked out again, if there is one


@cache
def _embeds() -> Embeds:
    return Embeds(_kept_in[0] if _kept_in else None)


@cache
def _index() -> Index:
    known_by_name = (extractor for extractor in enabled_extractors() if extractor.ie_key() != GENERIC)
    return kept_index(known_by_name, _kept_in[0] if _kept_in else None)


@lru_cache(maxsize=16)
def known_extractor(url: str) -> Any | None:
    """The class of the extractor that knows this site; None if only the generic one would take the address."""
    return _index().first(url)


def specific_extractor(url: str) -> str | None:
    """As `known_extractor`, its key."""
    extractor = known_extractor(url)
    return extractor.ie_key() if extractor is not None else None


_run_ffmpeg = FFmpegFD._call_downloader


def _call_recorder(self: Any, tmpfilename: str, info_dict: dict[str, Any]) -> int:
    if not isinstance(self.ydl, Downloader):  # somebody else's, in the same process
        code: int = _run_ffmpeg(self, tmpfilename, info_dict)
        return code
    return record(self, tmpfilename, info_dict)


_ask_all = GenericIE._extract_embeds


def _ask_few(self: Any, url: str, webpage: str, **more: Any) -> Any:
    downloader = self._downloader
    if not isinstance(downloader, Downloader):  # somebody else's, in the same process
        return _ask_all(self, url, webpage, **more)
    every = downloader._ies
    downloader._ies = _embeds().asked(every, webpage)
    try:
        return _ask_all(self, url, webpage, **more)
    finally:
        downloader._ies = every


def prepare(folder: Path | None = None) -> None:
    """Once per process, before any job: no plug-ins, no ffmpeg with addresses and cookies on its command line; sites
    known by name, as far as the folder has kept them."""
    _kept_in[:] = [folder] if folder is not None else []
    plugins = os.environ.get(TEST_PLUGINS)
    yt_dlp.globals.plugin_dirs.value = [plugins] if plugins else []
    if plugins:
        os.environ.pop("YTDLP_NO_PLUGINS", None)
    load_all_plugins()
    FFmpegFD._call_downloader = _call_recorder
    GenericIE._extract_embeds = _ask_few
    networking.make_ssl_context = cache(networking.make_ssl_context)
    specific_extractor("https://example.invalid/")


def warm_up(downloader: Downloader) -> Iterator[None]:
    """What each job would otherwise do again: read certificates, ask ffmpeg for its version, load what looks on unknown
    pages for players of its own (on an empty one, as it is where nothing is known of them yet)."""
    for handler in downloader._request_director.handlers.values():
        handler._make_sslcontext()
        yield
    _ = FFmpegPostProcessor(downloader).available
    yield
    yield from _embeds().work_out(enabled_extractors())
    for extractor in _embeds().asked(downloader._ies, "").values():
        with suppress(Exception):  # some expect more of a page; what matters here is loaded by then
            for _ in extractor.extract_from_webpage(downloader, "https://example.invalid/", "<html></html>"):
                pass
        yield
