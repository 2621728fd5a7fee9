"""Files as other programs write them."""

from __future__ import annotations

import codecs
import json

import pytest

from magpie.playlists.sources import reading
from magpie.playlists.sources.files import service
from magpie.playlists.sources.files.facts import Entry
from magpie.playlists.sources.port import SourceFailed
from magpie.playlists.tracks import Track

pytestmark = pytest.mark.once

SPOTIFY = "4uLU6hMCjMI75M1A2tKUQC"


def read(name: str, data: str | bytes) -> tuple[Track, ...]:
    found = service.read(name, data.encode() if isinstance(data, str) else data)
    assert found.is_complete
    return found.tracks


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(SourceFailed) as caught:
        service.read(name, data)
    assert caught.value.reason == "unreadable"
    return caught.value.message


class TestM3U:
    TEXT = (
        "#EXTM3U\r\n#PLAYLIST:夜里开车\r\n"
        "#EXTINF:269,周杰伦 - 晴天\r\n#EXTALB:叶惠美\r\n#EXTGENRE:Pop\r\n/music/周杰伦/晴天.flac\r\n"
        '\r\n#EXTINF:-1 tvg-id="a,b" group-title="x",Beyoncé – Déjà Vu\r\nhttps://radio.example/stream\r\n'
        "../陈奕迅/03 - 十年.mp3\r\n"
    )

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_marks_and_line_ends(self, encoding: str) -> None:
        found = service.read("list.m3u8", self.TEXT.encode(encoding))
        first, second, third = found.tracks
        assert found.title == "夜里开车"
        assert (first.title, first.artists, first.album, first.duration) == (
            "晴天",
            ("周杰伦",),
            "叶惠美",
            269.0,
        )
        assert first.path == "/music/周杰伦/晴天.flac"
        assert (second.title, second.artists, second.duration) == ("Déjà Vu", ("Beyoncé",), None)
        assert (second.path, second.url) == (None, "https://radio.example/stream")
        assert (third.title, third.path) == ("十年", "../陈奕迅/03 - 十年.mp3")

    @pytest.mark.parametrize(
        ("encoding", "shown"),
        [
            ("gbk", "周杰伦 - 晴天"),
            ("gb18030", "邓紫棋 - 泡沫 (Live版)"),
            ("cp1252", "Beyoncé - Déjà Vu"),
            ("latin-1", "Björk - Jóga"),
            ("latin-1", "Sigur Rós - Ágætis byrjun"),
            ("latin-1", "Motörhead - Überraschung für Señor Ñandú"),
        ],
    )
    def test_encodings_without_marks(self, encoding: str, shown: str) -> None:
        [track] = read("list.m3u", f"#EXTM3U\n#EXTINF:10,{shown}\na.mp3\n".encode(encoding))
        assert f"{track.artists[0]} - {track.title}" == shown

    def test_plain_lists_of_files(self) -> None:
        found = read(
            "list.m3u", "C:\\Music\\周杰伦 - 晴天.mp3\nD:/b/02. Adele - Hello.flac\nfile:///m/a%20b.ogg\n"
        )
        assert [(track.artists, track.title) for track in found] == [
            (("周杰伦",), "晴天"),
            (("Adele",), "Hello"),
            ((), "a b"),
        ]
        assert [track.path for track in found] == [
            "C:\\Music\\周杰伦 - 晴天.mp3",
            "D:/b/02. Adele - Hello.flac",
            "/m/a b.ogg",
        ]

    def test_an_artist_with_a_dash(self) -> None:
        [track] = read("a.m3u", "#EXTINF:1,A - ha - Take On Me\n#EXTART:A - ha\nx.mp3\n")
        assert (track.artists, track.title) == (("A - ha",), "Take On Me")

    def test_doubles_and_order(self) -> None:
        found = read("a.m3u", "b - 2.mp3\na - 1.mp3\nb - 2.mp3\n")
        assert [track.title for track in found] == ["2", "1", "2"]
        assert found[0].id == found[2].id != found[1].id

    def test_a_stream_is_no_playlist(self) -> None:
        assert "stream" in refusal("a.m3u8", b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nseg1.ts\n")

    def test_an_empty_one(self) -> None:
        assert read("a.m3u", b"") == ()

    def test_forged_facts_are_only_facts(self) -> None:
        [track] = read(
            "a.m3u", '#MAGPIE:{"title": "x\\u0000y", "url": "javascript:1", "duration": 1e999, "path": 7}\n'
        )
        assert (track.title, track.url, track.duration, track.path) == ("x y", None, None, None)


class TestCsv:
    def test_exportify(self) -> None:
        [track] = read(
            "liked.csv",
            '"Track URI","Track Name","Album Name","Artist Name(s)","Release Date","Track Duration (ms)",'
            '"Popularity","Explicit","Added By","Added At","ISRC"\n'
            f'"spotify:track:{SPOTIFY}","Hello, ""Goodbye""","Album","Tyler, The Creator;Kali Uchis","2017-10-26",'
            '180020,80,true,,2024-01-01T00:00:00Z,"USRC17607839"\n',
        )
        assert (track.title, track.artists) == ('Hello, "Goodbye"', ("Tyler, The Creator", "Kali Uchis"))
        assert (track.duration, track.isrc, track.album) == (180.02, "USRC17607839", "Album")
        assert (track.source, track.source_id) == ("spotify", SPOTIFY)

    def test_tune_my_music(self) -> None:
        found = service.read(
            "x.csv",
            "Track name, Artist name, Album, Playlist name, Type, ISRC, Spotify - id\r\n"
            f"晴天, 周杰伦, 叶惠美, 夜里开车, Playlist, TWA450312345, {SPOTIFY}\r\n".encode(),
        )
        [track] = found.tracks
        assert (found.title, track.title, track.artists) == ("夜里开车", "晴天", ("周杰伦",))
        assert (track.isrc, track.source_id) == ("TWA450312345", SPOTIFY)

    def test_soundiiz(self) -> None:
        [track] = read("x.csv", 'title;artist;album;isrc\n"Some; title";Adele;25;\n')
        assert (track.title, track.artists, track.album, track.isrc) == (
            "Some; title",
            ("Adele",),
            "25",
            None,
        )

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
    def test_chinese_columns(self, encoding: str) -> None:
        data = "歌名\t歌手\t专辑\t时长\n晴天\t周杰伦\t叶惠美\t4:29\n".encode(encoding)
        [track] = read("歌单.tsv", data)
        assert (track.title, track.artists, track.album, track.duration) == (
            "晴天",
            ("周杰伦",),
            "叶惠美",
            269.0,
        )

    @pytest.mark.parametrize(
        ("cell", "seconds"),
        [("269", 269.0), ("4:29", 269.0), ("1:04:29", 3869.0), ("269000", 269.0), ("", None), ("x", None)],
    )
    def test_lengths(self, cell: str, seconds: float | None) -> None:
        [track] = read("x.csv", f"title,artist,duration\na,b,{cell}\n")
        assert track.duration == seconds

    def test_quoted_line_ends_and_empty_lines(self) -> None:
        found = read("x.csv", 'Title,Artist\r\n"two\r\nlines",A\r\n\r\n,,\r\nb,B\r\n')
        assert [track.title for track in found] == ["two lines", "b"]

    def test_lines_without_a_title_make_it_incomplete(self) -> None:
        found = service.read("x.csv", b"Title,Artist\na,A\n,B\nc,C\n")
        assert (len(found.tracks), found.total, found.is_complete) == (2, 3, False)
        assert found.note == "2 of 3 songs came."

    def test_columns_have_to_be_named(self) -> None:
        assert "name the columns" in refusal("x.csv", b"Hello,Adele,25\n")

    def test_a_field_that_never_ends(self) -> None:
        refusal("x.csv", b'Title,Artist\n"' + b"a" * 200_000)


class TestJspf:
    def test_listenbrainz(self) -> None:
        mbid = "8e3b4c2a-1d5f-4b6a-9c7d-0e1f2a3b4c5d"
        row = {
            "title": "晴天",
            "creator": "周杰伦",
            "identifier": f"https://musicbrainz.org/recording/{mbid}",
        }
        found = service.read("x.jspf", json.dumps({"playlist": {"title": "T", "track": [row]}}).encode())
        assert (found.title, found.tracks[0].mbid, found.tracks[0].artists) == ("T", mbid, ("周杰伦",))

    @pytest.mark.parametrize(
        "data", [b"{", b"{}", b'{"playlist": {}}', b'{"playlist": {"track": 7}}', b"{" * 100_000]
    )
    def test_what_is_none(self, data: bytes) -> None:
        refusal("x.jspf", data)

    def test_rows_that_are_none(self) -> None:
        found = service.read("x", b'{"playlist": {"track": [7, {}, {"title": "a"}, {"title": {"b": 1}}]}}')
        assert (len(found.tracks), found.total, found.is_complete) == (1, 4, False)


class TestXspf:
    TEXT = """<?xml version="1.0" encoding="UTF-8"?>
<playlist version="1" xmlns="http://xspf.org/ns/0/"><title>夜里</title><trackList>
<track><location>file:///music/a%20b.flac</location><title>晴天 &amp; more</title><creator>周杰伦</creator>
<album>叶惠美</album><duration>269000</duration>
<identifier>https://musicbrainz.org/recording/8e3b4c2a-1d5f-4b6a-9c7d-0e1f2a3b4c5d</identifier></track>
<track><title><![CDATA[<b>]]></title></track></trackList></playlist>"""

    def test_as_others_write_it(self) -> None:
        first, second = read("x.xspf", self.TEXT)
        assert (first.title, first.artists, first.album, first.duration) == (
            "晴天 & more",
            ("周杰伦",),
            "叶惠美",
            269.0,
        )
        assert (first.path, first.mbid) == ("/music/a b.flac", "8e3b4c2a-1d5f-4b6a-9c7d-0e1f2a3b4c5d")
        assert second.title == "<b>"

    @pytest.mark.parametrize(
        "head",
        [
            '<!DOCTYPE playlist SYSTEM "http://evil.example/x.dtd">',
            '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        ],
    )
    def test_document_types_are_refused(self, head: str) -> None:
        message = refusal("x.xspf", self.TEXT.replace("<playlist", f"{head}<playlist", 1).encode())
        assert "document type" in message

    @pytest.mark.parametrize(
        "data",
        [
            b"<",
            b"<html/>",
            b"<a>" * 50,
            b"<playlist>",
            b'<?xml version="1.0" encoding="nonsense"?><playlist/>',
        ],
    )
    def test_what_is_none(self, data: bytes) -> None:
        refusal("x.xspf", data)


def test_the_content_says_what_it_is() -> None:
    assert service.format_of("x.csv", TestXspf.TEXT.encode()) == "xspf"
    assert service.format_of("x.csv", b'\xef\xbb\xbf {"playlist": {}}') == "jspf"
    assert service.format_of("x.txt", codecs.BOM_UTF16_LE + "#EXTM3U".encode("utf-16-le")) == "m3u"
    assert service.format_of("x.CSV", b"Title") == "csv"


def test_large_files_are_refused() -> None:
    assert "16 MB" in refusal("x.m3u", b"#" * (service.MAX_BYTES + 1))


@pytest.mark.parametrize("kind", sorted(service.FORMATS))
def test_too_many_songs_are_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = service.write(kind, "many", [Entry(Track(id="", title=f"song {number}")) for number in range(101)])
    ending = service.FORMATS[kind].endings[0]
    assert len(read(f"x{ending}", data)) == 101
    monkeypatch.setattr(reading, "MAX_TRACKS", 100)
    assert "more than 100 songs" in refusal(f"x{ending}", data)
