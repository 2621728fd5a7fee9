"""The Whisper ASR webservice (https://github.com/ahmetoner/whisper-asr-webservice), with any of its engines.

`POST /asr` answers when all is heard, always as `text/plain`, with one recording at a time: its model has a lock. The
answer's JSON differs between its engines; `transcribers.answers` reads them all. A language that it does not know is 422.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from magpie.podcasts.transcribers import answers, languages
from magpie.podcasts.transcribers.asking import Listener
from magpie.podcasts.transcribers.lengths import seconds_of
from magpie.podcasts.transcribers.port import Limits, Transcriber, Transcript, TranscriptionFailed

if TYPE_CHECKING:
    from magpie.config import Settings

# One question is answered when all of it is heard: on a processor that may take longer than the recording.
_LIMITS = Limits(max_seconds=300, parallel=1)


class WhisperAsr:
    """One webservice; which model it has is its own affair."""

    name = "whisper-asr"
    limits = _LIMITS
    is_draft = False

    def __init__(self, settings: Settings) -> None:
        self._service = Listener("The Whisper ASR webservice", settings.whisper_asr_url, settings)

    def check(self) -> None:
        answer = self._service.quick("GET", "/openapi.json")
        if answer.status != 200:
            raise self._service.failure_of(answer)
        described = answer.json()
        if not isinstance(described, dict) or "/asr" not in (described.get("paths") or {}):
            message = f"{self._service.host} is not a Whisper ASR webservice."
            raise TranscriptionFailed("not_configured", message)

    def transcribe(
        self,
        audio: Path,
        language: str | None,
        on_progress: Callable[[float], None],
        stop: Callable[[], bool],
    ) -> Transcript:
        asked = languages.asked(language)
        params = {
            "encode": "true",
            "task": "transcribe",
            "output": "json",
            "word_timestamps": "true",
            "vad_filter": "true",
            **({"language": asked} if asked else {}),
        }
        answer = self._service.send("/asr", audio, "audio_file", stop, params=params)
        if answer.status == 422:
            message = f"{self._service.place} does not understand this language."
            raise TranscriptionFailed("language", message)
        if answer.status != 200:
            raise self._service.failure_of(answer)
        heard = answers.read(answer.body, self.name, seconds_of(audio), asked=language)
        on_progress(1.0)
        return heard


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str = "whisper-asr"
    title: str = "Whisper ASR webservice"

    def connect(self, model: str | None, settings: Settings) -> Transcriber:
        if model:
            message = (
                "The Whisper ASR webservice has the model that it was started with: leave the model out."
            )
            raise TranscriptionFailed("not_configured", message)
        return WhisperAsr(settings)


KIND = _Kind()
