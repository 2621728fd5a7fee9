"""Made-up sounds: tones, noise, and what is loud and soft as speech is."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import soundfile as sf  # type: ignore[import-untyped]
from numpy.typing import NDArray

from magpie.downloads.tools import find_tools
from magpie.podcasts.mastering.loudness import Meter
from magpie.podcasts.mastering.peaks import TruePeak

Sound = NDArray[np.float32]


@cache
def ffmpeg() -> str:
    return find_tools().ffmpeg


def tone(frequency: float, seconds: float, rate: int, level: float = 0.3, phase: float = 0.0) -> Sound:
    """A sine with soft ends: an abrupt one is a click, whose peak is another one for each filter."""
    at = np.arange(int(seconds * rate)) / rate
    return soft(level * np.sin(2 * np.pi * frequency * at + phase), rate)


def noise(seconds: float, rate: int, level: float = 0.1, seed: int = 1) -> Sound:
    return np.random.default_rng(seed).normal(0, level, int(seconds * rate)).astype(np.float32)


def speech(seconds: float, rate: int, level: float = 0.5, pitch: float = 130.0, seed: int = 1) -> Sound:
    """Harmonics of a voice that rises and falls, in syllables, with hisses and pauses."""
    at = np.arange(int(seconds * rate)) / rate
    turns = 2 * np.pi * np.cumsum(pitch * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * at + seed))) / rate
    voice = np.zeros(len(at))
    # sin(number * turns) and sin((8 + 0.8 * number) * at + number), each from the one before: a sine costs far more.
    one_harmonic, one_swell = np.exp(1j * turns), np.exp(1j * (0.8 * at + 1))
    harmonic, swell = np.ones(len(at), dtype=complex), np.exp(8j * at)
    for number in range(1, int(min(0.4 * rate, 5000) / pitch)):
        harmonic *= one_harmonic
        swell *= one_swell
        voice += harmonic.imag / number * (0.3 + np.abs(swell.imag))
    voice *= np.clip(np.sin(2 * np.pi * 3.7 * at + seed) + 0.5, 0, 1)
    voice += noise(seconds, rate, 0.4, seed) * np.clip(np.sin(2 * np.pi * 2.3 * at), 0, 1) ** 4
    voice *= np.sin(2 * np.pi * 0.13 * at + 0.4) > -0.6
    return soft(voice / np.abs(voice).max() * level, rate)


def soft(sound: NDArray[np.float64], rate: int) -> Sound:
    width = min(rate // 20, len(sound) // 2)
    if width:
        slope = 0.5 - 0.5 * np.cos(np.pi * np.arange(width) / width)
        sound[:width] *= slope
        sound[-width:] *= slope[::-1]
    return sound.astype(np.float32)


def silence(seconds: float, rate: int) -> Sound:
    return np.zeros(int(seconds * rate), dtype=np.float32)


def write(path: Path, sound: Sound, rate: int, subtype: str = "PCM_16") -> Path:
    sf.write(path, sound, rate, subtype=subtype)
    return path


def measured(sound: Sound, rate: int, block: int = 50_000) -> tuple[float, float]:
    """Loudness and true peak by our own meters."""
    meter, peak = Meter(rate), TruePeak()
    for start in range(0, len(sound), block):
        meter.feed(sound[start : start + block])
        peak.feed(sound[start : start + block])
    return meter.loudness(), peak.dbtp()


def by_ffmpeg(path: Path) -> tuple[float, float]:
    """Loudness and true peak by ffmpeg's `ebur128`."""
    command = [ffmpeg(), "-hide_banner", "-nostats", "-i", str(path), "-map", "0:a"]
    command += ["-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = told[told.rindex("Summary:") :]
    loudness = re.search(r"I:\s+(\S+) LUFS", summary)
    peak = re.search(r"Peak:\s+(\S+) dBFS", summary)
    assert loudness is not None
    assert peak is not None
    return float(loudness[1]), float(peak[1])


def decoded(path: Path, rate: int = 44_100) -> Sound:
    command = [
        ffmpeg(),
        "-v",
        "error",
        "-i",
        str(path),
        "-map",
        "0:a",
        "-ac",
        "1",
        "-ar",
        str(rate),
        "-f",
        "f32le",
        "-",
    ]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, dtype="<f4")


def strength(sound: Sound, frequency: float, rate: int) -> float:
    """Goertzel's question: how much of the tone there is, as an amplitude."""
    turns = np.exp(-2j * np.pi * frequency * np.arange(len(sound)) / rate)
    return float(2 * np.abs(np.dot(sound, turns)) / max(len(sound), 1))
