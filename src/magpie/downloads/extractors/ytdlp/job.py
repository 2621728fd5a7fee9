"""One medium with yt-dlp: extract, report, download."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from yt_dlp.utils import YoutubeDLError  # type: ignore[import-untyped]

from magpie.downloads.extractors.infofile import store
from magpie.downloads.extractors.port import (
    Entry,
    IsAList,
    NotMine,
    Request,
    Role,
    Saved,
    SavedFile,
    Session,
    Stage,
)
from magpie.downloads.extractors.sniff import content_of_extension
from magpie.downloads.extractors.titles import MAX_DESCRIPTION, clean_text
from magpie.downloads.extractors.ytdlp import live
from magpie.downloads.extractors.ytdlp.albums import album_of
from magpie.downloads.extractors.ytdlp.downloader import Downloader, specific_extractor
from magpie.downloads.extractors.ytdlp.errors import diagnose
from magpie.downloads.extractors.ytdlp.lyrics import ask_for_lyrics
from magpie.downloads.extractors.ytdlp.medium import entry_of, estimated_bytes, medium_of, title_of, told
from magpie.downloads.extractors.ytdlp.options import MEDIA_STEM, SUBTITLE_STEM, THUMBNAIL_STEM, parameters
from magpie.downloads.extractors.ytdlp.parts import Parts
from magpie.downloads.extractors.ytdlp.sponsors import UNREACHABLE, ask_for_sponsors
from magpie.downloads.extractors.ytdlp.subtitles import prepare_subtitles
from magpie.downloads.failures import DownloadFailure, Reason

NOWHERE = "/nonexistent"
MAX_TAG = 2000
UNKNOWN_PAGE = frozenset({Reason.UNSUPPORTED, Reason.NO_MEDIA})


def fetch(request: Request, session: Session) -> Saved:
    """Fetch the medium. Raises as `Extractor.extract`."""
    if request.profile.kind == "gallery":
        raise NotMine  # pictures are wanted, and it has none
    with without_programs():
        return _fetch(request, session)


@contextmanager
def without_programs() -> Iterator[None]:
    """yt-dlp runs what it finds (rtmpdump, mpv, phantomjs), and they would go to any address, past the guard.

    Its real helpers, ffmpeg and Deno, it is given by their full paths.
    """
    path = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = NOWHERE
    try:
        yield
    finally:
        os.environ["PATH"] = path


def _fetch(request: Request, session: Session) -> Saved:
    hooks = _Hooks(request, session)
    params = parameters(request) | {
        "progress_hooks": [hooks.downloading],
        "postprocessor_hooks": [hooks.processing],
    }
    downloader = Downloader(params, session)
    parts = Parts(request.workdir)
    try:
        info = _extract_again(downloader, request, session, parts) if parts else _extract(downloader, request)
        if info is None:
            return live.salvage(parts, request, session)
        medium = medium_of(info, request)
        if request.max_bytes is not None and (estimated_bytes(info) or 0) > request.max_bytes:
            raise DownloadFailure(Reason.TOO_LARGE, f"about {estimated_bytes(info)} bytes")
        session.found(medium)
        session.stage(Stage.RECORDING if medium.is_live else Stage.DOWNLOADING)
        if live.is_recorded_in_parts(info):
            parts.begin(medium, live.address_of(info))
        hooks.expect(info)
        _bound_tags(info)
        _name_by_user(info, request)
        prepare_subtitles(downloader, request.profile)
        ask_for_lyrics(downloader, info, request.profile)
        ask_for_sponsors(downloader, request)
        downloader.process_info(info)
    except YoutubeDLError as error:
        raise _failure(error, downloader, request) from error
    except DownloadFailure as failure:
        if parts and failure.diagnosis.transient and failure.reason not in live.NOT_NOW:
            return _fetch(request, session)
        raise
    path = _main_file(info, request)
    if info.get(UNREACHABLE):
        medium = replace(medium, extra={**medium.extra, UNREACHABLE: True})
    files = [path, *_side_files(info, request)]
    if request.profile.info_json:
        files.append(store(told(info, downloader), request))
    return Saved(medium, tuple(files))


def _extract_again(
    downloader: Downloader, request: Request, session: Session, parts: Parts
) -> dict[str, Any] | None:
    """A recording that was broken off goes on: as long as its stream is away, it is asked for again.

    A stream that has ended meanwhile is recorded to its end. None: it is gone, and what is there is the recording.
    """
    for old in request.workdir.glob(f"{MEDIA_STEM}.*"):
        old.unlink()
    patience = live.Patience(parts, session.should_finish)
    while True:
        try:
            info = _extract(downloader, request)
        except (YoutubeDLError, DownloadFailure, NotMine, IsAList) as error:
            failure = _failure(error, downloader, request) if isinstance(error, YoutubeDLError) else error
            if not isinstance(failure, DownloadFailure) or not failure.diagnosis.transient:
                return None
            if not patience.comes_back(failure):
                return None
            continue
        if not info.get("is_live") and parts.is_of(live.address_of(info)):
            info["is_live"] = True
        return info


def _failure(error: YoutubeDLError, downloader: Downloader, request: Request) -> Exception:
    failure = diagnose(error, [*downloader.log.warnings, *downloader.log.errors])
    if failure.reason in UNKNOWN_PAGE and specific_extractor(request.url) is None:
        return NotMine()
    return failure


def _extract(downloader: Downloader, request: Request) -> dict[str, Any]:
    """The processed info of a single medium. Raises IsAList for a real list."""
    info = downloader.extract_info(request.url, download=False)
    album: dict[str, Any] = {}
    for _ in range(3):  # a list of one may hold a list of one
        if info is None:
            raise DownloadFailure(Reason.NO_MEDIA)
        if info.get("_type", "video") not in ("playlist", "multi_video"):
            if info.get("ext") == "unknown_video":  # a guess of yt-dlp's: neither a page nor known media
                raise NotMine
            more = {name: value for name, value in album.items() if not info.get(name)}
            return {**info, **more, "title": title_of(info)}
        entries = [entry for entry in info.get("entries") or () if entry]
        if not entries:
            raise DownloadFailure(Reason.NO_MEDIA)
        if len(entries) > 1:
            title = clean_text(info.get("title")) or None
            raise IsAList(_entries(entries, info, request), title, album_of(info))
        info, album = entries[0], _of_single(album_of(info)) or album
        if info.get("_type", "video") in ("url", "url_transparent"):
            info = downloader.extract_info(info["url"], download=False, ie_key=info.get("ie_key"))
    raise DownloadFailure(Reason.UNSUPPORTED, "lists within lists")


def _of_single(album: dict[str, Any]) -> dict[str, Any]:
    """What an album of one track says of the track, as yt-dlp's fields."""
    return {name: value for name, value in album.items() if name != "thumbnail_url"} | (
        {"track_number": 1} if album else {}
    )


def _entries(entries: list[dict[str, Any]], info: dict[str, Any], request: Request) -> list[Entry]:
    page = info.get("webpage_url") or request.url
    found = [entry_of(entry, page) for entry in entries[: request.list_limit]]
    return [Entry(entry.url, clean_text(entry.title) or None) for entry in found if entry is not None]


def _bound_tags(info: dict[str, Any]) -> None:
    """What becomes a tag of the file goes through a command line, which takes neither endless texts nor NULs."""
    for name, value in info.items():
        if isinstance(value, str) and "://" not in value[:10]:
            info[name] = value.replace("\0", "")[: MAX_DESCRIPTION if name == "description" else MAX_TAG]


def _name_by_user(info: dict[str, Any], request: Request) -> None:
    """What the user says goes into the file's tags, too."""
    if title := clean_text(request.title):
        info["title"] = info["track"] = title
    if artist := clean_text(request.artist):
        info["artist"], info["artists"] = artist, [artist]


def _main_file(info: dict[str, Any], request: Request) -> SavedFile:
    path = Path(info.get("filepath") or "")
    if not path.is_file():
        raise DownloadFailure(Reason.TOOL_ERROR, "yt-dlp ended without a file")
    if path.stat().st_size == 0:
        raise DownloadFailure(Reason.TRUNCATED, "the file is empty")
    return _saved_file(path, request, Role.MEDIA)


def _side_files(info: dict[str, Any], request: Request) -> list[SavedFile]:
    files = [
        _saved_file(path, request, Role.THUMBNAIL)
        for path in sorted(request.workdir.glob(f"{THUMBNAIL_STEM}.*"))
    ]
    for language, subtitle in (info.get("requested_subtitles") or {}).items():
        path = request.workdir / f"{SUBTITLE_STEM}.{language}.{subtitle.get('ext')}"
        if path.is_file():
            files.append(_saved_file(path, request, Role.SUBTITLE, str(language)))
    return files


def _saved_file(path: Path, request: Request, role: Role, language: str | None = None) -> SavedFile:
    content = content_of_extension(path.suffix.removeprefix("."))
    name = str(path.resolve().relative_to(request.workdir.resolve()))
    mime = content.mime if content else "application/octet-stream"
    return SavedFile(name, role, path.stat().st_size, mime, language=language)


class _Hooks:
    """From yt-dlp's hooks to the session. Several formats of one medium count as one transfer."""

    def __init__(self, request: Request, session: Session) -> None:
        self._session = session
        self._max_bytes = request.max_bytes
        self._sizes: dict[str, int] = {}
        self._total: int | None = None
        self._is_live = False
        self._running = False
        self._interrupted = False

    def expect(self, info: dict[str, Any]) -> None:
        """Before the transfer, in the main thread."""
        self._is_live = bool(info.get("is_live"))
        signal.signal(signal.SIGINT, self._interrupt)
        formats = info.get("requested_formats") or []
        self._total = estimated_bytes(info) if len(formats) > 1 else None

    def downloading(self, status: dict[str, Any]) -> None:
        """Called by yt-dlp with every block or fragment."""
        size = status.get("downloaded_bytes")
        if isinstance(size, int | float):
            self._sizes[str(status.get("filename"))] = int(size)
            self._report(status)
        self._running = status.get("status") == "downloading"
        if self._is_live and self._running and self._session.should_finish() and not self._interrupted:
            self._interrupted = True
            os.kill(os.getpid(), signal.SIGINT)  # what yt-dlp's own downloaders take as a wish to end

    def _interrupt(self, number: int, frame: object) -> None:
        """Only in the middle of a transfer: what comes after it must not be disturbed."""
        if self._running:
            raise KeyboardInterrupt

    def _report(self, status: dict[str, Any]) -> None:
        done = sum(self._sizes.values())
        if self._max_bytes is not None and done > self._max_bytes:
            raise DownloadFailure(Reason.TOO_LARGE, f"more than {self._max_bytes} bytes")
        total = self._total or status.get("total_bytes") or status.get("total_bytes_estimate")
        whole = max(int(total), done) if total else None
        self._session.progress(done, whole, status.get("speed"), status.get("eta"))

    def processing(self, status: dict[str, Any]) -> None:
        if status.get("status") == "started" and status.get("postprocessor") != "MoveFiles":
            self._session.stage(Stage.PROCESSING)
