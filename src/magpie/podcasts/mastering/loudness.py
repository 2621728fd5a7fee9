"""Loudness by ITU-R BS.1770-4 and EBU Tech 3342: K-weighting, gating, range. Blocks of any size, any rate.

Only what masters loads this: it needs numpy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Energies = NDArray[np.float64]

SILENT: Final = -70.0  # LUFS: the absolute gate; also what is answered where nothing passes it
_OFFSET = -0.691  # so that a full-scale sine of 1 kHz in one channel has -3.01 LUFS
_BLOCK = 1 << 16  # samples that are transformed at once
_PARTS = 10  # energies a second; a block of the standard has four of them, one of the range thirty


def _shelf(rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The first filter, the head's effect: the standard's coefficients are those of 48 kHz, and these yield them there."""
    frequency, gain, quality = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    k = math.tan(math.pi * frequency / rate)
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    scale = 1 + k / quality + k * k
    ahead = np.array(
        [high + band * k / quality + k * k, 2 * (k * k - high), high - band * k / quality + k * k]
    )
    return ahead / scale, np.array([1.0, 2 * (k * k - 1) / scale, (1 - k / quality + k * k) / scale])


def _high_pass(rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The second filter, the revised low-frequency B curve."""
    frequency, quality = 38.13547087602444, 0.5003270373238773
    k = math.tan(math.pi * frequency / rate)
    scale = 1 + k / quality + k * k
    back = np.array([1.0, 2 * (k * k - 1) / scale, (1 - k / quality + k * k) / scale])
    return np.array([1.0, -2.0, 1.0]), back


class Weighting:
    """K-weighting of a stream, in the frequency domain: blocks that overlap by the time in which the filters ring.

    They are recursive, so that numpy could only step through them sample by sample; as a product of spectra they cost
    a hundredth of that. What rings on after a tenth of a second is below -200 dB.
    """

    def __init__(self, rate: int) -> None:
        self._before = rate // 10
        turns = np.exp(-2j * np.pi * np.arange(_BLOCK // 2 + 1) / _BLOCK)
        response = np.ones(len(turns), dtype=np.complex128)
        for ahead, back in (_shelf(rate), _high_pass(rate)):
            response *= np.polyval(ahead[::-1], turns) / np.polyval(back[::-1], turns)
        self._response = response.astype(np.complex64)
        self._tail: Samples = np.zeros(self._before, dtype=np.float32)

    def feed(self, samples: Samples) -> Samples:
        """The samples, weighted; as many as came."""
        stream = np.concatenate((self._tail, samples))
        step = _BLOCK - self._before
        parts: list[Samples] = []
        for start in range(0, len(samples), step):
            spectrum = np.fft.rfft(stream[start : start + _BLOCK], _BLOCK)
            spectrum *= self._response
            count = min(step, len(samples) - start)
            weighted = np.fft.irfft(spectrum, _BLOCK)[self._before : self._before + count]
            parts.append(weighted.astype(np.float32, copy=False))
        self._tail = stream[-self._before :]
        return np.concatenate(parts) if parts else samples


class Meter:
    """Energies of the tenths of a second of a stream with one channel."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._weighting = Weighting(rate)
        self._rest: Samples = np.zeros(0, dtype=np.float32)
        self._parts: list[Energies] = []
        self._done = 0  # tenths

    def feed(self, samples: Samples) -> None:
        """Take the next samples."""
        squares = self._weighting.feed(samples)
        squares = np.concatenate((self._rest, squares * squares))
        begin = self._done * self._rate // _PARTS
        count = (begin + len(squares)) * _PARTS // self._rate + 1
        edges = np.arange(self._done, count + 1, dtype=np.int64) * self._rate // _PARTS - begin
        edges = edges[edges <= len(squares)]
        if len(edges) > 1:
            sums = np.add.reduceat(squares[: edges[-1]], edges[:-1], dtype=np.float64)
            self._parts.append(sums / np.diff(edges))
            self._done += len(sums)
        self._rest = squares[edges[-1] :]

    def energies(self) -> Energies:
        """Mean squares of the whole tenths so far."""
        return np.concatenate(self._parts) if self._parts else np.zeros(0)

    def loudness(self) -> float:
        """Gated loudness so far, LUFS."""
        return integrated(self.energies())


def _means(energies: Energies, length: int) -> Energies:
    """Means over `length` tenths, one for each tenth at which that many have passed."""
    if len(energies) < length:
        return np.zeros(0)
    sums = np.concatenate((np.zeros(1), np.cumsum(energies)))
    return np.maximum((sums[length:] - sums[:-length]) / length, 0.0)


def lufs(energy: float) -> float:
    """The loudness of a weighted mean square."""
    return _OFFSET + 10 * math.log10(energy) if energy > 0 else -math.inf


def _energy(loudness: float) -> float:
    return float(10 ** ((loudness - _OFFSET) / 10))


def integrated(energies: Energies) -> float:
    """Gated loudness, LUFS: blocks of 0.4 s that overlap by three quarters, gates at -70 LUFS and 10 LU below the mean.

    What is shorter than a block is measured as it is. `SILENT` where nothing passes the gates.
    """
    blocks = _means(energies, 4) if len(energies) >= 4 else energies
    blocks = blocks[blocks > _energy(SILENT)]
    if not len(blocks):
        return SILENT
    blocks = blocks[blocks > blocks.mean() / 10]
    return lufs(float(blocks.mean()))


def loudness_range(energies: Energies) -> float:
    """Loudness range, LU (EBU Tech 3342): between the 10th and 95th percentile of 3 s, gated 20 LU below the mean."""
    blocks = _means(energies, 30)
    blocks = blocks[blocks > _energy(SILENT)]
    if not len(blocks):
        return 0.0
    blocks = blocks[blocks > blocks.mean() / 100]
    low, high = np.percentile(blocks, [10, 95])
    return float(10 * math.log10(high / low))


def silence_share(energies: Energies, below: float = -60.0) -> float:
    """Which share of the tenths of a second is quieter than `below`, LUFS; 0 to 1."""
    return float(np.mean(energies < _energy(below))) if len(energies) else 1.0


def together(streams: Sequence[Meter], gains_db: Sequence[float]) -> Energies:
    """The energies of several streams, one after the other, each with its gain."""
    parts = [one.energies() * 10 ** (gain / 10) for one, gain in zip(streams, gains_db, strict=True)]
    return np.concatenate(parts) if parts else np.zeros(0)
