"""The points of a waveform are what looking at all samples at once gives."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.library.playing.peaks import FIRST_BLOCK, MOST_POINTS, Meter, Peaks

SAMPLE = st.integers(-32768, 32767)


def metered(chunks: list[list[int]]) -> Peaks:
    meter = Meter()
    for chunk in chunks:
        meter.add(memoryview(array("h", chunk)))
    return meter.peaks()


def looked_at(samples: list[int], block: int) -> list[int]:
    """The lowest and the highest of each block."""
    blocks = [samples[start : start + block] for start in range(0, len(samples), block)]
    return [value >> 8 for one in blocks for value in (min(one), max(one))]


@given(chunks=st.lists(st.lists(SAMPLE, max_size=300), max_size=20))
def test_points_are_the_extremes_of_their_blocks(chunks: list[list[int]]) -> None:
    peaks = metered(chunks)
    samples = [sample for chunk in chunks for sample in chunk]
    assert peaks.samples_per_pixel == FIRST_BLOCK
    assert list(peaks.data) == looked_at(samples, FIRST_BLOCK)


@settings(max_examples=6, deadline=None)
@given(
    count=st.integers(FIRST_BLOCK * (MOST_POINTS - 2), FIRST_BLOCK * MOST_POINTS * 3),
    size=st.sampled_from([1000, 16_384, 70_001]),
)
def test_long_recordings_get_coarser_points(count: int, size: int) -> None:
    samples = [(place * 7919) % 65_536 - 32_768 for place in range(count)]
    peaks = metered([samples[start : start + size] for start in range(0, count, size)])
    assert MOST_POINTS / 2 - 1 <= peaks.length <= MOST_POINTS
    assert list(peaks.data) == looked_at(samples, peaks.samples_per_pixel)


@given(data=st.lists(st.integers(-128, 127), max_size=50).filter(lambda values: len(values) % 2 == 0))
def test_what_is_packed_comes_out_again(data: list[int]) -> None:
    peaks = Peaks(512, array("b", data))
    assert Peaks.unpacked(peaks.packed()) == peaks


@pytest.mark.parametrize("raw", [b"", b"\0" * 23, b"\0" * 24, b"\2\0\0\0\1\0\0\0" + b"\0" * 16 + b"xx"])
def test_what_was_never_packed_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"too short|not the peaks"):
        Peaks.unpacked(raw)
