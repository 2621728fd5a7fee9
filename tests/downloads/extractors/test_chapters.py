"""What parts a file has, as the file itself says it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe  # type: ignore[import-untyped]

from magpie.downloads.extractors.finish import _parts
from magpie.downloads.extractors.probe import LONGEST_CHAPTER_TITLE, probe

pytestmark = pytest.mark.once

PARTS = ((0, 1500, "Anfang  <b>"), (1500, 2000, "中段"), (2000, 3000, "Ende"))


def make(folder: Path, ending: str, parts: tuple[tuple[int, int, str], ...]) -> Path:
    """Three seconds of sound with these chapters, in milliseconds."""
    described, target = folder / "chapters", folder / f"sound.{ending}"
    lines = [
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={end}\ntitle={title}\n"
        for start, end, title in parts
    ]
    described.write_text(";FFMETADATA1\n" + "".join(lines), encoding="utf-8")
    command = [get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "sine=d=3", "-i", described]
    subprocess.run([*command, "-map_metadata", "1", "-map_chapters", "1", target], check=True)
    return target


@pytest.mark.parametrize("ending", ["mp3", "m4a", "mkv"])
def test_chapters_of_every_kind_of_file(tmp_path: Path, ending: str) -> None:
    facts = probe(make(tmp_path, ending, PARTS))
    assert [one.start for one in facts.chapters] == [0.0, 1.5, 2.0]
    assert [one.title for one in facts.chapters] == ["Anfang <b>", "中段", "Ende"]
    kept = _parts(facts)["chapters"]
    assert kept[1]["start"] == 1.5
    assert kept[1]["title"] == "中段"
    assert all(one["end"] >= one["start"] for one in kept)


def test_long_titles_are_cut(tmp_path: Path) -> None:
    facts = probe(make(tmp_path, "mkv", ((0, 1000, "x" * 5000), (1000, 3000, "y"))))
    assert [len(one.title) for one in facts.chapters] == [LONGEST_CHAPTER_TITLE, 1]


def test_one_chapter_alone_says_nothing(tmp_path: Path) -> None:
    assert _parts(probe(make(tmp_path, "m4a", PARTS[:1]))) == {}
    assert _parts(probe(make(tmp_path, "mp3", ()))) == {}
