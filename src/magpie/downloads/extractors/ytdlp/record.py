"""Recording of streams that yt-dlp leaves to ffmpeg, chiefly live ones, inside the job process.

As a program ffmpeg would take addresses, cookies and headers on its command line, where `ps` shows them. As a
library it reads through files of ours (`webfiles`), and a recording can be ended at any moment with a playable
file: one thread reads packets, this one writes them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Full, Queue
from typing import Any, TypeAlias

import av
import av.error
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from magpie.downloads.extractors.port import Session, Stage
from magpie.downloads.extractors.ytdlp.errors import diagnose
from magpie.downloads.extractors.ytdlp.segments import Sink
from magpie.downloads.extractors.ytdlp.tracks import Track
from magpie.downloads.extractors.ytdlp.webfiles import OPTIONS, WebFiles
from magpie.downloads.failures import DownloadFailure, Reason

QUEUE_PACKETS = 1024
POLL_SECONDS = 0.2
_FORMATS = {
    "mkv": "matroska",
    "webm": "webm",
    "mp4": "mp4",
    "m4a": "mp4",
    "ts": "mpegts",
    "flv": "flv",
    "mp3": "mp3",
}


def record(fd: Any, tmpfilename: str, info_dict: dict[str, Any]) -> int:
    """Stands in for `FFmpegFD._call_downloader`: writes the stream to `tmpfilename`; returns 0."""
    sources = info_dict.get("requested_formats") or [info_dict]
    session: Session = fd.ydl.session
    if info_dict.get("is_live"):
        session.stage(Stage.RECORDING)
    inputs = [open_input(fd, source, info_dict) for source in sources]
    path = Path(tmpfilename)
    with av.open(tmpfilename, "w", format=_format(info_dict, tmpfilename)) as output:
        Recording(
            inputs, session, lambda: path.stat().st_size, output, limit=fd.params.get("max_filesize")
        ).run()
    return 0


def open_input(
    fd: Any,
    source: dict[str, Any],
    info_dict: dict[str, Any],
    sink: Sink | None = None,
    **options: str,
) -> Input:
    """Open a stream. `sink`: what keeps its files as they come. Raises `DownloadFailure`."""
    headers = source.get("http_headers") or info_dict.get("http_headers") or {}
    files = WebFiles(fd.ydl, dict(headers), diagnose)
    files.sink = sink
    try:
        container = av.open(
            source["url"], options={**OPTIONS, **options}, io_open=files, metadata_errors="replace"
        )
        return Input(container, files)
    except av.error.FFmpegError as error:
        raise files.failure or _failure(error) from error


def _format(info_dict: dict[str, Any], filename: str) -> str:
    extension = info_dict.get("ext") or filename.removesuffix(".part").rpartition(".")[2]
    return _FORMATS.get(extension, "matroska")


def _failure(error: av.error.FFmpegError) -> DownloadFailure:
    broken = isinstance(error, av.error.InvalidDataError | av.error.ArgumentError)
    return DownloadFailure(Reason.BROKEN_MEDIA if broken else Reason.NETWORK, error.strerror or "")


@dataclass(frozen=True, slots=True)
class Input:
    container: InputContainer
    files: WebFiles


_Item: TypeAlias = "tuple[int, Packet[Stream]] | DownloadFailure | None"
"""A packet with the number of its input, why a file did not open, or the end."""


@dataclass(slots=True)
class _Reader:
    """A thread that reads one input's chosen streams into a queue; None marks the end."""

    source: Input
    streams: list[Stream]
    queue: Queue[_Item]
    number: int
    error: DownloadFailure | None = None
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        self.source.files.failed = self._put
        try:
            for packet in self.source.container.demux(self.streams):
                if not self._put((self.number, packet)):
                    return
        except av.error.EOFError:
            pass
        except av.error.FFmpegError as error:
            self.error = self.source.files.failure or _failure(error)
        finally:
            self._put(None)

    def _put(self, item: _Item) -> bool:
        """False: nobody takes it any more."""
        while not self.stopped.is_set():
            with suppress(Full):
                self.queue.put(item, timeout=POLL_SECONDS)
                return True
        return False


class Recording:
    """Copies inputs into one output. `size`: bytes that are written so far; `limit`: that there may be.

    Of live streams the segments are kept as they come, and there is no output: they are only watched. `is_over` ends
    it, and a stream that sends nothing for so many seconds (`patience`) has broken off.
    """

    def __init__(
        self,
        inputs: list[Input],
        session: Session,
        size: Callable[[], int],
        output: OutputContainer | None = None,
        *,
        limit: int | None = None,
        is_over: Callable[[], bool] | None = None,
        patience: float | None = None,
    ) -> None:
        self._output = output
        self._session = session
        self._size = size
        self._limit = limit
        self._is_over = is_over or session.should_finish
        self._patience = patience
        self._queue: Queue[_Item] = Queue(QUEUE_PACKETS)
        self._tracks: dict[tuple[int, int], Track] = {}
        self._readers = [self._reader(number, source) for number, source in enumerate(inputs)]
        self._started = time.monotonic()
        self._before = size()
        self._next_report = 0.0

    def _reader(self, number: int, source: Input) -> _Reader:
        streams = source.container.streams
        wanted = (streams.best("video"), streams.best("audio"))
        chosen: list[Stream] = [stream for stream in wanted if stream is not None]
        if self._output is not None:
            for stream in chosen:
                self._tracks[number, stream.index] = Track(self._output.add_stream_from_template(stream))
        return _Reader(source, chosen, self._queue, number)

    def run(self) -> None:
        """Write until every input has ended or the recording is asked to finish."""
        threads = [threading.Thread(target=reader.run, daemon=True) for reader in self._readers]
        for thread in threads:
            thread.start()
        try:
            self._write(len(threads))
        finally:
            self._stop(threads)
        written = self._size() > 0
        broken = next((reader.error for reader in self._readers if reader.error is not None), None)
        if broken is not None and not (written and self._is_over()):
            raise broken
        if not written:
            raise DownloadFailure(Reason.NO_MEDIA, "the stream has sent nothing")

    def _stop(self, threads: list[threading.Thread]) -> None:
        """Close the inputs, except one whose thread still waits for the site: libav does not bear that."""
        for reader, thread in zip(self._readers, threads, strict=True):
            reader.stopped.set()
            thread.join(2 * POLL_SECONDS)
            if not thread.is_alive():
                reader.source.container.close()

    def _write(self, open_inputs: int) -> None:
        heard = time.monotonic()
        while open_inputs and not self._is_over():
            try:
                item = self._queue.get(timeout=POLL_SECONDS)
            except Empty:
                if self._patience is not None and time.monotonic() - heard > self._patience:
                    raise DownloadFailure(Reason.TIMED_OUT, "the stream sends nothing any more") from None
                continue
            heard = time.monotonic()
            if item is None:
                open_inputs -= 1
                continue
            if isinstance(item, DownloadFailure):
                self._hear(item)
                continue
            self._copy(*item)
            self._report()

    def _copy(self, number: int, packet: Packet[Stream]) -> None:
        if self._output is not None and self._tracks[number, packet.stream.index].place(packet):
            self._output.mux_one(packet)

    def _hear(self, failure: DownloadFailure) -> None:
        """A part of a live stream that the site does not hand out now is a break, after which it is asked for
        again."""
        if self._output is None and failure.diagnosis.transient:
            raise failure

    def _report(self) -> None:
        now = time.monotonic()
        if now < self._next_report:
            return
        self._next_report = now + POLL_SECONDS
        size = self._size()
        if self._limit is not None and size > self._limit:
            raise DownloadFailure(Reason.TOO_LARGE, f"more than {self._limit} bytes")
        self._session.progress(size, None, (size - self._before) / max(now - self._started, 0.001))
