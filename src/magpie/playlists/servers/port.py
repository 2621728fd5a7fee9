"""What a media server can do, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol

from magpie.playlists.tracks import Track

CHUNK = 200  # keys in one write at most: servers refuse long addresses


class ServerFailed(Exception):
    """A server did not do what was asked. `reason` is typed; `message` is for people and holds no secret."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        # dns | tls | refused | timeout | token | no_music | no_right | not_found | too_long | wrong_kind | unreadable
        self.reason = reason
        self.message = message


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this kind of server can do; the sync and the page ask this, never the kind."""

    can_move: bool  # one entry within a playlist
    can_replace: bool  # the whole list in one call, under the same id
    can_describe: bool  # a description
    can_poster: bool  # a picture of its own
    can_scan_path: bool  # a scan of one folder
    tells_changes: bool  # tracks that were added or changed since a moment
    keeps_duplicates: bool  # the same track twice in one playlist
    chunk: int = CHUNK  # keys in one write


@dataclass(frozen=True, slots=True)
class Checked:
    """A server that answers as it should."""

    id: str  # its own, which stays when its address changes
    name: str
    version: str
    libraries: tuple[MusicLibrary, ...]
    user: str | None = None


@dataclass(frozen=True, slots=True)
class MusicLibrary:
    """A library of music on a server; `folders` as the server sees them."""

    id: str
    name: str
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerPlaylist:
    """A playlist on a server, without its entries."""

    id: str
    title: str
    count: int
    is_writable: bool = True
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in a server's playlist. `id` names the place (it may equal its index), `track_id` what is there."""

    id: str
    track_id: str
    track: Track | None = None  # its facts, if the server tells them along


@dataclass(frozen=True, slots=True)
class Login:
    """How to reach a server: either a token, or a name and a password. Never shown, never logged."""

    url: str
    token: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)


class MediaServer(Protocol):
    """One connection. Every method may raise `ServerFailed`. Writes are single calls: the sync plans and checks them."""

    kind: ClassVar[str]  # plex | jellyfin | subsonic
    capabilities: ClassVar[Capabilities]

    def check(self) -> Checked: ...

    def tracks(self, library: str | None = None, *, since: datetime | None = None) -> Iterator[Track]:
        """All tracks of a library, or those changed since; pages are fetched as they are consumed."""
        ...

    def count(self, library: str | None = None) -> int | None:
        """How many tracks there are, by one cheap call; None if it cannot be told."""
        ...

    def playlists(self) -> list[ServerPlaylist]:
        """The user's music playlists."""
        ...

    def playlist(self, playlist_id: str) -> ServerPlaylist | None:
        """None if it is gone."""
        ...

    def entries(self, playlist_id: str) -> list[Entry]:
        """In order, doubles kept. Raises `ServerFailed("not_found", …)`."""
        ...

    def create(self, title: str, track_ids: Sequence[str]) -> ServerPlaylist:
        """A new playlist; at most `capabilities.chunk` tracks."""
        ...

    def add(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        """At the end, in order; at most `capabilities.chunk` tracks."""
        ...

    def remove(self, playlist_id: str, entries: Sequence[Entry]) -> None:
        """Those places only."""
        ...

    def move(self, playlist_id: str, entry: Entry, after: Entry | None, index: int) -> None:
        """To stand behind `after` (None: first), which is the place `index` once it has moved."""
        ...

    def replace(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        """The whole list anew, under the same id; only where `capabilities.can_replace`."""
        ...

    def describe(
        self, playlist_id: str, *, title: str | None = None, description: str | None = None
    ) -> None: ...

    def poster(self, playlist_id: str, picture: bytes, mime: str) -> None: ...

    def delete(self, playlist_id: str) -> None: ...

    def scan(self, library: str | None = None, path: str | None = None) -> None:
        """Asks for a scan, of one folder (as the server sees it) where it can."""
        ...

    def close(self) -> None: ...
