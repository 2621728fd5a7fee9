"""From clips to one stream that is as loud as wanted, in a file of 16-bit samples, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from magpie.podcasts.mastering.clips import Heard, samples
from magpie.podcasts.mastering.limiter import Limiter
from magpie.podcasts.mastering.loudness import Energies, Meter, Samples, integrated
from magpie.podcasts.mastering.music import Band
from magpie.podcasts.mastering.timeline import Timeline

_BLOCK = 1 << 17  # samples
_EXCERPT = 60.0  # seconds
_TRIALS = 6
_NEAR = 0.1  # LU


@dataclass(frozen=True, slots=True)
class Mix:
    """All that is heard: clips with the gain of their speakers, at their places, and music."""

    clips: tuple[Heard, ...]
    gains: tuple[float, ...]  # dB for each clip
    timeline: Timeline
    band: Band

    def expected(self) -> float:
        """How loud it is without the music and before the limiter, LUFS, by what is known of the clips."""
        parts: list[Energies] = []
        at = 0
        for heard, gain, start, length in self._placed():
            parts.append(np.zeros(round((start - at) / self.timeline.rate * 10)))
            parts.append(heard.energies * 10 ** (gain / 10))
            at = start + length
        return integrated(np.concatenate(parts))

    def _placed(self) -> Iterator[tuple[Heard, float, int, int]]:
        line = self.timeline
        yield from zip(self.clips, self.gains, line.starts, line.lengths, strict=True)

    def excerpt(self) -> Samples:
        """Some turns from all over it, a minute at most, if they are not very long."""
        step = max(round(self.timeline.total / (_EXCERPT * self.timeline.rate)), 1)
        picked = list(zip(self.clips, self.gains, strict=True))[::step]
        parts: list[Samples] = []
        left = int(_EXCERPT * self.timeline.rate)
        for heard, gain in picked:
            for block in samples(heard, self.timeline.rate, 10 ** (gain / 20)):
                parts.append(block[: max(left, 0)])
                left -= len(block)
            if left <= 0:
                break
        return np.concatenate(parts)

    def blocks(self) -> Iterator[Samples]:
        """The whole recording."""
        at = 0
        for block in _even(self._speech()):
            self.band.add(block, at, self.timeline)
            at += len(block)
            yield block

    def _speech(self) -> Iterator[Samples]:
        at = 0
        for heard, gain, start, length in self._placed():
            yield np.zeros(start - at, dtype=np.float32)
            yield from samples(heard, self.timeline.rate, 10 ** (gain / 20))
            at = start + length
        yield np.zeros(self.timeline.total - at, dtype=np.float32)


def _even(pieces: Iterable[Samples]) -> Iterator[Samples]:
    """The same samples in blocks of one size, which are the receiver's own."""
    waiting: list[Samples] = []
    count = 0
    for piece in pieces:
        rest = piece
        while count + len(rest) >= _BLOCK:
            cut = _BLOCK - count
            yield np.concatenate((*waiting, rest[:cut]))
            rest, waiting, count = rest[cut:], [], 0
        waiting.append(rest)
        count += len(rest)
    if count:
        yield np.concatenate(waiting)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is in the spool: its loudness in LUFS, and what the limiter did (dB, and share of the time)."""

    lufs: float
    most_limited: float
    limited_share: float


def settle(mix: Mix, target: float, ceiling_db: float, most: float) -> float:
    """The gain in dB with which the mix will have `target` LUFS behind the limiter, about: tried on an excerpt.

    At most `most` dB are given for what the limiter takes away.
    """
    expected = mix.expected()
    excerpt = mix.excerpt()
    plain = _loudness(excerpt, mix.timeline.rate)
    lost = 0.0
    for _ in range(_TRIALS):
        gain = target - expected + lost
        limiter = Limiter(mix.timeline.rate, ceiling_db)
        louder = excerpt * np.float32(10 ** (gain / 20))
        after = _loudness(np.concatenate((limiter.feed(louder), limiter.flush())), mix.timeline.rate)
        before, lost = lost, min(plain + gain - after, most)
        if abs(lost - before) < _NEAR:
            break
    return target - expected + lost


def _loudness(sound: Samples, rate: int) -> float:
    meter = Meter(rate)
    meter.feed(sound)
    return meter.loudness()


def render(
    mix: Mix, gain_db: float, ceiling_db: float, spool: Path, progress: Callable[[float], None]
) -> Rendered:
    """Write the mix, louder by `gain_db`, nowhere above the ceiling (dBTP)."""
    rate = mix.timeline.rate
    limiter = Limiter(rate, ceiling_db)
    meter = Meter(rate)
    gain = np.float32(10 ** (gain_db / 20))
    written = 0
    with spool.open("wb") as file:
        for block in _limited(mix, limiter, gain):
            meter.feed(block)
            np.rint(np.clip(block, -1, 1) * 32767).astype("<i2").tofile(file)
            written += len(block)
            progress(written / mix.timeline.total)
    return Rendered(meter.loudness(), limiter.most, limiter.limited / mix.timeline.total)


def _limited(mix: Mix, limiter: Limiter, gain: np.float32) -> Iterator[Samples]:
    for block in mix.blocks():
        yield limiter.feed(block * gain)
    yield limiter.flush()


def cut_off(clips: Sequence[Heard]) -> list[float]:
    """Seconds that were trimmed off in front of each clip."""
    return [heard.first / heard.rate for heard in clips]
