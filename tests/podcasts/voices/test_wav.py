"""WAV as servers send it: headers that lie, forms of every kind, hostile bytes."""

from __future__ import annotations

import math
import struct
from array import array
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.podcasts.voices import wav
from tests.support.voices.tones import heard_period, period, spoken, wav_bytes, wav_header

pytestmark = pytest.mark.once
SOUND = spoken("a", "Some words here.")


def file_of(
    kind: int, channels: int, bits: int, data: bytes, rate: int = 24_000, extra: bytes = b""
) -> bytes:
    width = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * width, width, bits) + extra
    return b"".join(
        [
            struct.pack("<4sI4s", b"RIFF", 0xFFFFFFFF, b"WAVE"),
            struct.pack("<4sI", b"fmt ", len(form)) + form,
            struct.pack("<4sI3sx", b"LIST", 3, b"odd"),  # a part of odd length, filled up by a byte
            struct.pack("<4sI", b"data", len(data)) + data,
        ]
    )


@pytest.mark.parametrize("promised", [None, 0, 0xFFFFFFFF, 0xFFFFFFFF - 36, 0x7FFFFFFF, 2_000_000_000])
def test_streamed_headers_promise_anything(promised: int | None) -> None:
    assert wav.parse(wav_bytes(SOUND, promised)) == SOUND


def test_an_honest_header_with_less_than_it_promises_is_a_cut() -> None:
    with pytest.raises(wav.CutWav):
        wav.parse(wav_bytes(SOUND)[:-10])


def test_what_follows_the_sound_is_none() -> None:
    assert wav.parse(wav_bytes(SOUND) + b"LIST\x04\0\0\0more") == SOUND


def test_every_common_form_becomes_one_channel_of_16_bits() -> None:
    samples = SOUND.samples
    floats = [one / 32768 for one in samples]
    extended = struct.pack("<HHI", 22, 16, 4) + struct.pack("<H", 1) + bytes(14)
    both = array("h", (one for pair in zip(samples, samples, strict=True) for one in pair))
    forms = {
        "8": file_of(1, 1, 8, bytes((one >> 8) + 128 for one in samples)),
        "24": file_of(1, 1, 24, b"".join(struct.pack("<i", one << 8)[:3] for one in samples)),
        "32": file_of(1, 1, 32, b"".join(struct.pack("<i", one << 16) for one in samples)),
        "float": file_of(3, 1, 32, array("f", floats).tobytes()),
        "double": file_of(3, 1, 64, array("d", floats).tobytes()),
        "extensible": file_of(0xFFFE, 1, 16, samples.tobytes(), extra=extended),
        "stereo": file_of(1, 2, 16, both.tobytes()),
    }
    for name, data in forms.items():
        sound = wav.parse(data)
        assert len(sound.samples) == len(samples), name
        off = max(abs(one - other) for one, other in zip(sound.samples, samples, strict=True))
        assert off <= (256 if name == "8" else 1), name
        assert heard_period(sound) == pytest.approx(period("a"), abs=0.5)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"<html>",
        wav_header(4)[:30],
        file_of(1, 1, 16, b"1234", rate=1),
        file_of(1, 0, 16, b"1234"),
        file_of(1, 200, 16, b"1234"),
        file_of(7, 1, 8, b"1234"),
        file_of(1, 1, 0, b"1234"),
        b"RIFF\0\0\0\0WAVEdata\4\0\0\0abcd",
        b"RIFF\0\0\0\0WAVEfmt \2\0\0\0abdata\4\0\0\0abcd",
    ],
)
def test_what_is_no_recording_says_so(data: bytes) -> None:
    with pytest.raises(wav.NotWav):
        wav.parse(data)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 90))
def test_hostile_bytes_raise_nothing_else(data: bytes, at: int) -> None:
    whole = wav_bytes(wav.Sound(SOUND.samples[:50], 24_000))
    for hostile in (data, whole[:at] + data, whole[:at] + data + whole[at + len(data) :]):
        try:
            sound = wav.parse(hostile)
        except wav.NotWav:
            continue
        assert all(-32768 <= one <= 32767 for one in sound.samples)


def test_floats_beyond_one_are_limited() -> None:
    assert list(wav.of_floats([0.0, 2.0, -3.0, 0.5], 24_000).samples) == [0, 32767, -32767, 16383]


def test_not_a_number_is_silence() -> None:
    data = file_of(3, 1, 32, array("f", [math.nan, 0.5, math.inf]).tobytes())
    assert list(wav.parse(data).samples) == [0, 16383, 32767]


def test_written_and_read_again(tmp_path: Path) -> None:
    wav.write(SOUND, tmp_path / "a.wav")
    assert wav.read(tmp_path / "a.wav") == SOUND
    (tmp_path / "b.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:-100])
    with pytest.raises(wav.NotWav):
        wav.read(tmp_path / "b.wav")
    (tmp_path / "c.wav").write_bytes(b"nothing")
    with pytest.raises(wav.NotWav):
        wav.read(tmp_path / "c.wav")


def test_what_is_heard() -> None:
    assert SOUND.heard == pytest.approx(SOUND.seconds - 0.1, abs=0.05)
    assert wav.silence(2, 8000).heard == 0
    assert wav.silence(2, 8000).seconds == 2
