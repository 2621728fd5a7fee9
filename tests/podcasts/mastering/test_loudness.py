"""The meters beside ffmpeg's, and beside what the standards say of certain signals."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from magpie.podcasts.mastering.loudness import SILENT, Meter, integrated, loudness_range, silence_share
from magpie.podcasts.mastering.peaks import TruePeak
from tests.podcasts.mastering import sounds
from tests.podcasts.mastering.sounds import Sound, noise, silence, speech, tone

# A rate, and what is made at it: only when it is asked for, since every run of pytest loads this.
SIGNALS: dict[str, tuple[int, Callable[[int], Sound]]] = {
    **{
        f"1 kHz at {rate}": (rate, partial(tone, 997, 4)) for rate in (16_000, 22_050, 24_000, 44_100, 48_000)
    },
    **{f"noise at {rate}": (rate, partial(noise, 4)) for rate in (16_000, 24_000, 44_100)},
    **{f"speech at {rate}": (rate, partial(speech, 5)) for rate in (16_000, 22_050, 24_000, 44_100, 48_000)},
    "a rumble": (44_100, lambda rate: tone(50, 4, rate, 0.8)),
    "a whistle": (44_100, lambda rate: tone(9_000, 4, rate, 0.2)),
    "between the samples": (48_000, lambda rate: tone(rate / 4, 4, rate, 0.9, math.pi / 4)),
    "between the samples at 44.1": (44_100, lambda rate: tone(rate / 4, 4, rate, 0.7, math.pi / 4)),
    "a third of the rate": (24_000, lambda rate: tone(rate / 3, 4, rate, 0.8, 0.5)),
    "gated silence": (
        44_100,
        lambda rate: np.concatenate((speech(3, rate), silence(6, rate), speech(2, rate, seed=3))),
    ),
    "loud and faint": (24_000, lambda rate: np.concatenate((noise(3, rate, 0.2), noise(5, rate, 0.004, 2)))),
    "very faint": (44_100, lambda rate: speech(4, rate, 0.01)),
    "over full scale": (44_100, lambda rate: speech(4, rate, 1.9)),
    "two tones": (48_000, lambda rate: tone(400, 4, rate, 0.3) + tone(3_000, 4, rate, 0.3)),
    "an odd rate": (32_000, lambda rate: speech(4, rate, 0.7, 210)),
}


@pytest.mark.once
@pytest.mark.parametrize("name", SIGNALS)
def test_agrees_with_ffmpeg(name: str, tmp_path: Path) -> None:
    rate, make = SIGNALS[name]
    sound = make(rate)
    path = sounds.write(tmp_path / "signal.wav", sound, rate, "FLOAT")
    loudness, peak = sounds.measured(sound, rate)
    expected = sounds.by_ffmpeg(path)
    assert loudness == pytest.approx(expected[0], abs=0.2)
    assert peak == pytest.approx(expected[1], abs=0.2)


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100, 48_000, 96_000])
def test_a_full_tone_has_what_the_standard_says(rate: int) -> None:
    meter = Meter(rate)
    meter.feed(np.sin(2 * np.pi * 997 * np.arange(rate * 4) / rate).astype(np.float32))
    assert meter.loudness() == pytest.approx(-3.01, abs=0.12)


def test_faint_passages_do_not_count() -> None:
    rate = 24_000
    meter = Meter(rate)
    for level, seconds in ((-36, 5), (-23, 20), (-36, 5)):  # EBU Tech 3341, case 3, shortened, in one channel
        meter.feed(tone(1000, seconds, rate, 10 ** (level / 20)))
    assert meter.loudness() == pytest.approx(-23 - 3.01, abs=0.1)


@pytest.mark.parametrize(("levels", "expected"), [((-20, -30), 10), ((-20, -15), 5), ((-40, -20), 20)])
def test_the_range_is_that_of_the_standard(levels: tuple[int, int], expected: int) -> None:
    meter = Meter(8000)
    for level in levels:  # EBU Tech 3342, cases 1 to 3
        meter.feed(tone(1000, 20, 8000, 10 ** (level / 20)))
    assert loudness_range(meter.energies()) == pytest.approx(expected, abs=1)


@pytest.mark.parametrize("block", [1, 7, 1000, 12_345])
def test_it_is_all_one_how_the_samples_come(block: int) -> None:
    sound = speech(0.9, 11_025)
    at_once, in_parts = Meter(11_025), Meter(11_025)
    peak_at_once, peak_in_parts = TruePeak(), TruePeak()
    at_once.feed(sound)
    peak_at_once.feed(sound)
    for start in range(0, len(sound), block):
        in_parts.feed(sound[start : start + block])
        peak_in_parts.feed(sound[start : start + block])
    assert np.allclose(in_parts.energies(), at_once.energies(), rtol=1e-3, atol=1e-9)
    assert len(in_parts.energies()) == 9
    assert peak_in_parts.dbtp() == pytest.approx(peak_at_once.dbtp(), abs=1e-4)


def test_nothing_is_silent() -> None:
    meter, peak = Meter(44_100), TruePeak()
    assert (meter.loudness(), peak.dbtp()) == (SILENT, -math.inf)
    meter.feed(silence(2, 44_100))
    peak.feed(silence(2, 44_100))
    assert (meter.loudness(), peak.dbtp()) == (SILENT, -math.inf)
    assert (loudness_range(meter.energies()), silence_share(meter.energies())) == (0.0, 1.0)


def test_half_of_it_is_silence() -> None:
    meter = Meter(16_000)
    meter.feed(np.concatenate((tone(500, 2, 16_000), silence(2, 16_000))))
    assert silence_share(meter.energies()) == pytest.approx(0.5, abs=0.03)


def test_what_is_shorter_than_a_block_is_measured() -> None:
    meter = Meter(16_000)
    meter.feed(np.sin(2 * np.pi * 997 * np.arange(4800) / 16_000).astype(np.float32))
    assert integrated(meter.energies()) == pytest.approx(-3.01, abs=0.3)


@pytest.mark.parametrize("phase", [0.0, 0.3, math.pi / 4, 1.2])
def test_peaks_between_the_samples_are_seen(phase: float) -> None:
    peak = TruePeak()
    peak.feed(tone(11_025, 1, 44_100, 0.5, phase))
    assert peak.dbtp() == pytest.approx(20 * math.log10(0.5), abs=0.2)


def test_the_last_sample_counts() -> None:
    peak = TruePeak()
    sound = silence(0.1, 8000)
    sound[-1] = 0.9
    peak.feed(sound)
    assert peak.dbtp() >= 20 * math.log10(0.9) - 1e-6
