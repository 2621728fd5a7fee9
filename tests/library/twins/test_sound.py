"""Fingerprints of real recordings: the same in every format, different for different ones."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.downloads.tools import find_tools
from magpie.library.twins.sound import (
    ALIKE,
    MAX_SHIFT,
    NoSound,
    blocks,
    fingerprint,
    has_chromaprint,
    likeness,
)

FFMPEG = find_tools().ffmpeg
pytestmark = pytest.mark.once


def made(path: Path, *source: str) -> Path:
    subprocess.run([FFMPEG, "-v", "error", "-y", *source, str(path)], check=True)
    return path


def melody(path: Path, seed: int) -> Path:
    """Twenty seconds of chords of its own."""
    dice = random.Random(seed)
    parts = []
    for _ in range(3):
        base, step, speed, steps = (dice.randint(*span) for span in ((110, 880), (20, 200), (1, 5), (3, 9)))
        parts.append(f"0.2*sin(2*PI*t*({base}+{step}*floor(mod(t*{speed},{steps}))))")
    return made(path, "-f", "lavfi", "-i", f"aevalsrc='{'+'.join(parts)}':d=20")


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, ...]]:
    folder = tmp_path_factory.mktemp("sound")
    first = melody(folder / "a.flac", 1)
    files = {
        "flac": first,
        "mp3": made(folder / "a.mp3", "-i", str(first), "-b:a", "64k"),
        "opus": made(folder / "a.opus", "-i", str(first), "-b:a", "32k"),
        "later": made(folder / "b.m4a", "-i", str(first), "-ss", "1.3"),
        "other": melody(folder / "c.flac", 2),
    }
    return {name: fingerprint(FFMPEG, path) for name, path in files.items()}


def test_our_ffmpeg_makes_fingerprints() -> None:
    assert has_chromaprint(FFMPEG)
    assert not has_chromaprint("/nonexistent/ffmpeg")


@pytest.mark.parametrize("name", ["mp3", "opus", "later"])
def test_another_format_or_a_cut_beginning_is_the_same_recording(
    name: str, recordings: dict[str, tuple[int, ...]]
) -> None:
    assert likeness(recordings["flac"], recordings[name]) >= ALIKE
    if name != "later":
        assert set(blocks(recordings["flac"])) & set(blocks(recordings[name]))


def test_another_recording_is_another(recordings: dict[str, tuple[int, ...]]) -> None:
    assert likeness(recordings["flac"], recordings["other"]) < ALIKE


def test_what_has_no_sound_has_no_fingerprint(tmp_path: Path) -> None:
    broken = tmp_path / "x.mp3"
    broken.write_bytes(b"no sound")
    with pytest.raises(NoSound):
        fingerprint(FFMPEG, broken)
    playlist = tmp_path / "x.m3u8"
    playlist.write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/x.ts\n")
    with pytest.raises(NoSound):
        fingerprint(FFMPEG, playlist)


NUMBERS = st.lists(st.integers(0, 2**32 - 1), min_size=40, max_size=80).map(tuple)


@settings(max_examples=30)
@given(one=NUMBERS, other=NUMBERS)
def test_likeness_is_mutual_and_whole_for_the_same(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    assert likeness(one, one) == 1.0
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert 0.0 <= likeness(one, other) <= 1.0
    assert len(blocks(one)) == len(set(blocks(one))) == 8
    assert likeness((), one) == 0.0
    assert MAX_SHIFT > 0
