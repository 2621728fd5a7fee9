"""ffmpeg's part: reading music, writing the formats, and reading them back."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from magpie.downloads.extractors.demuxers import DEMUXERS
from magpie.podcasts.mastering.loudness import Samples

_BLOCK = 1 << 19  # bytes
_QUIET = ("-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1")
# Speech in one channel. A constant rate lets every player seek in an mp3; the header tells the exact length.
_ENCODERS = {
    "mp3": ("-c:a", "libmp3lame", "-b:a", "{mp3}", "-id3v2_version", "0", "-f", "mp3"),
    "opus": ("-c:a", "libopus", "-b:a", "{opus}", "-compression_level", "5", "-f", "ogg"),
    "m4a": ("-c:a", "aac", "-b:a", "{m4a}", "-movflags", "+faststart", "-f", "ipod"),
}
_RATES = {"mp3": ("96k", "128k"), "opus": ("48k", "80k"), "m4a": ("96k", "128k")}  # speech alone, with music
_OPUS_RATE = 48_000
_LOSS = {"mp3": 0.4455}  # dB: LAME scales everything by 0.95


class CodingFailed(Exception):
    """ffmpeg has not done it, or is not there. The text is its last words."""


@dataclass(frozen=True, slots=True)
class Coder:
    """The ffmpeg program at this path."""

    program: str

    def decoded(self, path: Path, rate: int, *, longest: int | None = None) -> Iterator[Samples]:
        """What is heard in a file, in one channel, at the rate. Raises `CodingFailed`."""
        limit = ("-t", str(longest)) if longest else ()
        yield from self._output(
            *("-protocol_whitelist", "file", "-format_whitelist", DEMUXERS, *limit, "-i", f"file:{path}"),
            *("-map", "0:a:0", "-ac", "1", "-ar", str(rate), "-f", "f32le", "pipe:1"),
        )

    def encode(
        self, kind: str, spool: Path, rate: int, gain_db: float, into: Path, facts: Path, *, has_music: bool
    ) -> None:
        """Write the spool (16 bits, one channel) to a file. `facts`: chapters as ffmetadata. Raises `CodingFailed`."""
        bits = _RATES[kind][has_music]
        filters = f"volume={gain_db + _LOSS.get(kind, 0.0):.4f}dB:precision=float"
        if kind == "opus" and rate != _OPUS_RATE:
            filters += f",aresample={_OPUS_RATE}:filter_size=64:phase_shift=10:cutoff=0.97"
        chapters = ("-f", "ffmetadata", "-i", f"file:{facts}") if kind == "m4a" else ()
        places = ("-map_metadata", "1", "-map_chapters", "1") if kind == "m4a" else ("-map_metadata", "-1")
        self._run(
            *("-y", "-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", f"file:{spool}", *chapters),
            *("-map", "0:a", *places, "-af", filters),
            *(part.format(**{kind: bits}) for part in _ENCODERS[kind]),
            *("-fflags", "+bitexact", "-flags:a", "+bitexact", f"file:{into}"),
        )

    def rate_of(self, kind: str, rate: int) -> int:
        """The rate at which a file of the format plays."""
        return _OPUS_RATE if kind == "opus" else rate

    def _run(self, *arguments: str) -> None:
        try:
            done = subprocess.run(
                [self.program, *_QUIET, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise CodingFailed(str(error)) from error
        if done.returncode:
            raise CodingFailed(_last_words(done.stderr))

    def _output(self, *arguments: str) -> Iterator[Samples]:
        try:
            process = subprocess.Popen(
                [self.program, *_QUIET, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise CodingFailed(str(error)) from error
        assert process.stdout is not None  # noqa: S101 (asked for above)
        try:
            while len(data := process.stdout.read(_BLOCK)) >= 4:
                yield np.frombuffer(data[: len(data) // 4 * 4], dtype="<f4")
            if process.wait():
                raise CodingFailed("it cannot be decoded")
        finally:
            process.kill()
            process.stdout.close()
            process.wait()


def _last_words(errors: bytes) -> str:
    lines = errors.decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "without a word"
