"""Listening while the episode is made: finished clips, in order, as one stream of mp3.

Each clip becomes a piece of mp3 once, by a short-lived ffmpeg, and is kept beside the clips for all who listen; pieces are
made so that they can be laid end to end (no header, no frame that borrows from the one before). It is a draft: the
mastered recording replaces it.
"""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
import tempfile
import wave
from array import array
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import anyio.to_thread

from magpie.downloads.extractors.demuxers import DEMUXERS
from magpie.downloads.tools import find_tools
from magpie.podcasts.mastering.gaps import gap
from magpie.podcasts.mastering.order import Clip, MasteringFailed

MIME = "audio/mpeg"
_PATIENCE = 60.0  # seconds for one piece
_TARGET = -15.0  # dB, of what is no pause: about -16 LUFS
_MOST = 30.0  # dB that a clip is turned up or down
_CODEC_DELAY = 0.05  # seconds of silence that each piece brings along
_MOST_SAMPLES = 10_000_000
_LOOKED_AT = 8000  # samples
_EDGE = "silenceremove=start_periods=1:start_silence=0.03:start_threshold=-55dB,areverse"
# ffmpeg 5 takes a sound that begins or ends loud for nothing but silence: it gets a little of that first.
_TRIM = f"adelay=50:all=1,apad=pad_dur=0.05,{_EDGE},{_EDGE}"
_MP3 = (
    *("-c:a", "libmp3lame", "-b:a", "96k", "-reservoir", "0"),
    *("-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"),
)


class PreviewEncoder:
    """Makes and keeps the pieces of one episode in `folder`. Threads and processes may share the folder."""

    def __init__(self, folder: Path, *, ffmpeg: str = "") -> None:
        self._folder = folder
        self._ffmpeg = ffmpeg

    def piece(self, clip: Clip, before: Clip | None = None) -> Path:
        """The clip as mp3, with the pause after `before` in front of it. Raises `MasteringFailed`.

        Takes a tenth of a second or two where it has not been made yet: to be called in a thread.
        """
        pause = gap(before.text, ends_segment=before.segment != clip.segment) if before else 0.0
        try:
            facts = clip.path.stat()
        except OSError as error:
            raise MasteringFailed("clip_missing", "A clip is missing") from error
        told = f"{clip.path.name}\n{facts.st_size}\n{facts.st_mtime_ns}\n{pause}"
        kept = self._folder / f"preview-{hashlib.sha256(told.encode()).hexdigest()[:32]}.mp3"
        if not kept.is_file():
            self._make(clip.path, pause, kept)
        return kept

    async def stream(self, clip: Callable[[int], Awaitable[Clip | None]]) -> AsyncIterator[bytes]:
        """mp3 as it becomes ready. `clip(n)` answers with the n-th clip, from 0, once it is finished; None ends it."""
        number, before = 0, None
        while (current := await clip(number)) is not None:
            path = await anyio.to_thread.run_sync(self.piece, current, before)
            yield await anyio.to_thread.run_sync(path.read_bytes)
            number, before = number + 1, current

    def _make(self, source: Path, pause: float, into: Path) -> None:
        program = find_tools(self._ffmpeg).ffmpeg
        opened = (
            *(
                program,
                "-nostdin",
                "-hide_banner",
                "-nostats",
                "-threads",
                "1",
                "-protocol_whitelist",
                "file,pipe",
            ),
            *("-format_whitelist", DEMUXERS, "-i", f"file:{source.absolute()}", "-map", "0:a:0", "-ac", "1"),
        )
        gain = _gain(source)
        delay = round(max(pause - _CODEC_DELAY, 0) * 1000)
        filters = (
            f"{_TRIM},aresample=44100,volume={gain:.2f}dB:precision=float,"
            f"alimiter=limit=0.84:level=disabled,adelay={delay}:all=1"
        )
        descriptor, draft = tempfile.mkstemp(prefix=".preview-", dir=self._folder)
        os.close(descriptor)
        try:
            _run([*opened, "-af", filters, *_MP3, "-y", f"file:{draft}"])
            if not Path(draft).stat().st_size:
                raise MasteringFailed("clip_silent", "A clip is silent")
            Path(draft).replace(into)
        finally:
            with suppress(FileNotFoundError):
                Path(draft).unlink()


def _gain(source: Path) -> float:
    """About how far the clip has to be turned up, dB; from some of its samples, since this is the server's time."""
    try:
        with wave.open(str(source), "rb") as file:
            if file.getsampwidth() != 2 or file.getnchannels() != 1:
                return 0.0
            data = array("h", file.readframes(min(file.getnframes(), _MOST_SAMPLES)))
    except (wave.Error, EOFError, OSError, ValueError):
        return 0.0  # the mastering will say what is wrong with it
    if sys.byteorder == "big":
        data.byteswap()
    few = data[:: max(len(data) // _LOOKED_AT, 1)]
    floor = max(map(abs, few), default=0) / 20
    loud = [sample * sample for sample in few if abs(sample) > floor]
    if not loud:
        return 0.0
    level = 10 * math.log10(sum(loud) / len(loud) / 32768**2)
    return max(-_MOST, min(_MOST, _TARGET - level))


def _run(command: list[str]) -> None:
    environment = {"PATH": os.environ.get("PATH", "")}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise MasteringFailed("timed_out", "A clip took too long") from error
    except OSError as error:
        raise MasteringFailed("no_ffmpeg", "ffmpeg, which writes the files, is not there") from error
    if done.returncode:
        raise MasteringFailed("clip_damaged", "A clip is damaged")
