"""RSS 2.0 and Atom documents, built as text so that even what is not valid XML elsewhere stays well-formed here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

# Characters that XML 1.0 forbids even as references (https://www.w3.org/TR/xml/#charsets).
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One thing in a feed; `url` is its page, `enclosure` the file itself (address, MIME type, size in bytes)."""

    id: str
    title: str
    url: str
    published: datetime
    summary: str = ""
    seconds: int = 0
    thumbnail: str = ""
    enclosure: tuple[str, str, int] | None = None


def _text(value: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", value))


def _rss_item(entry: Entry) -> str:
    enclosure = ""
    if entry.enclosure:
        url, kind, size = entry.enclosure
        enclosure = f'<enclosure url={quoteattr(url)} type={quoteattr(kind)} length="{size}"/>'
    thumbnail = f"<media:thumbnail url={quoteattr(entry.thumbnail)}/>" if entry.thumbnail else ""
    duration = f"<itunes:duration>{entry.seconds}</itunes:duration>" if entry.seconds else ""
    return (
        f"<item><title>{_text(entry.title)}</title><link>{_text(entry.url)}</link>"
        f'<guid isPermaLink="false">{_text(entry.id)}</guid>'
        f"<pubDate>{format_datetime(entry.published, usegmt=True)}</pubDate>"
        f"<description>{_text(entry.summary)}</description>{duration}{thumbnail}{enclosure}</item>"
    )


def rss(title: str, url: str, feed_url: str, entries: Iterable[Entry]) -> bytes:
    """An RSS 2.0 document of the entries, in the order given (newest first is usual)."""
    items = "\n".join(map(_rss_item, entries))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">'
        f"<channel><title>{_text(title)}</title><link>{_text(url)}</link>"
        f"<description>{_text(title)}</description>"
        f'<atom:link rel="self" type="application/rss+xml" href={quoteattr(feed_url)}/>\n{items}\n</channel></rss>\n'
    ).encode()


def _atom_entry(entry: Entry) -> str:
    return (
        f"<entry><id>{_text(entry.id)}</id><title>{_text(entry.title)}</title>"
        f'<link rel="alternate" href={quoteattr(entry.url)}/>'
        f"<published>{entry.published.isoformat()}</published><updated>{entry.published.isoformat()}</updated>"
        f"<summary>{_text(entry.summary)}</summary></entry>"
    )


def atom(title: str, url: str, feed_url: str, updated: datetime, entries: Iterable[Entry]) -> bytes:
    """An Atom 1.0 document of the entries, in the order given."""
    items = "\n".join(map(_atom_entry, entries))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{_text(feed_url)}</id><title>{_text(title)}</title><updated>{updated.isoformat()}</updated>"
        f"<author><name>{_text(title)}</name></author>"
        f'<link rel="self" href={quoteattr(feed_url)}/><link rel="alternate" href={quoteattr(url)}/>\n'
        f"{items}\n</feed>\n"
    ).encode()
