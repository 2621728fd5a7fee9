"""Taking media that lie in a media folder into the library, where they lie. Nothing on the disk is changed.

One file is one medium, with the side files of its name: subtitles, a picture, what was written about it. Pictures that
belong to nothing else are items, too, and several in a folder of their own are one gallery.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from sqlalchemy.exc import IntegrityError

from magpie.downloads.extractors.port import Role
from magpie.downloads.extractors.sniff import content_of_extension
from magpie.kit.db import Database, WriteSession
from magpie.library.care import repository
from magpie.library.care.disk import Seen
from magpie.library.care.facts import Facts
from magpie.library.care.pictures import Neighbour, fate
from magpie.library.models import Item, ItemFile, Membership

EXTRACTOR = repository.ADOPTED  # its items' ids are made up: the same recording may lie there twice
SITE = "local"
QUALITY = {"audio": "audio", "video": "video", "image": "video", "gallery": "video"}

_SUBTITLES = {
    "vtt": "text/vtt", "srt": "application/x-subrip", "ass": "text/x-ssa", "ssa": "text/x-ssa", "lrc": "text/plain",
}  # fmt: skip
_DIGITS = re.compile(r"(\d{1,18})")
_LANGUAGE_PARTS = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A medium as it lies there, and what lies beside it under its name, each with its role.

    `gallery`: the folder whose pictures are one item, `item_id` if there is one by now.
    """

    medium: Seen
    beside: tuple[tuple[Seen, Role], ...] = ()
    gallery: str | None = None
    item_id: int | None = None


Neighbours = Callable[[str], Sequence[Neighbour]]
"""The media that items have in a folder, not below it."""


def candidates(files: Iterable[Seen], neighbours: Neighbours = lambda _folder: ()) -> Iterator[Candidate]:
    """Media among files that come by path. What is neither a medium nor beside one is left out."""
    # Folders lie between the files of the folder that they are in: that one is open until the last of it has come.
    found: dict[str, list[Seen]] = {}
    for file in files:
        here = file.path.rpartition("/")[0]
        for folder in [one for one in found if one and not f"{here}/".startswith(f"{one}/")]:
            yield from _of_folder(folder, found.pop(folder), neighbours)
        found.setdefault(here, []).append(file)
    for folder in sorted(found, reverse=True):
        yield from _of_folder(folder, found[folder], neighbours)


def _of_folder(folder: str, files: Sequence[Seen], neighbours: Neighbours) -> Iterator[Candidate]:
    stems: dict[str, list[Seen]] = {}
    media = []
    for file in files:
        content = content_of_extension(_ending(file))
        if content is not None and content.mime.startswith(("audio/", "video/")) and file.size:
            media.append((file, content.kind.value))
        elif (role := _role(_ending(file))) is not None:
            stems.setdefault(_stem(file, role), []).append(file)
    for medium, _kind in media:
        stem = PurePosixPath(medium.path).stem
        beside = [(one, role) for one in stems.pop(stem, ()) if (role := _role(_ending(one)))]
        yield Candidate(medium, tuple(beside))
    pictures = [one for held in stems.values() for one in held if _is_picture(one)]
    if pictures:
        yield from _pictures(folder, pictures, {kind for _, kind in media}, neighbours(folder))


def _pictures(
    folder: str, pictures: Sequence[Seen], kinds: Collection[str], near: Sequence[Neighbour]
) -> Iterator[Candidate]:
    """Those that are media of their own."""
    named = {PurePosixPath(one.name).stem for one in near if one.kind == "video"}
    free = sorted(
        (one for one in pictures if _stem(one, Role.COVER) not in named), key=lambda one: natural(one.path)
    )
    fated = fate(folder, [PurePosixPath(one.path).name for one in free], kinds, near)
    if fated.taken:
        where = folder if fated.gallery else None
        yield from (Candidate(one, gallery=where, item_id=fated.item_id) for one in free)


def natural(path: str) -> tuple[tuple[int, str], ...]:
    """Sorts `2.jpg` before `10.jpg`."""
    parts = _DIGITS.split(path.casefold())
    return tuple((int(part), "") if number % 2 else (0, part) for number, part in enumerate(parts))


def _is_picture(file: Seen) -> bool:
    content = content_of_extension(_ending(file))
    return content is not None and content.mime.startswith("image/") and file.size > 0


def _ending(file: Seen) -> str:
    return PurePosixPath(file.path).suffix.lower().removeprefix(".")


def _role(ending: str) -> Role | None:
    if ending in _SUBTITLES:
        return Role.SUBTITLE
    content = content_of_extension(ending)
    if content is not None and content.mime.startswith("image/"):
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
        self._made: dict[str, int] = {}  # galleries, by their folders

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
            free = [(one, facts) for one, facts in found if one.medium.path not in taken]
            items = [_item(one, facts, self._root, taken) for one, facts in free if one.gallery is None]
            galleries = self._galleries(session, [one for one in free if one[0].gallery is not None])
            session.add_all([*items, *galleries.values()])
            session.flush()
            items += galleries.values()
            session.add_all(Membership(item_id=item.id, user_id=self._user_id) for item in items)
            made = {folder: item.id for folder, item in galleries.items()}
        self._made |= made
        return len(items)

    def _galleries(
        self, session: WriteSession, pictures: Sequence[tuple[Candidate, Facts]]
    ) -> dict[str, Item]:
        """Put pictures into the galleries of their folders; those that are made for it, by folder."""
        made: dict[str, Item] = {}
        for candidate, facts in pictures:
            folder = candidate.gallery or ""
            item_id = candidate.item_id or self._made.get(folder)
            item = made.get(folder) or (repository.lock_gallery(session, item_id) if item_id else None)
            if item is None:
                item = made[folder] = _gallery(folder)
            position = max((file.position for file in item.files), default=-1) + 1
            item.files.append(_picture(candidate.medium, facts, self._root, position))
            item.size += candidate.medium.size
        return made


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
    role = Role.IMAGE if facts.kind == "image" else Role.MEDIA
    item.files = [_file(candidate.medium, role, facts.mime, root, 0)]
    item.files[0].duration, item.files[0].width = facts.duration, facts.width
    item.files[0].height = facts.height
    for position, (seen, role) in enumerate(beside, 1):
        file = _file(seen, role, _mime(_ending(seen)), root, position)
        file.language = _language(seen) if role is Role.SUBTITLE else None
        item.files.append(file)
    return item


def _gallery(folder: str) -> Item:
    return Item(
        extractor=EXTRACTOR,
        source_id=uuid.uuid4().hex,
        kind="gallery",
        quality=QUALITY["gallery"],
        site=SITE,
        source_url="",
        title=folder.rpartition("/")[2],
        size=0,
        extra={"adopted": True},
    )


def _picture(seen: Seen, facts: Facts, root: str, position: int) -> ItemFile:
    file = _file(seen, Role.IMAGE, facts.mime, root, position)
    file.width, file.height = facts.width, facts.height
    return file


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
