"""The limiter and the resampler: what they promise for any sound."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.podcasts.mastering.limiter import Limiter
from magpie.podcasts.mastering.peaks import TruePeak
from magpie.podcasts.mastering.resampling import Resampler, length
from tests.podcasts.mastering.sounds import Sound, noise, speech, strength, tone


def limited(sound: Sound, rate: int, ceiling: float, block: int = 10_000) -> tuple[Sound, Limiter]:
    limiter = Limiter(rate, ceiling)
    parts = [limiter.feed(sound[start : start + block]) for start in range(0, len(sound), block)]
    return np.concatenate([*parts, limiter.flush()]), limiter


def true_peak(sound: Sound) -> float:
    peak = TruePeak()
    peak.feed(sound)
    return peak.dbtp()


def resampled(sound: Sound, rate: int, other: int, block: int = 10_000) -> Sound:
    resampler = Resampler(rate, other)
    parts = [resampler.feed(sound[start : start + block]) for start in range(0, len(sound), block)]
    return np.concatenate([*parts, resampler.flush()])


@pytest.mark.parametrize("ceiling", [-1.0, -6.0, -12.0])
@pytest.mark.parametrize("name", ["speech", "noise", "tone", "clicks", "one loud sample"])
def test_nothing_is_above_the_ceiling(name: str, ceiling: float) -> None:
    clicks = np.zeros(44_100, dtype=np.float32)
    clicks[::4410] = 1.5
    single = np.zeros(20_000, dtype=np.float32)
    single[7000] = 8.0
    made = {
        "speech": speech(2, 44_100, 1.8), "noise": noise(2, 44_100, 0.6), "clicks": clicks,
        "tone": tone(11_025, 1, 44_100, 1.4, math.pi / 4), "one loud sample": single,
    }  # fmt: skip
    out, limiter = limited(made[name], 44_100, ceiling)
    assert len(out) == len(made[name])
    assert true_peak(out) <= ceiling + 0.1
    assert limiter.most > 0


def test_what_is_below_the_ceiling_stays_as_it_is() -> None:
    sound = speech(2, 24_000, 0.4)
    out, limiter = limited(sound, 24_000, -1.0)
    assert np.array_equal(out, sound)
    assert (limiter.most, limiter.limited) == (0.0, 0)


def test_it_comes_down_before_the_peak_and_up_again_after_it() -> None:
    rate = 44_100
    sound = tone(440, 2, rate, 0.4)
    sound[rate : rate + 40] *= 3
    out, limiter = limited(sound, rate, -6.0)
    gains = np.ones(len(sound))
    heard = np.abs(sound) > 0.05
    gains[heard] = out[heard] / sound[heard]
    assert gains[: rate - 600].min() == pytest.approx(1.0)
    assert gains[rate + 20_000 :].min() == pytest.approx(1.0)
    assert 20 * math.log10(gains.min()) == pytest.approx(-limiter.most, abs=0.2)
    assert np.abs(np.diff(gains[heard])).max() < 0.03  # no step that clicks


@given(
    st.integers(0, 3000), st.integers(1, 2500), st.floats(0.05, 4.0), st.integers(0, 2**32 - 1), st.floats(-20, 0)
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_limiting_keeps_the_count_whatever_comes(
    count: int, block: int, level: float, seed: int, ceiling: float
) -> None:
    sound = np.random.default_rng(seed).normal(0, level, count).astype(np.float32)
    out, _ = limited(sound, 44_100, ceiling, block)
    assert len(out) == count
    assert np.abs(out).max(initial=0) <= 10 ** (ceiling / 20) + 1e-6
    whole, _ = limited(sound, 44_100, ceiling, max(count, 1))
    assert np.allclose(out, whole, atol=1e-5)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 22_051, 24_000, 32_000, 44_100, 48_000, 96_000])
def test_a_tone_stays_a_tone(rate: int) -> None:
    out = resampled(tone(440, 1, rate), rate, 44_100)
    expected = tone(440, 1, 44_100)
    assert len(out) == length(rate, rate, 44_100) == 44_100
    assert np.abs(out - expected).max() < 2e-3  # the soft ends differ by a sample of the other rate
    assert np.abs(out - expected)[3000:-3000].max() < 1e-5


def test_nothing_is_mirrored() -> None:
    down = resampled(tone(15_000, 1, 48_000, 0.5), 48_000, 24_000)
    assert np.abs(down[1000:-1000]).max() < 1e-4
    up = resampled(tone(10_000, 1, 24_000, 0.5), 24_000, 44_100)
    assert strength(up[4000:-4000], 14_000, 44_100) < 1e-4
    assert strength(up[4000:-4000], 10_000, 44_100) == pytest.approx(0.5, rel=1e-3)


@given(st.integers(0, 5000), st.integers(1, 4000), st.sampled_from([8_000, 22_050, 24_000, 48_000]))
@settings(max_examples=30, deadline=None)
def test_the_count_is_as_told(count: int, block: int, rate: int) -> None:
    assert len(resampled(noise(1, 5000)[:count], rate, 44_100, block)) == length(count, rate, 44_100)
