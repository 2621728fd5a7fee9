"""pocket-tts, after `pocket_tts/main.py` and `pocket_tts/data/audio.py` of kyutai-labs/pocket-tts."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.voices.double import Call, Double, Reply, Said, as_json

PREDEFINED = ("alba", "marius", "javert", "jean", "fantine", "cosette", "eponine", "azelma")


@dataclass(slots=True, repr=False)
class PocketTtsDouble(Double):
    promised: int | None = 2_000_000_000  # `setnframes(1_000_000_000)`

    def reply(self, call: Call) -> Reply:
        if (call.method, call.path) == ("GET", "/health"):
            return as_json({"status": "healthy"})
        if (call.method, call.path) != ("POST", "/tts"):
            return as_json({"detail": "Not Found"}, 404)
        form = call.form
        if "text" not in form:
            return as_json(
                {"detail": [{"type": "missing", "loc": ["body", "text"], "msg": "Field required"}]}, 422
            )
        if not form["text"].strip():
            return as_json({"detail": "Text cannot be empty"}, 400)
        voice = form.get("voice_url", "alba")
        if not voice.startswith(("http://", "https://", "hf://")) and voice not in PREDEFINED:
            return as_json({"detail": "voice_url must start with http://, https://, or hf://"}, 400)
        return self.speak(Said(voice, form["text"]))
