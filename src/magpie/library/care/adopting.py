"""Taking media that lie in a media folder into the library, where they lie. Nothing on the disk is changed.

One file is one medium, with the side files of its name: subtitles, a picture, what was written about it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from sqlalchemy.exc import IntegrityError

from magpie.downloads.extractors.port import Role
from magpie.downloads.extractors.sniff import content_of_extension
from magpie.kit.db import Database
from magpie.library.care import repository
from magpie.library.care.disk import Seen
from magpie.library.care.facts import Facts
from magpie.library.models import Item, ItemFile, Membership

EXTRACTOR = "file"  # its items' ids are made up: the same recording may lie there twice
SITE = "local"
QUALITY = {"audio": "audio", "video": "video"}

_SUBTITLES = {
    "vtt": "text/vtt", "srt": "application/x-subrip", "ass": "text/x-ssa", "ssa": "text/x-ssa", "lrc": "text/plain",
}  # fmt: skip
_PICTURES = frozenset({"jpg", "jpeg", "png", "webp"})
_LANGUAGE_PARTS = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A medium as it lies there, and what lies beside it under its name, each with its role."""

    medium: Seen
    beside: tuple[tuple[Seen, Role], ...] = ()


def candidates(files: Iterable[Seen]) -> Iterator[Candidate]:
    """Media among files that come folder by folder. What is neither a medium nor beside one is left out."""
    folder, found = None, list[Seen]()
    for file in files:
        here = file.path.rpartition("/")[0]
        if here != folder and found:
            yield from _of_folder(found)
            found = []
        folder = here
        found.append(file)
    yield from _of_folder(found)


def _of_folder(files: Sequence[Seen]) -> Iterator[Candidate]:
    stems: dict[str, list[Seen]] = {}
    media = []
    for file in files:
        ending = _ending(file)
        content = content_of_extension(ending)
        if content is not None and content.mime.startswith(("audio/", "video/")) and file.size:
            media.append(file)
        elif (role := _role(ending)) is not None:
            stems.setdefault(_stem(file, role), []).append(file)
    for medium in media:
        stem = PurePosixPath(medium.path).stem
        beside = [(one, role) for one in stems.pop(stem, ()) if (role := _role(_ending(one)))]
        yield Candidate(medium, tuple(beside))


def _ending(file: Seen) -> str:
    return PurePosixPath(file.path).suffix.lower().removeprefix(".")


def _role(ending: str) -> Role | None:
    if ending in _SUBTITLES:
        return Role.SUBTITLE
    if ending in _PICTURES:
        return Role.COVER
    return Role.NFO if ending == "nfo" else None


def _stem(file: Seen, role: Role) -> str:
    """The name of the medium that it is beside: `Film.en.srt` is beside `Film.mkv`."""
    stem = PurePosixPath(file.path).stem
    if role is Role.SUBTITLE:
        name, dot, language = stem.rpartition(".")
        if dot and _is_language(language):
            return name
    return stem.removesuffix("-poster").removesuffix("-thumb") if role is Role.COVER else stem


def _is_language(text: str) -> bool:
    parts = text.split("-")
    return len(parts) <= _LANGUAGE_PARTS and parts[0].isalpha() and 2 <= len(parts[0]) <= 3


class Adopter:
    """Takes media of one media folder in, for one user."""

    def __init__(self, database: Database, root: str, user_id: int) -> None:
        self._database = database
        self._root = root
        self._user_id = user_id

    def take(self, found: Sequence[tuple[Candidate, Facts]]) -> int:
        """Make items of them, all in one unit of work; how many. What an item has by now is left out."""
        try:
            return self._take(found)
        except IntegrityError:
            # Somebody else has filed one of these names in this very moment: one by one, the others go through.
            if len(found) == 1:
                return 0
            return sum(self.take([one]) for one in found)

    def _take(self, found: Sequence[tuple[Candidate, Facts]]) -> int:
        names = [one.path for candidate, _ in found for one in _files(candidate)]
        with self._database.write() as session:
            taken = repository.is_taken(session, names)
            items = [
                _item(candidate, facts, self._root, taken)
                for candidate, facts in found
                if candidate.medium.path not in taken
            ]
            session.add_all(items)
            session.flush()
            session.add_all(Membership(item_id=item.id, user_id=self._user_id) for item in items)
        return len(items)


def _files(candidate: Candidate) -> Iterator[Seen]:
    yield candidate.medium
    yield from (seen for seen, _role in candidate.beside)


def _item(candidate: Candidate, facts: Facts, root: str, taken: set[str]) -> Item:
    beside = [(seen, role) for seen, role in candidate.beside if seen.path not in taken]
    item = Item(
        extractor=EXTRACTOR,
        source_id=uuid.uuid4().hex,
        kind=facts.kind,
        quality=QUALITY[facts.kind],
        site=SITE,
        source_url="",
        size=candidate.medium.size + sum(seen.size for seen, _ in beside),
        extra={"adopted": True},
    )
    describe(item, facts)
    item.files = [_file(candidate.medium, Role.MEDIA, facts.mime, root, 0)]
    item.files[0].duration, item.files[0].width = facts.duration, facts.width
    item.files[0].height = facts.height
    for position, (seen, role) in enumerate(beside, 1):
        file = _file(seen, role, _mime(_ending(seen)), root, position)
        file.language = _language(seen) if role is Role.SUBTITLE else None
        item.files.append(file)
    return item


def describe(item: Item, facts: Facts) -> None:
    """Let the item say what its file says."""
    item.title, item.artist, item.album = facts.title, facts.artist, facts.album
    item.album_artist, item.genre, item.isrc = facts.album_artist, facts.genre, facts.isrc
    item.track_number, item.disc_number = facts.track_number, facts.disc_number
    item.duration = facts.duration
    item.published_at = _moment(facts.date)


def _moment(date: str | None) -> datetime | None:
    if date is None:
        return None
    year, month, day = (int(part) for part in f"{date}-01-01".split("-")[:3])
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return datetime(year, 1, 1, tzinfo=UTC)


def _file(seen: Seen, role: Role, mime: str, root: str, position: int) -> ItemFile:
    return ItemFile(
        path=seen.path,
        root=root,
        role=role.value,
        position=position,
        size=seen.size,
        mime=mime,
        modified_ns=seen.modified_ns,
    )


def _mime(ending: str) -> str:
    if ending in _SUBTITLES:
        return _SUBTITLES[ending]
    content = content_of_extension(ending)
    return content.mime if content else "application/xml"


def _language(seen: Seen) -> str | None:
    last = PurePosixPath(seen.path).stem.rpartition(".")[2]
    return last if "." in PurePosixPath(seen.path).stem and _is_language(last) else None
