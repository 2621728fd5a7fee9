"""Whatever a site calls a medium, its files get valid names of their own inside the library."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.downloads.extractors.port import Kind, Medium, Role, SavedFile
from magpie.kit.paths import below, safe_name
from magpie.library.naming import CORNER, paths_for

HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "..",
            "../../../etc/passwd",
            "/etc/passwd",
            "C:\\x",
            "con",
            ".magpie",
            "a" * 400,
            "晴" * 200,
            "",
            "\0",
            ".",
        ]
    ),
)
KEY = "0123456789abcdef0123456789abcdef"
FILES = st.lists(
    st.builds(
        SavedFile,
        name=st.one_of(
            st.sampled_from(
                ["media.mp4", "x.MP4", "y.mp4\n", "no-ending", ".vtt", "a.b/c", "s.en.vtt", "i.info.json"]
            ),
            HOSTILE,
        ),
        role=st.sampled_from(Role),
        size=st.just(1),
        mime=st.just("video/mp4"),
        language=st.one_of(st.none(), st.sampled_from(["en", "EN", "en-GB", "zh-Hans"]), HOSTILE),
    ),
    min_size=1,
    max_size=6,
).map(tuple)


@st.composite
def media(draw: st.DrawFn) -> Medium:
    return Medium(
        extractor=draw(st.sampled_from(["direct", "ytdlp", "other"])),
        source_id=draw(st.one_of(st.sampled_from(["dQw4w9WgXcQ", "abc\n"]), HOSTILE)),
        kind=draw(st.sampled_from(Kind)),
        title=draw(HOSTILE),
        url="https://example.org/",
        artist=draw(st.one_of(st.none(), HOSTILE)),
        album=draw(st.one_of(st.none(), HOSTILE)),
    )


@given(media(), FILES, HOSTILE, st.integers(min_value=1, max_value=9999))
def test_paths_are_valid_contained_and_distinct(
    medium: Medium, files: tuple[SavedFile, ...], site: str, number: int
) -> None:
    paths = paths_for(medium, files, site, KEY, number)
    assert len(paths) == len(files)
    assert len({path.casefold() for path in paths}) == len(paths)
    root = Path("/tmp/a-media-root-that-is-not-there")
    for path, file in zip(paths, files, strict=True):
        assert below(root, path) == root / path
        *folders, name = PurePosixPath(path).parts
        assert (folders[0] == CORNER) is (file.role is Role.THUMBNAIL)
        assert 2 <= len(folders) <= 3
        assert len(name.encode()) <= 255
        for part in (*folders[1:], name):
            assert safe_name(part, max_bytes=255) == part


@given(media(), FILES, HOSTILE)
def test_further_names_differ_from_the_first(medium: Medium, files: tuple[SavedFile, ...], site: str) -> None:
    """So that the search for free names comes to an end."""
    names = {paths_for(medium, files, site, KEY, number)[0] for number in range(1, 5)}
    assert len(names) == 4


def named(kind: Kind, *files: SavedFile, artist: str | None = None, album: str | None = None) -> list[str]:
    medium = Medium("ytdlp", "dQw4w9WgXcQ", kind, "A: Title", "https://x.example/", artist, album)
    return paths_for(medium, files, "youtube", KEY)


def saved(name: str, role: Role = Role.MEDIA, language: str | None = None) -> SavedFile:
    return SavedFile(name, role, 1, "x/y", language=language)


def test_a_video_lies_with_its_channel() -> None:
    files = [
        saved("x.MP4"),
        saved("x.en.vtt", Role.SUBTITLE, "en"),
        saved("x.auto.vtt", Role.SUBTITLE, "en"),
        saved("x.jpg", Role.THUMBNAIL),
        saved("x.json", Role.INFO),
    ]
    assert named(Kind.VIDEO, *files, artist="Some Channel") == [
        "Videos/Some Channel/A꞉ Title [dQw4w9WgXcQ].mp4",
        "Videos/Some Channel/A꞉ Title [dQw4w9WgXcQ].en.vtt",
        "Videos/Some Channel/A꞉ Title [dQw4w9WgXcQ].en (2).vtt",
        f".magpie/thumbnails/01/{KEY}.jpg",
        "Videos/Some Channel/A꞉ Title [dQw4w9WgXcQ].info.json",
    ]


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"artist": "Ada", "album": "First"}, "Music/Ada/First/A꞉ Title.mp3"),
        ({"artist": "Ada"}, "Music/Ada/A꞉ Title.mp3"),
        ({}, "Music/Unknown Artist/A꞉ Title.mp3"),
        ({"artist": "..", "album": "."}, "Music/Unknown Artist/untitled/A꞉ Title.mp3"),
    ],
)
def test_music_lies_with_its_artist(facts: dict[str, str], path: str) -> None:
    assert named(Kind.AUDIO, saved("x.mp3"), **facts) == [path]


def test_a_gallery_is_a_folder_of_numbers() -> None:
    files = [saved("b.jpg", Role.IMAGE), saved("a.png", Role.IMAGE), saved("t.jpg", Role.THUMBNAIL)]
    assert named(Kind.GALLERY, *files) == [
        "Galleries/youtube/A꞉ Title [dQw4w9WgXcQ]/001.jpg",
        "Galleries/youtube/A꞉ Title [dQw4w9WgXcQ]/002.png",
        f".magpie/thumbnails/01/{KEY}.jpg",
    ]
