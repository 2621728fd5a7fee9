"""Which media lie in a folder. Files are hostile input: nothing is followed out of the folder, all is bounded."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from magpie.downloads.extractors.port import Role, SavedFile
from magpie.downloads.extractors.sniff import content_of_extension
from magpie.links.recognise import AUDIO_ENDINGS, VIDEO_ENDINGS

ENDING = ".info.json"
MAX_INFO = 64 << 20  # bytes; those of channels with comments are large
MEDIA = (VIDEO_ENDINGS | AUDIO_ENDINGS | {"3gp", "mka"}) - {"m3u8", "mpd"}
_SUBTITLES = {"vtt": "text/vtt", "srt": "application/x-subrip", "ass": "text/x-ssa", "lrc": "text/plain"}
_PICTURES = frozenset({"jpg", "jpeg", "png", "webp"})


class NotUsable(ValueError):
    """What stands in the way of taking a medium in, in plain words."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A medium as it lies there. `files`: with names relative to `folder`, the medium first, no picture."""

    folder: Path
    info: dict[str, Any]
    files: tuple[SavedFile, ...]
    picture: Path | None


def infos(folder: Path) -> Iterator[Path]:
    """The info files below the folder, in order. Links to folders are not followed, hidden folders left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(names) if name.lower().endswith(ENDING))


def candidate(path: Path) -> Candidate:
    """What an info file describes, and the files beside it. Raises `NotUsable`."""
    info = _read(path)
    if info.get("_type") not in (None, "video"):
        raise NotUsable("it describes a list, not a medium")
    if not info.get("id") or not (info.get("extractor_key") or info.get("extractor")):
        raise NotUsable("it does not say what it describes")
    stem = path.name[: -len(ENDING)]
    beside = [one for one in _beside(path.parent) if one.name.startswith(f"{stem}.")]
    medium = _medium(beside, stem, str(info.get("ext") or ""))
    if medium is None:
        raise NotUsable("there is no medium beside it")
    subtitles = [
        _file(one, Role.SUBTITLE, _SUBTITLES[_ending(one)], one.name[len(stem) + 1 :].partition(".")[0])
        for one in beside
        if _ending(one) in _SUBTITLES
    ]
    content = content_of_extension(_ending(medium))
    main = _file(medium, Role.MEDIA, content.mime if content else "application/octet-stream")
    description = _file(path, Role.INFO, "application/json")
    picture = next((one for one in beside if _ending(one) in _PICTURES), None)
    return Candidate(path.parent, info, (main, *subtitles, description), picture)


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.is_symlink() or path.stat().st_size > MAX_INFO:
            raise NotUsable("it is a link, or too large")
        info = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, NotUsable):
            raise
        raise NotUsable("it cannot be read as JSON") from error
    if not isinstance(info, dict):
        raise NotUsable("it does not say what it describes")
    return info


def _beside(folder: Path) -> list[Path]:
    """Plain files with something in them, in order."""
    try:
        with os.scandir(folder) as entries:
            found = [
                Path(entry.path)
                for entry in entries
                if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_size
            ]
    except OSError as error:
        raise NotUsable("its folder cannot be read") from error
    return sorted(found)


def _ending(path: Path) -> str:
    return path.suffix.lower().removeprefix(".")


def _medium(beside: list[Path], stem: str, ending: str) -> Path | None:
    """The file that the tool named, else the largest; parts like `name.f137.mp4` are none."""
    whole = [one for one in beside if one.stem == stem and _ending(one) in MEDIA]
    named = [one for one in whole if _ending(one) == ending.lower()]
    return next(iter(named), None) or max(whole, key=lambda one: one.stat().st_size, default=None)


def _file(path: Path, role: Role, mime: str, language: str | None = None) -> SavedFile:
    return SavedFile(path.name, role, path.stat().st_size, mime, language=language or None)
