"""Decodes a recording's sound and measures it. In a confined process only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import av.error
from av.audio.frame import AudioFrame
from av.container import InputContainer

from magpie.downloads.extractors.probe import opened
from magpie.library.playing.peaks import SAMPLE_RATE, Meter, Peaks

GATHERED = 16_384  # samples that are looked at together


def measured(path: Path) -> Peaks:
    """The peaks of the first sound in the file; none if it has no sound. Raises `DownloadFailure`."""
    meter = Meter()
    with opened(path) as container:
        if container.streams.audio:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE, frame_size=GATHERED)
            for frame in _sound(container):
                for piece in resampler.resample(frame):
                    _add(meter, piece)
            for piece in resampler.resample(None):
                _add(meter, piece)
    return meter.peaks()


def _add(meter: Meter, piece: AudioFrame) -> None:
    meter.add(memoryview(piece.planes[0]).cast("B").cast("h")[: piece.samples])


def _sound(container: InputContainer) -> Iterator[AudioFrame]:
    """All that can be decoded: a damaged place is no reason to draw nothing."""
    for packet in container.demux(container.streams.audio[0]):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue
