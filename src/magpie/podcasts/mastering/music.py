"""Music around and below the speech: read by ffmpeg, brought to its level, turned down while somebody speaks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from magpie.podcasts.mastering.coder import Coder, CodingFailed
from magpie.podcasts.mastering.loudness import SILENT, Meter, Samples
from magpie.podcasts.mastering.order import MasteringFailed
from magpie.podcasts.mastering.timeline import Timeline

_LONGEST = 600  # seconds that are read of a piece
_SOFTER = 2.0  # LU: intro and outro beside the speech
_RISE = 10.0  # dB: how much louder the bed is where nobody speaks
_DOWN, _UP = 0.3, 0.7  # seconds: before somebody speaks, and after
_FADE_IN, _FADE_OUT = 0.05, 2.0  # seconds
_BED_FADE = 1.5
_SEAM = 1.0  # seconds in which the bed's end passes into its beginning
_STEP = 0.01  # seconds: how finely the bed's level is drawn


@dataclass(frozen=True, slots=True)
class Tune:
    """A piece of music, as it is on the disk; `gain` brings it to where it belongs."""

    samples: Samples
    gain: float


def load(coder: Coder, path: Path, rate: int, into: Path, loudness: float) -> Tune:
    """Read a piece into the file `into`, to be played at `loudness`, LUFS. Raises `MasteringFailed`."""
    meter = Meter(rate)
    try:
        with into.open("wb") as file:
            for block in coder.decoded(path, rate, longest=_LONGEST):
                meter.feed(block)
                block.tofile(file)
    except CodingFailed as error:
        raise MasteringFailed("music_unreadable", f"The music {path.name!r} cannot be read") from error
    measured = meter.loudness()
    if measured <= SILENT:
        raise MasteringFailed("music_unreadable", f"There is no sound in the music {path.name!r}")
    gain = 10 ** ((loudness - measured) / 20)
    return Tune(np.memmap(into, dtype=np.float32, mode="r"), gain)


@dataclass(frozen=True, slots=True)
class Band:
    """The music of a recording."""

    intro: Tune | None = None
    outro: Tune | None = None
    bed: Tune | None = None

    def add(self, block: Samples, at: int, timeline: Timeline) -> None:
        """Add what is heard of it to the block that begins at sample `at`."""
        if self.intro:
            _add_piece(block, at, self.intro, 0, timeline.rate)
        if self.outro:
            _add_piece(block, at, self.outro, timeline.outro, timeline.rate)
        if self.bed:
            _add_bed(block, at, self.bed, timeline)


def softer(target: float) -> float:
    """How loud intro and outro are, where speech has `target`."""
    return target - _SOFTER


def _add_piece(block: Samples, at: int, tune: Tune, start: int, rate: int) -> None:
    first, last = max(start - at, 0), min(start + len(tune.samples) - at, len(block))
    if first >= last:
        return
    begin = at + first - start
    part = tune.samples[begin : begin + last - first]
    places = np.arange(begin, begin + last - first)
    fade_out = min(_FADE_OUT * rate, len(tune.samples) / 2)
    level = np.minimum(places / (_FADE_IN * rate), (len(tune.samples) - places) / fade_out)
    block[first:last] += part * (np.clip(level, 0, 1) * tune.gain).astype(np.float32)


def _add_bed(block: Samples, at: int, tune: Tune, timeline: Timeline) -> None:
    fade = int(_BED_FADE * timeline.rate)
    start, end = timeline.speech
    start, end = max(start - fade, 0), min(end + fade, timeline.total)
    first, last = max(start - at, 0), min(end - at, len(block))
    if first >= last:
        return
    places = np.arange(at + first, at + last)
    level = np.clip(np.minimum(places - start, end - places) / fade, 0, 1) * tune.gain
    level = level * 10 ** (_rise(places, timeline) / 20)
    seam = min(int(_SEAM * timeline.rate), len(tune.samples) // 4)
    block[first:last] += _looped(tune.samples, places - start, seam) * level.astype(np.float32)


def _looped(samples: Samples, places: np.ndarray[tuple[int], np.dtype[np.int64]], seam: int) -> Samples:
    """The piece over and over: the last `seam` samples are heard below the first ones of the next time."""
    period = len(samples) - seam
    inside = places % period
    out = np.asarray(samples[inside])
    crossing = np.flatnonzero((inside < seam) & (places >= period))
    if len(crossing):
        share = (inside[crossing] / seam).astype(np.float32)
        out[crossing] = out[crossing] * share + samples[inside[crossing] + period] * (1 - share)
    return out


def _rise(
    places: np.ndarray[tuple[int], np.dtype[np.int64]], timeline: Timeline
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """By how much the bed is louder at each sample than below speech, dB."""
    rate = timeline.rate
    step = int(_STEP * rate)
    grid = np.arange(places[0], places[-1] + 2 * step, step)
    starts = np.array(timeline.starts)
    ends = starts + np.array(timeline.lengths)
    following = np.searchsorted(starts, grid, side="right")
    until = np.append(starts, timeline.total * 2)[following] - grid
    since = grid - np.concatenate(([-timeline.total], ends))[following]
    share = np.clip(np.minimum(until / (_DOWN * rate), since / (_UP * rate)), 0, 1)
    return np.interp(places, grid, share * _RISE)
