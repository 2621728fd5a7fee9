"""ElevenLabs, after its reference of `text-to-speech` and `voices`, and its help page on errors 400 and 401."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from magpie.podcasts.voices.wav import Sound
from tests.support.voices.double import Call, Double, Reply, Said, as_json
from tests.support.voices.tones import EDGE, wav_bytes

KNOWN = {
    "nPczCjzI2devNBz1zQrb": ("Brian", "male"),
    "EXAVITQu4vr4xnSDxMaL": ("Sarah", "female"),
    "JBFqnCBsd6RMkjVDRZzb": ("George", "male"),
    "XrExE9yKIg1WjnnlVkGX": ("Matilda", "female"),
    "ownVoice0000000000001": ("My own", None),
}


@dataclass(slots=True, repr=False)
class ElevenLabsDouble(Double):
    """`quota`: characters that are left. `encode` makes MP3 of a sound, where a test wants that."""

    key: str | None = "xi-secret-key"
    models: tuple[str, ...] = ("eleven_multilingual_v2", "eleven_flash_v2_5")
    quota: int = 1_000_000
    allows_pcm: bool = True
    has_times: bool = True
    page_size: int = 2  # smaller than what is asked for: the list has several pages
    encode: Callable[[Sound], bytes] | None = None

    def reply(self, call: Call) -> Reply:
        if call.headers.get("xi-api-key") != self.key:
            return _failure(401, "invalid_api_key", f"Invalid API key {call.headers.get('xi-api-key')}")
        parts = call.path.strip("/").split("/")
        if call.method == "GET" and parts == ["v2", "voices"]:
            return self._list(int(call.query.get("next_page_token", "0")))
        if call.method == "GET" and parts[:2] == ["v1", "voices"] and len(parts) == 3:
            if parts[2] not in KNOWN:
                return _failure(400, "voice_not_found", "A voice for that voice_id was not found.")
            return as_json(_voice(parts[2]))
        is_speech = call.method == "POST" and parts[:2] == ["v1", "text-to-speech"] and len(parts) in (3, 4)
        if is_speech and (len(parts) == 3 or (parts[3] == "with-timestamps" and self.has_times)):
            return self._speech(call, parts[2], has_times=len(parts) == 4)
        return as_json({"detail": "Not Found"}, 404)

    def _list(self, start: int) -> Reply:
        ids = list(KNOWN)
        end = start + self.page_size
        more = {"has_more": True, "next_page_token": str(end)} if end < len(ids) else {"has_more": False}
        return as_json({"voices": [_voice(one) for one in ids[start:end]], "total_count": len(ids), **more})

    def _speech(self, call: Call, voice: str, *, has_times: bool) -> Reply:
        asked, form = call.json, call.query.get("output_format", "mp3_44100_128")
        if voice not in KNOWN:
            return _failure(400, "voice_not_found", f"A voice with the voice_id {voice} was not found.")
        if asked["model_id"] not in self.models:
            return _failure(
                400, "model_not_found", f"A model with model ID {asked['model_id']} does not exist."
            )
        if form.startswith("pcm") and not self.allows_pcm:
            return _failure(
                403, "output_format_not_allowed", f"Requested output format {form} is only for Pro."
            )
        if len(asked["text"]) > self.quota:
            told = f"This request exceeds your quota of {self.quota}. You have 0 credits remaining."
            return _failure(401, "quota_exceeded", told)
        said = Said(voice, asked["text"], model=asked["model_id"], language=asked.get("language_code"))
        dress = self._timed if has_times else self._bare
        reply = self.speak(said, partial(dress, asked["text"], form))
        self.quota -= len(asked["text"])
        return reply

    def _sound(self, sound: Sound, form: str) -> bytes:
        if form.startswith("pcm"):
            return wav_bytes(sound)[44:]
        assert self.encode is not None, "this test has no MP3"
        return self.encode(sound)

    def _bare(self, text: str, form: str, sound: Sound) -> Reply:
        kind = "audio/pcm" if form.startswith("pcm") else "audio/mpeg"
        return Reply(self._sound(sound, form), content_type=kind, is_chunked=True)

    def _timed(self, text: str, form: str, sound: Sound) -> Reply:
        whole = max(0.0, sound.seconds - 2 * EDGE)
        starts = [EDGE + whole * at / len(text) for at in range(len(text) + 1)]
        told = {
            "audio_base64": base64.b64encode(self._sound(sound, form)).decode(),
            "alignment": {
                "characters": list(text),
                "character_start_times_seconds": starts[:-1],
                "character_end_times_seconds": starts[1:],
            },
        }
        return Reply(json.dumps(told).encode(), is_chunked=True)


def _voice(voice: str) -> dict[str, object]:
    name, gender = KNOWN[voice]
    return {"voice_id": voice, "name": name, "labels": {"gender": gender, "language": "en"} if gender else {}}


def _failure(status: int, code: str, message: str) -> Reply:
    return as_json({"detail": {"status": code, "message": message}}, status)
