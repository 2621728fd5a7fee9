"""`python -m magpie.podcasts.transcribers.faster_whisper.child`: hears one piece."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from magpie.podcasts.transcribers.port import TranscriptionFailed
from magpie.podcasts.transcribers.process import serve

SECONDS = 24 * 3600  # of the processor, of all its cores together


def work(order: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> None:
    """Passage by passage, as it is heard. The memory is not limited: some models take ten gigabytes."""
    from faster_whisper import WhisperModel  # type: ignore[import-not-found]

    try:
        model = WhisperModel(order["model"], device="auto", compute_type="default")
    except Exception as error:  # whatever its libraries raise: no such model, no network, no memory
        message = f"faster-whisper cannot load this model ({type(error).__name__})."
        raise TranscriptionFailed("unknown_model", message) from error
    segments, about = model.transcribe(
        order["audio"],
        language=order["language"],
        word_timestamps=True,
        vad_filter=True,
        condition_on_previous_text=False,  # one slip would be repeated to the end
    )
    tell({"language": about.language})
    for segment in segments:
        if text := segment.text.strip():
            words = [[word.word.strip(), word.start, word.end] for word in segment.words or ()]
            tell({"start": segment.start, "end": segment.end, "text": text, "words": words})


if __name__ == "__main__":
    sys.exit(serve(work, memory=None, seconds=SECONDS))
