"""PocketSphinx with its own English model: embedded, without a download, and weak. What it gives is a draft."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magpie.podcasts.transcribers import answers
from magpie.podcasts.transcribers.port import HeardWord, Limits, Transcriber, Transcript, TranscriptionFailed
from magpie.podcasts.transcribers.process import Program, run

if TYPE_CHECKING:
    from magpie.config import Settings

NAME = "pocketsphinx"
_CHILD = Program("magpie.podcasts.transcribers.pocketsphinx.child", patience=3600.0)


class PocketSphinx:
    """A process for each piece: the model is loaded in a third of a second."""

    name = NAME
    is_draft = True

    @property
    def limits(self) -> Limits:
        return Limits(max_seconds=60, parallel=2 if (os.cpu_count() or 1) > 2 else 1)

    def check(self) -> None:
        if find_spec("pocketsphinx") is None:
            message = "The recogniser is not installed: install Magpie with the extra “offline-asr”."
            raise TranscriptionFailed("not_configured", message)

    def transcribe(
        self,
        audio: Path,
        language: str | None,
        on_progress: Callable[[float], None],
        stop: Callable[[], bool],
    ) -> Transcript:
        if language and language.partition("-")[0].lower() != "en":
            raise TranscriptionFailed("language", "PocketSphinx understands English only.")
        words: list[HeardWord] = []

        def take(message: dict[str, Any]) -> None:
            on_progress(float(message["progress"]))
            words.extend(HeardWord(str(text), float(a), float(b)) for text, a, b in message["words"])

        run(_CHILD, {"audio": str(audio.resolve())}, take, stop)
        return Transcript(tuple(answers.of_words(words)), language or "en", NAME, is_draft=True)


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str = NAME
    title: str = "PocketSphinx (embedded; drafts, English only)"

    def connect(self, model: str | None, settings: Settings) -> Transcriber:
        if model:
            raise TranscriptionFailed("not_configured", "PocketSphinx has one model only: leave it out.")
        recogniser = PocketSphinx()
        recogniser.check()
        return recogniser


KIND = _Kind()
