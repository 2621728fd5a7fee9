"""What a podcast app finds under a token: what can be played, whole, in order, and nothing that is not its owner's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import feedparser  # type: ignore[import-untyped]
import podcastparser  # type: ignore[import-untyped]
import pytest
from fastapi.testclient import TestClient

from magpie.accounts.principal import Principal
from magpie.library.feeds import repository
from magpie.library.feeds.repository import Choice
from magpie.library.models import Item, ItemFile
from magpie.links.models import Link
from tests.library.feeds.conftest import PUBLIC, SOUND, Headers, Shelf

pytestmark = pytest.mark.database

PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
ATOM = "{http://www.w3.org/2005/Atom}"


def feed_at(shelf: Shelf, path: str) -> ElementTree.Element:
    answer = shelf.ask(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    channel = ElementTree.fromstring(answer.content).find("channel")  # noqa: S314
    assert channel is not None
    return channel


def titles(shelf: Shelf, path: str) -> list[str | None]:
    return [item.findtext("title") for item in feed_at(shelf, path).findall("item")]


def link_named(channel: ElementTree.Element, relation: str) -> str | None:
    found = channel.find(f"{ATOM}link[@rel='{relation}']")
    return None if found is None else found.get("href")


def test_each_feed_has_what_it_names(shelf: Shelf) -> None:
    talk, film, song = shelf.save("A talk"), shelf.save("A film", kind="video"), shelf.save("A song")
    link = shelf.link("channel", [film, talk])
    by_hand = shelf.collection("By hand", [song, talk, film])
    saved = shelf.collection("Found", query={"kind": "video"})
    assert titles(shelf, "/library.xml") == ["A song", "A film", "A talk"]
    assert titles(shelf, f"/links/{link}.xml") == ["A film", "A talk"]
    assert titles(shelf, f"/collections/{by_hand}.xml") == ["A song", "A talk", "A film"]
    assert titles(shelf, f"/collections/{saved}.xml") == ["A film"]
    assert titles(shelf, "/search.xml?q=song") == ["A song"]
    assert titles(shelf, "/search.xml?q=a&kind=audio") == ["A song", "A talk"]
    assert titles(shelf, "/search.xml?q=nothing-like-that") == []


def test_what_no_app_can_play_is_left_out(shelf: Shelf) -> None:
    shelf.save("A talk")
    for kind, file in (("gallery", (".png", "image/png")), ("file", (".zip", "application/zip"))):
        shelf.save(f"A {kind}", kind=kind, file=file)
    shelf.save("No sound after all", kind="audio", file=(".bin", "application/octet-stream"))
    assert titles(shelf, "/library.xml") == ["A talk"]


def test_trashed_items_appear_nowhere(shelf: Shelf) -> None:
    kept, thrown = shelf.save("Kept"), shelf.save("Thrown away")
    link, by_hand = shelf.link("channel", [kept, thrown]), shelf.collection("Mine", [thrown, kept])
    saved = shelf.collection("Found", query={"q": "thrown", "in_trash": True})
    name = shelf.local(feed_at(shelf, "/library.xml").findall("item/enclosure")[0].get("url", ""))
    assert shelf.ask(name).status_code == 200
    shelf.trash(thrown)
    feeds = ("/library.xml", f"/links/{link}.xml", f"/collections/{by_hand}.xml", "/search.xml?kind=audio")
    for path in feeds:
        assert titles(shelf, path) == ["Kept"], path
    for path in (f"/collections/{saved}.xml", "/search.xml?q=thrown", "/search.xml?q=thrown&in_trash=true"):
        assert titles(shelf, path) == [], path
    assert shelf.ask(name).status_code == 404


def test_nobody_reads_what_is_anothers(shelf: Shelf, client: TestClient, bob: Headers, root: Headers) -> None:
    bobs_id = client.get("/auth/me", headers=bob).json()["id"]
    mine, his = shelf.save("Mine"), shelf.save("His", user_id=bobs_id)
    his_link = shelf.link("his", [his, mine], user_id=bobs_id)
    my_link = shelf.link("mine", [his, mine])
    assert titles(shelf, "/library.xml") == ["Mine"]
    assert titles(shelf, f"/links/{my_link}.xml") == ["Mine"]
    for path in (
        f"/links/{his_link}.xml",
        f"/links/{his_link}/picture",
        f"/files/{his}/a.mp3",
        "/links/999.xml",
    ):
        assert shelf.ask(path).status_code == 404, path
    # A superuser's feeds are those of a person, too: whoever learns the address does not learn the household's.
    shelf.token = client.post("/api/v1/feeds/tokens", json={"name": "root's"}, headers=root).json()["token"]
    assert titles(shelf, "/library.xml") == []
    assert shelf.ask(f"/links/{my_link}.xml").status_code == 404


def test_an_entry_says_all_that_is_known(shelf: Shelf) -> None:
    chapters = [{"start": 0, "end": 60.5, "title": "Hello <b>"}, {"start": 60.5, "title": "Good bye"}]
    extra = {"chapters": chapters, "age_limit": 18, "season_number": 2, "episode_number": "7"}
    when = datetime(2025, 5, 4, 3, 2, 1, tzinfo=UTC)
    item = shelf.save(
        "Über uns: 100%", extra=extra, duration=61.6, artist="Ada & friends", published_at=when,
        description="First line\nSecond <line>", subtitles=(".vtt", ".srt", ".ass"), kind="video",
    )  # fmt: skip
    channel = feed_at(shelf, "/library.xml")
    (entry,) = channel.findall("item")
    enclosure = entry.find("enclosure")
    assert enclosure is not None
    assert enclosure.attrib == {
        "url": f"{PUBLIC}/feeds/{shelf.token}/files/{item}/ber-uns-100.mp4",
        "length": str(len(SOUND)),
        "type": "video/mp4",
    }
    assert entry.findtext("pubDate") == "Sun, 04 May 2025 03:02:01 GMT"
    assert entry.findtext("description") == "<p>First line<br>Second &lt;line&gt;</p>"
    assert [entry.findtext(f"{ITUNES}{name}") for name in ("author", "duration", "season", "episode")] == [
        "Ada & friends", "62", "2", "7",
    ]  # fmt: skip
    assert entry.findtext(f"{ITUNES}explicit") == "true"
    transcripts = entry.findall(f"{PODCAST}transcript")
    assert [(one.get("type"), one.get("language")) for one in transcripts] == [
        ("text/vtt", "en"), ("application/x-subrip", "en"),
    ]  # fmt: skip
    assert channel.findtext(f"{PODCAST}medium") == "video"
    assert channel.findtext(f"{ITUNES}block") == "Yes"
    for transcript in transcripts:
        assert shelf.ask(shelf.local(transcript.get("url", ""))).content == SOUND
    told = entry.find(f"{PODCAST}chapters")
    assert told is not None
    answer = shelf.ask(shelf.local(told.get("url", "")))
    assert answer.headers["content-type"] == told.get("type") == "application/json+chapters"
    assert answer.json() == {
        "version": "1.2.0",
        "chapters": [
            {"startTime": 0.0, "endTime": 60.5, "title": "Hello <b>"},
            {"startTime": 60.5, "title": "Good bye"},
        ],
    }
    picture = entry.find(f"{ITUNES}image")
    assert picture is not None
    assert shelf.ask(shelf.local(picture.get("href", ""))).headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize(
    "extra",
    [
        {"chapters": "no list"},
        {"chapters": [{"start": 1}]},
        {"chapters": [None, {"start": {}}], "season_number": [1], "episode_number": -3, "age_limit": "x"},
        {"season_number": 1.5, "episode_number": 10**30, "age_limit": None, "chapters": {"1": {"start": 2}}},
    ],
)
def test_odd_facts_of_sites_break_nothing(shelf: Shelf, extra: dict[str, Any]) -> None:
    shelf.save("Odd", extra=extra, source_url="javascript:alert(1)")
    (entry,) = feed_at(shelf, "/library.xml").findall("item")
    assert [entry.find(f"{ITUNES}{name}") for name in ("season", "episode")] == [None, None]
    assert entry.findtext(f"{ITUNES}explicit") == "false"
    assert entry.find("link") is None
    told = entry.find(f"{PODCAST}chapters")
    assert told is None or shelf.ask(shelf.local(told.get("url", ""))).status_code == 200


def test_the_names_of_entries_stay(shelf: Shelf, client: TestClient, ada: Headers) -> None:
    item = shelf.save("A talk")
    link, by_hand = shelf.link("channel", [item]), shelf.collection("Mine", [item])
    paths = ("/library.xml", f"/links/{link}.xml", f"/collections/{by_hand}.xml", "/search.xml?q=talk")
    guids = {feed_at(shelf, path).findtext("item/guid") for path in paths}
    shelf.change(lambda session: setattr(session.get(Item, item), "title", "Another name of that talk"))
    podcast = feed_at(shelf, "/library.xml").findtext(f"{PODCAST}guid")
    shelf.token = client.post("/api/v1/feeds/tokens", json={"name": "new"}, headers=ada).json()["token"]
    channel = feed_at(shelf, "/library.xml")
    assert guids == {channel.findtext("item/guid")}
    assert channel.findtext(f"{PODCAST}guid") == podcast


def test_pages_follow_each_other(shelf: Shelf) -> None:
    items = [shelf.save(f"No {number}") for number in range(7)]
    by_hand = shelf.collection("Mine", items)
    newest_first = [f"No {number}" for number in range(6, -1, -1)]
    for path, expected in (
        ("/library.xml", newest_first),
        ("/search.xml?kind=audio", newest_first),
        (f"/links/{shelf.link('channel', items)}.xml", newest_first),
        (f"/collections/{by_hand}.xml", newest_first[::-1]),
    ):
        found: list[str | None] = []
        address: str | None = f"{path}{'&' if '?' in path else '?'}limit=3"
        first = f"{PUBLIC}/feeds/{shelf.token}{address}"
        while address is not None:
            channel = feed_at(shelf, address)
            entries = channel.findall("item")
            assert len(entries) <= 3
            found += [entry.findtext("title") for entry in entries]
            own, following = link_named(channel, "self"), link_named(channel, "next")
            assert own is not None
            assert feed_at(shelf, shelf.local(own)).findtext("item/title") == entries[0].findtext("title")
            assert (link_named(channel, "first") is None) == (own == first)
            address = shelf.local(following) if following else None
        assert found == expected, path


@pytest.mark.once
@pytest.mark.parametrize("limit", ["0", "5001", "x"])
def test_pages_have_bounds(shelf: Shelf, limit: str) -> None:
    for path in ("/library.xml", "/search.xml"):
        assert shelf.ask(f"{path}?limit={limit}").status_code in (400, 422)


def test_unchanged_feeds_are_not_sent_again(shelf: Shelf) -> None:
    item = shelf.save("A talk")
    link = shelf.link("channel", [item])
    by_hand = shelf.collection("Mine", [item])

    def retitle(session: Any) -> None:
        session.get(Item, item).title = "Another title"

    def enlarge(session: Any) -> None:
        session.query(ItemFile).filter(ItemFile.role == "media").one().size = 5

    changes: list[Callable[[], object]] = [
        lambda: shelf.change(retitle),
        lambda: shelf.change(enlarge),
        lambda: shelf.save("A second one"),
        lambda: shelf.trash(item),
    ]
    paths = ["/library.xml", f"/links/{link}.xml", f"/collections/{by_hand}.xml", "/search.xml?kind=audio"]
    for change in changes:
        seen = {path: shelf.ask(path) for path in paths}
        for path, answer in seen.items():
            state = {"If-None-Match": answer.headers["etag"]}
            again = shelf.ask(path, **state)
            assert (again.status_code, again.content) == (304, b""), path
            assert again.headers["etag"] == answer.headers["etag"]
            assert (
                shelf.ask(path, **{"If-Modified-Since": answer.headers["last-modified"]}).status_code == 304
            )
            assert shelf.ask(path, **{"If-None-Match": '"other"'}).status_code == 200
        change()
        for path, answer in seen.items():
            now = shelf.ask(path, **{"If-None-Match": answer.headers["etag"]})
            since = shelf.ask(path, **{"If-Modified-Since": answer.headers["last-modified"]})
            is_same = shelf.ask(path).content == answer.content
            assert (now.status_code, since.status_code) == ((304, 304) if is_same else (200, 200)), path
        assert shelf.ask("/library.xml").content != seen["/library.xml"].content


def test_renamed_links_and_collections_are_sent_again(shelf: Shelf) -> None:
    path = f"/links/{shelf.link('channel', [shelf.save()])}.xml"
    etag = shelf.ask(path).headers["etag"]

    def rename(session: Any) -> None:
        session.query(Link).one().name = "Another name"

    shelf.change(rename)
    answer = shelf.ask(path, **{"If-None-Match": etag})
    assert answer.status_code == 200
    assert b"<title>Another name</title>" in answer.content


@pytest.mark.once
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, br", "gzip"),
        ("*", "gzip"),
        ("identity", None),
        ("", None),
        ("gzip;q=0", None),
        ("gzip; q=0.5", "gzip"),
    ],
)
def test_feeds_are_compressed_if_asked(shelf: Shelf, accepted: str, encoding: str | None) -> None:
    shelf.save()
    answer = shelf.ask("/library.xml", **{"Accept-Encoding": accepted})
    assert answer.headers.get("content-encoding") == encoding
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert answer.content.startswith(b"<?xml")
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["referrer-policy"] == "no-referrer"
    head = shelf.ask("/library.xml", method="HEAD", **{"Accept-Encoding": accepted})
    assert head.status_code == 200
    assert head.headers["etag"] == answer.headers["etag"]


@pytest.mark.once
def test_files_come_in_parts_and_under_any_title(shelf: Shelf) -> None:
    item = shelf.save("A talk")
    path = shelf.local(feed_at(shelf, "/library.xml").find("item/enclosure").get("url"))  # type: ignore[union-attr, arg-type]
    whole = shelf.ask(path)
    assert (whole.content, whole.headers["accept-ranges"]) == (SOUND, "bytes")
    assert whole.headers["referrer-policy"] == "no-referrer"
    rest = shelf.ask(path, Range="bytes=4000-", **{"If-Range": whole.headers["etag"]})
    assert (rest.status_code, rest.content) == (206, SOUND[4000:])
    assert shelf.ask(path, Range=f"bytes={len(SOUND)}-").status_code == 416
    head = shelf.ask(path, method="HEAD")
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(SOUND)))
    assert shelf.ask(f"/files/{item}/an-older-title.mp3").content == SOUND
    for name in ("a.exe", "info.json", "subtitles-1.vtt", "picture.png", "a.mp3%2Fb"):
        assert shelf.ask(f"/files/{item}/{name}").status_code == 404, name


@pytest.mark.once
def test_subrip_is_offered_as_webvtt_too(shelf: Shelf) -> None:
    item = shelf.save(kind="video", subtitles=(".srt",))
    path = shelf.context.settings.media_root / f"{shelf.user_id}-1.en.srt"
    path.write_bytes(b"1\r\n00:00:01,000 --> 00:00:02,000\r\nDrip\r\n")
    (entry,) = feed_at(shelf, "/library.xml").findall("item")
    told = [(one.get("type"), one.get("url", "")) for one in entry.findall(f"{PODCAST}transcript")]
    address = f"{PUBLIC}/feeds/{shelf.token}/files/{item}/subtitles-1"
    assert told == [("text/vtt", f"{address}.vtt"), ("application/x-subrip", f"{address}.srt")]
    answer = shelf.ask(shelf.local(told[0][1]))
    assert answer.text == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nDrip\n"
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
    assert shelf.ask(shelf.local(told[1][1])).content == path.read_bytes()


def test_opml_names_all_feeds(shelf: Shelf) -> None:
    item = shelf.save()
    shelf.link("A <channel>", [item])
    shelf.collection("Mine & ours", [item])
    answer = shelf.ask("/opml.xml")
    outlines = ElementTree.fromstring(answer.content).findall("body/outline")  # noqa: S314
    names = ["Magpie: ada", "Magpie podcasts: ada", "Mine & ours", "A <channel>"]
    assert [one.get("text") for one in outlines] == names
    assert titles(shelf, shelf.local(outlines.pop(1).get("xmlUrl", ""))) == []
    for outline in outlines:
        assert len(titles(shelf, shelf.local(outline.get("xmlUrl", "")))) == 1


def test_two_parsers_of_real_apps_read_a_feed(shelf: Shelf) -> None:
    for number in range(3):
        shelf.save(
            f"Episode {number}",
            duration=60.0 * number,
            description="About *this* & that",
            subtitles=(".vtt",),
        )
    answer = shelf.ask("/library.xml")
    address = f"{PUBLIC}/feeds/{shelf.token}/library.xml"
    feed = podcastparser.parse(address, BytesIO(answer.content))
    assert feed["title"] == "Magpie: ada"
    assert feed["cover_url"].endswith("/picture.jpg")
    by_feedparser = feedparser.parse(answer.content)
    assert not by_feedparser.bozo
    assert len(feed["episodes"]) == len(by_feedparser.entries) == 3
    for episode in feed["episodes"]:
        (enclosure,) = episode["enclosures"]
        assert (enclosure["mime_type"], enclosure["file_size"]) == ("audio/mpeg", len(SOUND))
        assert shelf.ask(shelf.local(enclosure["url"])).content == SOUND
        assert shelf.ask(shelf.local(episode["episode_art_url"])).status_code == 200
        assert episode["description"] == "About *this* & that"
    for entry, episode in zip(by_feedparser.entries, feed["episodes"], strict=True):
        assert (entry.title, entry.id) == (episode["title"], episode["guid"])
        assert entry.enclosures[0].href == episode["enclosures"][0]["url"]


def test_the_quick_look_sees_what_the_long_one_sees(shelf: Shelf) -> None:
    for number in range(6):
        shelf.save(f"No {number}", kind="gallery" if number == 4 else "audio")
    shelf.trash(shelf.made[2])
    principal = Principal(shelf.user_id, "ada", is_superuser=False)
    with shelf.context.database.read() as session:
        for choice in (Choice(holder=principal), Choice(holder=principal, limit=2)):
            rows = repository.rows(session, choice)
            held = repository.state(session, choice)
            assert held.count == len(rows)
            assert held.text == ",".join(f"{row.id}:0" for row in rows)


def test_moments_without_a_date_of_their_own(shelf: Shelf) -> None:
    shelf.save("Old", published_at=datetime(1970, 1, 1, tzinfo=UTC) - timedelta(days=400))
    shelf.save("Undated")
    dates = [item.findtext("pubDate") for item in feed_at(shelf, "/library.xml").findall("item")]
    assert dates == ["Sun, 01 Mar 2026 12:02:00 GMT", "Wed, 27 Nov 1968 00:00:00 GMT"]
