"""The port for listing what is at an address, without fetching any of it.

A `Lister` is an extractor that can also list. Like every extractor it runs inside a job process; it sees one
`ListOrder` and reports through a `ListSession` while it goes along, so that what is new can be downloaded while
the listing still runs. Light on imports, as `port`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

MAX_KEY = 255  # characters of a source key: the width of its column


@dataclass(frozen=True, slots=True)
class ListOrder:
    """What to list, newest first where the site has an order.

    `known`: source keys at which a listing may end, since what follows is known. The newest ones are left out by
    whoever orders, so that edited and deleted entries near the top cannot break the stop; `stop_after` known ones
    in a row end the listing. `start` skips so many entries: a broken-off listing goes on there. Known entries are
    reported, too, since their titles change.

    With `search` it is the results of a search that are listed, best first: a question to the lister that
    `options["lister"]` names, in that tool's own form (yt-dlp's `ytsearch8:words`); `url` is the site's home then.
    Results have `SEARCH_FACTS` among their facts.

    `options` as in `Request.options`; besides, `options["lister"]` may name the lister that listed this address
    before: it is asked first, which spares the others' requests.
    """

    url: str
    workdir: Path  # empty and private to the job; the caller removes it
    proxy: str = ""  # `Bench.list` fills in the guard's
    deno: str | None = None
    cookies: Path | None = None  # Netscape cookie file, mode 0600, for this job only
    known: tuple[str, ...] = ()
    stop_after: int = 1
    start: int = 0
    limit: int | None = None  # how many entries are reported at most
    request_delay: float = 0.0  # seconds between the requests of one listing
    search: str | None = None
    options: dict[str, Any] = field(default_factory=dict)  # as in `Request.options`


# What an album says of one of its tracks, by the names that they have in `Request.hints`.
ALBUM_FACTS = ("album", "album_artist", "thumbnail_url", "track_number", "track_count")

# What a search's result says of music: the track's own title, and a list of who performs it.
SEARCH_FACTS = ("track", "artists")


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """One medium of a listing, as far as the listing tells.

    `key` names it the same way in every check: the tool's name for the site and the site's id with a space between
    them, as in yt-dlp's archives (`youtube dQw4w9WgXcQ`), or `web` and the address where there is no id. Never
    longer than `MAX_KEY`. `kind`: video, short, live, premiere, audio, gallery or image. Duration in seconds,
    `published_at` in ISO 8601, UTC. `facts`: JSON values such as `language`, `size` (bytes), `availability`,
    `live_status` (is_upcoming, is_live, post_live, was_live: the kind is live for the last three), `starts_at`
    (ISO 8601, UTC), `approximate_date` (true where the site only says "3 weeks ago"); and `ALBUM_FACTS` if the list
    that it stands in is an album.
    """

    key: str
    url: str
    title: str | None = None
    kind: str = "video"
    duration: float | None = None
    published_at: str | None = None
    thumbnail_url: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What a site says of the source itself. `type` is one of the link types, where the lister can tell."""

    extractor: str
    title: str | None = None
    description: str | None = None
    picture_url: str | None = None
    feed_url: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """How a listing ended. `complete`: it ran to the source's end; `reached_known`: it stopped at known entries.

    Where a source is several lists (a channel's tabs), each of them ends by itself; `reached_known` is true if one
    stopped at known entries, `complete` if all ran to their end. `requests`: how many the site was sent, those of
    listers that looked and passed included; counted from what `ListSession.requested` was told.
    """

    complete: bool
    reached_known: bool = False
    requests: int = 0


class ListSession(Protocol):
    """The listing's line to its worker."""

    def source(self, facts: SourceFacts) -> None:
        """Report the source; at most a few times, later facts replace earlier ones."""

    def entries(self, entries: Sequence[ListedEntry]) -> None:
        """Report entries in the listing's order. Buffered: call as often as you like."""

    def requested(self, count: int = 1) -> None:
        """Report requests that the site was sent; also a sign of life: without one for long, a listing is hung."""


@runtime_checkable
class Lister(Protocol):
    """An extractor that can list."""

    name: str

    def list_entries(self, order: ListOrder, session: ListSession) -> Listing:
        """List what is there. Raises `NotMine` (the next one is asked) or `DownloadFailure`.

        An address that is a single medium is a list of one.
        """


class ListHandler(Protocol):
    """What the worker does with a listing's reports; called in the thread that ordered it."""

    def on_source(self, facts: SourceFacts) -> None: ...

    def on_entries(self, entries: list[ListedEntry]) -> None:
        """Some entries in the listing's order: at most 250, at the latest 0.2 s after they were found."""


def order_to_wire(order: ListOrder) -> dict[str, Any]:
    """A plain dictionary that `json.dumps` takes; paths become strings."""
    return {key: str(item) if isinstance(item, Path) else item for key, item in asdict(order).items()}


def order_from_wire(data: dict[str, Any]) -> ListOrder:
    cookies = Path(data["cookies"]) if data["cookies"] else None
    return ListOrder(
        **{**data, "workdir": Path(data["workdir"]), "cookies": cookies, "known": tuple(data["known"])}
    )
