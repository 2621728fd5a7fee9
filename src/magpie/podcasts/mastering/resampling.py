"""Other rates: overlapping blocks whose spectrum is cut or padded. Flat up to 92 % of the band, nothing mirrored."""

from __future__ import annotations

import math

import numpy as np

from magpie.podcasts.mastering.loudness import Samples

_BLOCK = 1 << 15  # samples in, about
_GUARD = 1024  # samples in on either side of a block, about, in which the filter's ringing fades
_FLAT = 0.92  # of the lower one of the two bands


class Resampler:
    """Samples in, samples at the other rate out; `flush` gives the last ones.

    `length(n, rate, other)` says how many there will be.
    """

    def __init__(self, rate: int, other: int) -> None:
        common = math.gcd(rate, other)
        self._in, self._out = rate // common, other // common
        self._guard = -(-_GUARD // self._in) * self._in
        self._size = 2 * self._guard + max(_BLOCK // self._in, 1) * self._in
        self._step = self._size - 2 * self._guard
        self._stream: Samples = np.zeros(self._guard, dtype=np.float32)
        self._taken = self._given = 0
        self._same = rate == other
        points = self._size // self._in * min(self._in, self._out) // 2 + 1
        at = np.arange(points) / max(points - 1, 1)
        slope = np.clip((at - _FLAT) / (1 - _FLAT), 0, 1)
        self._curve = ((0.5 + 0.5 * np.cos(np.pi * slope)) * self._out / self._in).astype(np.float32)

    def feed(self, samples: Samples) -> Samples:
        """Take the next samples; what is finished."""
        if self._same:
            return samples
        self._taken += len(samples)
        out = self._go_on(samples)
        self._given += len(out)
        return out

    def flush(self) -> Samples:
        """The end: all that has not come out yet."""
        if self._same:
            return np.zeros(0, dtype=np.float32)
        left = -(-self._taken * self._out // self._in) - self._given
        return self._go_on(np.zeros(self._guard + 2 * self._step, dtype=np.float32))[:left]

    def _go_on(self, samples: Samples) -> Samples:
        self._stream = np.concatenate((self._stream, samples))
        parts: list[Samples] = []
        start = 0
        guard = self._guard // self._in * self._out
        size = self._size // self._in * self._out
        while start + self._size <= len(self._stream):
            spectrum = np.fft.rfft(self._stream[start : start + self._size])[: len(self._curve)] * self._curve
            block = np.fft.irfft(spectrum, size)[guard : size - guard]
            parts.append(block.astype(np.float32, copy=False))
            start += self._step
        self._stream = self._stream[start:]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def length(count: int, rate: int, other: int) -> int:
    """How many samples `count` samples become."""
    return -(-count * other // rate)
