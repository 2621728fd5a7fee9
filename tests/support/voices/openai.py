"""OpenAI's speech, and Kokoro-FastAPI's, which adds a list of voices.

After OpenAI's reference of `POST /v1/audio/speech`, and `api/src/routers/openai_compatible.py` of remsky/Kokoro-FastAPI.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from magpie.podcasts.voices.wav import Sound
from tests.support.voices.double import Call, Double, Reply, Said, as_json
from tests.support.voices.tones import wav_bytes

KOKORO = (
    "af_heart",
    "af_bella",
    "af_sky",
    "am_michael",
    "am_fenrir",
    "bf_emma",
    "bm_george",
    "zf_xiaobei",
    "zm_yunxi",
)
OPENAI = ("alloy", "ash", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer")
MAX_CHARS = 4096


@dataclass(slots=True, repr=False)
class OpenAiDouble(Double):
    """`lists`: whether it tells its voices, in which form: "objects", "names" or None."""

    known: tuple[str, ...] = OPENAI
    models: tuple[str, ...] = ("tts-1", "tts-1-hd", "gpt-4o-mini-tts")
    lists: str | None = None
    formats: tuple[str, ...] = ("wav", "pcm")
    base_path: ClassVar[str] = "/v1"

    def reply(self, call: Call) -> Reply:
        if self.key is not None and call.headers.get("authorization") != f"Bearer {self.key}":
            said = f"Incorrect API key provided: {call.headers.get('authorization', '')[7:]}."
            return as_json({"error": {"message": said, "type": "invalid_request_error"}}, 401)
        if (call.method, call.path) == ("POST", "/audio/speech"):
            return self._speech(call)
        if (call.method, call.path) == ("GET", "/audio/voices") and self.lists:
            names = [{"id": one, "name": one} for one in self.known]
            return as_json({"voices": names if self.lists == "objects" else list(self.known)})
        return as_json({"error": {"message": f"Invalid URL ({call.method} /v1{call.path})"}}, 404)

    def _speech(self, call: Call) -> Reply:
        asked = call.json
        if set(asked) - {"model", "input", "voice", "response_format", "speed", "instructions"}:
            return _wrong("Unrecognized request arguments supplied")
        if asked["model"] not in self.models:
            return as_json({"error": {"message": f"The model `{asked['model']}` does not exist"}}, 404)
        if asked["voice"] not in self.known and not self._is_mix(asked["voice"]):
            return _wrong(f"Voice '{asked['voice']}' not found. Available voices: {', '.join(self.known)}")
        if not asked["input"] or len(asked["input"]) > MAX_CHARS:
            return _wrong(f"String should have at most {MAX_CHARS} characters")
        form = asked.get("response_format", "mp3")
        if form not in self.formats:
            return _wrong(f"Invalid response_format: {form}")
        said = Said(asked["voice"], asked["input"], asked.get("instructions"), asked["model"])
        return self.speak(said, self._as_pcm if form == "pcm" else None)

    def _is_mix(self, voice: str) -> bool:
        parts = [part.split("(")[0] for part in voice.split("+")]
        return self.lists is not None and len(parts) > 1 and all(part in self.known for part in parts)

    def _as_pcm(self, sound: Sound) -> Reply:
        return Reply(wav_bytes(sound)[44:], content_type="audio/pcm", is_chunked=True)


def _wrong(message: str) -> Reply:
    return as_json({"error": {"message": message, "type": "invalid_request_error"}}, 400)
