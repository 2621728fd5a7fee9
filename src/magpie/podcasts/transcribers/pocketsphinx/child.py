"""`python -m magpie.podcasts.transcribers.pocketsphinx.child`: hears one piece."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

from magpie.podcasts.transcribers.port import TranscriptionFailed
from magpie.podcasts.transcribers.process import serve

MEMORY = 2 << 30  # bytes
SECONDS = 3600  # of the processor
FRAMES = 100  # a second
# <s>, </s>, <sil>, [NOISE] and ++NOISE++ are no words; `was(2)` is another way to say one.
_WORD = re.compile(r"([a-z0-9'][^\s(]*)(?:\(\d+\))?", re.IGNORECASE)


def work(order: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> None:
    """The words with their times in seconds. At once, so that the loudness of the whole is known to all of it."""
    import soundfile  # type: ignore[import-untyped]
    from pocketsphinx import Decoder  # type: ignore[import-untyped]

    try:
        samples, rate = soundfile.read(order["audio"], dtype="int16", always_2d=False)
    except (OSError, RuntimeError) as error:
        raise TranscriptionFailed("unreadable", "This is no sound that can be transcribed.") from error
    decoder = Decoder(samprate=rate, loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), no_search=False, full_utt=True)
    decoder.end_utt()
    words = []
    for segment in decoder.seg() or () if decoder.hyp() is not None else ():
        found = _WORD.fullmatch(segment.word)
        if found:
            words.append([found[1], segment.start_frame / FRAMES, (segment.end_frame + 1) / FRAMES])
    tell({"progress": 1.0, "words": words})


if __name__ == "__main__":
    sys.exit(serve(work, memory=MEMORY, seconds=SECONDS))
