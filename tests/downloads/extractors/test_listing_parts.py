"""The pure parts of listing: walks over yt-dlp's results, keys, what a page's structure says, gallery-dl's posts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from yt_dlp.utils import ExtractorError  # type: ignore[import-untyped]

from magpie.downloads.extractors import keys
from magpie.downloads.extractors.gallerydl.posts import Board, post_of
from magpie.downloads.extractors.html_list import read_cards
from magpie.downloads.extractors.listing import MAX_KEY, ListedEntry, ListOrder, SourceFacts
from magpie.downloads.extractors.stop import MAX_REPEATS, Reporter
from magpie.downloads.extractors.titles import tidy_entry, tidy_source
from magpie.downloads.extractors.ytdlp.downloader import Log
from magpie.downloads.extractors.ytdlp.entries import key_of_url
from magpie.downloads.extractors.ytdlp.lister import Walk

CHANNEL = "UCabcdefghijklmnopqrstuv"
CHANNEL_URL = f"https://www.youtube.com/channel/{CHANNEL}"


class Collecting:
    """A list session that keeps what it is told."""

    def __init__(self) -> None:
        self.sources: list[SourceFacts] = []
        self.found: list[ListedEntry] = []
        self.requests = 0

    def source(self, facts: SourceFacts) -> None:
        self.sources.append(facts)

    def entries(self, entries: Sequence[ListedEntry]) -> None:
        self.found.extend(entries)

    def requested(self, count: int = 1) -> None:
        self.requests += count


class FakeReader:
    """Answers as yt-dlp's extractors do; `asked` are the addresses."""

    def __init__(self, results: dict[str, dict[str, Any]]) -> None:
        self._results = results
        self.log = Log()
        self.asked: list[str] = []

    def extract_info(self, url: str, **_: object) -> dict[str, Any]:
        self.asked.append(url)
        if url not in self._results:
            raise ExtractorError("This playlist is private")
        return self._results[url]


def ordered(url: str, **more: Any) -> ListOrder:
    return ListOrder(url, Path("/nonexistent"), **more)


def video(number: int, **more: Any) -> dict[str, Any]:
    identity = f"video{number:06}"
    return {
        "_type": "url", "ie_key": "Youtube", "id": identity, "title": f"No. {number}",
        "url": f"https://www.youtube.com/watch?v={identity}", **more,
    }  # fmt: skip


def tab(name: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "_type": "playlist", "id": CHANNEL, "channel_id": CHANNEL, "channel": "Hedgerow", "title": f"Hedgerow - {name}",
        "extractor_key": "YoutubeTab", "webpage_url": f"{CHANNEL_URL}/{name}", "entries": entries,
    }  # fmt: skip


def youtube() -> FakeReader:
    """A channel with three tabs, as yt-dlp gives it: newest first in each."""
    short = video(30, url="https://www.youtube.com/shorts/video000030")
    tabs = {
        "videos": tab("videos", [video(n) for n in (9, 8, 7)]),
        "shorts": tab("shorts", [short, video(29, url="https://www.youtube.com/shorts/video000029")]),
        "streams": tab(
            "streams",
            [
                video(52, live_status="is_upcoming", release_timestamp=1_800_000_000),
                video(51, live_status="is_live"),
                video(50, live_status="was_live", timestamp=1_700_000_000),
            ],
        ),
    }
    links = [{"_type": "url", "ie_key": "YoutubeTab", "url": f"{CHANNEL_URL}/{name}"} for name in tabs]
    results = {f"{CHANNEL_URL}/{name}": result for name, result in tabs.items()}
    thumbnails = [
        {"url": "https://yt3.test/banner", "preference": -10},
        {"url": "https://yt3.test/face", "width": 900},
    ]
    root = tab("", links) | {"title": "Hedgerow", "webpage_url": CHANNEL_URL, "thumbnails": thumbnails}
    return FakeReader({CHANNEL_URL: root, **results})


def walk(reader: FakeReader, order: ListOrder) -> tuple[Collecting, Any]:
    session = Collecting()
    return session, Walk(order, session, reader).run()  # type: ignore[arg-type]


def test_a_youtube_channel_is_followed_into_its_tabs() -> None:
    session, listing = walk(youtube(), ordered(CHANNEL_URL))
    assert listing.complete
    assert [(entry.key, entry.kind) for entry in session.found] == [
        ("youtube video000009", "video"), ("youtube video000008", "video"), ("youtube video000007", "video"),
        ("youtube video000030", "short"), ("youtube video000029", "short"),
        ("youtube video000052", "premiere"), ("youtube video000051", "live"), ("youtube video000050", "live"),
    ]  # fmt: skip
    upcoming, _, past = session.found[-3:]
    assert upcoming.facts["starts_at"] == "2027-01-15T08:00:00+00:00"
    assert (past.facts["live_status"], past.facts["approximate_date"]) == ("was_live", True)
    [source] = session.sources
    assert source == SourceFacts(
        "ytdlp",
        "Hedgerow",
        picture_url="https://yt3.test/face",
        feed_url=f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}",
        type="youtube_channel",
    )


def test_each_tab_stops_by_itself() -> None:
    known = ("youtube video000008", "youtube video000007", "youtube video000029", "youtube video000050")
    reader = youtube()
    session, listing = walk(reader, ordered(CHANNEL_URL, known=known))
    assert (listing.complete, listing.reached_known) == (False, True)
    assert [entry.key[-2:] for entry in session.found] == ["09", "08", "30", "29", "52", "51", "50"]
    assert len(reader.asked) == 4


def test_a_private_album_does_not_spoil_the_others() -> None:
    links = [{"_type": "url", "ie_key": "MadeAlbum", "url": f"https://music.test/a/{n}"} for n in (2, 1)]
    album = {"_type": "playlist", "entries": [video(1)]}
    artist = {"_type": "playlist", "extractor_key": "MadeArtist", "entries": links}
    reader = FakeReader({"https://music.test/artist": artist, "https://music.test/a/1": album})
    session, listing = walk(reader, ordered("https://music.test/artist"))
    assert [entry.key for entry in session.found] == ["youtube video000001"]
    assert not listing.complete


def test_a_tab_has_the_feed_of_its_kind() -> None:
    session, _ = walk(youtube(), ordered(f"{CHANNEL_URL}/shorts"))
    assert (
        session.sources[0].feed_url
        == f"https://www.youtube.com/feeds/videos.xml?playlist_id=UUSH{CHANNEL[2:]}"
    )
    assert session.sources[0].title == "Hedgerow"


def test_a_playlist_has_its_own_feed() -> None:
    url = "https://www.youtube.com/playlist?list=PL1"
    result = tab("", [video(1)]) | {"id": "PL1", "title": "Songs", "webpage_url": url}
    session, _ = walk(FakeReader({url: result}), ordered(url))
    source = session.sources[0]
    assert (source.title, source.type) == ("Songs", "youtube_playlist")
    assert source.feed_url == "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"


def test_albums_one_after_another_stop_once_they_are_all_known() -> None:
    """An artist's albums come newest first: after some in which nothing is new, the rest is not asked for."""
    links = [{"_type": "url", "ie_key": "MadeAlbum", "url": f"https://music.test/a/{n}"} for n in range(9)]
    results = {
        f"https://music.test/a/{n}": {
            "_type": "playlist",
            "entries": [
                {"_type": "url", "ie_key": "MadeTrack", "id": f"t{n}", "url": f"https://music.test/t/{n}"}
            ],
        }
        for n in range(9)
    }
    artist = {"_type": "playlist", "id": "x", "extractor_key": "MadeArtist", "entries": links}
    reader = FakeReader({"https://music.test/artist": artist, **results})
    known = tuple(f"madetrack t{n}" for n in range(1, 9))
    session, listing = walk(reader, ordered("https://music.test/artist", known=known))
    assert [entry.key for entry in session.found] == ["madetrack t0", "madetrack t1", "madetrack t2"]
    assert (listing.complete, listing.reached_known) == (False, True)
    assert len(reader.asked) == 4


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "kaltura:1:2",
        "",
        None,
        7,
        "http://",
        "//",
    ],
)
def test_addresses_that_are_none_are_left_out(url: Any) -> None:
    page = "https://site.test/channel"
    good = {"_type": "url", "url": "https://site.test/v/1", "ie_key": "Made", "id": "1"}
    bad = {"_type": "url", "url": url, "ie_key": "Made", "id": "2"}
    result = {"_type": "playlist", "extractor_key": "MadeChannel", "entries": [bad, None, good, "x"]}
    session, listing = walk(FakeReader({page: result}), ordered(page))
    assert [entry.key for entry in session.found] == ["made 1"]
    assert listing.complete


def test_a_site_that_pages_in_a_circle_comes_to_an_end() -> None:
    def for_ever() -> Any:
        while True:
            yield from (video(n) for n in range(3))

    page = "https://site.test/channel"
    result = {"_type": "playlist", "extractor_key": "MadeChannel", "entries": for_ever()}
    session, listing = walk(FakeReader({page: result}), ordered(page))
    assert len(session.found) == 3
    assert not listing.complete


def test_the_reporter_counts_known_entries_in_a_row_only() -> None:
    session = Collecting()
    reporter = Reporter(ordered("https://a.test/", known=("a", "c", "d"), stop_after=2), session)
    entries = [ListedEntry(key, f"https://a.test/{key}") for key in "abcde"]
    assert not reporter.report(entries)
    assert [entry.key for entry in session.found] == ["a", "b", "c", "d"]
    assert reporter.reached_known
    assert MAX_REPEATS > 0


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://youtu.be/dQw4w9WgXcQ?si=x", "youtube dQw4w9WgXcQ"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "youtube dQw4w9WgXcQ"),
        ("https://vimeo.com/12345", "vimeo 12345"),
        ("https://www.Example.org/a/?utm_source=x#top", "web example.org/a"),
    ],
)
def test_keys_of_addresses(url: str, key: str) -> None:
    assert key_of_url(url) == key
    if not key.startswith("vimeo"):  # of which only yt-dlp knows that the address has an id in it
        assert keys.key_of_address(url) == key


def test_keys_fit_their_column() -> None:
    for url in ("https://a.test/" + "x" * 400, "https://a.test/%0a%ff", "https://a.test/a\u202eb"):
        key = keys.web_key(url)
        assert len(key) <= MAX_KEY
        assert key.isprintable()
        assert key == keys.web_key(url)
    assert keys.site_key("Youtube", "a b") is None
    assert keys.site_key("Youtube", "x" * 300) is None


def test_what_a_site_says_is_made_fit() -> None:
    entry = ListedEntry(
        "web x", "https://a.test/", "a\u202eb\n" + "c" * 900, duration=float("nan"), thumbnail_url="javascript:x",
        facts={"size": float("inf"), "nested": {"x": 1}, "language": "en"},
    )  # fmt: skip
    tidied = tidy_entry(entry)
    assert tidied.title is not None
    assert tidied.title.startswith("ab c")
    assert len(tidied.title) == 500
    assert (tidied.duration, tidied.thumbnail_url, tidied.facts) == (None, None, {"language": "en"})
    facts = tidy_source(SourceFacts("x", "\x00", "a\x07\nb", "file:///x", "https://a.test/feed"))
    assert facts == SourceFacts("x", None, "a\nb", None, "https://a.test/feed")


PAGE = "https://site.test/channel"


def cards(body: str, **more: Any) -> list[str]:
    return [card.url.removeprefix("https://site.test") for card in read_cards(body, PAGE, **more).cards]


def test_articles_with_headings_are_a_list() -> None:
    body = "".join(
        f'<article class="post"><header><h2><a href="/p/{n}">Post {n}</a></h2></header>'
        f'<time datetime="2026-01-0{n}T10:00:00Z">then</time><a rel="tag" href="/tag/x">x</a>'
        f'<a href="/p/{n}#comments">3 comments</a></article>'
        for n in (1, 2, 3)
    )
    found = read_cards(body, PAGE).cards
    assert [(card.url, card.title, card.published) for card in found] == [
        (f"https://site.test/p/{n}", f"Post {n}", f"2026-01-0{n}T10:00:00Z") for n in (1, 2, 3)
    ]


def test_a_blog_whose_posts_carry_their_tags_in_their_names() -> None:
    posts = "".join(
        f'<div id="post-{n}" class="post-{n} post type-post status-publish category-films tag-{word} {sticky}">'
        f'<h2><a href="/2026/{word}/">About {word}</a></h2></div>'
        for n, word, sticky in ((9, "owls", "sticky"), (8, "foxes", ""), (7, "hares", ""))
    )
    menu = "".join(f'<li class="menu-item"><a href="/m/{n}"><img src=x></a></li>' for n in range(9))
    widgets = "".join(f'<li><h3><a href="/old/{n}">Old {n}</a></h3></li>' for n in range(9))
    body = f'<body class="archive tag tag-owls has-sidebar right-sidebar"><ul class="menu">{menu}</ul>{posts}'
    body += f'<div id="sidebar" class="widget-area"><ul>{widgets}</ul></div></body>'
    assert cards(body) == ["/2026/owls/", "/2026/foxes/", "/2026/hares/"]
    assert read_cards(body, PAGE).cards[1].title == "About foxes"


def test_items_without_end_tags() -> None:
    body = (
        "<ul>" + "".join(f"<li><a href='/v/{n}'><img src=x alt='No. {n}'></a>" for n in (3, 2, 1)) + "</ul>"
    )
    assert [(card.url[-1], card.title) for card in read_cards(body, PAGE).cards] == [
        ("3", "No. 3"),
        ("2", "No. 2"),
        ("1", "No. 1"),
    ]


def test_a_page_without_end_is_read_as_far_as_it_goes() -> None:
    body = "".join(f"<li><a href='/v/{n}'><img src=x></a></li>" for n in range(50_000))
    assert len(cards(body)) == 1000


def test_navigation_footers_and_asides_do_not_count() -> None:
    links = "".join(f'<li class="card"><a href="/x/{n}"><img src="/i.jpg"></a></li>' for n in range(9))
    for wrapped in (
        f"<nav><ul>{links}</ul></nav>", f"<footer>{links}</footer>", f"<aside>{links}</aside>", f"<header>{links}</header>",
        f'<div class="sidebar">{links}</div>', f'<ul id="main-menu">{links}</ul>',
        f'<div class="related-videos">{links}</div>',
        f'<ol class="pagination">{links}</ol>', f'<div role="navigation">{links}</div>',
    ):  # fmt: skip
        assert cards(wrapped) == []
        assert (
            cards(
                wrapped
                + '<div class="grid"><div class="card"><a href="/v/1"><img src="a.jpg"></a></div></div>'
            )
            == []
        )


@pytest.mark.parametrize(
    "body",
    [
        "<ul><li><a href='/about'>About</a></li><li><a href='/team'>Team</a></li></ul>",  # text alone is no card
        "<li><a href='https://b.test/1'><img src=a></a></li><li><a href='https://b.test/2'><img src=b></a></li>",
        "<li><a href='javascript:x'><img src=a></a></li><li><a href='file:///etc/x'><img src=b></a></li>",
        "<li><a href='/a.jpg'><img src=a></a></li><li><a href='/b.png'><img src=b></a></li>",  # a gallery's pictures
        "<li><a href='?page=2'><img src=a></a></li><li><a href='?sort=new'><img src=b></a></li>",
        "<article><h1>One text</h1><p><a href='/x'>a</a> <a href='/y'>b</a></p></article>",
        "",
        "<" * 5000,
        "<div>" * 5000 + "<li><a href=/x><img src=a></a></li>",
    ],
)
def test_what_is_no_list(body: str) -> None:
    assert cards(body) == []


def test_the_same_path_with_a_number_is_an_item() -> None:
    body = "".join(f'<li><a href="?v={n}"><img src="/t/{n}.jpg" alt="No. {n}"></a></li>' for n in (2, 1))
    assert cards(body) == ["/channel?v=2", "/channel?v=1"]
    assert read_cards(body, PAGE).cards[0].title == "No. 2"


def test_files_in_a_folder_are_a_list() -> None:
    body = '<pre><a href="../">..</a><a href="b.mp3">b</a><a href="a.flac">a</a><a href="x.txt">x</a></pre>'
    assert [card.url for card in read_cards(body, "https://site.test/music/").cards] == [
        "https://site.test/music/b.mp3",
        "https://site.test/music/a.flac",
    ]


BOARD = Board("https://board.test", {"mine": "moebooru"})


@pytest.mark.parametrize(
    ("facts", "url", "key"),
    [
        ({"category": "mine", "id": 7}, "https://board.test/post/show/7", "mine 7"),
        ({"category": "pixiv", "id": 9}, "https://www.pixiv.net/artworks/9", "pixiv 9"),
        (
            {"category": "bluesky", "post_id": "3k", "author": {"handle": "a.test"}},
            "https://bsky.app/profile/a.test/post/3k",
            "bluesky 3k",
        ),
        (
            {"category": "other", "id": 3, "post_url": "https://board.test/p/3"},
            "https://board.test/p/3",
            "other 3",
        ),
        ({"category": "other", "id": 3, "permalink": "/r/x/3"}, "https://board.test/r/x/3", "other 3"),
        ({"category": "mine", "id": "../../x"}, None, None),
        ({"category": "mine", "id": {"a": 1}}, None, None),
        ({"category": "mine"}, None, None),
        ({"category": "other", "url": "https://elsewhere.test/p/3"}, None, None),
        ({"category": "other", "url": "https://board.test/files/3.jpg"}, None, None),
        ({"category": "other", "url": "javascript:alert(1)"}, None, None),
    ],
)
def test_posts_have_addresses_of_their_own_or_none(
    facts: dict[str, Any], url: str | None, key: str | None
) -> None:
    entry = post_of(facts, BOARD)
    assert (entry and entry.url, entry and entry.key) == (url, key)


def test_a_post_without_a_usable_time_is_a_post_nevertheless() -> None:
    facts = {"category": "mine", "id": 3, "date": "0001-01-01T00:00:00+08:00"}
    entry, other = post_of(facts, BOARD), post_of(facts | {"created_at": "2026-01-01"}, BOARD)
    assert entry is not None
    assert other is not None
    assert (entry.published_at, other.published_at) == (None, "2026-01-01T00:00:00+00:00")
