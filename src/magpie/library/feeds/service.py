"""The rules of feeds: what an address under a token answers, and from which state it is known that nothing is new."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Any, Literal

from magpie import __version__
from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.db import ReadSession
from magpie.kit.errors import NotFound
from magpie.library import service as library
from magpie.library.feeds import entries, opml, repository, rss, sources
from magpie.library.feeds.addresses import Addresses
from magpie.library.feeds.cache import Cache
from magpie.library.feeds.sources import Page, Source
from magpie.library.models import Item, ItemFile

__all__ = [
    "Feeds",
    "Held",
    "Listed",
    "Page",
    "all_as_opml",
    "find_file",
    "item_for",
    "listed",
    "paged",
    "podcasts_title",
    "sources",
    "unpacked",
]

# What is written differently by another version of this module is another document.
_FORM = f"{__version__} 2"
_PIECES_AT_ONCE = 100
_GZIP = 31  # zlib's word for gzip's envelope, https://zlib.net/manual.html#Advanced

OpenSource = Callable[[ReadSession, Principal, Addresses, Page], Source]


@dataclass(frozen=True, slots=True)
class Held:
    """A page of a feed as it is now: its state's name, and since when it is so, in seconds since 1970."""

    etag: str
    modified: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One of a user's feeds, for people to choose."""

    kind: Literal["library", "podcasts", "collection", "link"]
    id: int | None
    title: str
    address: str
    page: str | None = None


class Feeds:
    """The feeds of one process."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._cache = Cache()
        self._turn = threading.Lock()

    def look(self, reader: Principal, addresses: Addresses, page: Page, open_source: OpenSource) -> Held:
        """The state of a page, for which no entry is read. Raises `NotFound`."""
        with self._context.database.read() as session:
            source = open_source(session, reader, addresses, page)
            return self._held(session, source, page)

    def _held(self, session: ReadSession, source: Source, page: Page) -> Held:
        state = repository.state(session, source.choice)
        said = (_FORM, source.title, source.description, source.link, source.picture, source.guid)
        address = source.page_address(page.limit, page.start)
        digest = blake2b("\0".join(map(str, (*said, address, state.text))).encode(errors="replace"))
        etag = f'"{digest.hexdigest()[:32]}"'
        return Held(etag, self._cache.since(address, etag))

    def document(
        self, reader: Principal, addresses: Addresses, page: Page, open_source: OpenSource
    ) -> tuple[Held, bytes]:
        """A page of a feed, compressed with gzip. Raises `NotFound`."""
        held = self.look(reader, addresses, page, open_source)
        found = self._cache.get(held.etag)
        if found is not None:
            return held, found
        # One at a time: all apps of a household ask at the full hour, and most for the same.
        with self._turn, self._context.database.read() as session:
            source = open_source(session, reader, addresses, page)
            held = self._held(session, source, page)
            found = self._cache.get(held.etag)
            if found is None:
                found = _compressed(_written(session, source, addresses, page))
                self._cache.put(held.etag, found)
            return held, found


def _written(session: ReadSession, source: Source, addresses: Addresses, page: Page) -> Iterable[str]:
    choice = source.choice
    rows = repository.rows(session, choice)
    next_start = choice.next_start(rows)
    rows = rows[: choice.limit]
    files = repository.files_of(session, [row.id for row in rows])
    is_ordered = choice.collection_id is not None
    first_number = (choice.start or 0) + 1 if is_ordered else None
    episodes = entries.episodes(rows, files, addresses, first_number)
    return rss.write(_channel(source, page, rows, files, addresses, next_start), episodes)


def _channel(
    source: Source,
    page: Page,
    rows: Sequence[Any],
    files: dict[int, list[repository.FileRow]],
    addresses: Addresses,
    next_start: int | None,
) -> rss.Channel:
    return rss.Channel(
        title=source.title,
        description=source.description,
        link=source.link,
        address=source.page_address(page.limit, page.start),
        guid=source.guid,
        medium=_medium(rows),
        author=source.title,
        image=source.picture or _first_picture(rows, files, addresses),
        first=None if page.start is None else source.page_address(page.limit, None),
        next=None if next_start is None else source.page_address(page.limit, next_start),
        is_serial=source.choice.collection_id is not None,
        built=max((row.created_at for row in rows), default=None),
    )


def _medium(rows: Sequence[Any]) -> str:
    """As the podcast namespace sorts feeds: https://podcasting2.org/docs/podcast-namespace/tags/medium"""
    kinds = {row.kind for row in rows}
    if kinds == {"video"}:
        return "video"
    return "music" if kinds == {"audio"} and all(row.album for row in rows) else "podcast"


def _first_picture(
    rows: Sequence[Any], files: dict[int, list[repository.FileRow]], addresses: Addresses
) -> str | None:
    for row in rows:
        if picture := entries.picture_file(files.get(row.id, ())):
            return addresses.file(row.id, entries.picture_name(picture))
    return None


def _compressed(pieces: Iterable[str]) -> bytes:
    """The pieces as UTF-8, compressed on the way, so that they are never all there at once."""
    press = zlib.compressobj(level=5, wbits=_GZIP)
    made, pieces = [], iter(pieces)
    while some := "".join(islice(pieces, _PIECES_AT_ONCE)):
        made.append(press.compress(some.encode(errors="replace")))
    made.append(press.flush())
    return b"".join(made)


def unpacked(document: bytes) -> bytes:
    """For whoever takes no gzip."""
    return zlib.decompress(document, wbits=_GZIP)


def item_for(session: ReadSession, reader: Principal, item_id: int) -> Item:
    """An item whose files the token opens. Raises `NotFound`."""
    return library.get_item(session, reader, item_id)


def find_file(item: Item, name: str) -> ItemFile:
    """The file that a name in an address means. The words of a main file's name mean nothing, so that its address
    stays when the title changes. Raises `NotFound`."""
    main, picture = entries.main_file(item.files), entries.picture_file(item.files)
    if picture is not None and name == entries.picture_name(picture):
        return picture
    transcript = entries.transcript_files(item.files).get(name)
    if transcript is not None:
        return transcript
    if main is not None and name.lower().endswith(entries.ending(main.path)):
        return main
    raise NotFound


def podcasts_title(reader: Principal) -> str:
    """What the feed of what somebody has had made is called."""
    return f"Magpie podcasts: {reader.username}"


def listed(session: ReadSession, reader: Principal, addresses: Addresses) -> list[Listed]:
    """All feeds that the user may subscribe to: the whole library, own podcasts, collections, links."""
    title = f"Magpie: {reader.username}"
    collections = repository.collections_of(session, reader.id)
    links = repository.links_of(session, reader.id)
    return [
        Listed("library", None, title, addresses.library),
        Listed("podcasts", None, podcasts_title(reader), addresses.podcasts),
        *(Listed("collection", row.id, row.name, addresses.collection(row.id)) for row in collections),
        *(Listed("link", row.id, row.name or row.url, addresses.link(row.id), row.url) for row in links),
    ]


def all_as_opml(session: ReadSession, reader: Principal, addresses: Addresses) -> str:
    """The same for podcast apps to import."""
    feeds = listed(session, reader, addresses)
    outlines = [opml.Outline(feed.title, feed.address, feed.page) for feed in feeds]
    return opml.write(f"Magpie: {reader.username}", outlines)


def paged(open_source: Callable[..., Source], *details: Any) -> OpenSource:
    """One of `sources` with what it needs besides."""
    return lambda session, reader, addresses, page: open_source(session, reader, addresses, page, *details)
