"""What files of other programs hold."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.downloads.addresses import Fault
from magpie.kit.errors import RuleBroken
from magpie.links.imports import detect
from magpie.links.imports.reading import MAX_FOUND, MAX_PROBLEMS, Kind, Trouble

CHANNEL = "UC" + "abcdefghij" * 2 + "kl"
CHANNEL_URL = f"https://www.youtube.com/channel/{CHANNEL}"


def urls(data: bytes) -> list[str]:
    return [one.url for one in detect.read(data).found]


def opml(*outlines: str, before: str = "") -> bytes:
    body = "".join(outlines)
    return f'<?xml version="1.0"?>{before}<opml version="2.0"><body>{body}</body></opml>'.encode()


class TestOpml:
    def test_podcasts_and_folders(self) -> None:
        data = opml(
            '<outline text="Talks"><outline type="rss" text="Birds &amp; co" xmlUrl="https://a.example/feed.xml" '
            'htmlUrl="https://a.example/"/></outline>',
            '<outline title="Nest" text="x" XMLURL="https://b.example/rss"/>',
            '<outline text="no address"/>',
            '<outline text="twice" xmlUrl="https://a.example/feed.xml"/>',
        )
        reading = detect.read(data)
        assert reading.kind is Kind.OPML
        assert [(one.url, one.name) for one in reading.found] == [
            ("https://a.example/feed.xml", "Birds & co"),
            ("https://b.example/rss", "Nest"),
        ]

    def test_feeds_of_youtube_become_channels(self) -> None:
        feed = f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"
        assert urls(opml(f'<outline xmlUrl="{feed}"/>')) == [CHANNEL_URL]

    def test_pinchflat_names_its_own_feeds(self) -> None:
        outline = (
            f'<outline xmlUrl="http://pinchflat.local/sources/1/feed" htmlUrl="{CHANNEL_URL}" text="x"/>'
        )
        assert urls(opml(outline)) == [CHANNEL_URL]

    def test_what_is_wrong_is_told_and_the_rest_read(self) -> None:
        reading = detect.read(
            opml('<outline xmlUrl="ftp://a.example"/><outline xmlUrl="https://b.example"/>')
        )
        assert [one.url for one in reading.found] == ["https://b.example"]
        assert "web addresses" in reading.problems[0].message

    def test_a_file_that_breaks_off_gives_what_it_has(self) -> None:
        reading = detect.read(opml('<outline xmlUrl="https://a.example"/>')[:-10])
        assert [one.url for one in reading.found] == ["https://a.example"]
        assert "not XML" in reading.problems[-1].message

    @pytest.mark.parametrize(
        "before",
        [
            '<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
            '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE opml SYSTEM "http://169.254.169.254/dtd">',
            '<!DOCTYPE opml [<!ENTITY % p SYSTEM "http://a.example/p"> %p;]>',
        ],
    )
    def test_entities_are_refused(self, before: str) -> None:
        with pytest.raises(RuleBroken, match="entities"):
            detect.read(opml('<outline text="&b;" xmlUrl="https://a.example"/>', before=before))

    @pytest.mark.parametrize("data", [b"<html></html>", b"<opml><body>", b"<" * 1000, b"<a>" * 5000])
    def test_other_xml_is_refused(self, data: bytes) -> None:
        with pytest.raises(RuleBroken):
            detect.read(data)


class TestTables:
    @pytest.mark.parametrize(
        "header",
        [
            "Channel Id,Channel Url,Channel Title",
            "Kanal-ID,Kanal-URL,Kanaltitel",
            "频道 ID,频道网址,频道名称",
            "ID du canal,URL du canal,Titre du canal",
        ],
    )
    def test_takeout_in_any_language(self, header: str) -> None:
        row = f'{CHANNEL},http://www.youtube.com/channel/{CHANNEL},"Birds, ""big"" ones"'
        reading = detect.read(f"\ufeff{header}\r\n{row}\r\n\r\n".encode())
        assert reading.kind is Kind.TAKEOUT
        assert [(one.url, one.name) for one in reading.found] == [
            (f"http://www.youtube.com/channel/{CHANNEL}", 'Birds, "big" ones')
        ]
        assert reading.problems == []

    def test_other_tables(self) -> None:
        data = b"id;name;url\n1;Birds;https://a.example/b\n2;Trees;\n3;Hills;https://a.example/h\n"
        reading = detect.read(data)
        assert reading.kind is Kind.CSV
        assert [(one.url, one.name, one.line) for one in reading.found] == [
            ("https://a.example/b", "Birds", 2),
            ("https://a.example/h", "Hills", 4),
        ]
        assert [(one.line, one.text) for one in reading.problems] == [(3, "2,Trees,")]

    def test_quotes_that_are_not_closed(self) -> None:
        body = "".join(f"{n},https://a.example/{n},x\n" for n in range(3)) + '4,"' + "x" * 200_000
        reading = detect.read(("id,url,name\n" + body).encode())
        assert len(reading.found) == 3
        assert "The rest" in reading.problems[-1].message


class TestLines:
    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("nothing", Trouble.NO_ADDRESS),
            ("https://" + "a" * 9000, Trouble.ADDRESS_TOO_LONG),
            ("https://a.example/\x01", Trouble.ADDRESS_SPACES),
            ("https://[a", Trouble.ADDRESS_INVALID),
            ("https://", Trouble.ADDRESS_NOT_WEB),
            ("https://a:b@c.example", Trouble.ADDRESS_CREDENTIALS),
        ],
    )
    def test_what_is_wrong_with_a_line(self, line: str, reason: Trouble) -> None:
        (problem,) = detect.read(f"https://b.example\n{line}\n".encode()).problems
        assert (problem.reason, problem.line) == (reason, 2)

    def test_every_fault_of_an_address_has_a_reason(self) -> None:
        assert {f"address_{fault}" for fault in Fault} <= set(Trouble)

    def test_a_list(self) -> None:
        data = f"# mine\nhttps://a.example/ birds\n\nwhat\n{CHANNEL}\nhttps://a.example/\n".encode()
        reading = detect.read(data)
        assert reading.kind is Kind.LIST
        assert [(one.url, one.name) for one in reading.found] == [
            ("https://a.example/", "birds"),
            (CHANNEL_URL, None),
        ]
        assert [(one.line, one.text) for one in reading.problems] == [(4, "what")]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    def test_encodings(self, encoding: str) -> None:
        assert urls("https://a.example/喜鹊\n".encode(encoding)) == ["https://a.example/喜鹊"]

    def test_an_archive(self) -> None:
        data = b"youtube dQw4w9WgXcQ\nBiliBili BV1xx\nyoutube dQw4w9WgXcQ\n" * 10 + b"broken\n"
        reading = detect.read(data)
        assert reading.kind is Kind.ARCHIVE
        assert reading.archived == ["youtube dQw4w9WgXcQ", "bilibili BV1xx"]
        assert [one.text for one in reading.problems] == ["broken"]
        assert reading.found == []


class TestJson:
    def test_newpipe(self) -> None:
        data = {"app_version": "1", "subscriptions": [{"service_id": 0, "url": CHANNEL_URL, "name": "Birds"}]}
        (found,) = detect.read(json.dumps(data).encode()).found
        assert (found.url, found.name) == (CHANNEL_URL, "Birds")

    def test_freetube_writes_a_document_a_line(self) -> None:
        line = json.dumps({"_id": "allChannels", "subscriptions": [{"id": CHANNEL, "name": "Birds"}]})
        reading = detect.read(f"{line}\n{line}\nnot one\n".encode())
        assert [(one.url, one.line) for one in reading.found] == [(CHANNEL_URL, 1)]
        assert [one.line for one in reading.problems] == [3]

    def test_tubesync(self) -> None:
        records = [
            {"model": "sync.source", "fields": {"source_type": "c", "key": "birds", "name": "Birds"}},
            {"model": "sync.source", "fields": {"source_type": "p", "key": "PL0123456789", "name": "List"}},
        ]
        assert urls(json.dumps(records).encode()) == [
            "https://www.youtube.com/c/birds",
            "https://www.youtube.com/playlist?list=PL0123456789",
        ]

    def test_tube_archivist(self) -> None:
        data = {
            "data": [{"channel_id": CHANNEL, "channel_name": "Birds", "channel_thumb_url": "/cache/x.jpg"}]
        }
        (found,) = detect.read(json.dumps(data).encode()).found
        assert (found.url, found.name) == (CHANNEL_URL, "Birds")

    @pytest.mark.parametrize("data", [b"[" * 100_000, b"{", b"[" + b"9" * 5000 + b"]", b"[1, 2]"])
    def test_what_holds_nothing_is_refused(self, data: bytes) -> None:
        with pytest.raises(RuleBroken):
            detect.read(data)


class TestBounds:
    def test_only_so_many_are_taken(self) -> None:
        reading = detect.read("".join(f"https://a.example/{n}\n" for n in range(MAX_FOUND + 5)).encode())
        assert len(reading.found) == MAX_FOUND
        assert str(MAX_FOUND) in reading.problems[0].message

    def test_only_so_many_problems_are_told(self) -> None:
        data = b"https://a.example\n" + b"nonsense \x1b[31m words\n" * (2 * MAX_PROBLEMS)
        reading = detect.read(data)
        assert len(reading.problems) == MAX_PROBLEMS
        assert "\x1b" not in str(reading.problems[0].text)

    def test_a_large_file_is_read_in_a_moment(self) -> None:
        data = opml(*(f'<outline text="n{n}" xmlUrl="https://a.example/{n}"/>' for n in range(100_000)))
        started = time.process_time()
        assert len(detect.read(data).found) == MAX_FOUND
        assert time.process_time() - started < 30

    @pytest.mark.parametrize(
        "data", [b"", b"\xef\xbb\xbf", b" \n\n", b"there are just words\nand some more\n"]
    )
    def test_nothing_is_said_to_be_nothing(self, data: bytes) -> None:
        with pytest.raises(RuleBroken):
            detect.read(data)


PIECES = st.sampled_from(
    [
        b"<opml>", b"<outline xmlUrl='http://a.example'/>", b"</opml>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;",
        b"{", b"}", b"[", b"]", b'"url"', b":", b'"http://a.example"', b",", b"\n", b'"', b";", b"\t",
        b"http://a.example/", b"youtube abc", CHANNEL.encode(), b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"\xed\xa0\x80",
    ]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=20).map(b"".join)))
def test_no_file_does_harm(data: bytes) -> None:
    try:
        reading = detect.read(data)
    except RuleBroken:
        return
    for found in reading.found:
        assert found.url.lower().startswith(("http://", "https://"))
        assert "\0" not in found.url
        assert found.name is None or found.name.isprintable()
    for key in reading.archived:
        assert key.isprintable()
        assert len(key) <= 255
