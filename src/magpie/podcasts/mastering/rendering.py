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


@dataclass(frozen=True, slots=True)
class Mix:
    """All that is heard: clips with the gain of their speakers, at their places, and music."""

    clips: tuple[Heard, ...]
    gains: dict[str, float]  # dB
    timeline: Timeline
    band: Band

    def expected(self) -> float:
        """About how loud it is, LUFS: what is known of the clips, one after the other, without the music."""
        parts: list[Energies] = []
        at = 0
        for heard, start, length in zip(self.clips, self.timeline.starts, self.timeline.lengths, strict=True):
            parts.append(np.zeros(round((start - at) / self.timeline.rate * 10)))
            parts.append(heard.energies * 10 ** (self.gains[heard.clip.speaker] / 10))
            at = start + length
        return integrated(np.concatenate(parts))

    def blocks(self) -> Iterator[Samples]:
        """The whole recording."""
        at = 0
        for block in _even(self._speech()):
            self.band.add(block, at, self.timeline)
            at += len(block)
            yield block

    def _speech(self) -> Iterator[Samples]:
        at = 0
        for heard, start, length in zip(self.clips, self.timeline.starts, self.timeline.lengths, strict=True):
            yield np.zeros(start - at, dtype=np.float32)
            yield from samples(heard, self.timeline.rate, 10 ** (self.gains[heard.clip.speaker] / 20))
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
