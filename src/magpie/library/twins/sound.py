"""How a recording sounds, whatever its format: Chromaprint's fingerprint, and a digest to find likenesses by.

A fingerprint (https://oxygene.sk/2011/01/how-does-chromaprint-work/) is one 32-bit number for each eighth of a second;
re-encoding flips a few bits of it. Two recordings are compared bit by bit, at the offset that fits best.

To find candidates without comparing all with all, each quarter of the fingerprint is summed up by the majority of
each of its bits: 128 bits, cut into eight blocks of sixteen. Recordings that sound the same share at least one block,
others share one by chance once in some eight thousand. ffmpeg makes the fingerprints, where it has the muxer.
"""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

SECONDS_READ = 120
STEP_SECONDS = 0.1238  # between two numbers: 4096 samples at 11025 a second, two thirds of them overlapping
QUARTERS = 4
BITS = 32
BLOCK_BITS = 16
ENOUGH = 40  # numbers: below five seconds there is too little to go by
MAX_SHIFT = 80  # numbers: ten seconds
ALIKE = 0.85  # share of equal bits; unrelated recordings have about half, the same ones 0.9 and more
TIMEOUT_SECONDS = 120.0
_NICENESS = 15


class NoSound(Exception):
    """The file has no sound that a fingerprint could be made of."""


def has_chromaprint(ffmpeg: str) -> bool:
    """Whether this ffmpeg can make fingerprints."""
    command = [ffmpeg, "-hide_banner", "-loglevel", "quiet", "-h", "muxer=chromaprint"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"fp_format" in done.stdout


def fingerprint(ffmpeg: str, path: Path) -> tuple[int, ...]:
    """The numbers of the first two minutes. Raises `NoSound`."""
    command = [
        *(ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file"),
        *("-threads", "1", "-t", str(SECONDS_READ), "-i", f"file:{path}", "-map", "0:a:0", "-ac", "1"),
        *("-f", "chromaprint", "-fp_format", "raw", "pipe:1"),
    ]
    environment = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    output = _run(command, environment)
    count = len(output) // 4
    if count < ENOUGH:
        raise NoSound
    return struct.unpack(f"<{count}I", output[: count * 4])


def _run(command: list[str], environment: dict[str, str]) -> bytes:
    """What the program writes, at low priority. Raises `NoSound`."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
    except OSError as error:
        raise NoSound from error
    with process:
        with suppress(psutil.Error):  # it has ended already
            psutil.Process(process.pid).nice(_NICENESS)
        try:
            output, _ = process.communicate(timeout=TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise NoSound from error
    if process.returncode:
        raise NoSound
    return output


def blocks(numbers: Sequence[int]) -> list[int]:
    """The digest's blocks, each with its place in the upper bits."""
    found = []
    for quarter in range(QUARTERS):
        part = numbers[len(numbers) * quarter // QUARTERS : len(numbers) * (quarter + 1) // QUARTERS]
        bits = _majority(part)
        for half in range(BITS // BLOCK_BITS):
            place = quarter * (BITS // BLOCK_BITS) + half
            found.append(place << BLOCK_BITS | bits >> (half * BLOCK_BITS) & ((1 << BLOCK_BITS) - 1))
    return found


def _majority(numbers: Sequence[int]) -> int:
    result = 0
    for bit in range(BITS):
        if sum(number >> bit & 1 for number in numbers) * 2 > len(numbers):
            result |= 1 << bit
    return result


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of equal bits at the offset that fits best, 0 to 1. Offsets that leave too little in common do not count."""
    best = 0.0
    for shift in sorted(range(-MAX_SHIFT, MAX_SHIFT + 1), key=abs):
        left, right = one[max(0, shift) :], other[max(0, -shift) :]
        length = min(len(left), len(right))
        if length < max(ENOUGH, min(len(one), len(other)) // 2):
            continue
        different = sum((a ^ b).bit_count() for a, b in zip(left, right, strict=False))
        best = max(best, 1 - different / (BITS * length))
    return best
