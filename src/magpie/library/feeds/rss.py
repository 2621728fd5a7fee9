"""RSS 2.0 with the namespaces of podcasts: written piece by piece, without a tree.

Sources: https://www.rssboard.org/rss-specification, https://help.apple.com/itc/podcasts_connect/#/itcb54353390 (itunes:),
https://github.com/Podcastindex-org/podcast-namespace (podcast:), RFC 5005 (feeds in pages).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple

from magpie import __version__
from magpie.library.feeds.text import attribute, html, one_line
from magpie.library.feeds.text import element_text as _text

MIME = "application/rss+xml; charset=utf-8"
TTL_MINUTES = 60
MAX_ADDRESS = 2000

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"'
    ' xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:podcast="https://podcastindex.org/namespace/1.0">\n<channel>\n'
)
_FOOT = "</channel>\n</rss>\n"


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself. `first` and `next` are the addresses of its first and its next page."""

    title: str
    description: str
    link: str
    address: str
    guid: str
    medium: str  # podcast | music | video
    author: str
    image: str | None = None
    first: str | None = None
    next: str | None = None
    is_serial: bool = False
    language: str | None = None
    built: datetime | None = None


class Transcript(NamedTuple):
    """Subtitles as apps read them."""

    url: str
    mime: str
    language: str | None


class Entry(NamedTuple):
    """One medium as an episode. `url` leads to its bytes, `size` of them; `duration` in seconds."""

    guid: str
    title: str
    link: str | None
    description: str | None
    published: datetime
    url: str
    size: int
    mime: str
    author: str | None = None
    duration: float | None = None
    image: str | None = None
    chapters: str | None = None
    transcripts: tuple[Transcript, ...] = ()
    season: int | None = None
    number: int | None = None
    is_explicit: bool = False


def write(channel: Channel, entries: Iterable[Entry]) -> Iterator[str]:
    """The document in pieces."""
    yield _HEAD
    yield "".join(_channel(channel))
    yield from map(_entry, entries)
    yield _FOOT


def _channel(channel: Channel) -> Iterator[str]:
    title, author = _text(one_line(channel.title)), _text(one_line(channel.author))
    link = _text(one_line(channel.link, MAX_ADDRESS))
    yield f"<title>{title}</title>\n<link>{link}</link>\n"
    yield f"<description>{_text(html(channel.description))}</description>\n"
    yield _atom_link("self", channel.address)
    if channel.first:
        yield _atom_link("first", channel.first)
    if channel.next:
        yield _atom_link("next", channel.next)
    if channel.language:
        yield f"<language>{_text(one_line(channel.language))}</language>\n"
    if channel.built:
        yield f"<lastBuildDate>{format_datetime(channel.built, usegmt=True)}</lastBuildDate>\n"
    yield f"<generator>Magpie {__version__}</generator>\n<ttl>{TTL_MINUTES}</ttl>\n"
    if channel.image:
        yield f'<itunes:image href="{attribute(channel.image)}"/>\n'
        yield f"<image><url>{_text(channel.image)}</url><title>{title}</title><link>{link}</link></image>\n"
    yield f"<itunes:author>{author}</itunes:author>\n<itunes:explicit>false</itunes:explicit>\n"
    yield f"<itunes:type>{'serial' if channel.is_serial else 'episodic'}</itunes:type>\n"
    # It is nobody's but its owner's: directories are asked to leave it alone.
    yield "<itunes:block>Yes</itunes:block>\n<podcast:block>yes</podcast:block>\n"
    yield "<podcast:locked>yes</podcast:locked>\n"
    yield f"<podcast:guid>{channel.guid}</podcast:guid>\n<podcast:medium>{channel.medium}</podcast:medium>\n"


def _atom_link(relation: str, address: str) -> str:
    return f'<atom:link rel="{relation}" type="application/rss+xml" href="{attribute(address)}"/>\n'


def _entry(entry: Entry) -> str:
    parts = [
        f"<item>\n<title>{_text(one_line(entry.title))}</title>\n",
        f'<guid isPermaLink="false">{entry.guid}</guid>\n',
        f"<pubDate>{format_datetime(entry.published, usegmt=True)}</pubDate>\n",
        f'<enclosure url="{attribute(entry.url)}" length="{entry.size}" type="{attribute(entry.mime)}"/>\n',
        f"<itunes:explicit>{'true' if entry.is_explicit else 'false'}</itunes:explicit>\n",
    ]
    if entry.link:
        parts.append(f"<link>{_text(one_line(entry.link, MAX_ADDRESS))}</link>\n")
    if entry.description:
        parts.append(f"<description>{_text(html(entry.description))}</description>\n")
    if entry.author:
        parts.append(f"<itunes:author>{_text(one_line(entry.author))}</itunes:author>\n")
    if entry.duration:
        parts.append(f"<itunes:duration>{max(1, round(entry.duration))}</itunes:duration>\n")
    if entry.image:
        parts.append(f'<itunes:image href="{attribute(entry.image)}"/>\n')
    if entry.season is not None:
        parts.append(f"<itunes:season>{entry.season}</itunes:season>\n")
    if entry.number is not None:
        parts.append(f"<itunes:episode>{entry.number}</itunes:episode>\n")
    if entry.chapters:
        url = attribute(entry.chapters)
        parts.append(f'<podcast:chapters url="{url}" type="application/json+chapters"/>\n')
    parts += map(_transcript, entry.transcripts)
    return "".join((*parts, "</item>\n"))


def _transcript(transcript: Transcript) -> str:
    language = f' language="{attribute(one_line(transcript.language))}"' if transcript.language else ""
    url, mime = attribute(transcript.url), attribute(transcript.mime)
    return f'<podcast:transcript url="{url}" type="{mime}"{language} rel="captions"/>\n'
