"""A double of the Whisper ASR webservice 1.9.1, read from its own source (app/webservice.py, app/asr_models, app/utils.py).

- Whatever `output` is, the answer is `text/plain` and comes in one piece when all is heard.
- What is not in an enumeration, and a form without `audio_file`, is FastAPI's 422.
- A failing model is 500 with the words `Internal Server Error`.
- Its engines write different JSON: `openai_whisper` has dictionaries, `faster_whisper` has them since 1.1 and lists of
  values before (`faster_whisper_old`), `whisperx` leaves the times of some words out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from magpie.podcasts.transcribers.languages import KNOWN
from tests.support.transcribers.double import Call, Double, Reply
from tests.support.transcribers.tones import Heard, segments

OUTPUTS = ("txt", "vtt", "srt", "tsv", "json")


@dataclass(slots=True)
class WhisperDouble(Double):
    """`language`: what it detects."""

    engine: str = "openai_whisper"
    language: str = "en"

    path = "/asr"

    def reply(self, call: Call) -> Reply:
        if (call.method, call.path) == ("GET", "/openapi.json"):
            paths: dict[str, Any] = {"/asr": {"post": {}}, "/detect-language": {"post": {}}}
            return _json({"openapi": "3.1.0", "info": {"title": "Whisper Asr Webservice"}, "paths": paths})
        if (call.method, call.path) != ("POST", "/asr"):
            return _json({"detail": "Not Found"}, 404)
        asked = {name: values[-1] for name, values in call.query.items()}
        if fault := _fault(call, asked):
            return _json({"detail": [{"type": "value_error", "loc": fault, "msg": "…", "input": None}]}, 422)
        try:
            words, _seconds = self.hear(call.files["audio_file"][2])
        except RuntimeError:
            return self.refusal(500, ())
        output = asked.get("output", "txt")
        text = self._json(words, asked) if output == "json" else _text(words)
        headers = (("Asr-Engine", self.engine),)
        return Reply(text.encode(), content_type="text/plain; charset=utf-8", headers=headers)

    def _json(self, words: Sequence[Heard], asked: dict[str, str]) -> str:
        has_words = asked.get("word_timestamps") == "true" or self.engine == "whisperx"
        found = [self._segment(number, part, has_words) for number, part in enumerate(segments(words))]
        language = asked.get("language", self.language)
        if self.engine == "whisperx":
            return json.dumps({"segments": found, "word_segments": [], "language": language})
        text = "".join(f" {' '.join(word.text for word in part)}." for part in segments(words))
        return json.dumps({"text": text, "segments": found, "language": language})

    def _segment(self, number: int, part: Sequence[Heard], has_words: bool) -> Any:
        text = f" {' '.join(word.text for word in part)}."
        start, end = round(part[0].start, 2), round(part[-1].end, 2)
        if self.engine == "faster_whisper_old":
            words: Any = (
                [[word.start, word.end, f" {word.text}", 0.9] for word in part] if has_words else None
            )
            return [number, 0, start, end, text, [1, 2], 0.0, -0.2, 1.1, 0.01, words]
        named: list[dict[str, Any]] = [
            {"word": f" {word.text}", "start": word.start, "end": word.end, "probability": 0.9}
            for word in part
        ]
        if self.engine == "whisperx" and len(named) > 2:
            named[1] = {"word": named[1]["word"]}
        segment = {"id": number, "seek": 0, "start": start, "end": end, "text": text, "no_speech_prob": 0.01}
        return {**segment, "words": named} if has_words else segment

    def refusal(self, status: int, headers: tuple[tuple[str, str], ...]) -> Reply:
        said = {500: b"Internal Server Error"}.get(status, b"try again later")
        return Reply(said, status, "text/plain; charset=utf-8", headers)


def _fault(call: Call, asked: dict[str, str]) -> list[str] | None:
    """Where FastAPI would find one."""
    if "audio_file" not in call.files:
        return ["body", "audio_file"]
    allowed = {"language": KNOWN, "output": OUTPUTS, "task": ("transcribe", "translate")}
    return next(
        (["query", name] for name, values in allowed.items() if asked.get(name) not in (None, *values)), None
    )


def _text(words: Sequence[Heard]) -> str:
    return "\n".join(" ".join(word.text for word in part) for part in segments(words))


def _json(value: Any, status: int = 200) -> Reply:
    return Reply(json.dumps(value).encode(), status)
