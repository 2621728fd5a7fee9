"""What a source of playlists can do. Each platform is one folder that gives a `Source`; files give one, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from magpie.playlists.tracks import Track

if TYPE_CHECKING:
    from magpie.playlists.sources.fetching import Fetcher


class SourceFailed(Exception):
    """A source did not answer with a playlist. `reason` is typed, `message` is for people and holds no secret."""

    def __init__(self, reason: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.reason = reason  # gone | private | refused | limited | unreachable | unreadable | not_configured
        self.message = message
        self.retry_after = retry_after  # seconds


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A playlist at a platform. `url` is its canonical page."""

    platform: str
    id: str
    url: str


@dataclass(frozen=True, slots=True)
class ShortLink:
    """A short link: the path (with its query) to ask a service for, and the hosts that it may lead through.

    `service` is a setting with a base address, as `Fetcher` takes it. A host covers those below it.
    """

    service: str
    path: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourcePlaylist:
    """A playlist as it is now, in its order, doubles kept.

    `is_complete` is False if fewer songs came than the source says there are, or if a page of them failed:
    nothing may then be removed anywhere because it is not among `tracks`. `note` says what is missing.
    """

    ref: SourceRef
    title: str
    tracks: tuple[Track, ...]
    is_complete: bool
    total: int | None = None  # how many the source says there are
    description: str | None = None
    cover_url: str | None = None
    owner: str | None = None
    note: str | None = None
    reason: str | None = None  # of the failure that cut it short, as `SourceFailed.reason`
    version: str | None = None  # whatever changes when the list does, if the source tells it cheaply


@runtime_checkable
class Source(Protocol):
    """A platform. Stateless: everything that talks to the outside goes through the `Fetcher` that it is given."""

    name: ClassVar[str]  # as in `Task.platform`
    title: ClassVar[str]  # for people
    needs: ClassVar[tuple[str, ...]]  # settings without which it cannot work; empty for most

    def recognise(self, text: str) -> SourceRef | None:
        """The playlist that a pasted text is about, without asking anybody."""
        ...

    def of_id(self, text: str) -> SourceRef | None:
        """The playlist of a bare id, as people type it who have said which platform it is of."""
        ...

    def short_link(self, text: str) -> ShortLink | None:
        """The platform's short link in a pasted text; `share.follow` finds out where it leads."""
        ...

    def fetch(self, ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
        """The whole playlist. Raises `SourceFailed`; a part that is missing is told by `is_complete`."""
        ...
