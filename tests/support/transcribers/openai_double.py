"""A double of OpenAI's `POST /v1/audio/transcriptions`, after its reference and what its users report of its errors.

- 25 MB: a longer body is 413, `Maximum content size limit (26214400) exceeded (… bytes read)`.
- `verbose_json` is for `whisper-1`: other models refuse it with 400 (`param: response_format`, `code: unsupported_value`).
- It has `words` and `segments` as `timestamp_granularities[]` asks, segments if nothing does; `language` is an English name.
- A wrong key is 401, an unknown model 404 (`model_not_found`), what is no sound 400.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.transcribers.double import Call, Double, Reply
from tests.support.transcribers.tones import Heard, segments

KEY = "sk-test-0123456789"
MODELS = ("whisper-1", "gpt-4o-transcribe", "tts-1")


@dataclass(slots=True)
class OpenAiDouble(Double):
    """`base_path` is where its API begins."""

    key: str | None = KEY
    max_bytes: int = 26_214_400
    language: str = "english"

    path = "/v1/audio/transcriptions"

    def reply(self, call: Call) -> Reply:
        if self.key is not None and call.headers.get("authorization") != f"Bearer {self.key}":
            return _error(401, "Incorrect API key provided.", code="invalid_api_key")
        if (call.method, call.path) == ("GET", "/v1/models"):
            rows = [{"id": name, "object": "model", "owned_by": "system"} for name in MODELS]
            return _json({"object": "list", "data": rows})
        if (call.method, call.path) != ("POST", self.path):
            return _error(404, f"Invalid URL ({call.method} {call.path})")
        return self._transcribed(call)

    def _transcribed(self, call: Call) -> Reply:
        if call.size > self.max_bytes:
            message = f"Maximum content size limit ({self.max_bytes}) exceeded ({call.size} bytes read)"
            return _error(413, message, kind="server_error")
        model, shape = _only(call, "model"), _only(call, "response_format") or "json"
        if model not in MODELS:
            return _error(404, f"The model `{model}` does not exist", code="model_not_found")
        if shape != "json" and model != "whisper-1":
            message = f"response_format '{shape}' is not compatible with model '{model}'. Use 'json' or 'text' instead."
            return _error(400, message, param="response_format", code="unsupported_value")
        if "file" not in call.files:
            return _error(400, "you must provide a model parameter", param="file")
        try:
            words, seconds = self.hear(call.files["file"][2])
        except RuntimeError:
            return _error(400, "The audio file could not be decoded or its format is not supported.")
        text = " ".join(word.text for word in words)
        if shape == "json":
            return _json({"text": text})
        return _json(self._verbose(call, words, seconds, text))

    def _verbose(self, call: Call, words: Sequence[Heard], seconds: float, text: str) -> dict[str, Any]:
        told = {"task": "transcribe", "language": self.language, "duration": seconds, "text": text}
        wanted = call.form.get("timestamp_granularities[]", ["segment"])
        if "word" in wanted:
            told["words"] = [{"word": word.text, "start": word.start, "end": word.end} for word in words]
        if "segment" in wanted:
            told["segments"] = [_segment(number, part) for number, part in enumerate(segments(words))]
        return told

    def refusal(self, status: int, headers: tuple[tuple[str, str], ...]) -> Reply:
        message = {429: "Rate limit reached for whisper-1"}.get(status, "The server had an error")
        return _error(status, message, kind="requests" if status == 429 else "server_error", headers=headers)


def _only(call: Call, name: str) -> str | None:
    values = call.form.get(name, [])
    return values[-1] if values else None


def _segment(number: int, part: Sequence[Heard]) -> dict[str, Any]:
    text = f" {' '.join(word.text for word in part)}."
    return {"id": number, "seek": 0, "start": part[0].start, "end": part[-1].end, "text": text, "tokens": [1]}


def _json(value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(json.dumps(value).encode(), status, headers=headers)


def _error(
    status: int,
    message: str,
    *,
    kind: str = "invalid_request_error",
    param: str | None = None,
    code: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> Reply:
    return _json({"error": {"message": message, "type": kind, "param": param, "code": code}}, status, headers)
