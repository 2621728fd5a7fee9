"""The feed of somebody's podcasts: its state without reading more than a few columns, and the document itself."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from magpie import __version__
from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.db import ReadSession
from magpie.library.feeds import rss, sources
from magpie.library.feeds.addresses import Addresses, media_name
from magpie.library.feeds.cache import Cache
from magpie.library.feeds.chapters import CHAPTERS_NAME
from magpie.library.feeds.service import podcasts_title
from magpie.podcasts.episodes import repository

# What is written differently by another version of this module is another document.
_FORM = f"{__version__} 1"
MOST = 5000
TRANSCRIPT_NAME = "transcript.vtt"
COVER_NAME = "cover.jpg"
MP3 = "audio/mpeg"
VTT = "text/vtt"


@dataclass(frozen=True, slots=True)
class Held:
    """The feed as it is now: its state's name, and since when it is so, in seconds since 1970."""

    etag: str
    modified: int


class PodcastFeed:
    """The feeds of one process. Thread-safe."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._cache = Cache(max_bytes=8 << 20)
        self._turn = threading.Lock()

    def look(self, reader: Principal, addresses: Addresses) -> Held:
        """The feed's state."""
        with self._context.database.read() as session:
            return self._held(addresses, repository.published(session, reader.id, MOST))

    def _held(self, addresses: Addresses, rows: Sequence[Any]) -> Held:
        said = "\0".join([_FORM, addresses.root, *(repr(tuple(row)) for row in rows)])
        digest = blake2b(said.encode(errors="replace"), digest_size=16).hexdigest()
        etag = f'"{digest}"'
        return Held(etag, self._cache.since(addresses.podcasts, etag))

    def document(self, reader: Principal, addresses: Addresses) -> tuple[Held, bytes]:
        """The feed as XML."""
        with self._turn, self._context.database.read() as session:
            rows = repository.published(session, reader.id, MOST)
            held = self._held(addresses, rows)
            found = self._cache.get(held.etag)
            if found is None:
                found = _written(session, reader, addresses, rows)
                self._cache.put(held.etag, found)
            return held, found


def _written(session: ReadSession, reader: Principal, addresses: Addresses, rows: Sequence[Any]) -> bytes:
    languages = repository.languages(session, [row.id for row in rows])
    entries = [_entry(row, addresses, languages.get(row.id)) for row in rows]
    newest = rows[0] if rows else None
    channel = rss.Channel(
        title=podcasts_title(reader),
        description=f"What Magpie has made for {reader.username}.",
        link=addresses.base,
        address=addresses.podcasts,
        guid=sources.feed_guid(session, "podcasts", reader.id),
        medium="podcast",
        author=reader.username,
        image=_cover(newest, addresses) if newest is not None else None,
        language=languages.get(newest.id, "en") if newest is not None else "en",
        built=newest.completed_at if newest is not None else None,
    )
    return "".join(rss.write(channel, entries)).encode(errors="replace")


def _entry(row: Any, addresses: Addresses, language: str | None) -> rss.Entry:
    def there(what: str, name: str) -> str | None:
        return addresses.podcast_file(row.key, name) if what in row.files else None

    transcript = there("transcript", TRANSCRIPT_NAME)
    return rss.Entry(
        guid=f"magpie:podcast:{row.key}",
        title=row.title or "Podcast",
        link=None,
        description=row.description or None,
        published=row.completed_at,
        url=addresses.podcast_file(row.key, media_name(row.title, ".mp3")),
        size=row.size,
        mime=MP3,
        duration=row.duration,
        image=_cover(row, addresses),
        chapters=there("chapters", CHAPTERS_NAME),
        transcripts=(rss.Transcript(transcript, VTT, language),) if transcript else (),
    )


def _cover(row: Any, addresses: Addresses) -> str | None:
    return addresses.podcast_file(row.key, COVER_NAME) if "cover" in row.files else None
