"""What a media server can do, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from magpie.kit.egress.policy import EgressPolicy
from magpie.playlists.tracks import Track

CHUNK = 200  # keys in one write at most: servers refuse long addresses


class Fault(StrEnum):
    """What ails a server, or the way to it."""

    ADDRESS = "address"  # what was typed is no address of a server
    DNS = "dns"  # its name cannot be found
    TLS = "tls"  # its certificate or its encryption is not accepted
    REFUSED = "refused"  # nobody listens there, or there is no way to it
    TIMEOUT = "timeout"
    LOST = "lost"  # the connection broke in the middle: a write may have been done or not
    TOKEN = "token"  # noqa: S105  wrong token, or wrong name and password
    NO_MUSIC = "no_music"  # no library of music, or not the one that was named
    NO_RIGHT = "no_right"  # this account may not do that
    NOT_FOUND = "not_found"  # the playlist is gone
    CHANGED = "changed"  # the playlist is no longer as it was read: read it again, plan again
    TOO_LONG = "too_long"  # 413, 414, 431
    WRONG_KIND = "wrong_kind"  # another product, or a web page
    UNREADABLE = "unreadable"  # an answer that this kind of server does not give
    UNSUPPORTED = "unsupported"  # this server cannot do that at all
    FAILING = "failing"  # it says that something went wrong inside it


class ServerFailed(Exception):
    """A server did not do what was asked. `reason` is a `Fault`; `message` is for people and holds no secret."""

    def __init__(self, reason: Fault, message: str) -> None:
        super().__init__(message)
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
    """How to reach a server: either a token, or a name and a password. Never shown, never logged.

    `url` may have a path (a proxy's). With a key that belongs to no user (Jellyfin), `username` says whose playlists are
    meant. `verify_tls`: False accepts any certificate. Whoever is no administrator names servers that `policy` permits.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    verify_tls: bool = True
    policy: EgressPolicy | None = field(default=None, repr=False)  # where it may be; None: anywhere


class MediaServer(Protocol):
    """One connection, for one thread at a time; nothing is asked until a method is called. Every method may raise
    `ServerFailed`. Writes are sent once and never again by themselves: the sync plans them and reads back."""

    kind: ClassVar[str]  # plex | jellyfin | subsonic

    @property
    def capabilities(self) -> Capabilities:
        """Settled once anything has been asked: they may depend on the server's version and on the account."""
        ...

    def check(self) -> Checked: ...

    def tracks(self, library: str | None = None, *, since: datetime | None = None) -> Iterator[Track]:
        """All tracks of a library (None: of all), or those changed since if `capabilities.tells_changes`, else all.
        Pages are fetched as they are consumed; a page that fails raises, so what has ended without is complete."""
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
        """A new playlist; at most `capabilities.chunk` tracks, or none."""
        ...

    def add(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        """At the end, in order; at most `capabilities.chunk` tracks."""
        ...

    def remove(self, playlist_id: str, entries: Sequence[Entry]) -> None:
        """Those places only, out of what `entries` told last; a place that is gone already is no fault.
        Raises `Fault.CHANGED` where places have no names of their own and something else stands there now."""
        ...

    def move(self, playlist_id: str, entry: Entry, after: Entry | None, index: int) -> None:
        """To stand behind `after` (None: first), which is the place `index` once it has moved."""
        ...

    def replace(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        """The whole list anew, under the same id; only where `capabilities.can_replace`."""
        ...

    def describe(self, playlist_id: str, *, title: str | None = None, description: str | None = None) -> None:
        """What is None stays as it is."""
        ...

    def poster(self, playlist_id: str, picture: bytes, mime: str) -> None:
        """A picture (JPEG, PNG or WebP), only where `capabilities.can_poster`."""
        ...

    def delete(self, playlist_id: str) -> None:
        """One that is gone already is no fault."""
        ...

    def scan(self, library: str | None = None, path: str | None = None) -> None:
        """Asks for a scan, of one folder (as the server sees it) where it can."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ServerKind:
    """A kind of media server, as a plug-in declares it. `name` is the word for it in the API and the database."""

    name: str
    title: str  # for people
    capabilities: Capabilities  # at best
    logins: tuple[str, ...]  # what it takes: token, password
    connect: Callable[[Login], MediaServer]
