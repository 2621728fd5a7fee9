"""What a media file says of itself, read without decoding it: a folder of 50,000 files takes less than a minute.

Runs in a reader's process (`reader.py`): files are hostile input. Sound is read by mutagen, everything else by its
container's header.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import mutagen
from av.stream import Disposition
from mutagen.easymp4 import EasyMP4Tags

from magpie.downloads.extractors.probe import opened
from magpie.downloads.extractors.sniff import content_of_extension
from magpie.downloads.failures import DownloadFailure
from magpie.library.care.facts import Facts

MAX_TEXT = 500
_NUMBER = re.compile(r"\s*(\d{1,5})")
_YEAR = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
# `[dQw4w9WgXcQ]` at a name's end, as yt-dlp and Magpie write it.
_NAMED_ID = re.compile(r"\s*\[[A-Za-z0-9_-]{6,24}\]$")
_TRACK_NAME = re.compile(r"(?:(\d)-)?(\d{1,3})(?:\s*[-._]\s*|\s+)(\S.*)")
_SEPARATOR = "; "


class NoMedia(ValueError):
    """The file is not what its name says, or cannot be read."""


def read(place: str, path: str) -> Facts:
    """The facts of the file at `place`; `path` is its name in the media folder, which says what tags do not.

    Raises `NoMedia`.
    """
    ending = PurePosixPath(path).suffix.lower().removeprefix(".")
    content = content_of_extension(ending)
    mime = content.mime if content else "application/octet-stream"
    if mime.startswith("audio/"):
        return _sound(place, path, mime)
    if mime.startswith("image/"):
        return _picture(place, path, mime)
    return _container(place, path, mime)


def _picture(place: str, path: str, mime: str) -> Facts:
    try:
        with opened(Path(place)) as container:
            if not container.streams.video or container.streams.audio:
                raise NoMedia("it is no picture")
            size = container.streams.video[0].codec_context
            if not size.width or not size.height:  # libav takes what is called `.png` for one
                raise NoMedia("there is no picture in it")
            return Facts("image", mime, PurePosixPath(path).stem, width=size.width, height=size.height)
    except DownloadFailure as failure:
        raise NoMedia("it cannot be read") from failure


def _sound(place: str, path: str, mime: str) -> Facts:
    try:
        file = mutagen.File(place, easy=True)
    except Exception as error:  # mutagen's parsers raise whatever broken input leads to
        raise NoMedia("it cannot be read") from error
    if file is None or file.info is None:
        return _container(place, path, mime)
    tags = {
        name: values
        for name in (file.keys() if file.tags is not None else ())
        if (values := _values(file, name))
    }
    length = float(getattr(file.info, "length", 0.0) or 0.0)
    return _described(path, "audio", mime, tags, duration=round(length, 3) if 0 < length < 10**7 else None)


def _values(file: Any, name: str) -> list[str]:
    with suppress(Exception):  # a single broken field
        return [text for value in file[name] if (text := _text(value))]
    return []


def _text(value: object) -> str:
    return _HIDDEN.sub(" ", str(value)).strip()[:MAX_TEXT]


def _container(place: str, path: str, mime: str) -> Facts:
    try:
        with opened(Path(place)) as container:
            video = next(
                (s for s in container.streams.video if not s.disposition & Disposition.attached_pic), None
            )
            if video is None and not container.streams.audio:
                raise NoMedia("there is neither picture nor sound in it")
            length = container.duration / 1_000_000 if container.duration else None
            tags = {str(name).lower(): [_text(value)] for name, value in container.metadata.items() if value}
            if video is None:
                return _described(path, "audio", mime.replace("video/", "audio/"), tags, duration=length)
            size = video.codec_context.width or None, video.codec_context.height or None
            return _described(path, "video", mime, tags, duration=length, width=size[0], height=size[1])
    except DownloadFailure as failure:
        raise NoMedia("it cannot be read") from failure


def _described(
    path: str,
    kind: str,
    mime: str,
    tags: Mapping[str, Sequence[str]],
    *,
    duration: float | None,
    width: int | None = None,
    height: int | None = None,
) -> Facts:
    place = of_path(path, kind)
    isrc = _first(tags, "isrc").upper().replace("-", "")
    return Facts(
        kind=kind,
        mime=mime,
        title=_first(tags, "title") or place.title,
        artist=_SEPARATOR.join(tags.get("artist", ())) or place.artist,
        album=_first(tags, "album") or place.album,
        album_artist=_first(tags, "albumartist", "album_artist") or None,
        track_number=_number(_first(tags, "tracknumber", "track")) or place.track_number,
        disc_number=_number(_first(tags, "discnumber", "disc")) or place.disc_number,
        genre=_SEPARATOR.join(tags.get("genre", ()))[:128] or None,
        isrc=isrc if _ISRC.fullmatch(isrc) else None,
        date=_date(_first(tags, "date", "originaldate", "year")),
        duration=round(duration, 3) if duration and 0 < duration < 10**7 else None,
        width=width,
        height=height,
    )


def _first(tags: Mapping[str, Sequence[str]], *names: str) -> str:
    return next((tags[name][0] for name in names if tags.get(name)), "")


def _number(text: str) -> int | None:
    """`7`, `07`, `7/12`."""
    match = _NUMBER.match(text)
    return int(match[1]) or None if match else None


def _date(text: str) -> str | None:
    match = _YEAR.match(text)
    if match is None or not 1000 <= int(match[1]) <= 2999:
        return None
    return match[0] if all(part is None or 1 <= int(part) <= 31 for part in match.groups()[1:]) else match[1]


@dataclass(frozen=True, slots=True)
class Named:
    """What a path alone says."""

    title: str
    artist: str | None = None
    album: str | None = None
    track_number: int | None = None
    disc_number: int | None = None


def of_path(path: str, kind: str) -> Named:
    """`Artist/Album/1-07 Title.flac` and less. The first folder of a media folder with rooms (`Music/`) is none."""
    parts = PurePosixPath(path)
    stem = _NAMED_ID.sub("", parts.stem).strip() or parts.stem
    if kind != "audio":
        return Named(stem)
    folders = [
        name for name in parts.parts[:-1] if name.casefold() not in {"music", "audio", "musik", "音乐"}
    ]
    artist = folders[-2] if len(folders) >= 2 else folders[-1] if folders else None
    album = folders[-1] if len(folders) >= 2 else None
    match = _TRACK_NAME.fullmatch(stem)
    if match is None or album is None:
        return Named(stem, artist, album)
    return Named(match[3], artist, album, int(match[2]) or None, int(match[1]) if match[1] else None)


# The easy names leave it out.
EasyMP4Tags.RegisterFreeformKey("isrc", "ISRC")  # type: ignore[no-untyped-call]
