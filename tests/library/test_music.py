"""Golden names of music as Navidrome, Plex and Jellyfin read it, and the columns by which it is sorted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.downloads.extractors.port import Kind, Medium, Role, SavedFile
from magpie.kit.paths import MAX_NAME_BYTES
from magpie.library import music
from magpie.library.models import Item
from magpie.library.naming import Naming, paths_for
from tests.library.test_naming import HOSTILE, KEY

TRACK = Medium(
    "madeup", "blue", Kind.AUDIO, "Blue", "https://x.example/", "Ada feat. Bob", "Sky",
    extra={"album_artist": "Ada", "artists": ["Ada", "Bob"], "track_number": 3, "genre": "Jazz", "isrc": "ATABC2500001"},
)  # fmt: skip
FILES = (
    SavedFile("media.opus", Role.MEDIA, 1, "audio/opus"),
    SavedFile("subtitle.lyrics.lrc", Role.SUBTITLE, 1, "text/x-lrc"),
    SavedFile("cover.jpg", Role.COVER, 1, "image/jpeg"),
)
NAVIDROME = Naming(server="navidrome")


def track(**extra: Any) -> Medium:
    return replace(TRACK, extra=TRACK.extra | extra)


@pytest.mark.parametrize(
    ("medium", "stem"),
    [
        (TRACK, "Music/Ada/Sky/03 Blue"),
        (track(disc_number=1), "Music/Ada/Sky/03 Blue"),
        (track(disc_number=1, disc_count=2), "Music/Ada/Sky/1-03 Blue"),
        (track(disc_number=2), "Music/Ada/Sky/2-03 Blue"),
        (track(track_number=None), "Music/Ada/Sky/Blue"),
        (track(track_number=112), "Music/Ada/Sky/112 Blue"),
        (track(album_artist="Various Artists"), "Music/Various Artists/Sky/03 Blue"),
        (track(album_artist=None), "Music/Ada/Sky/03 Blue"),
        (replace(TRACK, album=None), "Music/Ada/Blue"),
        (replace(TRACK, artist=None, extra={}), "Music/Unknown Artist/Sky/Blue"),
        (replace(TRACK, title="AC/DC: Live?"), "Music/Ada/Sky/03 AC⧸DC꞉ Live？"),
        (replace(TRACK, album="晴天", title="七里香"), "Music/Ada/晴天/03 七里香"),
    ],
)
def test_names(medium: Medium, stem: str) -> None:
    paths = paths_for(medium, FILES, "x", KEY, naming=NAVIDROME)
    assert paths == [f"{stem}.opus", f"{stem}.lrc", f"{stem}.jpg"]


def test_the_servers_of_videos_leave_music_where_magpie_has_it() -> None:
    for server in (None, "plex", "jellyfin", "kodi"):
        assert paths_for(TRACK, FILES[:1], "x", KEY, naming=Naming(server=server)) == [
            "Music/Ada/Sky/Blue.opus"
        ]
    video = replace(TRACK, kind=Kind.VIDEO)
    assert paths_for(video, FILES[:1], "x", KEY, naming=NAVIDROME) == [
        "Videos/Ada feat. Bob/Blue [blue].opus"
    ]


def test_the_fields_of_templates() -> None:
    naming = Naming(template="{genre}/{album_artist} - {artist}/[CD {disc} ]{track:03} {title}")
    assert paths_for(TRACK, FILES[:1], "x", KEY, naming=naming) == ["Jazz/Ada - Ada feat. Bob/003 Blue.opus"]


@given(HOSTILE, HOSTILE, HOSTILE, st.integers(-5, 10**7), st.integers(-5, 10**7))
def test_hostile_names_stay_below_the_folder(
    title: str, artist: str, album: str, number: int, disc: int
) -> None:
    medium = replace(
        TRACK, title=title, artist=artist, album=album,
        extra={"album_artist": artist, "track_number": number, "disc_number": disc, "artists": [artist]},
    )  # fmt: skip
    for path in paths_for(medium, FILES, "x", KEY, naming=NAVIDROME):
        parts = PurePosixPath(path).parts
        assert parts[0] == "Music"
        assert 3 <= len(parts) <= 4
        assert not {".", ".."} & set(parts)
        assert all(len(part.encode()) <= MAX_NAME_BYTES + 40 for part in parts)


def test_the_columns() -> None:
    item = Item()
    music.describe(item, track(disc_number="2", genre="G" * 300))
    assert (item.album_artist, item.track_number, item.disc_number, item.isrc) == (
        "Ada",
        3,
        2,
        "ATABC2500001",
    )
    assert item.genre == "G" * 128
    music.describe(
        item, replace(TRACK, extra={"track_number": 10**9, "isrc": "x", "genre": 3, "album_artist": ""})
    )
    assert not any((item.album_artist, item.track_number, item.disc_number, item.isrc, item.genre))
