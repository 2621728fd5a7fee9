"""True peak by ITU-R BS.1770-4, annex 2: the highest value between the samples, at four times the rate.

The interpolation is a product of matrices: rows are short stretches of the signal, the matrix has the filter at each place.
Stretches that cannot reach the peak which is known already are not looked at.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from magpie.podcasts.mastering.loudness import Samples

PART: Final = 32  # samples in one stretch
_TAPS = 32  # samples that one value between them is made of
BEFORE: Final = _TAPS // 2 - 1  # samples of the past that the first values of a stretch need
AFTER: Final = _TAPS // 2  # samples of the future that its last ones do
_TIMES = 4
_ROWS = 4096  # stretches in one product: 2 MB


def _kernel() -> NDArray[np.float32]:
    """From a stretch with its neighbours to what lies between its samples: (PART + taps - 1) x (3 * PART)."""
    at = np.arange(_TAPS) - BEFORE
    window = np.kaiser(4 * _TAPS + 1, 6.0)
    matrix = np.zeros((PART + _TAPS - 1, PART, _TIMES - 1))
    for step in range(1, _TIMES):
        distance = step / _TIMES - at
        places = np.round((distance / _TAPS + 0.5) * 4 * _TAPS).astype(int)
        taps = np.sinc(distance) * window[places]
        taps /= taps.sum()
        for sample in range(PART):
            matrix[sample : sample + _TAPS, sample, step - 1] = taps
    return matrix.reshape(PART + _TAPS - 1, -1).astype(np.float32)


_KERNEL = _kernel()
# No value between samples is farther from zero than this many times the largest sample around it.
GROWTH: Final = float(np.abs(_KERNEL).sum(axis=0).max())


def part_peaks(stream: Samples, floor: float) -> NDArray[np.float32]:
    """True peaks of stretches of `PART` samples. `stream` has `BEFORE` samples more in front, `AFTER` more behind.

    What is proven to stay below `floor` may be told as the peak of its samples.
    """
    count = (len(stream) - BEFORE - AFTER) // PART
    plain = stream[BEFORE : BEFORE + count * PART].reshape(count, PART)
    if not count:
        return np.zeros(0, dtype=np.float32)
    peaks = _largest(plain)
    around = peaks.copy()  # the neighbours on both sides have part in it; each is shorter than a stretch
    edge = float(max(np.abs(stream[:BEFORE]).max(), np.abs(stream[BEFORE + count * PART :]).max()))
    around[1:] = np.maximum(around[1:], peaks[:-1])
    around[:-1] = np.maximum(around[:-1], peaks[1:])
    around[0], around[-1] = max(around[0], edge), max(around[-1], edge)
    wanted = np.flatnonzero(around * GROWTH > floor)
    windows = np.lib.stride_tricks.sliding_window_view(stream, PART + _TAPS - 1)[::PART]
    for start in range(0, len(wanted), _ROWS):
        rows = wanted[start : start + _ROWS]
        peaks[rows] = np.maximum(peaks[rows], _largest(windows[rows] @ _KERNEL))
    return peaks


def _largest(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The largest magnitude in each row. Halves are laid on each other: numpy is slow along short rows."""
    rows = np.abs(rows)
    while (width := rows.shape[1]) > 3:
        half = width // 2
        folded = np.maximum(rows[:, :half], rows[:, half : 2 * half])
        rows = folded if width % 2 == 0 else np.concatenate((folded, rows[:, -1:]), axis=1)
    return np.asarray(rows.max(axis=1), dtype=np.float32)


class TruePeak:
    """The true peak of a stream with one channel."""

    def __init__(self) -> None:
        self._stream: Samples = np.zeros(BEFORE, dtype=np.float32)
        self._peak = 0.0

    def feed(self, samples: Samples) -> None:
        """Take the next samples."""
        self._stream = np.concatenate((self._stream, samples))
        count = (len(self._stream) - BEFORE - AFTER) // PART
        if count > 0:
            self._look(self._stream[: count * PART + BEFORE + AFTER])
            self._stream = self._stream[count * PART :]

    def _look(self, stream: Samples) -> None:
        floor = max(self._peak, float(np.abs(stream).max()))
        self._peak = max(floor, float(part_peaks(stream, floor).max()))

    def dbtp(self) -> float:
        """The peak of all that came, as if silence followed, dBTP. `-inf` for nothing but zeros."""
        rest = np.zeros(PART + AFTER, dtype=np.float32)
        stream = np.concatenate((self._stream, rest))
        count = (len(stream) - BEFORE - AFTER) // PART
        self._look(stream[: count * PART + BEFORE + AFTER])
        return 20 * math.log10(self._peak) if self._peak > 0 else -math.inf
