"""What files say of themselves: by their tags, else by where they lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.library.care.readers import Readers
from magpie.library.care.tags import NoMedia, of_path, read
from tests.library.care.conftest import write_film, write_sound

TAGS: dict[str, str | list[str]] = {
    "title": "晴天", "artist": ["周杰伦", "Lara"], "album": "叶惠美", "albumartist": "周杰伦",
    "tracknumber": "3/11", "discnumber": "1/1", "genre": "Mandopop", "date": "2003-07-31",
}  # fmt: skip


@pytest.mark.parametrize("ending", ["mp3", "flac", "opus", "m4a"])
def test_tags_win_over_names(ending: str, tmp_path: Path) -> None:
    more = {} if ending == "m4a" else {"isrc": "TWA450300303"}
    path = write_sound(tmp_path / f"x.{ending}", **TAGS, **more)
    facts = read(str(path), f"Music/Somebody/Something/07 Else.{ending}")
    assert (facts.title, facts.artist, facts.album, facts.album_artist) == (
        "晴天",
        "周杰伦; Lara",
        "叶惠美",
        "周杰伦",
    )
    assert (facts.track_number, facts.disc_number, facts.genre, facts.date) == (
        3,
        1,
        "Mandopop",
        "2003-07-31",
    )
    assert facts.isrc == more.get("isrc")
    assert facts.kind == "audio"
    assert facts.duration == pytest.approx(0.5, abs=0.1)


def test_without_tags_the_place_says_it(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "x.mp3")
    facts = read(str(path), "Music/Nina Simone/Pastel Blues/2-07 Sinnerman.mp3")
    assert (facts.artist, facts.album, facts.title) == ("Nina Simone", "Pastel Blues", "Sinnerman")
    assert (facts.disc_number, facts.track_number) == (2, 7)


def test_a_film_has_its_size_and_its_name(tmp_path: Path) -> None:
    path = write_film(tmp_path / "x.mp4")
    facts = read(str(path), "Videos/A Channel/A walk in the rain [dQw4w9WgXcQ].mp4")
    assert (facts.kind, facts.title, facts.width, facts.height) == ("video", "A walk in the rain", 64, 48)


def test_sound_in_a_films_container_is_sound(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "x.mka")
    assert read(str(path), "a/x.webm").kind == "audio"


@pytest.mark.parametrize("ending", ["mp3", "flac", "m4a", "mp4", "mkv", "ogg", "wav"])
@pytest.mark.parametrize(
    "data", [b"x", b"<html>no</html>" * 100, b"\x00" * 4096, b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f"]
)
def test_what_is_no_media_is_said_to_be_none(ending: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"x.{ending}"
    path.write_bytes(data)
    with pytest.raises(NoMedia):
        read(str(path), path.name)


@given(
    st.lists(
        st.text(min_size=1, max_size=20).filter(lambda t: "/" not in t and t.strip(". ")),
        min_size=1,
        max_size=5,
    )
)
def test_any_path_gives_a_title(parts: list[str]) -> None:
    named = of_path("/".join(parts) + ".mp3", "audio")
    assert named.title
    assert named.track_number is None or named.track_number > 0


def test_a_reader_that_dies_gives_up_the_deadly_file_only(tmp_path: Path) -> None:
    good = [write_sound(tmp_path / f"{number}.mp3", title=str(number)) for number in range(5)]
    deadly = (
        tmp_path / "deadly.mp3"
    )  # a device without an end, as no disk has it: stands for what kills a reader
    deadly.symlink_to("/dev/zero")
    files = [(str(path), path.name) for path in (*good[:3], deadly, *good[3:])]
    with Readers(2) as readers:
        answers = [facts for _, batch in readers.read([("a", files), ("b", files[:2])]) for facts in batch]
    titles = [facts.title if facts else None for facts in answers]
    assert titles == ["0", "1", "2", None, "3", "4", "0", "1"]
