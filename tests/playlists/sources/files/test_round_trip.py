"""A file that was written says the same when it is read again, whatever the songs are called."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.playlists.sources import reading
from magpie.playlists.sources.files import service
from magpie.playlists.sources.files.facts import Entry, facts_of, path_text, track_of
from magpie.playlists.sources.port import SourceFailed
from magpie.playlists.tracks import Track
from tests.support.platforms.hostile import HOSTILE_TITLES

pytestmark = pytest.mark.once

_words = st.text(max_size=40) | st.sampled_from([title[:300] for title in HOSTILE_TITLES])
_names = _words.map(reading.clean).filter(bool)
_maybe = st.none() | _names
_urls = st.none() | st.sampled_from(
    ["https://music.163.com/song?id=1", "https://x.example/a?b=c&d=%20,;\"'"[:-2]]
)
_paths = st.none() | st.sampled_from(
    [
        "/music/晴天.flac",
        r"C:\Music\a b.mp3",
        "rel/#1.mp3",
        "#1.mp3",
        "/a%20b/c?d.mp3",
        "\\\\nas\\x.flac",
        "=1.mp3",
    ]
)
_songs = st.builds(
    Track,
    id=st.just(""),
    title=_names,
    artists=st.lists(_names, max_size=4, unique=True).map(tuple),
    album=_maybe,
    album_artist=_maybe,
    duration=st.none() | st.floats(0.01, 86_400) | st.integers(1, 4000).map(float),
    isrc=st.none() | st.sampled_from(["TWA450312345", "USRC17607839"]),
    mbid=st.none() | st.just("8e3b4c2a-1d5f-4b6a-9c7d-0e1f2a3b4c5d"),
    source=st.none() | st.just("netease"),
    source_id=st.none() | st.just("186016"),
    url=_urls,
    cover_url=_urls,
    is_available=st.booleans(),
    path=st.none() | _paths,
    aliases=st.lists(_names, max_size=3, unique=True).map(tuple),
)
_entries = st.builds(
    Entry, _songs, st.none() | st.builds(Track, id=st.just("s1"), title=_names, path=_paths | st.none())
)


def expected(entry: Entry) -> Track:
    """The wanted song, with the path of what was found for it."""
    song = entry.wanted
    aliases = tuple(name for name in song.aliases if name != song.title)
    return replace(song, id="", path=entry.path, aliases=aliases)


@pytest.mark.parametrize("kind", sorted(service.FORMATS))
@given(title=_names, entries=st.lists(_entries, max_size=8))
@settings(max_examples=40, deadline=None)
def test_the_same_songs_come_back(kind: str, title: str, entries: list[Entry]) -> None:
    data = service.write(kind, title, entries)
    found = service.read(f"x{service.FORMATS[kind].endings[0]}", data)
    assert [replace(track, id="") for track in found.tracks] == [expected(entry) for entry in entries]
    if entries or kind != "csv":
        assert found.title == title
    assert (found.is_complete, found.total) == (True, len(entries))
    assert service.format_of("", data) == kind or kind == "csv"


@given(_songs)
def test_facts_are_the_song(song: Track) -> None:
    found = track_of(facts_of(Entry(song)))
    assert found is not None
    assert replace(found, id="") == replace(expected(Entry(song)), path=path_text(song.path))


@given(st.binary(max_size=300), st.sampled_from(["a.m3u", "a.csv", "a.jspf", "a.xspf", "a"]))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    assert all(title for title in _titles_or_refusal(name, data))


def _titles_or_refusal(name: str, data: bytes) -> list[str]:
    try:
        return [track.title for track in service.read(name, data).tracks]
    except SourceFailed as failure:
        return [failure.message] if failure.reason == "unreadable" else [""]


ENTRIES = [
    Entry(
        Track(
            id="1",
            title="晴天 & <more>",
            artists=("周杰伦",),
            album="叶惠美",
            duration=269.2,
            isrc="TWA450312345",
        ),
        Track(id="9", title="晴天", path="/music/周杰伦/晴天.flac"),
    ),
    Entry(Track(id="2", title="Lost, forever", artists=("Tyler, The Creator", "A;B"), is_available=False)),
]


def test_players_see_only_what_can_be_played() -> None:
    """Others read a line without a # as a file, and nothing else."""
    lines = service.write("m3u", "夜里", ENTRIES).decode().splitlines()
    assert lines[0] == "#EXTM3U"
    assert [line for line in lines if not line.startswith("#")] == ["/music/周杰伦/晴天.flac"]
    assert "#EXTINF:269,周杰伦 - 晴天 & <more>" in lines
    assert "# missing: Tyler, The Creator, A;B - Lost, forever" in lines


def test_spreadsheets_see_text_and_no_formulas() -> None:
    entries = [
        Entry(Track(id="1", title=title, artists=(title,))) for title in ("=1+1", "+1", "-1", "@x", "'=1")
    ]
    data = service.write("csv", "=title", entries)
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert all(cell[:1] not in ("=", "+", "-", "@") for row in table for cell in row)
    assert [track.title for track in service.read("x.csv", data).tracks] == ["=1+1", "+1", "-1", "@x", "'=1"]


def test_jspf_and_xspf_are_what_their_formats_say() -> None:
    playlist = json.loads(service.write("jspf", "夜里", ENTRIES))["playlist"]
    assert playlist["track"][0]["duration"] == 269_200
    assert playlist["track"][0]["location"] == [
        "file:///music/%E5%91%A8%E6%9D%B0%E4%BC%A6/%E6%99%B4%E5%A4%A9.flac"
    ]
    assert "location" not in playlist["track"][1]
    root = ElementTree.fromstring(service.write("xspf", "夜里", ENTRIES))  # noqa: S314  our own
    space = {"x": "http://xspf.org/ns/0/"}
    assert [found.text for found in root.findall(".//x:track/x:title", space)] == [
        "晴天 & <more>",
        "Lost, forever",
    ]
    assert len(root.findall(".//x:location", space)) == 1


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("夜里开车", "夜里开车.csv"),
        ("../../etc", "_.._etc.csv"),
        ("a/b\\c:d", "a_b_c_d.csv"),
        ("", "playlist.csv"),
    ],
)
def test_names_of_files(title: str, name: str) -> None:
    assert service.file_name("csv", title) == name
