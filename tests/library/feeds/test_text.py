"""Whatever titles and descriptions hold, the XML is XML, and says the same when it is read back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import feedparser  # type: ignore[import-untyped]
import podcastparser  # type: ignore[import-untyped]
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from magpie.library.feeds import opml, rss
from magpie.library.feeds.text import MAX_TITLE, clean, html, one_line

WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADDRESS = "https://magpie.example/feeds/t/library.xml"
ANYTHING = st.text(st.characters(codec=None), max_size=80)
CONTROLS = "".join(map(chr, range(32)))


def entry(title: str, description: str | None = None, **more: Any) -> rss.Entry:
    facts: dict[str, Any] = {
        "guid": "urn:uuid:1", "link": "https://x.example/", "published": WHEN, "size": 3, "mime": "audio/mpeg",
        "url": "https://magpie.example/feeds/t/files/1/a.mp3",
    }  # fmt: skip
    return rss.Entry(title=title, description=description, **(facts | more))


def written(title: str, *entries: rss.Entry) -> bytes:
    channel = rss.Channel(title, title, "https://x.example/", ADDRESS, "guid", "podcast", title)
    return "".join(rss.write(channel, entries)).encode()


def read(document: bytes) -> tuple[ElementTree.Element, list[ElementTree.Element]]:
    channel = ElementTree.fromstring(document).find("channel")  # noqa: S314
    assert channel is not None
    return channel, channel.findall("item")


def text_in(element: ElementTree.Element, name: str) -> str:
    return element.findtext(name) or ""


def plain(markup: str) -> str:
    """What an app shows of a description."""
    return unescape(re.sub("<[^>]*>", "", re.sub("<br ?/?>", "\n", markup)))


@given(ANYTHING, ANYTHING)
@example("]]>", "]]>")
@example("<script>alert(1)</script>", "</description></item><item>")
@example("&amp;lt;", "&#0; &nope; %entity;")
@example(CONTROLS, CONTROLS)
@example("\ud800 half a pair \udfff", "\ufffe\uffff\U0010ffff")
def test_any_words_come_back(title: str, description: str) -> None:
    document = written(title, entry(title, description, author=title), entry("the next one"))
    channel, items = read(document)
    assert len(items) == 2
    assert text_in(channel, "title") == one_line(title)
    assert text_in(items[0], "title") == one_line(title)
    assert plain(text_in(items[0], "description")) == clean(description).strip()
    assert text_in(items[1], "title") == "the next one"


@given(ANYTHING, ANYTHING)
def test_any_words_come_back_from_lists_of_feeds(title: str, page: str) -> None:
    outlines = [opml.Outline(title, ADDRESS, page), opml.Outline("the next one", ADDRESS)]
    document = opml.write(title, outlines).encode()
    body = ElementTree.fromstring(document).find("body")  # noqa: S314
    assert body is not None
    first, second = body
    assert first.get("text") == first.get("title") == one_line(title)
    assert first.get("htmlUrl", "") == one_line(page, 2000)
    assert (second.get("title"), second.get("xmlUrl")) == ("the next one", ADDRESS)


@given(ANYTHING)
def test_nothing_of_a_description_is_markup(text: str) -> None:
    assert set(re.findall("<[^>]*>", html(text))) <= {"<p>", "</p>", "<br>"}


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80))
def test_gpodders_parser_reads_the_same_titles(title: str) -> None:
    feed = podcastparser.parse(ADDRESS, BytesIO(written(title, entry(title))))
    assert feed["episodes"][0]["title"] == one_line(title)


@pytest.mark.parametrize(
    "title",
    [
        "周杰伦 – 青花瓷",
        "宇多田ヒカル「花束を君に」",
        "Ёлка — Прованс",
        "أم كلثوم",
        "Sigur Rós: ( )",
        "AC/DC 🎸",
        "Tom & Jerry; 5 > 4",
    ],
)
def test_feedparser_reads_the_same_titles_and_descriptions(title: str) -> None:
    feed = feedparser.parse(written(title, entry(title, f"{title}\n<b>\n{title}")))
    assert not feed.bozo
    assert feed.feed.title == feed.entries[0].title == title
    assert plain(feed.entries[0].description) == f"{title}\n<b>\n{title}"


def test_long_words_are_cut_between_characters() -> None:
    title, description = "漢" * 5000, "字" * 50_000
    _, (item,) = read(written("x", entry(title, description)))
    assert text_in(item, "title") == "漢" * (MAX_TITLE - 1) + "…"
    assert 3000 < len(text_in(item, "description")) < 5000


def test_dates_of_any_year_are_dates() -> None:
    _, items = read(
        written("x", *(entry("x", published=WHEN.replace(year=year)) for year in (1, 1969, 9999)))
    )
    dates = [text_in(item, "pubDate") for item in items]
    assert dates[1] == "Sat, 01 Mar 1969 12:00:00 GMT"
    assert all(re.fullmatch(r"\w{3}, 01 Mar \d{4} 12:00:00 GMT", date) for date in dates)
