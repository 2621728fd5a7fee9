"""Loudness by ITU-R BS.1770-4 and EBU Tech 3342: K-weighting, gating, range. Blocks of any size, any rate.

Only what masters loads this: it needs numpy.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Energies = NDArray[np.float64]

SILENT: Final = -70.0  # LUFS: the absolute gate; also what is answered where nothing passes it
_OFFSET = -0.691  # so that a full-scale sine of 1 kHz in one channel has -3.01 LUFS
_BLOCK = 1 << 14  # samples that are transformed at once, or more at high rates
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
    a hundredth of that. What rings on after a sixteenth of a second is below -120 dB.
    """

    def __init__(self, rate: int) -> None:
        self._before = rate // 16
        self._block = _BLOCK
        while self._block < 8 * self._before:
            self._block *= 2
        self._response = _response(rate, self._block)
        self._stream: Samples = np.zeros(self._before, dtype=np.float32)

    def feed(self, samples: Samples) -> Samples:
        """The samples of whole blocks, weighted; the others wait."""
        self._stream = np.concatenate((self._stream, samples))
        count = (len(self._stream) - self._before) // (self._block - self._before)
        return self._weighted(count)

    def rest(self) -> Samples:
        """The samples that wait, weighted; they go on waiting."""
        kept = self._stream
        left = len(kept) - self._before
        self._stream = np.concatenate((kept, np.zeros(self._block, dtype=np.float32)))
        weighted = self._weighted(1)[:left]
        self._stream = kept
        return weighted

    def _weighted(self, count: int) -> Samples:
        step = self._block - self._before
        parts: list[Samples] = []
        for start in range(0, count * step, step):
            spectrum = np.fft.rfft(self._stream[start : start + self._block])
            spectrum *= self._response
            weighted = np.fft.irfft(spectrum, self._block)[self._before :]
            parts.append(weighted.astype(np.float32, copy=False))
        self._stream = self._stream[count * step :]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


@lru_cache(maxsize=8)
def _response(rate: int, block: int) -> NDArray[np.complex64]:
    turns = np.exp(-2j * np.pi * np.arange(block // 2 + 1) / block)
    response = np.ones(len(turns), dtype=np.complex128)
    for ahead, back in (_shelf(rate), _high_pass(rate)):
        response *= np.polyval(ahead[::-1], turns) / np.polyval(back[::-1], turns)
    return response.astype(np.complex64)


class Meter:
    """Energies of the tenths of a second of a stream with one channel."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._weighting = Weighting(rate)
        self._rest: Samples = np.zeros(0, dtype=np.float32)  # squares
        self._parts: list[Energies] = []
        self._done = 0  # tenths

    def feed(self, samples: Samples) -> None:
        """Take the next samples."""
        weighted = self._weighting.feed(samples)
        if len(weighted):
            sums, self._rest = self._tenths(weighted)
            self._parts.append(sums)
            self._done += len(sums)

    def _tenths(self, weighted: Samples) -> tuple[Energies, Samples]:
        """The whole tenths, and the squares that are left. A tenth need not be a whole number of samples."""
        squares = np.concatenate((self._rest, weighted * weighted))
        begin = self._done * self._rate // _PARTS
        last = (begin + len(squares)) * _PARTS // self._rate + 1
        edges = np.arange(self._done, last + 1, dtype=np.int64) * self._rate // _PARTS - begin
        edges = edges[edges <= len(squares)]
        if len(edges) < 2:
            return np.zeros(0), squares
        sums = np.add.reduceat(squares[: edges[-1]], edges[:-1], dtype=np.float64)
        return sums / np.diff(edges), squares[edges[-1] :]

    def energies(self) -> Energies:
        """Mean squares of the whole tenths so far."""
        return np.concatenate((*self._parts, self._tenths(self._weighting.rest())[0]))

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
