"""`python -m magpie_demo_plugin.morse`: hears Morse code in one piece of sound. Magpie starts it, and ends it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from magpie.podcasts.transcribers.port import TranscriptionFailed
from magpie.podcasts.transcribers.process import serve

UNIT = (
    0.06  # seconds: a dot, and the pause within a letter; a dash has three, as has the pause between letters
)
LOUD = 0.05
LETTERS = {
    ".-": "a", "-...": "b", "-.-.": "c", "-..": "d", ".": "e", "..-.": "f", "--.": "g", "....": "h", "..": "i",
    ".---": "j", "-.-": "k", ".-..": "l", "--": "m", "-.": "n", "---": "o", ".--.": "p", "--.-": "q", ".-.": "r",
    "...": "s", "-": "t", "..-": "u", "...-": "v", ".--": "w", "-..-": "x", "-.--": "y", "--..": "z",
}  # fmt: skip


def words(levels: list[bool]) -> Iterator[tuple[str, float, float]]:
    """The words in what is loud and what is not, 10 ms each; seconds."""
    word, letter, begin, end, at = "", "", 0.0, 0.0, 0.0
    for is_loud, run in groupby(levels):
        length = len(list(run)) / 100
        if is_loud:
            begin = at if not word and not letter else begin
            letter += "." if length < 2 * UNIT else "-"
            end = at + length
        elif length > 2 * UNIT:
            word, letter = word + LETTERS.get(letter, "?" if letter else ""), ""
            if length > 5 * UNIT and word:
                yield word, begin, end
                word = ""
        at += length
    word += LETTERS.get(letter, "?" if letter else "")
    if word:
        yield word, begin, end


def work(order: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> None:
    """`order` is what `run` was given; what is told comes out there."""
    import soundfile  # type: ignore[import-untyped]

    try:
        samples, rate = soundfile.read(order["audio"], dtype="float32")
    except (OSError, RuntimeError) as error:
        raise TranscriptionFailed("unreadable", "This is no sound that can be transcribed.") from error
    frame = rate // 100
    peaks = [abs(samples[at : at + frame]).max() for at in range(0, len(samples), frame)]
    tell({"words": list(words([bool(peak > LOUD) for peak in peaks]))})


if __name__ == "__main__":
    sys.exit(serve(work, memory=1 << 30, seconds=600))
