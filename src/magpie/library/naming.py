"""Where a medium goes in the library, and under which name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from magpie.downloads.extractors.port import Kind, Medium, Role, SavedFile
from magpie.kit.paths import numbered, safe_name
from magpie.library.presets import PRESETS, template_for
from magpie.library.templates import Value, parse

# Magpie's own corner of the media root: work folders and thumbnails. Media servers skip dot folders.
CORNER = ".magpie"

_ROOMS = {
    Kind.VIDEO: "Videos",
    Kind.AUDIO: "Music",
    Kind.GALLERY: "Galleries",
    Kind.IMAGE: "Pictures",
    Kind.FILE: "Files",
}
_SHORT_ID = re.compile(r"[A-Za-z0-9_-]{1,24}")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}")
# Their ids are addresses or hashes, which say nothing to a reader.
_NAMELESS_IDS = frozenset({"direct", "web", "webimages"})


def _ending(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if _ENDING.fullmatch(suffix) else ""


def _label(medium: Medium) -> str:
    title = safe_name(medium.title, fallback=medium.kind.value, max_bytes=150)
    telling = medium.extractor not in _NAMELESS_IDS and _SHORT_ID.fullmatch(medium.source_id)
    if telling and medium.kind is not Kind.AUDIO and medium.source_id not in title:
        return safe_name(f"{title} [{medium.source_id}]")
    return title


def folder_of(medium: Medium, site: str) -> PurePosixPath:
    """The folder, relative to the media root, that the medium is filed in."""
    room = PurePosixPath(_ROOMS[medium.kind])
    if medium.kind is Kind.AUDIO:
        folder = room / safe_name(album_artist(medium) or "", fallback="Unknown Artist")
        return folder / safe_name(medium.album) if medium.album else folder
    if medium.kind is Kind.VIDEO:
        return room / safe_name(medium.artist or site, fallback="Unknown")
    return room / safe_name(site, fallback="Unknown")


@dataclass(frozen=True, slots=True)
class Naming:
    """Whose names are used: a template of the user's, a media server's, or Magpie's own.

    `playlist` and `index` say where the medium comes from; `picture` is one of its channel. All of it lies below
    `folder`, where there is one.
    """

    template: str | None = None
    server: str | None = None
    playlist: str | None = None
    index: int | None = None
    picture: Path | None = None
    folder: str | None = None

    def within(self, hints: Mapping[str, Any]) -> Naming:
        """The same for a part of a pasted list, or for a song that a playlist misses. `hints`: as in `Request`."""
        return replace(
            self,
            playlist=self.playlist or _text(hints.get("list_title")),
            index=self.index if self.index is not None else _number(hints.get("list_index")),
            folder=_text(hints.get("folder")),
        )


OWN = Naming()


def values_of(
    medium: Medium, site: str, naming: Naming, files: Sequence[SavedFile] = ()
) -> dict[str, Value | None]:
    """What the fields of a template stand for."""
    extra, moment = medium.extra, published(medium)
    numbered = isinstance(extra.get("episode_number"), int)
    season = _number(extra.get("season_number")) or (1 if numbered else moment.year if moment else None)
    by_day = moment.month * 100 + moment.day if moment else None
    return {
        "title": medium.title,
        "artist": medium.artist,
        "album": medium.album,
        "channel": _text(extra.get("series"))
        or _text(extra.get("channel"))
        or medium.artist
        or naming.playlist,
        "date": moment,
        "year": moment.year if moment else None,
        "month": moment.month if moment else None,
        "playlist": naming.playlist,
        "index": naming.index if naming.index is not None else _number(extra.get("track_number")),
        "id": medium.source_id,
        "site": site,
        "height": next((file.height for file in files if file.height), None),
        "ext": _ending(files[0].name).removeprefix(".") if files else None,
        "season": season,
        "episode": extra["episode_number"] if numbered else by_day,
        "album_artist": album_artist(medium),
        "track": _number(extra.get("track_number")) or None,
        "disc": _disc(extra),
        "genre": _text(extra.get("genre")),
    }


def album_artist(medium: Medium) -> str | None:
    """Whose folder a track lies in: the album's artist, or the first of the track's."""
    artists = medium.extra.get("artists")
    first = artists[0] if isinstance(artists, list) and artists else None
    return _text(medium.extra.get("album_artist")) or _text(first) or medium.artist


def _disc(extra: Mapping[str, Any]) -> int | None:
    """The number of the disc, where there are several: the only one has none."""
    disc, discs = _number(extra.get("disc_number")), _number(extra.get("disc_count"))
    return disc if disc and max(disc, discs or 0) > 1 else None


def published(medium: Medium) -> datetime | None:
    """When it came out, in UTC; None if the site does not say, or nothing sensible."""
    if not medium.published_at:
        return None
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(medium.published_at)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _place(
    medium: Medium, files: Sequence[SavedFile], site: str, naming: Naming
) -> tuple[PurePosixPath, str]:
    """The folder, and the name of the files in it but for their endings."""
    above = PurePosixPath(*(safe_name(part) for part in (naming.folder or "").split("/") if part.strip()))
    template = naming.template or template_for(medium, naming.server)
    if template is None:
        return above / folder_of(medium, site), _label(medium)
    *folders, name = parse(template).render(values_of(medium, site, naming, files))
    return above.joinpath(*folders), name


def paths_for(
    medium: Medium,
    files: tuple[SavedFile, ...],
    site: str,
    key: str,
    number: int = 1,
    naming: Naming = OWN,
) -> list[str]:
    """One path for each file, relative to the media root.

    `number` > 1 gives the further names that are tried while earlier ones are taken. Raises `TemplateFault` for a
    template that was never checked.
    """
    folder, label = _place(medium, files, site, naming)
    thumbnail = key if number == 1 else f"{key}-{number}"
    if medium.kind is Kind.GALLERY:
        return _distinct(_gallery_paths(folder / numbered(label, number), files, thumbnail))
    stem = label if number == 1 else f"{label} ({number})"
    preset = PRESETS.get(naming.server or "")
    cover = f"{stem}{(preset.cover if preset else None) or ''}"
    return _distinct(
        [
            str(folder / f"{cover}{_ending(file.name)}")
            if file.role is Role.COVER
            else _single_path(folder, stem, index, file, thumbnail)
            for index, file in enumerate(files)
        ]
    )


def _distinct(paths: list[str]) -> list[str]:
    """The paths with numbers where two would be one, on file systems that ignore case, too."""
    taken: set[str] = set()
    found = []
    for path in paths:
        number, candidate = 1, path
        while candidate.casefold() in taken:
            number += 1
            folder, slash, name = path.rpartition("/")
            candidate = f"{folder}{slash}{numbered(name, number)}"
        taken.add(candidate.casefold())
        found.append(candidate)
    return found


def _single_path(folder: PurePosixPath, stem: str, index: int, file: SavedFile, thumbnail: str) -> str:
    ending = _ending(file.name)
    if file.role is Role.THUMBNAIL:
        return _thumbnail_path(thumbnail, ending)
    if file.role is Role.SUBTITLE:
        if ending == ".lrc":  # lyrics, which players look for under the very name of the track
            return str(folder / f"{stem}{ending}")
        language = safe_name(file.language or "und", fallback="und", max_bytes=16)
        return str(folder / f"{stem}.{language}{ending}")
    if file.role is Role.INFO:
        return str(folder / f"{stem}.info{ending}")
    if file.role is Role.NFO:
        return str(folder / f"{stem}.nfo")
    part = "" if index == 0 else f" - {index + 1}"
    return str(folder / f"{stem}{part}{ending}")


def _gallery_paths(folder: PurePosixPath, files: tuple[SavedFile, ...], thumbnail: str) -> list[str]:
    paths, count = [], 0
    width = max(3, len(str(len(files))))
    for file in files:
        if file.role is Role.THUMBNAIL:
            paths.append(_thumbnail_path(thumbnail, _ending(file.name)))
            continue
        count += 1
        info = ".info" if file.role is Role.INFO else ""
        paths.append(str(folder / f"{count:0{width}d}{info}{_ending(file.name)}"))
    return paths


def _thumbnail_path(name: str, ending: str) -> str:
    return f"{CORNER}/thumbnails/{name[:2]}/{name}{ending or '.jpg'}"
