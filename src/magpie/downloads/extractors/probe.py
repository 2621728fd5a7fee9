"""Proves that a file is media, and says what is in it. Decodes in this process; nothing leads out of the file.

The demuxers are a fixed list: a playlist or script in a media file's clothes would otherwise make the library
open other files or addresses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from magpie.downloads.extractors.demuxers import DEMUXERS
from magpie.downloads.failures import DownloadFailure, Reason

_OPTIONS = {"format_whitelist": DEMUXERS, "protocol_whitelist": "file"}
MAX_PIXELS = 120_000_000
MOST_CHAPTERS = 1000
LONGEST_CHAPTER_TITLE = 200
_PICTURE_DEMUXERS = frozenset({"image2", "gif", "apng", "webp"})


@dataclass(frozen=True, slots=True)
class Chapter:
    """A named part of a file; `start` and `end` in seconds."""

    start: float
    end: float
    title: str


@dataclass(frozen=True, slots=True)
class Probe:
    """What is in a file. `duration` in seconds; None where there is none to speak of (pictures)."""

    has_video: bool
    has_audio: bool
    is_picture: bool
    duration: float | None = None
    width: int | None = None
    height: int | None = None
    audio_codec: str | None = None
    chapters: tuple[Chapter, ...] = ()
    frame: VideoFrame | None = None  # a cover or a telling frame, when asked for


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The file as a container. What libav raises becomes BROKEN_MEDIA."""
    try:
        with av.open(str(path), metadata_errors="replace", options=dict(_OPTIONS)) as container:
            yield container
    except (av.error.FFmpegError, ValueError) as error:
        raise DownloadFailure(Reason.BROKEN_MEDIA, _words(error)) from error


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def probe(path: Path, want_frame: bool = False) -> Probe:
    """Open the file and decode a little of it.

    Raises `DownloadFailure(BROKEN_MEDIA)` if it is not media that can be played.
    """
    with opened(path) as container:
        moving = [stream for stream in container.streams.video if not _is_cover(stream)]
        sounds = container.streams.audio
        if not moving and not sounds:
            raise DownloadFailure(Reason.BROKEN_MEDIA, "there is neither picture nor sound in it")
        duration = _duration(container)
        names = container.format.name.split(",")
        is_picture = not sounds and any(n.endswith("_pipe") or n in _PICTURE_DEMUXERS for n in names)
        video = moving[0] if moving else None
        frame = _prove(container, video, duration if want_frame else None)
        if want_frame and video is None:
            frame = _cover(container)
        return Probe(
            has_video=video is not None,
            has_audio=bool(sounds),
            is_picture=is_picture,
            duration=None if is_picture else duration,
            width=video.codec_context.width if video else None,
            height=video.codec_context.height if video else None,
            audio_codec=sounds[0].codec_context.name if sounds else None,
            chapters=tuple(_chapters(container)),
            frame=frame if want_frame else None,
        )


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _chapters(container: InputContainer) -> Iterator[Chapter]:
    for one in container.chapters()[:MOST_CHAPTERS]:
        base = one["time_base"] or 0
        title = " ".join(str(one["metadata"].get("title", "")).split())[:LONGEST_CHAPTER_TITLE]
        start = max(0.0, round(float(one["start"] * base), 3))
        yield Chapter(start, max(start, round(float(one["end"] * base), 3)), title)


def _duration(container: InputContainer) -> float | None:
    if container.duration and container.duration > 0:
        return round(container.duration / av.time_base, 3)
    lengths = [
        float(stream.duration * stream.time_base)
        for stream in container.streams
        if stream.duration and stream.time_base
    ]
    return round(max(lengths), 3) if lengths else None


def _prove(container: InputContainer, video: VideoStream | None, duration: float | None) -> VideoFrame | None:
    """Decode one frame; of the picture at a tenth of `duration`, if given, so that it is not the black start."""
    if video is None:
        next(iter(container.decode(container.streams.audio[0])), None)
        return None
    context = video.codec_context
    if context.width * context.height > MAX_PIXELS:
        raise DownloadFailure(Reason.BROKEN_MEDIA, f"a picture of {context.width}x{context.height}")
    context.thread_count = 1
    context.skip_frame = "NONKEY"
    if duration and duration > 2:
        with suppress(av.error.FFmpegError):
            container.seek(int(duration / 10 * av.time_base))
        if (frame := _first_frame(container, video)) is not None:
            return frame
        container.seek(0)
    frame = _first_frame(container, video)
    if frame is None:
        raise DownloadFailure(Reason.BROKEN_MEDIA, "no picture can be decoded")
    return frame


def _first_frame(container: InputContainer, stream: VideoStream) -> VideoFrame | None:
    with suppress(av.error.EOFError, av.error.InvalidDataError):
        return next(iter(container.decode(stream)), None)
    return None


def _cover(container: InputContainer) -> VideoFrame | None:
    """The embedded cover of an audio file."""
    for stream in container.streams.video:
        context = stream.codec_context
        if _is_cover(stream) and context.width * context.height <= MAX_PIXELS:
            context.thread_count = 1
            with suppress(av.error.FFmpegError):
                container.seek(0)
            return _first_frame(container, stream)
    return None
