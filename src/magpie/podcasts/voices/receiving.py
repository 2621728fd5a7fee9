"""From what a service answered to sound: whatever is no recording is an error, whatever its status was."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from magpie.podcasts.asking import Reply
from magpie.podcasts.voices import wav
from magpie.podcasts.voices.port import Spoken, VoiceFailed, Word

if TYPE_CHECKING:
    from magpie.config import Settings

_RATE = 44_100  # samples a second, of what was compressed
_SECONDS = 120.0  # for unpacking one recording
# What is compressed shows its kind in its first bytes; ffmpeg is told which one it is, and asks nothing of the data.
_KINDS = (
    (b"ID3", "mp3"), (b"\xff\xfb", "mp3"), (b"\xff\xf3", "mp3"), (b"\xff\xf2", "mp3"), (b"\xff\xfa", "mp3"),
    (b"fLaC", "flac"), (b"OggS", "ogg"),
)  # fmt: skip


@cache
def _ffmpeg(configured: str) -> str:
    from magpie.downloads.tools import find_tools

    return find_tools(configured).ffmpeg


def sound_of(answer: Reply, who: str, settings: Settings, pcm_rate: int | None = None) -> wav.Sound:
    """The recording in an answer. `pcm_rate`: bare samples of 16 bits were asked for, this many a second.

    Raises `VoiceFailed` (`silent` for nothing at all, `cut`, `failing`).
    """
    body = answer.body
    if not body:
        raise VoiceFailed("silent", f"{who} answered with an empty recording.")
    if _is_page(answer):
        raise VoiceFailed("failing", f"{who} answered with a text instead of a recording.")
    kind = next((name for start, name in _KINDS if body.startswith(start)), None)
    is_raw = pcm_rate is not None and body[:4] != b"RIFF"
    if kind is not None and not (is_raw and _is_bare(answer)):
        return _unpacked(body, kind, who, settings)
    if is_raw and pcm_rate is not None:
        return wav.of_pcm(body, pcm_rate)
    try:
        return wav.parse(body)
    except wav.CutWav as error:
        raise VoiceFailed("cut", f"{who} answered with a recording that breaks off: {error}.") from error
    except wav.NotWav as error:
        raise VoiceFailed(
            "failing", f"{who} answered with something that is not a recording: {error}."
        ) from error


def _is_page(answer: Reply) -> bool:
    """Whether it is a text of any kind, which no recording is."""
    kind = answer.content_type.partition(";")[0].strip()
    start = answer.body[:64].lstrip().lower()
    return kind.startswith("text/") or kind.endswith("json") or start.startswith((b"<!", b"<html", b"{"))


def _is_bare(answer: Reply) -> bool:
    """Whether it says of itself that its bytes are samples and nothing else."""
    kind = answer.content_type
    return "pcm" in kind or "l16" in kind or "raw" in kind


def _unpacked(body: bytes, kind: str, who: str, settings: Settings) -> wav.Sound:
    command = [
        _ffmpeg(settings.ffmpeg),
        "-v",
        "error",
        "-nostdin",
        "-protocol_whitelist",
        "pipe",
        "-f",
        kind,
    ]
    command += ["-i", "pipe:0", "-map", "0:a:0", "-ac", "1", "-ar", str(_RATE), "-f", "s16le", "pipe:1"]
    try:
        done = subprocess.run(
            command,
            input=body,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={"PATH": os.environ.get("PATH", "")},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VoiceFailed("failing", f"What {who} answered cannot be unpacked.") from error
    if done.returncode != 0 or not done.stdout:
        raise VoiceFailed("failing", f"{who} answered with something that is not a recording.")
    return wav.of_pcm(done.stdout, _RATE)


def keep(sound: wav.Sound, into: Path, words: tuple[Word, ...] = ()) -> Spoken:
    """Write it, and say what it is. Nothing is left behind if that fails."""
    try:
        wav.write(sound, into)
    except BaseException:
        into.unlink(missing_ok=True)
        raise
    return Spoken(sound.seconds, sound.rate, words)
