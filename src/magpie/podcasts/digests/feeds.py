"""Feeds of reading matter: what is in one, what of it is new, and what is to be remembered of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from magpie.downloads.extractors.listing import ListedEntry
from magpie.downloads.failures import DownloadFailure
from magpie.links.checks.feed_client import Answer
from magpie.links.checks.feeds import Feed, NotAFeed, parse

# What comes late is still news for so long. What is older is none, also where a feed gives its entries other names.
LATE = timedelta(days=7)
MOST_READ = 500  # entries of one feed that are looked at
# That are remembered: more, so that what moves up where others were deleted is known.
MOST_SEEN = 1000

FetchFeed = Callable[[str], Answer]


class NotRead(Exception):
    """A feed could not be read; the message says why, for people."""


def read(fetch: FetchFeed, url: str) -> Feed:
    """What is in a feed now. Raises `NotRead`."""
    try:
        answer = fetch(url)
        return parse(answer.document or b"", answer.url)
    except DownloadFailure as failure:
        raise NotRead(f"{url}: {failure.message}") from failure
    except NotAFeed as failure:
        raise NotRead(f"{url}: {failure}") from failure


def latest(entries: Sequence[ListedEntry], most: int = MOST_READ) -> list[ListedEntry]:
    """At most so many entries: the newest of those with dates, and of the others, whose order nobody knows, those at both
    ends of the feed."""
    dated = [entry for entry in entries if moment(entry) is not None]
    undated = [entry for entry in entries if moment(entry) is None]
    if len(entries) > most:
        room = min(len(undated), most // 2)
        undated = [*undated[: room - room // 2], *undated[len(undated) - room // 2 :]]
        dated = sorted(dated, key=_when, reverse=True)[: most - room]
    kept = {entry.key for entry in (*dated, *undated)}
    return [entry for entry in entries if entry.key in kept]


def mark(key: str) -> str:
    """An entry's key as it is remembered: addresses may be long, and feeds many."""
    return blake2b(key.encode("utf-8", "replace"), digest_size=8).hexdigest()


def marks(feed: Feed, *, until: datetime | None = None) -> list[str]:
    """What is to be remembered of a feed: its entries, without those that were published after `until`."""
    return [
        mark(entry.key)
        for entry in latest(feed.entries, MOST_SEEN)
        if until is None or (when := moment(entry)) is None or when <= until
    ]


def new(feed: Feed, known: Collection[str], since: datetime) -> list[ListedEntry]:
    """What was not there the last time, at `since`; those without dates the newest first. `known`: marks, or whole keys,
    as they were remembered at first."""
    seen = {mark(one) if " " in one else one for one in known}
    found = [entry for entry in latest(feed.entries) if mark(entry.key) not in seen]
    if feed.entries and mark(feed.entries[0].key) in seen and mark(feed.entries[-1].key) not in seen:
        found.reverse()  # new entries are added at its end
    return [entry for entry in found if (when := moment(entry)) is None or when > since - LATE]


def moment(entry: ListedEntry) -> datetime | None:
    """When an entry was published, as far as it says."""
    try:
        found = datetime.fromisoformat(entry.published_at) if entry.published_at else None
    except ValueError:
        return None
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _when(entry: ListedEntry) -> datetime:
    return moment(entry) or datetime.min.replace(tzinfo=UTC)
