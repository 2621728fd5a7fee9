"""Reading clips: whether there is speech in them, from where to where, and its samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf  # type: ignore[import-untyped]

from magpie.podcasts.mastering.loudness import Energies, Meter, Samples, integrated
from magpie.podcasts.mastering.order import Clip, MasteringFailed
from magpie.podcasts.mastering.resampling import Resampler, length

_BLOCK = 1 << 17  # samples
_FRAMES = 100  # a second: stretches that are silent or not
_SILENT = 0.001  # -60 dB: what has no louder stretch is no speech
_FAINT = 0.01  # -40 dB beside the loud stretches: silence
_NOTHING = 0.0003  # -70 dB
_BEFORE, _AFTER = 0.02, 0.06  # seconds that are kept: words begin and end softly
_FADE = 0.01  # seconds
_RATES = range(4000, 384_001)
_MOST = 40.0  # dB for a speaker
_EVENED = 15.0  # dB for a turn beside the speaker's others
_ALLOWED = 3.0  # LU that turns of one speaker may differ


@dataclass(frozen=True, slots=True)
class Heard:
    """A clip with what was found in it. `first` up to `last` are the samples to keep, at its own rate."""

    clip: Clip
    number: int  # of the clip, from 0
    rate: int
    first: int
    last: int
    offset: float  # the samples' mean, which is no sound
    energies: Energies  # K-weighted, of its tenths of a second

    def length(self, rate: int) -> int:
        """How many samples it has at the rate."""
        return length(self.last - self.first, self.rate, rate)


def _blocks(path: Path, first: int = 0, last: int | None = None, offset: float = 0.0) -> Iterator[Samples]:
    with sf.SoundFile(path) as file:
        if first:
            file.seek(first)
        left = (len(file) if last is None else last) - first
        while left > 0:
            block = file.read(min(left, _BLOCK), dtype="float32", always_2d=True)
            if not len(block):
                return
            left -= len(block)
            mono = block.mean(axis=1) if block.shape[1] > 1 else block[:, 0]
            if not np.isfinite(mono).all():
                mono = np.nan_to_num(mono, posinf=0, neginf=0)
            yield mono - np.float32(offset)


def _levels(path: Path, rate: int) -> tuple[Energies, int, float]:
    """The level of each stretch, how many samples there are, and their mean, which is taken off the levels."""
    width = max(rate // _FRAMES, 1)
    rest: Samples = np.zeros(0, dtype=np.float32)
    squares: list[Energies] = []
    means: list[Energies] = []
    count = 0
    for block in _blocks(path):
        count += len(block)
        stream = np.concatenate((rest, block))
        rows = stream[: len(stream) // width * width].reshape(-1, width)
        squares.append(np.einsum("ij,ij->i", rows, rows).astype(np.float64) / width)
        means.append(rows.mean(axis=1, dtype=np.float64))
        rest = stream[rows.size :]
    if len(rest):
        squares.append(np.array([np.square(rest).mean(dtype=np.float64)]))
        means.append(np.array([rest.mean(dtype=np.float64)]))
    if not count:
        return np.zeros(0), 0, 0.0
    mean, local = float(np.concatenate(means).mean()), np.concatenate(means)
    return np.sqrt(np.maximum(np.concatenate(squares) - 2 * mean * local + mean * mean, 0)), count, mean


def bounds(levels: Energies, width: int, count: int, rate: int) -> tuple[int, int] | None:
    """From which sample to which there is sound, with a little around it; None if there is none. Pure."""
    if not len(levels) or levels.max() < _SILENT:
        return None
    floor = max(float(np.percentile(levels, 95)) * _FAINT, _NOTHING)
    loud = np.flatnonzero(levels >= min(floor, float(levels.max())))
    first = int(loud[0]) * width - int(_BEFORE * rate)
    last = (int(loud[-1]) + 1) * width + int(_AFTER * rate)
    return max(first, 0), min(last, count)


def examine(clip: Clip, number: int) -> Heard:
    """Look at a clip. Raises `MasteringFailed` if there is no speech in it, or no clip; `number` names it, from 0."""
    try:
        with sf.SoundFile(clip.path) as file:
            rate = int(file.samplerate)
        if rate not in _RATES:
            raise MasteringFailed("clip_damaged", f"A clip has {rate} samples a second", clip=number)
        levels, count, offset = _levels(clip.path, rate)
        if not count:
            raise MasteringFailed("clip_empty", "A clip has no sound", clip=number)
        found = bounds(levels, max(rate // _FRAMES, 1), count, rate)
        if found is None:
            raise MasteringFailed("clip_silent", "A clip is silent", clip=number)
        meter = Meter(rate)
        for block in _blocks(clip.path, *found, offset):
            meter.feed(block)
        if found[1] - found[0] < rate // 10:
            meter.feed(np.zeros(rate // 10, dtype=np.float32))  # something is to be measured
        return Heard(clip, number, rate, *found, offset, meter.energies())
    except (sf.SoundFileError, OSError, ValueError) as error:
        if not clip.path.is_file():
            raise MasteringFailed("clip_missing", "A clip is missing", clip=number) from error
        raise MasteringFailed("clip_damaged", "A clip is damaged", clip=number) from error


def samples(heard: Heard, rate: int, gain: float) -> Iterator[Samples]:
    """The speech of a clip at the rate, times `gain`, its ends faded; `heard.length(rate)` samples in all.

    Raises `MasteringFailed` if the file is not any more what it was when it was examined.
    """
    total, at = heard.length(rate), 0
    try:
        for block in _resampled(heard, rate):
            out = block * np.float32(gain)
            _fade(out, at, total, min(int(_FADE * rate), total // 2))
            at += len(out)
            yield out
    except (sf.SoundFileError, OSError) as error:
        raise MasteringFailed("clip_missing", "A clip is missing", clip=heard.number) from error
    if at != total:
        raise MasteringFailed("clip_damaged", "A clip is damaged", clip=heard.number)


def _resampled(heard: Heard, rate: int) -> Iterator[Samples]:
    resampler = Resampler(heard.rate, rate)
    for block in _blocks(heard.clip.path, heard.first, heard.last, heard.offset):
        yield resampler.feed(block)
    yield resampler.flush()


def _fade(block: Samples, at: int, total: int, width: int) -> None:
    """Fade in and out what of the ends lies in this block, which begins at sample `at`."""
    if not width or not len(block):
        return
    curve = 0.5 - 0.5 * np.cos(np.pi * (np.arange(width) + 0.5) / width)
    if at < width:
        part = curve[at : at + len(block)]
        block[: len(part)] *= part
    begin = total - width
    if at + len(block) > begin:
        skipped = max(begin - at, 0)
        part = curve[::-1][at + skipped - begin :][: len(block) - skipped]
        block[skipped : skipped + len(part)] *= part


def levels(clips: Sequence[Heard], target: float) -> tuple[dict[str, float], tuple[float, ...]]:
    """What brings the gated loudness of all that a speaker says to `target`, LUFS: dB by speaker, and for each clip.

    A voice that is asked turn by turn is not always equally loud: a turn that is more than 3 LU from the speaker's others
    is brought to these 3 LU. What lasts less than a second is left as it is: a short word may be soft.
    """
    by_speaker: dict[str, list[int]] = {}
    for number, heard in enumerate(clips):
        by_speaker.setdefault(heard.clip.speaker, []).append(number)
    speakers: dict[str, float] = {}
    gains = [0.0] * len(clips)
    for speaker, numbers in by_speaker.items():
        parts = [clips[number].energies for number in numbers]
        usual = integrated(np.concatenate(parts))
        evened = [_evened(integrated(part) - usual) if len(part) >= 10 else 0.0 for part in parts]
        after = [part * 10 ** (gain / 10) for part, gain in zip(parts, evened, strict=True)]
        speakers[speaker] = max(-_MOST, min(_MOST, target - integrated(np.concatenate(after))))
        for number, gain in zip(numbers, evened, strict=True):
            gains[number] = speakers[speaker] + gain
    return speakers, tuple(gains)


def _evened(away: float) -> float:
    """dB for a turn that is `away` LU from the others."""
    return max(-_EVENED, min(_EVENED, max(-_ALLOWED, min(_ALLOWED, away)) - away))
