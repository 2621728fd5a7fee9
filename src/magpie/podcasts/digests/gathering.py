"""What is new at a digest's links and feeds, as texts. Whatever cannot be read is left out and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from magpie.context import AppContext
from magpie.downloads.extractors.listing import ListedEntry
from magpie.kit.errors import NotFound
from magpie.links.checks.feeds import Feed
from magpie.links.models import LinkEntry
from magpie.podcasts.digests import feeds, repository
from magpie.podcasts.digests.feeds import LATE, FetchFeed
from magpie.podcasts.digests.service import SEEN, TRANSCRIBE, since_of
from magpie.podcasts.episodes.taking import NewSource
from magpie.podcasts.making.failures import MakingFailed
from magpie.podcasts.making.reading import ItemMatter
from magpie.podcasts.making.subtitles import text_of
from magpie.podcasts.making.tools import ReadPage
from magpie.podcasts.models import EpisodeDigest, SourceKind
from magpie.podcasts.texts.document import Unreadable

log = structlog.get_logger(__name__)

MOST_FAILED = 20  # pages that cannot be read, in one run
MOST_OF_LINKS = 200  # that are new at all links together
MOST_CHARACTERS = 60_000  # of one entry
LEAST_PAGE = 200  # characters; less is a notice about cookies, not something to read

MatterOf = Callable[[int], ItemMatter]


@dataclass(slots=True)
class Gathered:
    """What is new. `seen`: for each feed that was read, the marks of its entries; `faults`: what could not be read, for
    people; `left_out`: titles of what is new, and too much; `new`: how many entries are, all told."""

    sources: list[NewSource] = field(default_factory=list)
    seen: dict[str, list[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    new: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """Something new, before it is read."""

    when: datetime
    title: str
    address: str
    read: Callable[[], NewSource | None]


class Gathering:
    """One look at all that a digest looks at."""

    def __init__(
        self,
        context: AppContext,
        digest: EpisodeDigest,
        *,
        fetch: FetchFeed,
        read_page: ReadPage,
        matter_of: MatterOf,
        stop: Callable[[], bool],
        now: datetime,
    ) -> None:
        self._context = context
        self._digest = digest
        self._fetch = fetch
        self._read_page = read_page
        self._matter_of = matter_of
        self._stop = stop
        self._since = digest.seen_until or digest.created_at
        self._now = now
        self._gathered = Gathered()

    def gather(self) -> Gathered:
        """The newest entries as sources, at most as many as the digest takes. What stands in several feeds is told once."""
        found = [*self._of_links(), *(one for url in self._digest.feed_urls for one in self._of_feed(url))]
        found.sort(key=lambda one: one.when, reverse=True)
        found = list({one.address: one for one in reversed(found)}.values())[::-1]
        gathered = self._gathered
        gathered.new = len(found)
        tried = 0
        for one in found:
            is_enough = len(gathered.sources) == self._digest.max_entries
            if is_enough or tried - len(gathered.sources) >= MOST_FAILED or self._stop():
                break
            tried += 1
            source = one.read()
            if source is not None:
                gathered.sources.append(source)
        gathered.left_out = [one.title for one in found[tried:]]
        return gathered

    # Links

    def _of_links(self) -> list[_Found]:
        with self._context.database.read() as session:
            links = repository.links_of(session, self._digest.user_id, self._digest.link_ids)
            entries = repository.new_entries(session, links, self._since, self._since - LATE, MOST_OF_LINKS)
        return [
            _Found(
                entry.published_at or entry.first_seen_at,
                entry.title or entry.url,
                entry.url,
                lambda entry=entry, name=links[entry.link_id].name: self._of_entry(entry, name),  # type: ignore[misc]
            )
            for entry in entries
        ]

    def _of_entry(self, entry: LinkEntry, channel: str) -> NewSource | None:
        title = entry.title or entry.url
        matter = self._matter(entry)
        if matter is None:
            return _text(title, f"{title}\n\nBy {channel}.", entry.url)
        if matter.subtitles:
            path = matter.subtitles[0][0]
            try:
                said = text_of(path)
            except OSError:
                said = ""
            return _text(title, f"By {channel}.\n\n{matter.description}\n\n{said}", entry.url)
        if matter.recording is not None and self._digest.options.get(TRANSCRIBE):
            return NewSource(SourceKind.ITEM, item_id=entry.item_id, title=title)
        return _text(title, f"{title}\n\nBy {channel}.\n\n{matter.description}", entry.url)

    def _matter(self, entry: LinkEntry) -> ItemMatter | None:
        if entry.item_id is None:
            return None
        try:
            return self._matter_of(entry.item_id)
        except (MakingFailed, NotFound):
            return None

    # Feeds

    def _of_feed(self, url: str) -> Iterable[_Found]:
        try:
            feed = feeds.read(self._fetch, url)
        except feeds.NotRead as failure:
            self._gathered.faults.append(str(failure))
            return
        self._gathered.seen[url] = feeds.marks(feed)
        for entry in self._new(feed, url):
            # Those without a date came at some time since the last look, nobody knows when.
            when = feeds.moment(entry) or self._since + (self._now - self._since) / 2
            yield _Found(
                min(when, self._now),
                entry.title or entry.url,
                entry.url,
                lambda entry=entry: self._of_page(entry, url, feed.title),  # type: ignore[misc]
            )

    def _new(self, feed: Feed, url: str) -> list[ListedEntry]:
        known = (self._digest.options.get(SEEN) or {}).get(url)
        if known is not None:
            return feeds.new(feed, known, self._since)
        # It has not been read before: it did not answer.
        since = since_of(self._digest, url)
        if any(feeds.moment(entry) is None for entry in feed.entries):
            self._gathered.faults.append(
                f"{url}: it could not be read earlier; what stands in it without a date counts from now on"
            )
        latest = feeds.latest(feed.entries)
        return [entry for entry in latest if (when := feeds.moment(entry)) is not None and when > since]

    def _of_page(self, entry: ListedEntry, listed_in: str, feed: str | None) -> NewSource | None:
        title, address = entry.title or entry.url, entry.url
        try:
            page = self._read_page(address, self._stop)
        except Unreadable as failed:
            log.info("digest_page_not_read", reason=failed.code)
            if failed.may_pass:  # still new the next time
                with suppress(ValueError):
                    self._gathered.seen[listed_in].remove(feeds.mark(entry.key))
            self._gathered.faults.append(f"{address}: {failed.message}")
            return None
        if len(page.text.strip()) < LEAST_PAGE:
            self._gathered.faults.append(f"{address}: there is next to no text")
            return None
        source = f"From {feed}.\n\n" if feed else ""
        return _text(title, f"{source}{page.text}", address)


def _text(title: str, text: str, address: str) -> NewSource:
    plain = text.strip()[:MOST_CHARACTERS]
    return NewSource(SourceKind.TEXT, text=plain, title=title[:500], address=address)
