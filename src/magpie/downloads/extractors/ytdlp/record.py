"""Recording of streams that yt-dlp leaves to ffmpeg, chiefly live ones, inside the job process.

As a program ffmpeg would take addresses, cookies and headers on its command line, where `ps` shows them. As a
library it reads through files of ours (`webfiles`), and a recording can be ended at any moment with a playable
file: one thread reads packets, this one writes them.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from queue import Empty, Full, Queue
from typing import Any

import av
import av.error
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from magpie.downloads.extractors.port import Session, Stage
from magpie.downloads.extractors.ytdlp.errors import diagnose
from magpie.downloads.extractors.ytdlp.webfiles import OPTIONS, WebFiles
from magpie.downloads.failures import DownloadFailure, Reason

QUEUE_PACKETS = 1024
POLL_SECONDS = 0.2
JUMP_SECONDS = 10.0  # a step back, or this far ahead, is a break in the stream's clock
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
    inputs = [_open(fd, source, info_dict) for source in sources]
    with av.open(tmpfilename, "w", format=_format(info_dict, tmpfilename)) as output:
        _Recording(inputs, output, session, tmpfilename, fd.params.get("max_filesize")).run()
    return 0


def _open(fd: Any, source: dict[str, Any], info_dict: dict[str, Any]) -> _Input:
    headers = source.get("http_headers") or info_dict.get("http_headers") or {}
    files = WebFiles(fd.ydl, dict(headers), diagnose)
    try:
        container = av.open(source["url"], options=dict(OPTIONS), io_open=files, metadata_errors="replace")
        return _Input(container, files)
    except av.error.FFmpegError as error:
        raise files.failure or _failure(error) from error


def _format(info_dict: dict[str, Any], filename: str) -> str:
    if info_dict.get("is_live") and str(info_dict.get("protocol", "")).startswith("m3u8"):
        return "mpegts"  # needs no trailer: playable whenever it ends
    extension = info_dict.get("ext") or filename.removesuffix(".part").rpartition(".")[2]
    return _FORMATS.get(extension, "matroska")


def _failure(error: av.error.FFmpegError) -> DownloadFailure:
    broken = isinstance(error, av.error.InvalidDataError | av.error.ArgumentError)
    return DownloadFailure(Reason.BROKEN_MEDIA if broken else Reason.NETWORK, error.strerror or "")


@dataclass(frozen=True, slots=True)
class _Input:
    container: InputContainer
    files: WebFiles


@dataclass(slots=True)
class _Track:
    """One stream's clock: what was written last, and by how much its times are shifted since the last break."""

    stream: Stream
    shift: int = 0
    last: int | None = None

    def place(self, packet: Packet[Stream]) -> bool:
        """Give the packet times that only go forward. False: it has none and is left out."""
        if packet.dts is None or packet.time_base is None:
            return False
        packet.dts += self.shift
        if self.last is not None:
            jump = Fraction(packet.dts - self.last) * packet.time_base
            if not -1 < jump < JUMP_SECONDS:
                correction = self.last + max(1, packet.duration or 1) - packet.dts
                self.shift += correction
                packet.dts += correction
            packet.dts = max(packet.dts, self.last + 1)
        if packet.pts is not None:
            packet.pts = max(packet.pts + self.shift, packet.dts)
        self.last = packet.dts
        packet.stream = self.stream
        return True


@dataclass(slots=True)
class _Reader:
    """A thread that reads one input's chosen streams into a queue; None marks the end."""

    source: _Input
    streams: list[Stream]
    queue: Queue[tuple[int, Packet[Stream]] | None]
    number: int
    error: DownloadFailure | None = None
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
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

    def _put(self, item: tuple[int, Packet[Stream]] | None) -> bool:
        while not self.stopped.is_set():
            with suppress(Full):
                self.queue.put(item, timeout=POLL_SECONDS)
                return True
        return False


class _Recording:
    def __init__(
        self,
        inputs: list[_Input],
        output: OutputContainer,
        session: Session,
        path: str,
        limit: int | None,
    ) -> None:
        self._output = output
        self._session = session
        self._path = Path(path)
        self._limit = limit
        self._queue: Queue[tuple[int, Packet[Stream]] | None] = Queue(QUEUE_PACKETS)
        self._tracks: dict[tuple[int, int], _Track] = {}
        self._readers = [self._reader(number, source) for number, source in enumerate(inputs)]
        self._started = time.monotonic()
        self._next_report = 0.0

    def _reader(self, number: int, source: _Input) -> _Reader:
        streams = source.container.streams
        wanted = (streams.best("video"), streams.best("audio"))
        chosen: list[Stream] = [stream for stream in wanted if stream is not None]
        for stream in chosen:
            copied = self._output.add_stream_from_template(stream)
            self._tracks[number, stream.index] = _Track(copied)
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
        written = any(track.last is not None for track in self._tracks.values())
        broken = next((reader.error for reader in self._readers if reader.error is not None), None)
        if broken is not None and not (written and self._session.should_finish()):
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
        while open_inputs and not self._session.should_finish():
            try:
                item = self._queue.get(timeout=POLL_SECONDS)
            except Empty:
                continue
            if item is None:
                open_inputs -= 1
                continue
            number, packet = item
            track = self._tracks[number, packet.stream.index]
            if track.place(packet):
                self._output.mux_one(packet)
            self._report()

    def _report(self) -> None:
        now = time.monotonic()
        if now < self._next_report:
            return
        self._next_report = now + POLL_SECONDS
        size = self._path.stat().st_size
        if self._limit is not None and size > self._limit:
            raise DownloadFailure(Reason.TOO_LARGE, f"more than {self._limit} bytes")
        self._session.progress(size, None, size / max(now - self._started, 0.001))
