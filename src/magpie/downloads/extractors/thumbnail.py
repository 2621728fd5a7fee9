"""One small JPEG per medium, and a larger one where the profile wants a picture; made in this process."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import av.error
from av.filter import Graph
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from magpie.downloads.extractors import web
from magpie.downloads.extractors.port import Kind, Medium, Request, Role, SavedFile
from magpie.downloads.extractors.probe import probe
from magpie.downloads.failures import DownloadFailure

NAME = "thumbnail.jpg"
COVER_NAME = "cover.jpg"
MAX_SIDE = 640
MAX_COVER_SIDE = 1920
MAX_MUSIC_SIDE = 1200  # of a picture that goes into each track of an album
MAX_BYTES = 10 << 20
_TICK = Fraction(1, 25)


def write_thumbnail(
    frame: VideoFrame, path: Path, longest: int = MAX_SIDE, role: Role = Role.THUMBNAIL
) -> SavedFile:
    """Scale the frame down to `longest` pixels a side at most and write it as JPEG. Raises av's errors."""
    scale = min(1.0, longest / max(frame.width, frame.height))
    width, height = (max(2, round(side * scale / 2) * 2) for side in (frame.width, frame.height))
    small = frame.reformat(width=width, height=height, format="yuvj420p")
    small.pts = 0
    small.pict_type = 0
    encoder: VideoCodecContext = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = _TICK
    encoder.thread_count = 1
    encoder.options = {"qmin": "3", "qmax": "5"}
    data = b"".join(bytes(packet) for packet in (*encoder.encode(small), *encoder.encode(None)))
    path.write_bytes(data)
    return SavedFile(path.name, role, len(data), "image/jpeg", width, height)


def make_thumbnail(
    request: Request, medium: Medium, files: tuple[SavedFile, ...], frame: VideoFrame | None
) -> tuple[SavedFile | None, SavedFile | None]:
    """From the site's own picture if there is one, else from `frame`: the thumbnail, and the cover if the profile
    wants one. None if nothing can be decoded."""
    for picture in (_brought(request, files), frame, None):
        source = picture if picture is not None else _fetched(request, medium)
        if source is None:
            continue
        with suppress(av.error.FFmpegError, ValueError, OSError):
            return write_thumbnail(source, request.workdir / NAME), _cover(request, medium, source)
    return None, None


def _cover(request: Request, medium: Medium, source: VideoFrame) -> SavedFile | None:
    wanted = request.profile.cover or request.profile.embed_thumbnail
    if not wanted or medium.kind not in (Kind.VIDEO, Kind.AUDIO):
        return None
    is_music = medium.kind is Kind.AUDIO
    if is_music and request.profile.square_cover:
        source = squared(source)
    side = MAX_MUSIC_SIDE if is_music else MAX_COVER_SIDE
    return write_thumbnail(source, request.workdir / COVER_NAME, side, Role.COVER)


def squared(frame: VideoFrame) -> VideoFrame:
    """The middle of the picture. Raises av's errors."""
    side = min(frame.width, frame.height)
    graph = Graph()
    source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=_TICK)
    crop, sink = graph.add("crop", f"{side}:{side}"), graph.add("buffersink")
    source.link_to(crop)
    crop.link_to(sink)
    graph.configure()
    graph.push(frame)
    found = graph.pull()
    return found if isinstance(found, VideoFrame) else frame


def _brought(request: Request, files: tuple[SavedFile, ...]) -> VideoFrame | None:
    """The picture file that the extractor brought as a thumbnail."""
    for file in files:
        if file.role is Role.THUMBNAIL:
            with suppress(DownloadFailure):
                return probe(request.workdir / file.name, want_frame=True).frame
    return None


def _fetched(request: Request, medium: Medium) -> VideoFrame | None:
    """The site's thumbnail by its address. A thumbnail is never worth a failed download."""
    if not medium.thumbnail_url:
        return None
    path = request.workdir / ".job" / "site-thumbnail"
    try:
        web.require_http(medium.thumbnail_url)
        with (
            web.open_client(request.proxy, request.cookies, web.TIMEOUT) as client,
            web.get(client, medium.thumbnail_url, {"Referer": medium.url}) as response,
        ):
            data = bytearray()
            for chunk in response.iter_raw(65536):
                data += chunk
                if len(data) > MAX_BYTES:
                    return None
        path.write_bytes(data)
        return probe(path, want_frame=True).frame
    except (DownloadFailure, OSError):
        return None
    finally:
        path.unlink(missing_ok=True)
