"""Speech for tests: a tone whose pitch tells the voice, as long as its text would take to say."""

from __future__ import annotations

import math
import struct
import zlib
from array import array
from functools import cache

from magpie.podcasts.voices.text import seconds_to_say, tokens
from magpie.podcasts.voices.wav import Sound

RATE = 24_000
EDGE = 0.05  # seconds of silence before and after
_LEAST, _KINDS = 30, 80  # samples of a period: 800 Hz down to 218 Hz
_LOUD = 8000


def period(voice: str) -> int:
    """The samples of one swing of a voice's tone, at 24,000 a second."""
    return _LEAST + zlib.crc32(voice.encode()) % _KINDS


@cache
def _swing(samples: int) -> array[int]:
    return array("h", (round(_LOUD * math.sin(2 * math.pi * at / samples)) for at in range(samples)))


def spoken(voice: str, text: str, *, edge: float = EDGE) -> Sound:
    """What a double says: silence, the tone, silence."""
    swing = _swing(period(voice))
    swings = max(4, round(seconds_to_say(text) * RATE / len(swing)))
    quiet = array("h", bytes(2 * round(edge * RATE)))
    return Sound(quiet + swing * swings + quiet, RATE)


def times(text: str, sound: Sound, *, edge: float = EDGE) -> list[tuple[str, float, float]]:
    """When each of its words is said: each has a share by its length."""
    words = tokens(text)
    whole, length = sound.seconds - 2 * edge, max(1, len(text))
    return [(one.text, edge + whole * one.start / length, edge + whole * one.end / length) for one in words]


def heard_period(sound: Sound) -> float:
    """The samples of one swing in a recording, at 24,000 a second: by the upward crossings of zero where it is loud."""
    samples = sound.samples
    ups = [at for at in range(1, len(samples)) if samples[at - 1] < 0 <= samples[at]]
    assert len(ups) > 2, "no tone"
    return (ups[-1] - ups[0]) / (len(ups) - 1) * RATE / sound.rate


def is_voice(sound: Sound, voice: str) -> bool:
    """Whether all of a recording without pauses is said by that voice."""
    return abs(heard_period(sound) - period(voice)) < 0.5


def wav_header(size: int, rate: int = RATE) -> bytes:
    """A header that promises so many bytes of sound."""
    whole = min(size + 36, 0xFFFFFFFF)
    head = struct.pack("<4sI4s4sI", b"RIFF", whole, b"WAVE", b"fmt ", 16)
    return head + struct.pack("<HHIIHH4sI", 1, 1, rate, rate * 2, 2, 16, b"data", size)


def wav_bytes(sound: Sound, promised: int | None = None) -> bytes:
    """A WAV file; `promised`: the bytes of sound that its header claims."""
    data = sound.samples.tobytes()
    return wav_header(len(data) if promised is None else promised, sound.rate) + data
