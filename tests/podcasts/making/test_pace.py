"""How fast voices speak, learned from what they have said."""

from __future__ import annotations

from pathlib import Path

import pytest

from magpie.podcasts.making.pace import Paces
from magpie.podcasts.mastering.order import Clip

pytestmark = pytest.mark.once


def said(words: int) -> Clip:
    return Clip(Path("none.wav"), "Ada", " ".join(["word"] * words))


def test_a_voice_is_known_once_it_has_spoken_long_enough(tmp_path: Path) -> None:
    paces = Paces(tmp_path / "cache" / "paces.json")
    assert paces.of(["a"]) is None
    paces.learn([("a", said(10), 5.0)])
    assert paces.of(["a"]) is None
    paces.learn([("a", said(60), 30.0), ("a", said(40), 20.0), ("b", said(200), 60.0)])
    assert paces.of(["a"]) == pytest.approx(120)
    assert Paces(tmp_path / "cache" / "paces.json").of(["a", "b"]) == pytest.approx(160)
    assert paces.of(["a", "nobody"]) is None


def test_what_was_learned_later_counts_as_much_as_all_before(tmp_path: Path) -> None:
    paces = Paces(tmp_path / "paces.json")
    paces.learn([("a", said(100), 60.0)])
    paces.learn([("a", said(200), 60.0)])
    assert paces.of(["a"]) == pytest.approx(150)


def test_a_file_that_cannot_be_read_is_as_good_as_none(tmp_path: Path) -> None:
    file = tmp_path / "paces.json"
    file.write_text("[1")
    paces = Paces(file)
    assert paces.of(["a"]) is None
    paces.learn([("a", said(100), 60.0)])
    assert paces.of(["a"]) == pytest.approx(100)
