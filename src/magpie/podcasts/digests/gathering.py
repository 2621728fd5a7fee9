"""What is new at a digest's links and feeds, as texts. Whatever cannot be read is left out and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from magpie.context import AppContext
from magpie.downloads.extractors.listing import ListedEntry
from magpie.downloads.failures import DownloadFailure
from magpie.links.checks.feed_client import Answer
from magpie.links.checks.feeds import NotAFeed, parse
from magpie.links.models import LinkEntry
from magpie.podcasts.digests import repository
from magpie.podcasts.digests.service import SEEN, TRANSCRIBE
from magpie.podcasts.episodes.taking import NewSource
from magpie.podcasts.making.failures import MakingFailed
from magpie.podcasts.making.reading import ItemMatter
from magpie.podcasts.making.subtitles import text_of
from magpie.podcasts.making.tools import ReadPage
from magpie.podcasts.models import EpisodeDigest, SourceKind
from magpie.podcasts.texts.document import Unreadable

log = structlog.get_logger(__name__)

# A link's first listing brings what was published long ago; what comes late is still news for so long.
LATE = timedelta(days=7)
MOST_SEEN = 500  # entries of one feed that are remembered
MOST_CHARACTERS = 60_000  # of one entry
LEAST_PAGE = 200  # characters; less is a notice about cookies, not something to read

FetchFeed = Callable[[str], Answer]
MatterOf = Callable[[int], ItemMatter]


@dataclass(slots=True)
class Gathered:
    """What is new. `seen`: for each feed, the keys of its entries; `faults`: what could not be read, for people."""

    sources: list[NewSource] = field(default_factory=list)
    seen: dict[str, list[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Found:
    """Something new, before it is read."""

    when: datetime
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
    ) -> None:
        self._context = context
        self._digest = digest
        self._fetch = fetch
        self._read_page = read_page
        self._matter_of = matter_of
        self._stop = stop
        self._since = digest.seen_until or digest.created_at
        self._gathered = Gathered(seen=dict(digest.options.get(SEEN) or {}))

    def gather(self) -> Gathered:
        """The newest entries as sources, at most as many as the digest takes."""
        found = [*self._of_links(), *(one for url in self._digest.feed_urls for one in self._of_feed(url))]
        found.sort(key=lambda one: one.when, reverse=True)
        sources = self._gathered.sources
        for one in found:
            if len(sources) == self._digest.max_entries or self._stop():
                break
            source = one.read()
            if source is not None:
                sources.append(source)
        return self._gathered

    # Links

    def _of_links(self) -> list[_Found]:
        with self._context.database.read() as session:
            links = repository.links_of(session, self._digest.user_id, self._digest.link_ids)
            entries = repository.new_entries(
                session, links, self._since, self._since - LATE, self._digest.max_entries
            )
        return [
            _Found(
                entry.published_at or entry.first_seen_at,
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
        except MakingFailed:
            return None

    # Feeds

    def _of_feed(self, url: str) -> Iterable[_Found]:
        try:
            answer = self._fetch(url)
            feed = parse(answer.document or b"", answer.url)
        except (DownloadFailure, NotAFeed) as failure:
            said = failure.message if isinstance(failure, DownloadFailure) else str(failure)
            self._gathered.faults.append(f"{url}: {said}")
            return
        known = self._gathered.seen.get(url)
        self._gathered.seen[url] = [entry.key for entry in feed.entries[:MOST_SEEN]]
        for entry in feed.entries[:MOST_SEEN]:
            when = _moment(entry.published_at)
            is_new = when is not None and when > self._since if known is None else entry.key not in known
            if is_new:
                yield _Found(
                    when or self._since,
                    lambda entry=entry: self._of_page(entry, url, feed.title),  # type: ignore[misc]
                )

    def _of_page(self, entry: ListedEntry, listed_in: str, feed: str | None) -> NewSource | None:
        title, address = entry.title or entry.url, entry.url
        try:
            page = self._read_page(address, self._stop)
        except Unreadable as failed:
            log.info("digest_page_not_read", reason=failed.code)
            if failed.may_pass:  # still new the next time
                self._gathered.seen[listed_in].remove(entry.key)
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


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
