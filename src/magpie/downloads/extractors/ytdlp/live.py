"""Recording of live streams: goes on after a break of the stream or of the program, and loses nothing that it had.

A stream is recorded from the first segment that the site still offers. When it breaks off, it is asked for again for
a while; when it does not come back, what is there is the recording. So it is after the longest time that one file may
span.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import av
import av.error

from magpie.downloads.extractors.port import Request, Role, Saved, SavedFile, Session, Stage
from magpie.downloads.extractors.ytdlp.parts import Parts
from magpie.downloads.extractors.ytdlp.record import POLL_SECONDS, Input, Recording, open_input
from magpie.downloads.extractors.ytdlp.record import record as record_file
from magpie.downloads.extractors.ytdlp.segments import Sink
from magpie.downloads.failures import DownloadFailure, Reason

BREAK_SECONDS = 600.0  # so long a stream may be away
PATIENCE_SECONDS = 120.0  # without a packet it has broken off, even if its playlist is there
TRIES = 5  # at one address in a row
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
# One file spans at most so much; of a stream that never ends, that is its recording.
LONGEST_SECONDS = 12 * 3600.0
# The whole playlist is read, and what is held already is passed over.
_FROM_THE_START = "0"
# Waiting for it would only make it worse; the next attempt goes on with the parts.
NOT_NOW = frozenset({Reason.RATE_LIMITED, Reason.BOT_CHECK, Reason.NO_SPACE})


def record(fd: Any, tmpfilename: str, info_dict: dict[str, Any]) -> int:
    """Stands in for `FFmpegFD._call_downloader`: writes the stream to `tmpfilename`; returns 0."""
    if not is_recorded_in_parts(info_dict):
        return record_file(fd, tmpfilename, info_dict)
    session: Session = fd.ydl.session
    session.stage(Stage.RECORDING)
    target = Path(tmpfilename)
    parts = Parts(target.parent)
    _Live(fd, info_dict, parts, session).run()
    parts.join(target, "mpegts")
    return 0


def is_recorded_in_parts(info: dict[str, Any]) -> bool:
    """Whether a live stream comes as segments, each of which stands for itself."""
    return bool(info.get("is_live")) and str(info.get("protocol", "")).startswith("m3u8")


def address_of(info: dict[str, Any]) -> str:
    """The (first) stream's address, by which it is known again."""
    return str((info.get("requested_formats") or [info])[0].get("url") or "")


class Patience:
    """Tries again what failed because the stream is away, for as long as a break may last."""

    def __init__(self, parts: Parts, is_over: Callable[[], bool]) -> None:
        self._parts = parts
        self._is_over = is_over
        self._pause = FIRST_PAUSE

    def comes_back(self, failure: DownloadFailure) -> bool:
        """Wait a little; False if there is no use in waiting longer. Raises what is not to be waited out here."""
        if failure.reason in NOT_NOW:
            raise failure
        until = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        while time.monotonic() < until:
            if self._is_over():
                return False
            time.sleep(POLL_SECONDS)
        return self._parts.quiet < BREAK_SECONDS

    def reset(self) -> None:
        """The stream was there."""
        self._pause = FIRST_PAUSE


class _Live:
    def __init__(self, fd: Any, info: dict[str, Any], parts: Parts, session: Session) -> None:
        self._fd = fd
        self._info = info
        self._parts = parts
        self._session = session
        self._patience = Patience(parts, self._is_over)
        self._failures = 0

    def _is_over(self) -> bool:
        return self._session.should_finish() or self._parts.age > LONGEST_SECONDS

    def run(self) -> None:
        """Record until the stream ends, stays away, or is to be ended.

        Raises `DownloadFailure` if nothing came, or if the stream should be asked for at its page again: its address
        may have changed.
        """
        while True:
            size = self._parts.size()
            try:
                self._record_part()
                return
            except DownloadFailure as failure:
                self._failures += 1
                if self._parts.size() > size:
                    self._failures = 0
                    self._patience.reset()
                if not self._parts or (self._failures >= TRIES and self._parts.quiet < BREAK_SECONDS):
                    raise
                if not self._patience.comes_back(failure):
                    return

    def _record_part(self) -> None:
        sources = self._info.get("requested_formats") or [self._info]
        with ExitStack() as stack:
            sinks = [stack.enter_context(closing(self._parts.sink(number))) for number in range(len(sources))]
            opened = [self._open(source, sink) for source, sink in zip(sources, sinks, strict=True)]
            inputs = [source for source in opened if source is not None]
            if inputs:
                size = self._parts.size
                is_over = self._is_over
                Recording(inputs, self._session, size, is_over=is_over, patience=PATIENCE_SECONDS).run()

    def _open(self, source: dict[str, Any], sink: Sink) -> Input | None:
        """None: it has ended, and all of it is held."""
        try:
            return open_input(self._fd, source, self._info, sink, live_start_index=_FROM_THE_START)
        except DownloadFailure as failure:
            if failure.reason is Reason.BROKEN_MEDIA and sink.has_passed and not sink.has_kept:
                return None
            raise


def salvage(parts: Parts, request: Request, session: Session) -> Saved:
    """Make the recording of what is there: its stream is gone. Raises `DownloadFailure` if that cannot be read."""
    medium = parts.medium
    if medium is None:
        raise DownloadFailure(Reason.BROKEN_MEDIA, "what was recorded before is not known any more")
    session.found(medium)
    session.stage(Stage.PROCESSING)
    path = request.workdir / "recorded.mkv"
    try:
        parts.join(path, "matroska")
    except av.error.FFmpegError as error:
        raise DownloadFailure(Reason.BROKEN_MEDIA, error.strerror or "") from error
    return Saved(medium, (SavedFile(path.name, Role.MEDIA, path.stat().st_size, "video/x-matroska"),))
