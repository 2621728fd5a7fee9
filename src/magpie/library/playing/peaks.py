"""How loud a recording is over its length: pairs of lowest and highest sample, for drawing.

The numbers, the JSON and the bytes are those of BBC's audiowaveform, version 2, with 8 bits and one channel
(https://github.com/bbc/audiowaveform/blob/master/doc/DataFormat.md), which players of waveforms read.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass

SAMPLE_RATE = 11_025  # enough to be seen; what is read is resampled to that
MOST_POINTS = 2000
FIRST_BLOCK = 64  # samples of the finest point

_HEADER = struct.Struct("<iIiiIi")  # version, flags, sample rate, samples per point, points, channels
_VERSION = 2
_EIGHT_BITS = 1


@dataclass(frozen=True, slots=True)
class Peaks:
    """`data` holds a lowest and a highest value (-128 to 127) for each point of `samples_per_pixel` samples."""

    samples_per_pixel: int
    data: array[int]
    sample_rate: int = SAMPLE_RATE

    @property
    def length(self) -> int:
        return len(self.data) // 2

    def packed(self) -> bytes:
        """The bytes of a `.dat` file."""
        head = _HEADER.pack(_VERSION, _EIGHT_BITS, self.sample_rate, self.samples_per_pixel, self.length, 1)
        return head + self.data.tobytes()

    @classmethod
    def unpacked(cls, raw: bytes) -> Peaks:
        """Raises `ValueError` for what `packed` has not made."""
        if len(raw) < _HEADER.size:
            raise ValueError("too short")
        version, flags, rate, per_point, points, channels = _HEADER.unpack_from(raw)
        data = array("b", raw[_HEADER.size :])
        if (version, flags, channels) != (_VERSION, _EIGHT_BITS, 1) or len(data) != 2 * points:
            raise ValueError("not the peaks of one channel")
        return cls(per_point, data, rate)


class Meter:
    """Takes samples as they come, whose number nobody knows, and keeps at most `MOST_POINTS` points.

    When there are too many, each two become one and from then on a point stands for twice as many samples.
    """

    def __init__(self) -> None:
        self._block = FIRST_BLOCK
        self._points: list[tuple[int, int]] = []
        self._rest = array("h")

    def add(self, samples: memoryview) -> None:
        """More samples: signed, 16 bits."""
        if self._rest:
            self._rest.frombytes(samples.cast("b"))
            samples = memoryview(self._rest)
        whole = len(samples) - len(samples) % self._block
        start = 0
        while start < whole:
            block = samples[start : start + self._block]
            start += self._block
            self._points.append((min(block), max(block)))
            if len(self._points) == MOST_POINTS:
                self._halve()
                whole = len(samples) - (len(samples) - start) % self._block
        self._rest = array("h", samples[start:])

    def _halve(self) -> None:
        pairs = zip(self._points[::2], self._points[1::2], strict=True)
        self._points = [(min(a[0], b[0]), max(a[1], b[1])) for a, b in pairs]
        self._block *= 2

    def peaks(self) -> Peaks:
        """What has been seen until now."""
        points = self._points + ([(min(self._rest), max(self._rest))] if self._rest else [])
        return Peaks(self._block, array("b", (value >> 8 for point in points for value in point)))
