"""faster-whisper, where somebody has installed it (https://github.com/SYSTRAN/faster-whisper).

It takes its model from the folder that is named, or fetches it from Hugging Face at first use; `HF_HOME` and the like are
passed on. Magpie does not bring it along: with a model it is some gigabytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magpie.podcasts.transcribers import languages
from magpie.podcasts.transcribers.lengths import seconds_of
from magpie.podcasts.transcribers.port import (
    HeardWord,
    Limits,
    Passage,
    Transcriber,
    Transcript,
    TranscriptionFailed,
)
from magpie.podcasts.transcribers.process import Program, run

if TYPE_CHECKING:
    from magpie.config import Settings

DEFAULT_MODEL = "small"
_MODULE = "magpie.podcasts.transcribers.faster_whisper.child"
_FIRST_LOAD = 3600.0  # seconds: some models are three gigabytes
_ENVIRONMENT = (
    "HOME", "HF_HOME", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "HF_ENDPOINT", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH",
    "OMP_NUM_THREADS", "HTTPS_PROXY", "https_proxy", "SSL_CERT_FILE",
)  # fmt: skip


class FasterWhisper:
    """A process for each piece, which loads the model; so the pieces are long."""

    is_draft = False
    limits = Limits(max_seconds=1200, parallel=1)

    def __init__(self, model: str, timeout: float) -> None:
        self._model = model
        self._program = Program(_MODULE, patience=_FIRST_LOAD + timeout, environment=_ENVIRONMENT)

    @property
    def name(self) -> str:
        return f"faster-whisper:{self._model}"

    def check(self) -> None:
        if find_spec("faster_whisper") is None:
            message = "faster-whisper is not installed: install its package where Magpie runs."
            raise TranscriptionFailed("not_configured", message)

    def transcribe(
        self,
        audio: Path,
        language: str | None,
        on_progress: Callable[[float], None],
        stop: Callable[[], bool],
    ) -> Transcript:
        seconds = seconds_of(audio)
        passages: list[Passage] = []
        heard: list[str] = []

        def take(message: dict[str, Any]) -> None:
            if "language" in message:
                heard.append(str(message["language"]))
                return
            words = tuple(HeardWord(str(text), float(a), float(b)) for text, a, b in message["words"])
            start, end = float(message["start"]), float(message["end"])
            passages.append(Passage(start, min(end, seconds), str(message["text"]), words))
            on_progress(min(1.0, end / seconds) if seconds else 1.0)

        order = {
            "audio": str(audio.resolve()),
            "model": self._model,
            "language": languages.asked(language),
        }
        run(self._program, order, take, stop)
        on_progress(1.0)
        spoken = languages.spoken(heard[0] if heard else None, language)
        return Transcript(tuple(passages), spoken, self.name)


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str = "faster-whisper"
    title: str = "faster-whisper (where it is installed)"

    def connect(self, model: str | None, settings: Settings) -> Transcriber:
        recogniser = FasterWhisper(model or DEFAULT_MODEL, float(settings.ai_timeout_seconds))
        recogniser.check()
        return recogniser


KIND = _Kind()
