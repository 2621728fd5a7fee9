"""How long a piece of sound is, read from its head: FLAC as `cutting` writes it, and WAV."""

from __future__ import annotations

import wave
from pathlib import Path

from magpie.podcasts.transcribers.port import TranscriptionFailed

_STREAM_INFO = 8 + 10  # "fLaC", the block's head, and what stands before the rate


def seconds_of(audio: Path) -> float:
    """Raises `TranscriptionFailed` (`unreadable`) for anything else."""
    try:
        with audio.open("rb") as opened:
            head = opened.read(42)
        if head[:4] == b"fLaC" and len(head) == 42:
            # https://www.rfc-editor.org/rfc/rfc9639#name-streaminfo: 20 bits of rate, 3 + 5 of others, 36 of samples
            packed = int.from_bytes(head[_STREAM_INFO : _STREAM_INFO + 8], "big")
            rate, samples = packed >> 44, packed & ((1 << 36) - 1)
            return float(samples / rate)
        with wave.open(str(audio)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (OSError, EOFError, wave.Error, ZeroDivisionError) as error:
        raise TranscriptionFailed("unreadable", "This is no sound that can be transcribed.") from error
