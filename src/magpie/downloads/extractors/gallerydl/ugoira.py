"""Animations that a site hands out as a zip of pictures with a time for each (pixiv calls them ugoira).

The zip is kept as it came. Beside it stands a film that any player shows; where one cannot be made, the zip alone
stays. Archives are somebody else's: nothing of them is unpacked to the disk, and every size has its limit.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from magpie.downloads.extractors.probe import MAX_PIXELS

MAX_FRAMES = 3000
MAX_FRAME_BYTES = 32 << 20
MAX_BYTES = 1 << 30  # of all frames, unpacked
LONGEST_DELAY = 60_000  # milliseconds
_PICTURES = {
    "format_whitelist": "image2,jpeg_pipe,png_pipe,webp_pipe,gif_pipe,bmp_pipe",
    "protocol_whitelist": "none",
}
_QUALITY = {"crf": "14", "preset": "veryfast", "bf": "0"}
_CLOCK = Fraction(1, 1000)

Frames = list[tuple[str, int]]


def frames_of(facts: dict[str, Any]) -> Frames:
    """Names in the zip and milliseconds for each, from gallery-dl's metadata; none if this is no animation."""
    told = facts.get("frames")
    if not isinstance(told, list) or not 0 < len(told) <= MAX_FRAMES:
        return []
    found: Frames = []
    for frame in told:
        name = frame.get("file") if isinstance(frame, dict) else None
        delay = frame.get("delay") if isinstance(frame, dict) else None
        if not isinstance(name, str) or not isinstance(delay, int) or not 0 < delay <= LONGEST_DELAY:
            return []
        found.append((name, delay))
    return found


def make_film(archive: Path, frames: Frames, target: Path) -> bool:
    """Write the animation as an MP4 film; False, and no file, if the archive does not hold what is said of it."""
    draft = target.with_suffix(".new")
    try:
        with zipfile.ZipFile(archive) as pictures, av.open(str(draft), "w", format="mp4") as film:
            _write(film.add_stream("libx264", rate=25, options=dict(_QUALITY)), film, _read(pictures, frames))
        draft.rename(target)
    except (
        av.error.FFmpegError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, RuntimeError,
        NotImplementedError, EOFError, StopIteration,
    ):  # fmt: skip  # hostile archives and pictures raise any of these
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        return False
    return True


def _read(archive: zipfile.ZipFile, frames: Frames) -> Iterator[tuple[VideoFrame, int]]:
    total = 0
    for name, delay in frames:
        with archive.open(name) as member:
            data = member.read(MAX_FRAME_BYTES + 1)
        total += len(data)
        if len(data) > MAX_FRAME_BYTES or total > MAX_BYTES:
            raise ValueError("the archive unpacks to too much")
        with av.open(io.BytesIO(data), "r", options=dict(_PICTURES)) as picture:
            context = picture.streams.video[0].codec_context
            if context.width * context.height > MAX_PIXELS:
                raise ValueError("a picture is too large")
            yield next(iter(picture.decode(video=0))), delay


def _write(stream: VideoStream, film: Any, frames: Iterator[tuple[VideoFrame, int]]) -> None:
    """All frames in the first one's size, made even, since the codec wants it so."""
    clock, last = 0, None
    for picture, delay in frames:
        if last is None:
            stream.width, stream.height = (
                max(2, side + side % 2) for side in (picture.width, picture.height)
            )
            stream.pix_fmt = "yuv420p"
            stream.codec_context.time_base = _CLOCK
        last = picture.reformat(width=stream.width, height=stream.height, format="yuv420p")
        _encode(stream, film, last, clock)
        clock += delay
    if last is not None and clock > 1:
        _encode(stream, film, last, clock - 1)  # the last one's own time
    film.mux(stream.encode(None))


def _encode(stream: VideoStream, film: Any, frame: VideoFrame, clock: int) -> None:
    frame.pts, frame.time_base = clock, _CLOCK
    film.mux(stream.encode(frame))
