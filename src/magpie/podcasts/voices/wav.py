"""Recordings as plain numbers, without any library: WAV as it comes from the network, and as it is kept."""

from __future__ import annotations

import struct
import sys
import wave
from array import array
from dataclasses import dataclass
from itertools import repeat
from operator import mul
from pathlib import Path
from typing import Self

LEAST_RATE, MOST_RATE = 8_000, 192_000  # samples a second
_UNKNOWN_SIZE = 1 << 30  # bytes; streamed recordings promise this much or more because they do not know
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_WINDOW = 0.02  # seconds
_LOOKS = 6000  # a second: enough to tell whether there is something
_HEARD = 300  # of 32767 (-41 dB): what is quieter all along is no speech


class NotWav(Exception):
    """It is not a recording in this form. The text says why, for people."""


class CutWav(NotWav):
    """It ends before the length that it promised."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One channel of 16 bits."""

    samples: array[int]
    rate: int  # samples a second

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    @property
    def heard(self) -> float:
        """Seconds in which something is to be heard."""
        step = max(1, self.rate // _LOOKS)
        size = max(1, int(self.rate * _WINDOW))
        samples = self.samples
        loud = 0
        for start in range(0, len(samples), size):
            end = min(start + size, len(samples))
            part = samples[start:end:step]
            loud += end - start if max(part) >= _HEARD or min(part) <= -_HEARD else 0
        return loud / self.rate


def of_pcm(data: bytes, rate: int) -> Sound:
    """Samples of 16 bits as they are sent, the least byte first; half a sample at the end is dropped."""
    samples = array("h")
    samples.frombytes(data[: len(data) & ~1])
    if sys.byteorder == "big":
        samples.byteswap()
    return Sound(samples, rate)


def of_floats(values: array[float] | list[float], rate: int) -> Sound:
    """Samples from -1 to 1; what is beyond is limited."""
    if values and (max(values) > 1 or min(values) < -1):
        values = [min(1.0, max(-1.0, value)) for value in values]
    return Sound(array("h", map(int, map(mul, values, repeat(32767.0)))), rate)


def parse(data: bytes) -> Sound:
    """A WAV file of any common kind, with as much of its sound as is there.

    A header that was written before the sound was known promises 0 or some gigabytes: then everything that follows is
    sound. Raises `NotWav`, and `CutWav` where an honest header promises more than there is.
    """
    if data[:4] not in (b"RIFF", b"RIFX", b"RF64") or data[8:12] != b"WAVE":
        raise NotWav("it is no WAV file")
    if data[:4] == b"RIFX":
        raise NotWav("its bytes are in an order that nobody uses")
    form: bytes | None = None
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        at += 8
        if name == b"fmt ":
            form = data[at : at + size]
        elif name == b"data":
            if form is None:
                raise NotWav("its sound comes before its form")
            return _decoded(_promised(data, at, size), form)
        at += size + (size & 1)
    raise NotWav("there is no sound in it")


def _promised(data: bytes, at: int, size: int) -> bytes:
    there = len(data) - at
    if size == 0 or size >= _UNKNOWN_SIZE:
        return data[at:]
    if size > there:
        raise CutWav(f"it ends after {there} of {size} bytes")
    return data[at : at + size]


def _decoded(data: bytes, form: bytes) -> Sound:
    if len(form) < 16:
        raise NotWav("its form is not told")
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", form)
    if kind == _EXTENSIBLE and len(form) >= 26:
        kind = struct.unpack_from("<H", form, 24)[0]
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise NotWav(f"it claims {rate} samples a second")
    if not 1 <= channels <= 8:
        raise NotWav(f"it claims {channels} channels")
    sound = _samples(data[: len(data) - len(data) % max(1, channels * bits // 8)], kind, bits, rate)
    return sound if channels == 1 else Sound(_mixed(sound.samples, channels), rate)


def _samples(data: bytes, kind: int, bits: int, rate: int) -> Sound:
    if (kind, bits) == (_PCM, 16):
        return of_pcm(data, rate)
    if (kind, bits) == (_PCM, 8):
        return Sound(array("h", ((value - 128) << 8 for value in data)), rate)
    if kind == _PCM and bits in (24, 32):
        width = bits // 8  # the two upper bytes of each sample
        upper = bytearray(len(data) // width * 2)
        upper[0::2], upper[1::2] = data[width - 2 :: width], data[width - 1 :: width]
        return of_pcm(bytes(upper), rate)
    if kind == _FLOAT and bits in (32, 64):
        values = array("f" if bits == 32 else "d")
        values.frombytes(data)
        if sys.byteorder == "big":
            values.byteswap()
        return of_floats([value if value == value else 0.0 for value in values], rate)  # noqa: PLR0124  not a number
    raise NotWav(f"its samples are of kind {kind} with {bits} bits")


def _mixed(samples: array[int], channels: int) -> array[int]:
    tracks = (samples[one::channels] for one in range(channels))
    return array("h", (sum(values) // channels for values in zip(*tracks, strict=True)))


def read(path: Path) -> Sound:
    """A file that `write` has made, or a provider: 16 bits, one channel. Raises `NotWav`."""
    try:
        with wave.open(str(path), "rb") as file:
            if (file.getsampwidth(), file.getnchannels()) != (2, 1):
                raise NotWav("it is not one channel of 16 bits")
            count, data = file.getnframes(), file.readframes(file.getnframes())
            rate = file.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise NotWav("it cannot be read") from error
    if len(data) != count * 2:
        raise CutWav("it ends too early")
    return of_pcm(data, rate)


def write(sound: Sound, path: Path) -> None:
    """As a WAV file."""
    with Joint(path, sound.rate) as joint:
        joint.add(sound)


class Joint:
    """A WAV file that sounds are added to, one after the other."""

    def __init__(self, path: Path, rate: int) -> None:
        self.rate = rate
        self._count = 0
        self._file = wave.open(str(path), "wb")  # noqa: SIM115  this is a context itself
        self._file.setnchannels(1)
        self._file.setsampwidth(2)
        self._file.setframerate(rate)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def seconds(self) -> float:
        return self._count / self.rate

    def add(self, sound: Sound) -> None:
        """At the end. Its rate is the file's."""
        samples = sound.samples
        if sys.byteorder == "big":
            samples = array("h", samples)
            samples.byteswap()
        self._file.writeframes(samples.tobytes())
        self._count += len(samples)


def silence(seconds: float, rate: int) -> Sound:
    """Nothing, for so long."""
    return Sound(array("h", bytes(2 * round(seconds * rate))), rate)
