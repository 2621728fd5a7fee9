"""A true-peak limiter that looks ahead: what would be too loud is turned down smoothly before it comes.

For each short stretch the true peak says how far it has to come down. That is held for the look-ahead, released along a
straight line in dB, and smoothed by a window as long as the look-ahead: so the gain has reached its depth where the
peak is, without a step that would be heard as a click.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from magpie.podcasts.mastering.loudness import Samples
from magpie.podcasts.mastering.peaks import AFTER, BEFORE, PART, part_peaks

LOOK_AHEAD = 0.006  # seconds
RELEASE = 60.0  # dB a second

Decibels = NDArray[np.float64]


class Limiter:
    """Samples in, samples out: the same in number, some milliseconds later; `flush` gives the last ones."""

    def __init__(self, rate: int, ceiling_db: float) -> None:
        self._ceiling = 10 ** (ceiling_db / 20)
        self._width = max(int(LOOK_AHEAD * rate / PART), 2)
        weights = np.hanning(self._width + 2)[1:-1]
        self._weights = weights / weights.sum()
        self._release = RELEASE * PART / rate
        self._stream: Samples = np.zeros(BEFORE, dtype=np.float32)  # whose peaks are not known yet
        self._waiting: Samples = np.zeros(0, dtype=np.float32)  # whose gain is not known yet
        self._last = 0.0  # how far the last stretch was to come down, dB
        self._wanted: Decibels = np.zeros(0)
        self._held: Decibels | None = None  # None: nothing was heard before
        self._before = 0.0  # the smoothed value of the last stretch that is out
        self._taken = self._given = 0
        self.most = 0.0  # dB
        self.limited = 0  # samples in stretches that came down by more than 0.1 dB

    def feed(self, samples: Samples) -> Samples:
        """Take the next samples; those that are finished."""
        self._taken += len(samples)
        out = self._go_on(samples)
        self._given += len(out)
        return out

    def flush(self) -> Samples:
        """The end: all that has not come out yet."""
        left = self._taken - self._given
        silence = np.zeros((self._width + 4) * PART + AFTER + BEFORE, dtype=np.float32)
        return self._go_on(silence)[:left]

    def _go_on(self, samples: Samples) -> Samples:
        self._stream = np.concatenate((self._stream, samples))
        count = max((len(self._stream) - BEFORE - AFTER) // PART, 0)
        if count:
            peaks = part_peaks(self._stream[: count * PART + BEFORE + AFTER], self._ceiling)
            self._waiting = np.concatenate((self._waiting, self._stream[BEFORE : BEFORE + count * PART]))
            self._stream = self._stream[count * PART :]
            self._want(peaks)
        return self._finished()

    def _want(self, peaks: NDArray[np.float32]) -> None:
        """Add how far each stretch has to come down, the release of those before included."""
        down = 20 * np.log10(np.maximum(peaks / self._ceiling, 1.0)).astype(np.float64)
        slope = self._release * np.arange(1, len(down) + 1)
        released = np.maximum.accumulate(np.concatenate(([self._last], down + slope)))[1:] - slope
        self._last = max(float(released[-1]), 0.0)
        self._wanted = np.concatenate((self._wanted, np.maximum(released, 0.0)))

    def _finished(self) -> Samples:
        """All whose look-ahead is known, turned down. One stretch more has to be: the gain moves on towards it."""
        width = self._width
        count = len(self._wanted) - width  # stretches that go out; one more is known
        if count < 1:
            return np.zeros(0, dtype=np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(self._wanted, width)
        held = windows.max(axis=1)
        before = np.full(width - 1, held[0]) if self._held is None else self._held
        held = np.concatenate((before, held))
        smooth = np.convolve(held, self._weights, mode="valid")[: count + 1]
        self._held = held[count : count + width - 1]
        self._wanted = self._wanted[count:]
        edges = np.maximum(np.concatenate(([self._before], smooth[:-1])), smooth)
        self._before = float(smooth[count - 1])
        ready, self._waiting = self._waiting[: count * PART], self._waiting[count * PART :]
        self.most = max(self.most, float(edges.max()))
        self.limited += PART * int(np.count_nonzero(smooth[:count] > 0.1))
        return _turned_down(ready, edges)


def _turned_down(samples: Samples, edges: Decibels) -> Samples:
    """Each stretch with its gain, which goes straight from one of its edges to the other."""
    touched = np.flatnonzero(np.maximum(edges[:-1], edges[1:]) > 1e-6)
    if not len(touched):
        return samples
    gains = (10 ** (-edges / 20)).astype(np.float32)
    parts = samples.reshape(-1, PART).copy()
    at = ((np.arange(PART) + 0.5) / PART).astype(np.float32)
    first, last = gains[touched, None], gains[touched + 1, None]
    parts[touched] *= first + (last - first) * at
    return parts.reshape(-1)
