"""Reading feeds: the formats as sites write them, and what hostile ones try."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from magpie.demo import feeds as made
from magpie.downloads.extractors.keys import url_digest
from magpie.links.checks.feeds import MAX_ENTRIES, NotAFeed, parse

BASE = "https://site.example/feed.xml"
YOUTUBE = b"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns="http://www.w3.org/2005/Atom">
 <link rel="self" href="http://www.youtube.com/feeds/videos.xml?channel_id=UC1"/>
 <title>Hedgerow Films</title><author><name>Hedgerow Films</name></author>
 <entry><id>yt:video:aaaaaaaaaaa</id><yt:videoId>aaaaaaaaaaa</yt:videoId><title>Older</title>
  <link rel="alternate" href="https://www.youtube.com/shorts/aaaaaaaaaaa"/>
  <published>2026-01-02T10:00:00+00:00</published><updated>2026-03-02T10:00:00+00:00</updated>
  <media:group><media:title>Older</media:title>
   <media:content url="https://www.youtube.com/v/aaaaaaaaaaa?version=3" type="application/x-shockwave-flash"/>
   <media:thumbnail url="https://i1.ytimg.com/vi/aaaaaaaaaaa/hqdefault.jpg" width="480"/></media:group></entry>
 <entry><id>yt:video:bbbbbbbbbbb</id><yt:videoId>bbbbbbbbbbb</yt:videoId><title>Newer &amp; longer</title>
  <link rel="alternate" href="https://www.youtube.com/watch?v=bbbbbbbbbbb"/>
  <published>2026-02-02T10:00:00+00:00</published></entry>
</feed>"""
PODCAST = b"""<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>
 <title>Pod</title><image><title>not this</title></image><itunes:image href="/cover.jpg"/>
 <item><title>Two</title><link>/two</link><guid isPermaLink="false">x2</guid>
  <pubDate>Tue, 03 Feb 2026 10:00:00 +0200</pubDate><itunes:duration>1:02:03</itunes:duration>
  <enclosure url="https://cdn.example/two.mp3" type="audio/mpeg" length="12345"/></item>
 <item><title>One</title><guid>https://site.example/one</guid><pubDate>Mon, 02 Feb 2026 10:00:00 GMT</pubDate>
  <enclosure url="https://cdn.example/one.jpg" type="image/jpeg" length="5"/></item>
 <item><title>Nothing to fetch</title><guid>just a text</guid></item>
</channel></rss>"""


def test_youtubes_feed() -> None:
    feed = parse(YOUTUBE, BASE)
    assert feed.title == "Hedgerow Films"
    newer, older = feed.entries
    assert (newer.key, newer.title) == ("youtube bbbbbbbbbbb", "Newer & longer")
    assert newer.facts == {"kind_unknown": True}
    assert (older.key, older.kind) == ("youtube aaaaaaaaaaa", "short")
    assert older.published_at == "2026-01-02T10:00:00+00:00"
    assert older.thumbnail_url == "https://i1.ytimg.com/vi/aaaaaaaaaaa/hqdefault.jpg"
    assert url_digest(older.url) == url_digest("https://youtu.be/aaaaaaaaaaa")


def test_a_podcasts_pages_and_its_files() -> None:
    pages, files = parse(PODCAST, BASE), parse(PODCAST, BASE, files=True)
    assert pages.title == "Pod"
    assert [entry.url for entry in pages.entries] == ["https://site.example/two", "https://site.example/one"]
    assert [entry.url for entry in files.entries] == [
        "https://cdn.example/two.mp3",
        "https://site.example/one",
    ]
    two = files.entries[0]
    assert (two.kind, two.duration, two.published_at) == ("audio", 3723, "2026-02-03T08:00:00+00:00")
    assert two.facts == {"size": 12345}


def test_what_the_made_up_web_writes() -> None:
    entries = [
        made.Entry(f"x{n}", f"Title {n}", f"https://site.example/{n}", datetime(2026, 1, n, tzinfo=UTC), seconds=n)
        for n in (3, 2, 1)
    ]  # fmt: skip
    rss = parse(made.rss("Site", "https://site.example", BASE, entries), BASE)
    atom = parse(made.atom("Site", "https://site.example", BASE, entries[0].published, entries), BASE)
    assert [entry.key for entry in rss.entries] == [entry.key for entry in atom.entries]
    assert [entry.title for entry in rss.entries] == ["Title 3", "Title 2", "Title 1"]
    assert [entry.duration for entry in rss.entries] == [3, 2, 1]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"not xml",
        b"<!doctype html><title>Are you a robot?</title>",
        b'<?xml version="1.0"?><rss><channel><item><title>half a fe',
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b'<!DOCTYPE rss [<!ENTITY a "ha">]><rss><channel><title>&a;</title></channel></rss>',
        b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>',
        b'<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1/x">%p;]><rss/>',
        b'<?xml version="1.0" encoding="no-such"?><rss/>',
        b"<rss>" + b"<a>" * 100_000,
    ],
)
def test_what_is_no_feed_is_said_to_be_none(document: bytes) -> None:
    with pytest.raises(NotAFeed):
        parse(document, BASE)


def test_a_doctype_that_declares_nothing_is_harmless() -> None:
    old = b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1/rss.dtd">'
    assert parse(old + b"<rss version='0.91'><channel><title>T</title></channel></rss>", BASE).title == "T"


def test_addresses_that_lead_elsewhere_than_the_web_are_left_out() -> None:
    links = [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://x/y",
        "http://user:pw@x/",
        "--exec",
        "http://",
    ]
    items = "".join(f"<item><link>{link}</link><guid>{link}</guid></item>" for link in links)
    found = parse(f"<rss><channel>{items}</channel></rss>".encode(), BASE)
    # What looks like an option is a relative address, and becomes a whole one.
    assert all(entry.url.startswith("https://site.example/") for entry in found.entries)
    assert len(found.entries) == 1


@pytest.mark.parametrize("when", ["", "soon", "9999999999", "0001-01-01T00:00:00+14:00", "Tue, 99 Foo 2026"])
def test_dates_that_are_none(when: str) -> None:
    document = f"<rss><channel><item><link>/a</link><pubDate>{when}</pubDate></item></channel></rss>"
    (entry,) = parse(document.encode(), BASE).entries
    assert entry.published_at is None


@pytest.mark.parametrize("figure", ["²", "-1", "1e9", "nan", "inf", "1:2:3:4", ":", "9" * 400])
def test_figures_that_are_none(figure: str) -> None:
    document = (
        '<rss xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><item><link>/a</link>'
        f'<i:duration>{figure}</i:duration><enclosure url="/a.mp3" type="audio/mpeg" length="{figure}"/>'
        "</item></channel></rss>"
    )
    (entry,) = parse(document.encode(), BASE).entries
    assert entry.duration is None
    assert set(entry.facts) <= {"size"}


def test_a_feed_has_so_many_entries_and_the_same_one_once() -> None:
    many = "".join(f"<item><link>/{number}</link></item>" for number in range(MAX_ENTRIES + 100))
    assert len(parse(f"<rss><channel>{many}</channel></rss>".encode(), BASE).entries) == MAX_ENTRIES
    twice = "<item><link>/a</link><title>first</title></item><item><link>/a#x</link></item>"
    (entry,) = parse(f"<rss><channel>{twice}</channel></rss>".encode(), BASE).entries
    assert entry.title == "first"
