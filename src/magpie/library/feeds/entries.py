"""From rows of the library to episodes: what an app can play, with the addresses of all that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Protocol, TypeVar

from magpie.downloads.extractors.port import Role
from magpie.library.feeds.addresses import Addresses, media_name
from magpie.library.feeds.chapters import CHAPTERS_NAME
from magpie.library.feeds.repository import FileRow
from magpie.library.feeds.rss import Entry, Transcript

VTT = ".vtt"
TRANSCRIPTS = {VTT: "text/vtt", ".srt": "application/x-subrip"}
ADULT_AGE = 18
_PLAYED = ("audio/", "video/")
_MEDIA, _THUMBNAIL, _COVER, _SUBTITLE = (
    role.value for role in (Role.MEDIA, Role.THUMBNAIL, Role.COVER, Role.SUBTITLE)
)


class FileFacts(Protocol):
    """What is asked of a file, be it a record or a row of some columns."""

    @property
    def role(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def mime(self) -> str: ...

    @property
    def language(self) -> str | None: ...


F = TypeVar("F", bound=FileFacts)


def episodes(
    rows: Sequence[Any],
    files: Mapping[int, Sequence[FileRow]],
    addresses: Addresses,
    first_number: int | None,
) -> Iterator[Entry]:
    """Of rows and their files, as `repository` gives them: those that can be played. `first_number`: count them on
    from there, in the order of a collection."""
    for index, row in enumerate(rows):
        held = files.get(row.id, ())
        main = main_file(held)
        if main is not None:
            number = None if first_number is None else first_number + index
            yield _episode(row, main, held, addresses, number)


def main_file(files: Sequence[F]) -> F | None:
    """The file that apps play; None if there is none that they could."""
    main = _first(files, _MEDIA)
    return main if main is not None and main.mime.startswith(_PLAYED) else None


def picture_file(files: Sequence[F]) -> F | None:
    """The small picture, or the cover."""
    return _first(files, _THUMBNAIL) or _first(files, _COVER)


def _first(files: Sequence[F], role: str) -> F | None:
    for file in files:
        if file.role == role:
            return file
    return None


def picture_name(file: FileFacts) -> str:
    return f"picture{ending(file.path)}"


def transcript_files(files: Sequence[F]) -> dict[str, F]:
    """The subtitles that apps can read, by the names that they have in addresses. SubRip's are there as WebVTT, too,
    unless the item has that in their language."""
    readable = [file for file in files if file.role == _SUBTITLE and ending(file.path) in TRANSCRIPTS]
    as_they_are = {file.language for file in readable if ending(file.path) == VTT}
    found = {}
    for number, file in enumerate(readable, 1):
        name = f"subtitles-{number}"
        if ending(file.path) != VTT and file.language not in as_they_are:
            found[f"{name}{VTT}"] = file
        found[f"{name}{ending(file.path)}"] = file
    return found


def ending(path: str) -> str:
    """With its dot, in small letters; empty for what would be no part of an address."""
    stem, _, found = path.rpartition(".")
    return f".{found.lower()}" if stem and found.isalnum() and found.isascii() else ""


def guid_of(row: Any) -> str:
    """The same for this medium in every feed, under every token, and after it was saved again."""
    name = f"{row.extractor}\0{row.source_id}\0{row.kind}\0{row.quality}"
    return f"magpie:{blake2b(name.encode(errors='replace'), digest_size=16).hexdigest()}"


def _episode(
    row: Any, main: FileRow, files: Sequence[FileRow], addresses: Addresses, number: int | None
) -> Entry:
    picture = picture_file(files)
    in_collection, age_limit = number is not None, _counted(row.age_limit)
    return Entry(
        guid=guid_of(row),
        title=row.title,
        link=row.source_url if row.source_url.startswith(("http://", "https://")) else None,
        description=row.description,
        published=row.published_at or row.created_at,
        url=addresses.file(row.id, media_name(row.title, ending(main.path))),
        size=main.size,
        mime=main.mime,
        author=row.artist,
        duration=row.duration,
        image=addresses.file(row.id, picture_name(picture)) if picture else None,
        chapters=addresses.file(row.id, CHAPTERS_NAME) if row.second_chapter is not None else None,
        transcripts=tuple(
            Transcript(addresses.file(row.id, name), TRANSCRIPTS[ending(name)], file.language)
            for name, file in transcript_files(files).items()
        ),
        season=None if in_collection else _counted(row.season) or row.disc_number,
        number=number if in_collection else _counted(row.episode) or row.track_number,
        is_explicit=age_limit is not None and age_limit >= ADULT_AGE,
    )


def _counted(value: Any) -> int | None:
    """A number that apps take: sites tell all sorts."""
    text = str(value)
    return int(text) or None if text.isdecimal() and len(text) < 7 else None
