"""Artwork: follows from the title alone, for any title."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from magpie.podcasts.mastering.cover import SIZE, adopt, draw, initials


def drawn(title: str, into: Path) -> bytes:
    draw(title, into)
    with Image.open(into) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (SIZE, SIZE))
        assert len(picture.resize((20, 20)).getcolors(400) or ()) > 5  # something is on it
    return into.read_bytes()


def test_the_same_title_has_the_same_cover(tmp_path: Path) -> None:
    titles = ["How Bees Decide", "人工智能", "", "  ", "😀", "a" * 5000]
    made = {drawn(title, tmp_path / f"{number}.jpg") for number, title in enumerate(titles)}
    assert len(made) == len(titles)
    assert drawn(titles[1], tmp_path / "again.jpg") in made
    assert all(20_000 < len(one) < 500_000 for one in made)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("How Bees Decide", "HBD"),
        ("the quiet art", "TQA"),
        ("“Zen” and so on", "Z"),
        ("人工智能", ""),
        ("三体 3", "3"),
        ("", ""),
        ("Été à Nice", "N"),
    ],
)
def test_initials_are_those_the_font_has(title: str, expected: str) -> None:
    assert initials(title) == expected


def test_a_picture_of_ones_own_becomes_a_square(tmp_path: Path) -> None:
    Image.new("RGBA", (640, 320), (200, 10, 10, 255)).save(tmp_path / "wide.png")
    adopt(tmp_path / "wide.png", tmp_path / "cover.jpg")
    with Image.open(tmp_path / "cover.jpg") as picture:
        assert (picture.format, picture.size) == ("JPEG", (SIZE, SIZE))


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\nand nothing", b"<svg/>"])
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "given").write_bytes(content)
    with pytest.raises(ValueError, match="picture"):
        adopt(tmp_path / "given", tmp_path / "cover.jpg")
    assert not (tmp_path / "cover.jpg").exists()


def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    Image.new("1", (12_000, 5_000)).save(tmp_path / "bomb.png")
    with pytest.raises(ValueError, match="picture"):
        adopt(tmp_path / "bomb.png", tmp_path / "cover.jpg")
