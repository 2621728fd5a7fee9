"""A recogniser for recordings of Morse code. It needs no server, so everything here can be tried at once.

Magpie does the rest for every recogniser alike: it makes pieces of 16 kHz and one channel of any medium, cut where it is
quietest and no longer than `Limits`, leaves silent ones out, asks again after what may pass, keeps what was heard, and
puts the times of all pieces together.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magpie.podcasts.transcribers.answers import of_words
from magpie.podcasts.transcribers.port import HeardWord, Limits, Transcript, TranscriptionFailed
from magpie.podcasts.transcribers.process import Program, run

if TYPE_CHECKING:
    from magpie.config import Settings

# What takes memory or reads what strangers have made works in a process of its own; see `morse.py`.
_EAR = Program("magpie_demo_plugin.morse", patience=600.0)


class DemoRecogniser:
    """What `connect` gives: the recogniser with one of its models. It is asked from many threads at once."""

    name = "magpie-demo"  # with the model, if there is one: "magpie-demo:large"
    limits = Limits(max_seconds=120, parallel=2)
    is_draft = False

    def check(self) -> None:
        """Ask a server for anything that costs nothing, and raise `TranscriptionFailed` if it does not answer."""

    def transcribe(
        self,
        audio: Path,
        language: str | None,
        on_progress: Callable[[float], None],
        stop: Callable[[], bool],
    ) -> Transcript:
        """What is in one piece, with times from its beginning, or raise `TranscriptionFailed`.

        Ask once only: reasons that may pass (`limited`, `failing`, `unreachable`) are asked again for you.
        """
        words: list[HeardWord] = []

        def take(message: dict[str, Any]) -> None:
            words.extend(HeardWord(*word) for word in message["words"])

        run(_EAR, {"audio": str(audio)}, take, stop)
        on_progress(1.0)
        return Transcript(tuple(of_words(words, pause=2.0)), language or "en", self.name)


class DemoTranscriberKind:
    """What the hook returns: one instance for all of Magpie. `name` is what people write into `MAGPIE_ASR`."""

    name = "magpie-demo"
    title = "Demo of Morse code"

    def connect(self, model: str | None, settings: Settings) -> DemoRecogniser:
        """`model` is what stands behind the colon. Raise `TranscriptionFailed("not_configured", …)` where something is
        missing."""
        if model:
            message = "magpie-demo has no models: name it without a colon."
            raise TranscriptionFailed("not_configured", message)
        return DemoRecogniser()
