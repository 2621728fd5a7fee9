"""Real speech for recognisers that understand some: eSpeak NG's, made in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

VOICE, SPEED = "en-us+f2", 160  # the voice, and the words a minute, that PocketSphinx hears best

_SAY = """
import ctypes, sys, wave
import espeakng_loader

voice, speed, path, text = sys.argv[1:]
lib = ctypes.CDLL(espeakng_loader.get_library_path())
rate = lib.espeak_Initialize(2, 0, espeakng_loader.get_data_path().encode(), 0)  # 2: AUDIO_OUTPUT_SYNCHRONOUS
samples = bytearray()

@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
def take(wav, count, events):
    if wav and count > 0:
        samples.extend(ctypes.string_at(wav, count * 2))
    return 0

lib.espeak_SetSynthCallback(take)
assert lib.espeak_SetVoiceByName(voice.encode()) == 0
lib.espeak_SetParameter(1, int(speed), 0)  # 1: espeakRATE
said = text.encode()
assert lib.espeak_Synth(said, len(said) + 1, 0, 0, 0, 1, None, None) == 0  # 1: espeakCHARS_UTF8
with wave.open(path, "wb") as out:
    out.setparams((1, 2, rate, 0, "NONE", None))
    out.writeframes(bytes(samples))
"""


def say(text: str, path: Path, *, voice: str = VOICE, speed: int = SPEED) -> Path:
    """Speak the text into a WAV file of 22,050 Hz."""
    command = [sys.executable, "-c", _SAY, voice, str(speed), str(path), text]
    subprocess.run(command, check=True, timeout=60)
    return path


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


def word_error(said: Sequence[str], heard: Sequence[str]) -> float:
    """The share of words that must be changed, added or left out to make one of the other."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, 1):
        before, row[0] = row[0], number
        for at, other in enumerate(heard, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (word != other))
    return row[-1] / max(len(said), 1)
