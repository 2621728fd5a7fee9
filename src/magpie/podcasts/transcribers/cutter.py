"""`python -m magpie.podcasts.transcribers.cutter`: decodes a medium and cuts its sound where it is quietest.

Where a cut is due, the quietest third of a second in the second half of what is at hand is taken, so that it works for
loud and faint, clean and noisy recordings alike, without a threshold; of pauses that are as quiet, the last one.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from magpie.downloads.extractors.demuxers import DEMUXERS
from magpie.podcasts.transcribers.cutting import RATE
from magpie.podcasts.transcribers.port import TranscriptionFailed
from magpie.podcasts.transcribers.process import serve

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.int16]

MEMORY = 3 << 30  # bytes, ffmpeg with it
SECONDS = 4 * 3600  # of the processor
LONGEST_MEDIUM = 24 * 3600  # seconds
FRAME = RATE // 100
PAUSE = 33  # frames that are quiet together
SILENCE = 60.0  # the mean level (of 32768) that speech is above at least once; about -55 dBFS


def command(ffmpeg: str, media: str) -> list[str]:
    """The first sound as samples. Its beginning is that of the medium: a sound that starts late, or has gaps, is filled
    with silence, so that its times are those of players."""
    return [
        ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "quiet",
        "-protocol_whitelist", "file", "-format_whitelist", DEMUXERS, "-i", f"file:{media}",
        "-map", "0:a:0", "-vn", "-sn", "-dn", "-af", "aresample=async=1:first_pts=0",
        "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1",
    ]  # fmt: skip


def levels(samples: Samples) -> NDArray[np.float64]:
    """The mean level of each frame of 10 ms, 0 to 32768; what is left at the end belongs to none."""
    import numpy as np

    whole = len(samples) // FRAME
    frames = samples[: whole * FRAME].reshape(whole, FRAME)
    means: NDArray[np.float64] = np.abs(frames.astype(np.float32)).mean(axis=1, dtype=np.float64)
    return means


def quietest(levels: NDArray[np.float64], first: int) -> int:
    """The frame in the middle of the quietest pause from frame `first` on."""
    import numpy as np

    width = min(PAUSE, len(levels))
    summed = np.concatenate(([0.0], np.cumsum(levels)))
    loudness = (summed[width:] - summed[:-width]) / width
    first = min(max(first - width // 2, 0), len(loudness) - 1)
    within = loudness[first:]
    quiet = np.flatnonzero(within <= within.min() * 1.1 + 1.0)
    return first + int(quiet[-1]) + width // 2


def parts(stream: IO[bytes], most: float) -> Iterator[tuple[int, Samples]]:
    """What the stream of samples holds, in parts of at most `most` seconds: where each begins, in samples."""
    import numpy as np

    limit, start, held = int(most * RATE), 0, bytearray()
    while True:
        while len(held) <= 2 * limit and (data := stream.read(1 << 20)):
            held += data
        samples = np.frombuffer(bytes(held[: 2 * limit]), dtype="<i2", count=min(len(held) // 2, limit))
        if len(held) // 2 <= limit:
            if len(samples):
                yield start, samples
            return
        at = max(1, min(quietest(levels(samples), limit // FRAME // 2) * FRAME, limit))
        yield start, samples[:at]
        start += at
        del held[: 2 * at]


def _piece(folder: Path, number: int, start: int, samples: Samples) -> dict[str, Any]:
    import soundfile  # type: ignore[import-untyped]

    name = f"{number:05}.flac"
    soundfile.write(folder / name, samples, RATE, format="FLAC", subtype="PCM_16")
    heard = levels(samples)
    return {
        "name": name,
        "start": start / RATE,
        "end": (start + len(samples)) / RATE,
        "digest": hashlib.sha256(samples.tobytes()).hexdigest(),
        "silent": not len(heard) or float(heard.max()) < SILENCE,
    }


def work(order: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> None:
    """Cut one medium; each piece is told of when its file is whole."""
    process = subprocess.Popen(
        command(order["ffmpeg"], order["media"]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    if process.stdout is None:
        raise OSError("no pipe")
    for number, (start, samples) in enumerate(parts(process.stdout, float(order["seconds"]))):
        if start > LONGEST_MEDIUM * RATE:
            raise TranscriptionFailed("unreadable", "The recording is longer than a day.")
        tell(_piece(Path(order["into"]), number, start, samples))
    process.wait()


if __name__ == "__main__":
    sys.exit(serve(work, memory=MEMORY, seconds=SECONDS))
