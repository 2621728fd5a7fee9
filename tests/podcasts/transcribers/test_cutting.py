"""Cutting: nothing is lost, nothing is too long, and where there is a pause no word is cut in two."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.downloads.tools import find_tools
from magpie.podcasts.transcribers.cutter import parts
from magpie.podcasts.transcribers.cutting import RATE, cut, longest_piece
from magpie.podcasts.transcribers.port import Limits, TranscriptionFailed
from tests.support.transcribers import tones

pytestmark = pytest.mark.once


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(tones.WORDS) | st.floats(0.05, 1.5), min_size=1, max_size=30),
    st.floats(1.5, 4.0),
    st.floats(0, 0.01),
)
def test_the_parts_are_the_whole(words: list[str | float], most: float, noise: float) -> None:
    samples, said = tones.said([*words, 0.1], noise=noise)
    raw = (samples * 32_000).astype("<i2").tobytes()
    found = list(parts(io.BytesIO(raw), most))
    assert b"".join(part.tobytes() for _, part in found) == raw
    at = 0
    for start, part in found:
        assert start == at
        assert 0 < len(part) <= most * RATE
        at += len(part)
    cuts = [start / RATE for start, _ in found[1:]]
    assert not [one for one in cuts for word in said if word.start + 0.02 < one < word.end - 0.02]


def test_a_recording_without_pauses_is_cut_all_the_same() -> None:
    raw = np.random.default_rng(3).integers(-9000, 9000, 10 * RATE).astype("<i2").tobytes()
    found = list(parts(io.BytesIO(raw), 3.0))
    assert b"".join(part.tobytes() for _, part in found) == raw
    assert len(found) <= 7


def test_limits() -> None:
    assert longest_piece(Limits(max_seconds=60)) == 60
    assert 750 < longest_piece(Limits(max_bytes=26_214_400)) < 815
    assert longest_piece(Limits(max_bytes=1)) == 5


def test_a_film_without_sound_and_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")
    with pytest.raises(TranscriptionFailed) as failed:
        cut(tmp_path / "list.m3u8", tmp_path, Limits(), find_tools().ffmpeg, lambda: False)
    assert failed.value.reason == "unreadable"


def test_a_hurry_to_stop_ends_the_process(tmp_path: Path) -> None:
    tones.write(tmp_path / "a.wav", ["amber"])
    with pytest.raises(TranscriptionFailed) as failed:
        cut(tmp_path / "a.wav", tmp_path, Limits(), find_tools().ffmpeg, lambda: True)
    assert failed.value.reason == "stopped"
