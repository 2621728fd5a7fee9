"""What mastering costs, and whether it comes out as promised: 600 s of speech, and 65 minutes; beside ffmpeg's loudnorm.

    python3 dev.py bench mastering

The clips are made up: two voices, one of them faint, at the rates of usual voices. loudnorm gets them joined to one file
already (it does not trim, pause or level speakers), in two passes, and encodes with the same encoder.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks._measure import Figure, report
from magpie.podcasts.mastering.order import Chapter, Clip, Facts, MasteringOrder
from magpie.podcasts.mastering.service import master
from tests.podcasts.mastering import sounds

SECONDS = 8.0  # of one clip, with silence at its ends
VOICES = (("Ann", 24_000, 0.1, 190.0), ("Bob", 22_050, 0.7, 110.0))
DIFFERENT = 12  # clips; they are heard again and again


def make_clips(folder: Path, total: float) -> tuple[Clip, ...]:
    """As many turns as make up the seconds, with their pauses."""
    paths = []
    for number in range(DIFFERENT):
        _, rate, level, pitch = VOICES[number % 2]
        sound = sounds.speech(SECONDS - 0.6, rate, level, pitch, number)
        quiet = sounds.silence(0.3, rate)
        paths.append(sounds.write(folder / f"{number}.wav", np.concatenate((quiet, sound, quiet)), rate))
    count = round(total / (SECONDS - 0.2))
    return tuple(
        Clip(paths[number % DIFFERENT], VOICES[number % 2][0], "It goes on.", number * 6 // count)
        for number in range(count)
    )


def spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Peak:
    """The most memory that all children take at one moment, bytes: proportional, so that shared pages count once."""

    def __init__(self) -> None:
        self.bytes = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        over = threading.Event()
        thread = threading.Thread(target=self._watch, args=(over,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(0.1):
            total = 0
            for process in psutil.Process().children(recursive=True):
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.bytes = max(self.bytes, total)


def magpie(folder: Path, seconds: float) -> dict[str, Any]:
    clips = make_clips(folder, seconds)
    order = MasteringOrder(
        clips, tuple(Chapter(f"Part {n}") for n in range(6)), Facts("A benchmark"), folder / "out", "episode"
    )
    before, peak = spent(), Peak()
    with peak.watching():
        mastered = master(order)
    used = spent() - before
    loudness, true_peak = sounds.by_ffmpeg(mastered.files["mp3"])
    return {
        "seconds": mastered.seconds, "cpu": used, "memory_mb": peak.bytes / 1e6, "lufs": loudness,
        "true_peak": true_peak, "limited": mastered.report["limited"], "silence": mastered.report["silence"],
    }  # fmt: skip


def loudnorm(folder: Path, source: Path) -> dict[str, Any]:
    """Two passes, as its manual describes them."""
    wanted = "loudnorm=I=-16:TP=-1.5:LRA=11"
    quiet = [sounds.ffmpeg(), "-hide_banner", "-nostats", "-threads", "1", "-y", "-i", str(source)]
    before = spent()
    told = subprocess.run(
        [*quiet, "-af", f"{wanted}:print_format=json", "-f", "null", "-"],
        capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    found = json.loads(told[told.rindex("{") : told.rindex("}") + 1])
    measured = (
        f"measured_I={found['input_i']}:measured_TP={found['input_tp']}:measured_LRA={found['input_lra']}"
        f":measured_thresh={found['input_thresh']}:offset={found['target_offset']}:linear=true"
    )
    into = folder / "loudnorm.mp3"
    filters = f"{wanted}:{measured},aresample=44100"
    subprocess.run(
        [*quiet, "-af", filters, "-c:a", "libmp3lame", "-b:a", "96k", str(into)],
        capture_output=True, check=True,
    )  # fmt: skip
    used = spent() - before
    loudness, true_peak = sounds.by_ffmpeg(into)
    return {"cpu": used, "lufs": loudness, "true_peak": true_peak}


def joined(folder: Path) -> Path:
    """The clips of the first recording as one file, with pauses of 0.4 s, at 44.1 kHz."""
    parts = []
    for number in range(round(600 / (SECONDS - 0.2))):
        parts += [sounds.decoded(folder / f"{number % DIFFERENT}.wav"), sounds.silence(0.4, 44_100)]
    return sounds.write(folder / "joined.wav", np.concatenate(parts), 44_100)


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        short = magpie(folder, 600)
        beside = loudnorm(folder, joined(folder))
        long = magpie(folder, 65 * 60)
    a_600 = short["cpu"] * 600 / short["seconds"]
    off = max(abs(one["lufs"] + 16) for one in (short, long))
    figures = [
        Figure("CPU seconds for 600 s of audio", a_600, 8.0, "about 6 on an idle core; loudnorm below"),
        Figure("memory at 65 minutes, MB", long["memory_mb"], 400, "the promise"),
        Figure("distance from -16 LUFS after encoding, LU", off, 0.5, "the promise; by ffmpeg's ebur128"),
        Figure(
            "true peak after encoding, dBTP", max(short["true_peak"], long["true_peak"]), -1.0, "the promise"
        ),
    ]
    return report("mastering", figures, magpie_600_s=short, magpie_65_minutes=long, loudnorm_600_s=beside)


if __name__ == "__main__":
    sys.exit(main())
