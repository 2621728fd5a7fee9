"""A media server in memory, and a source in memory: both count what is asked of them, and fail or die when told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from magpie.config import Settings
from magpie.playlists.servers.port import (
    Capabilities,
    Checked,
    Entry,
    Fault,
    Login,
    MusicLibrary,
    ServerFailed,
    ServerPlaylist,
)
from magpie.playlists.sources.port import SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.tracks import Track


class Killed(BaseException):
    """The process is gone: nothing catches it."""


@dataclass
class FakePlaylist:
    """`items`: the entry's id, and the track's."""

    id: str
    title: str
    items: list[tuple[str, str]] = field(default_factory=list)
    description: str | None = None
    poster: bytes | None = None


MOVES = Capabilities(
    can_move=True,
    can_replace=False,
    can_describe=True,
    can_poster=True,
    can_scan_path=True,
    tells_changes=True,
    keeps_duplicates=True,
    chunk=3,
)
REPLACES = replace(MOVES, can_move=False, can_replace=True, tells_changes=False)
NEITHER = replace(MOVES, can_move=False, can_describe=False)


class FakeServer:
    """A server as the port describes it.

    `before_write` and `after_write` are called with the number of the write, from 1; they may raise. `refuses` are
    tracks that it takes without a word and does not keep.
    """

    kind: ClassVar[str] = "fake"

    def __init__(self, tracks: Sequence[Track], capabilities: Capabilities = MOVES) -> None:
        self.library = {track.id: track for track in tracks}
        self.capabilities = capabilities
        self.lists: dict[str, FakePlaylist] = {}
        self.uid = "machine"
        self.writes: list[str] = []
        self.reads: list[str] = []
        self.refuses: set[str] = set()
        self.down: ServerFailed | None = None
        self.longest: int | None = None
        self.before_write: Callable[[int], None] = lambda _number: None
        self.after_write: Callable[[int], None] = lambda _number: None
        self.fresh: list[str] = []
        self._number = 0

    def connect(self, _kind: str, _login: Login) -> FakeServer:
        return self

    def tracks_of(self, playlist_id: str) -> list[str]:
        return [track_id for _, track_id in self.lists[playlist_id].items]

    def the_list(self) -> FakePlaylist:
        """The only playlist that there is."""
        (found,) = self.lists.values()
        return found

    def put(self, title: str, track_ids: Sequence[str]) -> str:
        """A playlist that somebody has made by hand."""
        made = FakePlaylist(self._next("P"), title)
        made.items = [(self._next("E"), track_id) for track_id in track_ids]
        self.lists[made.id] = made
        return made.id

    def _next(self, letter: str) -> str:
        self._number += 1
        return f"{letter}{self._number}"

    def _read(self, what: str) -> None:
        self.reads.append(what)
        if self.down is not None:
            raise self.down

    def _write(self, what: str, keys: int = 0) -> None:
        if self.down is not None:
            raise self.down
        self.before_write(len(self.writes) + 1)
        self.writes.append(what)
        if self.longest is not None and keys > self.longest:
            raise ServerFailed(Fault.TOO_LONG, "too long")
        assert keys <= self.capabilities.chunk or what.startswith("replace")

    def _written(self) -> None:
        self.after_write(len(self.writes))

    def _of(self, playlist_id: str) -> FakePlaylist:
        if playlist_id not in self.lists:
            raise ServerFailed(Fault.NOT_FOUND, "gone")
        return self.lists[playlist_id]

    # What the port has

    def check(self) -> Checked:
        self._read("check")
        return Checked(self.uid, "Fake", "1.0", (MusicLibrary("1", "Music", ("/music",)),))

    def tracks(self, library: str | None = None, *, since: datetime | None = None) -> Iterator[Track]:
        self._read("tracks" if since is None else "changes")
        if since is None:
            yield from list(self.library.values())
        else:
            yield from [self.library[one] for one in self.fresh if one in self.library]

    def count(self, library: str | None = None) -> int | None:
        self._read("count")
        return len(self.library)

    def playlists(self) -> list[ServerPlaylist]:
        self._read("playlists")
        return [ServerPlaylist(one.id, one.title, len(one.items)) for one in self.lists.values()]

    def playlist(self, playlist_id: str) -> ServerPlaylist | None:
        self._read("playlist")
        found = self.lists.get(playlist_id)
        return ServerPlaylist(found.id, found.title, len(found.items)) if found else None

    def entries(self, playlist_id: str) -> list[Entry]:
        self._read("entries")
        return [Entry(entry_id, track_id) for entry_id, track_id in self._of(playlist_id).items]

    def create(self, title: str, track_ids: Sequence[str]) -> ServerPlaylist:
        self._write("create", len(track_ids))
        playlist_id = self.put(title, self._taken(track_ids, []))
        self._written()
        return ServerPlaylist(playlist_id, title, len(track_ids))

    def _taken(self, track_ids: Sequence[str], there: Sequence[str]) -> list[str]:
        taken = [one for one in track_ids if one not in self.refuses]
        return taken if self.capabilities.keeps_duplicates else [one for one in taken if one not in there]

    def add(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        self._write("add", len(track_ids))
        items = self._of(playlist_id).items
        taken = self._taken(track_ids, [track for _, track in items])
        items += [(self._next("E"), track_id) for track_id in taken]
        self._written()

    def remove(self, playlist_id: str, entries: Sequence[Entry]) -> None:
        self._write("remove", len(entries))
        gone = {entry.id for entry in entries}
        found = self._of(playlist_id)
        found.items = [item for item in found.items if item[0] not in gone]
        self._written()

    def move(self, playlist_id: str, entry: Entry, after: Entry | None, index: int) -> None:
        assert self.capabilities.can_move
        self._write("move")
        items = self._of(playlist_id).items
        (item,) = [one for one in items if one[0] == entry.id]
        items.remove(item)
        place = 0 if after is None else [one[0] for one in items].index(after.id) + 1
        assert place == index
        items.insert(place, item)
        self._written()

    def replace(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        assert self.capabilities.can_replace
        self._write("replace", len(track_ids))
        self._of(playlist_id).items = [(self._next("E"), one) for one in self._taken(track_ids, [])]
        self._written()

    def describe(self, playlist_id: str, *, title: str | None = None, description: str | None = None) -> None:
        assert self.capabilities.can_describe
        self._write("describe")
        found = self._of(playlist_id)
        found.title = title if title is not None else found.title
        found.description = description if description is not None else found.description
        self._written()

    def poster(self, playlist_id: str, picture: bytes, mime: str) -> None:
        self._write("poster")
        self._of(playlist_id).poster = picture
        self._written()

    def delete(self, playlist_id: str) -> None:
        self._write("delete")
        self.lists.pop(playlist_id, None)
        self._written()

    def scan(self, library: str | None = None, path: str | None = None) -> None:
        self._write("scan")
        self._written()

    def close(self) -> None:
        """Nothing to close."""


class FakeSource:
    """A platform with one playlist."""

    def __init__(self, tracks: Sequence[Track], title: str = "Of an evening") -> None:
        self.tracks = list(tracks)
        self.title = title
        self.description: str | None = None
        self.cover_url: str | None = None
        self.is_complete = True
        self.failure: SourceFailed | None = None
        self.asked = 0

    def fetch(self, ref: SourceRef, _settings: Settings) -> SourcePlaylist:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return SourcePlaylist(
            ref,
            self.title,
            tuple(self.tracks),
            is_complete=self.is_complete,
            total=len(self.tracks),
            description=self.description,
            cover_url=self.cover_url,
            note=None if self.is_complete else "A part of it failed.",
        )


def song(name: str, artist: str = "Ada Example", **more: object) -> Track:
    """A song at a platform. Songs of different names are different ones to the matcher."""
    facts: dict[str, object] = {"album": "An album", "duration": 200.0, **more}
    return Track(f"s-{name}", name, (artist,), source="netease", source_id=name, **facts)  # type: ignore[arg-type]


def held(name: str, artist: str = "Ada Example", **more: object) -> Track:
    """The same song on a server."""
    facts: dict[str, object] = {"album": "An album", "duration": 200.0, "path": f"/music/{name}.flac", **more}
    return Track(f"t-{name}", name, (artist,), **facts)  # type: ignore[arg-type]


# Titles that nobody takes for each other.
WORDS = (
    "Harbour", "Lantern", "Orchard", "Velvet", "Thunder", "Meadow", "Compass", "Ember", "Willow", "Saffron",
    "Glacier", "Carousel", "Nightingale", "Parachute", "Quicksilver", "Rosemary", "Sundial", "Tambourine",
    "Umbrella", "Voyager", "Windmill", "Xylophone", "Yesterday", "Zeppelin",
)  # fmt: skip
