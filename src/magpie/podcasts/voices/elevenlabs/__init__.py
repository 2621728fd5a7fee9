"""ElevenLabs."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from magpie.podcasts.asking import Reply
from magpie.podcasts.voices.asking import Asker
from magpie.podcasts.voices.elevenlabs.reading import failure_of, marks_in, may_not_list, voices_in
from magpie.podcasts.voices.port import Abilities, Speech, Spoken, Voice, VoiceFailed, unknown_voice
from magpie.podcasts.voices.receiving import keep, sound_of
from magpie.podcasts.voices.text import clean
from magpie.podcasts.voices.words import timed

if TYPE_CHECKING:
    from magpie.config import Settings

MODEL = "eleven_multilingual_v2"
# Bare samples at this rate come with every plan; where they are refused all the same, what comes is compressed.
_PCM, _PCM_RATE = "pcm_24000", 24_000
_MP3 = "mp3_44100_128"
_VOICE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PAGES = 20  # of a hundred voices each
# Two men and two women of those that every account has.
_PREMADE = (
    Voice("nPczCjzI2devNBz1zQrb", "Brian", "en", "male"),
    Voice("EXAVITQu4vr4xnSDxMaL", "Sarah", "en", "female"),
    Voice("JBFqnCBsd6RMkjVDRZzb", "George", "en", "male"),
    Voice("XrExE9yKIg1WjnnlVkGX", "Matilda", "en", "female"),
)


class ElevenLabs:
    """One of its models."""

    def __init__(self, model: str, settings: Settings) -> None:
        self._settings = settings
        self._model = model
        self._asker = Asker(
            "ElevenLabs",
            settings.elevenlabs_url,
            settings,
            key=settings.elevenlabs_api_key,
            header="xi-api-key",
        )
        self._format = _PCM
        self._path = "/with-timestamps"
        self._listed: list[Voice] | None = None
        self.name = f"elevenlabs:{model}"
        self.identity = f"{self.name} {settings.elevenlabs_url}"
        # The smallest limit of its present models is 3,000 characters (`eleven_v3`), of the others 10,000 and more; how
        # many it speaks at once depends on the plan, from two.
        self.abilities = Abilities(max_chars=2500, parallel=2, tells_words=True)

    def check(self) -> None:
        self._listed = None
        self.voices()

    def default_voices(self, language: str | None = None) -> tuple[str, ...]:
        listed = {voice.id: voice for voice in self.voices()}
        premade = [voice.id for voice in _PREMADE if not listed or voice.id in listed]
        return tuple(dict.fromkeys([*premade, *listed]))[:4]

    def voices(self) -> list[Voice]:
        if self._listed is None:
            listed: list[Voice] = []
            token: str | None = None
            for _ in range(_PAGES):
                query = {"page_size": "100", **({"next_page_token": token} if token else {})}
                answer = self._asker.quick("GET", "/v2/voices", params=query)
                if answer.status == 404:  # what stands in for it may know the older form only
                    answer = self._asker.quick("GET", "/v1/voices")
                if may_not_list(answer):
                    break
                if answer.status != 200:
                    raise failure_of(answer, self._asker)
                found, token = voices_in(answer.json())
                listed += found
                if token is None:
                    break
            self._listed = listed
        return list(self._listed)

    def has_voice(self, voice_id: str) -> bool | None:
        """A voice that is not in the list may be shared by somebody: asking for it costs nothing."""
        if not _VOICE_ID.fullmatch(voice_id):
            return False
        if any(voice.id == voice_id for voice in self.voices()):
            return True
        answer = self._asker.quick("GET", f"/v1/voices/{voice_id}")
        if may_not_list(answer):
            return None
        if answer.status in (400, 404, 422):
            return False
        if answer.status != 200:
            raise failure_of(answer, self._asker)
        return True

    def speak(self, speech: Speech, into: Path, stop: Callable[[], bool]) -> Spoken:
        if not _VOICE_ID.fullmatch(speech.voice_id):
            raise unknown_voice(self.name, speech.voice_id)
        text = clean(speech.text)
        order: dict[str, Any] = {"text": text, "model_id": self._model}
        # Other models refuse to be told, or find out by themselves.
        if speech.language and self._model.endswith("_v2_5"):
            order["language_code"] = speech.language.lower().partition("-")[0]
        while True:
            form, path = self._format, self._path
            answer = self._asker.whole(
                "POST",
                f"/v1/text-to-speech/{speech.voice_id}{path}",
                stop,
                params={"output_format": form},
                json=order,
            )
            if answer.status == 200:
                return self._received(answer, text, into, form, has_times=bool(path))
            failure = failure_of(answer, self._asker)
            if failure.reason == "other_format" and form == _PCM:
                self._format = _MP3
            elif failure.reason == "no_such_path" and path:
                self._path = ""
            else:
                reason = "refused" if failure.reason in ("other_format", "no_such_path") else failure.reason
                raise VoiceFailed(reason, failure.message, retry_after=failure.retry_after)

    def _received(self, answer: Reply, text: str, into: Path, form: str, *, has_times: bool) -> Spoken:
        rate = _PCM_RATE if form == _PCM else None
        if not has_times:
            return keep(sound_of(answer, self.name, self._settings, rate), into)
        told = answer.json()
        if not isinstance(told, dict) or not isinstance(told.get("audio_base64"), str):
            raise VoiceFailed("failing", f"{self.name} answered with something that is not a recording.")
        try:
            body = base64.b64decode(told["audio_base64"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise VoiceFailed(
                "failing", f"{self.name} answered with something that is not a recording."
            ) from error
        kind = "audio/pcm" if rate else "audio/mpeg"
        sound = sound_of(Reply(answer.status, {"content-type": kind}, body), self.name, self._settings, rate)
        words = timed(text, marks_in(told.get("alignment"), text), sound.seconds)
        return keep(sound, into, tuple(word for word in words if word.end <= sound.seconds))


class ElevenLabsKind:
    """ElevenLabs, or what stands in for it."""

    name = "elevenlabs"
    title = "ElevenLabs"

    def connect(self, model: str | None, settings: Settings) -> ElevenLabs:
        if (
            not settings.elevenlabs_api_key
            and urlsplit(settings.elevenlabs_url).hostname == "api.elevenlabs.io"
        ):
            raise VoiceFailed("not_configured", "ElevenLabs asks for a key: set `ELEVENLABS_API_KEY`.")
        return ElevenLabs(model or MODEL, settings)


KIND = ElevenLabsKind()
