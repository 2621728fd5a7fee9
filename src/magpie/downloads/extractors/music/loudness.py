"""How loud a track is, by EBU R 128, so that players can level tracks. Nothing of the sound is changed.

ReplayGain 2.0 (https://wiki.hydrogenaud.io/index.php?title=ReplayGain_2.0_specification) levels to -18 LUFS; Opus has
tags of its own that level to -23 LUFS (RFC 7845, 5.2.1).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
from av.audio.frame import AudioFrame
from av.filter import Graph

from magpie.downloads.extractors.probe import opened
from magpie.downloads.failures import DownloadFailure

REPLAYGAIN_LUFS = -18.0
R128_LUFS = -23.0
LONGEST = 6 * 3600.0  # seconds of sound; what is longer is no track, and would take minutes
PATIENCE = 900.0  # seconds of our own
_SILENT = -70.0  # the absolute gate: what is quieter was not measured
_Q7_8 = 256


@dataclass(frozen=True, slots=True)
class Loudness:
    """`integrated` in LUFS; `peak` of the samples, 1.0 being full scale."""

    integrated: float
    peak: float

    @property
    def track_gain(self) -> str:
        """As ReplayGain writes it: `-6.19 dB`."""
        return f"{REPLAYGAIN_LUFS - self.integrated:.2f} dB"

    @property
    def track_peak(self) -> str:
        """As ReplayGain writes it: `0.402000`."""
        return f"{self.peak:.6f}"

    @property
    def r128_gain(self) -> str:
        """As Opus has it: a whole number of 256ths of a decibel, in 16 bits."""
        gain = round((R128_LUFS - self.integrated) * _Q7_8)
        return str(max(-(1 << 15), min((1 << 15) - 1, gain)))


def measure(path: Path, duration: float | None) -> Loudness | None:
    """The loudness of a file; None for silence, for what is too long, and for what cannot be decoded to its end."""
    if duration is None or duration > LONGEST:
        return None
    try:
        found = _last_words(path, time.monotonic() + PATIENCE)
        loudness = Loudness(float(found["lavfi.r128.I"]), float(found["lavfi.r128.sample_peak"]))
    except (DownloadFailure, av.error.FFmpegError, KeyError, ValueError, TimeoutError):
        return None
    audible = loudness.integrated > _SILENT and math.isfinite(loudness.integrated) and loudness.peak > 0
    return loudness if audible else None


def _last_words(path: Path, until: float) -> dict[str, str]:
    """What the scanner says of the whole file at its end."""
    words: dict[str, str] = {}
    with opened(path) as container:
        stream = container.streams.audio[0]
        stream.codec_context.thread_count = 1
        graph = Graph()
        source = graph.add_abuffer(template=stream)
        scanner = graph.add("ebur128", "metadata=1:peak=sample:framelog=verbose")
        sink = graph.add("abuffersink")
        source.link_to(scanner)
        scanner.link_to(sink)
        graph.configure()
        for frame in _frames(container.decode(stream)):
            if time.monotonic() > until:
                raise TimeoutError
            graph.push(frame)
            words = _drained(graph) or words
    return words


def _frames(decoded: Iterator[AudioFrame]) -> Iterator[AudioFrame | None]:
    yield from decoded
    yield None


def _drained(graph: Graph) -> dict[str, str]:
    words: dict[str, str] = {}
    while True:
        try:
            words = dict(graph.pull().metadata)
        except (av.error.BlockingIOError, av.error.EOFError):
            return words
