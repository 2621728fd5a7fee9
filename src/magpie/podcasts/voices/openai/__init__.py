"""Servers that speak OpenAI's language: OpenAI itself, Kokoro-FastAPI, LocalAI, Speaches and others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from magpie.podcasts.asking import Reply
from magpie.podcasts.voices.asking import Asker
from magpie.podcasts.voices.openai.catalogue import (
    OPENAI_VOICES,
    defaults_among,
    is_among,
    voices_in,
)
from magpie.podcasts.voices.port import Abilities, Speech, Spoken, Voice, VoiceFailed, unknown_voice
from magpie.podcasts.voices.receiving import keep, sound_of
from magpie.podcasts.voices.text import clean

if TYPE_CHECKING:
    from magpie.config import Settings

MODEL = "tts-1"  # the one name that all of them understand
_FORMATS = ("wav", "pcm", "mp3")  # in the order in which they are tried where one is refused
_PCM_RATE = 24_000  # of bare samples, in OpenAI's reference of `/audio/speech`


class OpenAiVoices:
    """One model of one server."""

    def __init__(self, model: str, base: str, key: str, settings: Settings) -> None:
        self._settings = settings
        self._model = model
        self._asker = Asker("The server for speech", base, settings, key=key)
        self._is_openai = urlsplit(base).hostname == "api.openai.com"
        self._formats = list(_FORMATS)
        self._listed: list[Voice] | None = None
        self.name = f"openai:{model}"
        self.identity = f"{self.name} {base}"
        # "instructions … Does not work with tts-1 or tts-1-hd" (reference of `/audio/speech`); other servers take the
        # field and leave it.
        takes_styles = model.startswith("gpt-")
        self.abilities = Abilities(max_chars=4096, parallel=8, takes_styles=takes_styles)

    def check(self) -> None:
        self._asker.check("/models")

    def default_voices(self, language: str | None = None) -> tuple[str, ...]:
        return defaults_among(self.voices(), language)

    def voices(self) -> list[Voice]:
        if self._is_openai:
            return list(OPENAI_VOICES)
        if self._listed is None:
            answer = self._asker.quick("GET", "/audio/voices")
            if answer.status in (401, 403, 408, 429) or answer.status >= 500:
                raise self._asker.refusal(answer)
            self._listed = voices_in(answer.json()) if answer.status == 200 else []
        return list(self._listed)

    def has_voice(self, voice_id: str) -> bool | None:
        return is_among(self.voices(), voice_id, is_openai=self._is_openai)

    def speak(self, speech: Speech, into: Path, stop: Callable[[], bool]) -> Spoken:
        speech = replace(speech, text=clean(speech.text))
        for form in tuple(self._formats):
            answer = self._asker.whole("POST", "/audio/speech", stop, json=self._order(speech, form))
            if answer.status == 200:
                rate = _PCM_RATE if form == "pcm" else None
                return keep(sound_of(answer, self.name, self._settings, rate), into)
            if not self._is_about_format(answer) or form == self._formats[-1]:
                raise self._refusal(answer, speech)
            if form in self._formats[:-1]:
                self._formats.remove(form)
        raise VoiceFailed("failing", f"{self.name} changes its mind about the forms of sound that it gives.")

    def _order(self, speech: Speech, form: str) -> dict[str, Any]:
        order = {
            "model": self._model,
            "input": speech.text,
            "voice": speech.voice_id,
            "response_format": form,
        }
        if speech.style and self.abilities.takes_styles:
            order["instructions"] = speech.style
        return order

    def _is_about_format(self, answer: Reply) -> bool:
        return answer.status in (400, 415, 422) and "format" in self._asker.said(answer).lower()

    def _refusal(self, answer: Reply, speech: Speech) -> VoiceFailed:
        """What a refusal is about; the servers say it in words only."""
        said = self._asker.said(answer).lower()
        if answer.status == 429 and ("quota" in said or b"insufficient_quota" in answer.body):
            return VoiceFailed("refused", f"{self._asker.place} has no credit left.")
        if answer.status in (400, 404, 422):
            where_model, where_voice = said.find("model"), said.find("voice")
            if where_voice >= 0 and (where_model < 0 or where_voice < where_model):
                return unknown_voice(self.name, speech.voice_id)
            if where_model >= 0:
                return VoiceFailed(
                    "unknown_model", f"{self._asker.host} has no model {self._model} for speech."
                )
        return self._asker.refusal(answer)


class OpenAiKind:
    """Anything with `POST /audio/speech`."""

    name = "openai"
    title = "OpenAI, or a server that speaks its language"

    def connect(self, model: str | None, settings: Settings) -> OpenAiVoices:
        base = settings.openai_speech_url or settings.openai_url
        # The key for chat goes to the server for chat only.
        key = settings.openai_speech_api_key or (
            "" if settings.openai_speech_url else settings.openai_api_key
        )
        if not key and urlsplit(base).hostname == "api.openai.com":
            raise VoiceFailed(
                "not_configured", "OpenAI asks for a key: set `OPENAI_API_KEY`, or another server."
            )
        return OpenAiVoices(model or MODEL, base, key, settings)


KIND = OpenAiKind()
