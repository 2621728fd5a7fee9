"""`POST /v1/audio/transcriptions` of OpenAI and of the many servers that speak its language.

A request may have 25 MB (26,214,400 bytes). `verbose_json` tells segments and words; models that hear with GPT-4o, and
some servers, refuse it with 400 and know `json` only, which has the text without times: they get short pieces, so that
times that are guessed from the text's length are good enough for subtitles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magpie.podcasts.asking import Reply
from magpie.podcasts.transcribers import answers, languages
from magpie.podcasts.transcribers.asking import Listener
from magpie.podcasts.transcribers.lengths import seconds_of
from magpie.podcasts.transcribers.port import Limits, Transcriber, Transcript, TranscriptionFailed

if TYPE_CHECKING:
    from magpie.config import Settings

MAX_BYTES = 26_214_400
_WITHOUT_TIMES = ("gpt-4o", "gpt-5", "voxtral")
_SHORT = 30.0  # seconds
_LONG = 780.0
DEFAULT_MODEL = "whisper-1"


class OpenAiTranscriber:
    """One model of one server."""

    is_draft = False

    def __init__(self, model: str, settings: Settings) -> None:
        self._model = model
        self._tells_times = not model.rpartition("/")[2].lower().startswith(_WITHOUT_TIMES)
        self._parallel = settings.ai_parallel
        own = settings.openai_transcription_url
        key = settings.openai_transcription_api_key if own else settings.openai_api_key
        self._service = Listener(
            "The server for transcription", own or settings.openai_url, settings, key=key
        )

    @property
    def name(self) -> str:
        return f"openai:{self._model}"

    @property
    def limits(self) -> Limits:
        longest = _LONG if self._tells_times else _SHORT
        return Limits(max_bytes=MAX_BYTES, max_seconds=longest, parallel=self._parallel)

    def check(self) -> None:
        answer = self._service.quick("GET", "/models")
        if answer.status in (404, 405, 501):  # servers that do nothing but transcribe
            return
        if answer.status != 200:
            raise self._service.failure_of(answer)
        names = _names(answer.json())
        if names and self._model not in names:
            raise self._unknown()

    def transcribe(
        self,
        audio: Path,
        language: str | None,
        on_progress: Callable[[float], None],
        stop: Callable[[], bool],
    ) -> Transcript:
        answer = self._ask(audio, language, stop)
        if self._tells_times and _refuses_the_format(answer):
            self._tells_times = False
            answer = self._ask(audio, language, stop)
        if answer.status != 200:
            raise self._failure_of(answer)
        heard = answers.read(answer.body, self.name, seconds_of(audio), asked=language)
        on_progress(1.0)
        return heard

    def _ask(self, audio: Path, language: str | None, stop: Callable[[], bool]) -> Reply:
        form: dict[str, str | list[str]] = {"model": self._model, "response_format": "json"}
        if self._tells_times:
            form["response_format"] = "verbose_json"
            form["timestamp_granularities[]"] = ["word", "segment"]
        if asked := languages.asked(language):
            form["language"] = asked
        return self._service.send("/audio/transcriptions", audio, "file", stop, data=form)

    def _failure_of(self, answer: Reply) -> TranscriptionFailed:
        fault = _fault(answer)
        if answer.status == 429 and fault.get("code") == "insufficient_quota":
            return TranscriptionFailed("refused", f"{self._service.place} has no credit left.")
        if answer.status == 404 and (fault.get("code") == "model_not_found" or fault.get("param") == "model"):
            return self._unknown()
        if answer.status == 400 and fault.get("param") == "language":
            return TranscriptionFailed(
                "language", f"{self._service.place} does not understand this language."
            )
        return self._service.failure_of(answer)

    def _unknown(self) -> TranscriptionFailed:
        return TranscriptionFailed("unknown_model", f"{self._service.place} has no model “{self._model}”.")


def _fault(answer: Reply) -> dict[str, Any]:
    """`{"error": {message, type, param, code}}`."""
    body = answer.json()
    fault = body.get("error") if isinstance(body, dict) else None
    return fault if isinstance(fault, dict) else {}


def _refuses_the_format(answer: Reply) -> bool:
    if answer.status not in (400, 422):
        return False
    fault = _fault(answer)
    if str(fault.get("param")) in ("response_format", "timestamp_granularities", "timestamp_granularities[]"):
        return True
    return b"verbose_json" in answer.body or b"response_format" in answer.body


def _names(body: Any) -> set[str]:
    rows = body.get("data") if isinstance(body, dict) else None
    return {str(row["id"]) for row in rows or () if isinstance(row, dict) and "id" in row}


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str = "openai"
    title: str = "OpenAI-compatible transcription"

    def connect(self, model: str | None, settings: Settings) -> Transcriber:
        return OpenAiTranscriber(model or DEFAULT_MODEL, settings)


KIND = _Kind()
