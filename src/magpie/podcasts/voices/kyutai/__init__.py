"""Kyutai's moshi-server, over a WebSocket, which tells when each word is said, or over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from magpie.podcasts.voices.asking import Asker
from magpie.podcasts.voices.kyutai.socket import converse
from magpie.podcasts.voices.port import Abilities, Speech, Spoken, Voice, VoiceFailed, unknown_voice
from magpie.podcasts.voices.receiving import keep, sound_of
from magpie.podcasts.voices.text import clean

if TYPE_CHECKING:
    from magpie.config import Settings

_PATH = "/api/tts_streaming"
# Some of the files in the collection kyutai/tts-voices, which servers come with; the first four differ well.
_VOICES = (
    ("expresso/ex03-ex01_happy_001_channel1_334s.wav", "Expresso 3, happy", "male"),
    ("vctk/p228_023_enhanced.wav", "VCTK 228", "female"),
    ("vctk/p254_023_enhanced.wav", "VCTK 254", "male"),
    ("alba-mackenna/casual.wav", "Alba, casual", "female"),
    ("expresso/ex04-ex02_confused_001_channel1_499s.wav", "Expresso 4, confused", "female"),
    ("vctk/p244_023_enhanced.wav", "VCTK 244", "female"),
    ("vctk/p259_023_enhanced.wav", "VCTK 259", "male"),
    ("vctk/p262_023_enhanced.wav", "VCTK 262", "female"),
    ("vctk/p303_023_enhanced.wav", "VCTK 303", "female"),
    ("vctk/p360_023_enhanced.wav", "VCTK 360", "male"),
    ("voice-donations/Selfie.wav", "Donated, Selfie", "male"),
    ("voice-donations/Butter.wav", "Donated, Butter", "male"),
)
_FILE = re.compile(r"(?:[\w.@ -]+/){0,6}[\w.@ -]+\.(?:wav|mp3|flac|ogg|safetensors)")


class Kyutai:
    """One server, spoken to in the way that the settings say."""

    name = "kyutai"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._is_socket = settings.kyutai_transport == "websocket"
        self._asker = Asker(
            "Kyutai's server",
            settings.kyutai_url,
            settings,
            key=settings.kyutai_api_key,
            header="kyutai-api-key",
        )
        self.identity = f"{self.name} {settings.kyutai_url}"
        # The model was made for dialogue: of very long texts it loses the thread.
        self.abilities = Abilities(max_chars=1500, parallel=8, tells_words=self._is_socket)

    def check(self) -> None:
        """It answers; its key is looked at when something is spoken, and not before."""
        self._asker.check("/api/build_info")

    def default_voices(self, language: str | None = None) -> tuple[str, ...]:
        del language  # each of them speaks all that the model does: English and French
        return tuple(voice_id for voice_id, _, _ in _VOICES[:4])

    def voices(self) -> list[Voice]:
        return [Voice(voice_id, name, None, gender) for voice_id, name, gender in _VOICES]

    def has_voice(self, voice_id: str) -> bool | None:
        """The server has no list, and many speak with another voice where they lack one: what is no file is none."""
        return None if _FILE.fullmatch(voice_id) and ".." not in voice_id else False

    def speak(self, speech: Speech, into: Path, stop: Callable[[], bool]) -> Spoken:
        if self.has_voice(speech.voice_id) is False:
            raise unknown_voice(self.name, speech.voice_id)
        text = clean(speech.text)
        if self._is_socket:
            sound, words = converse(self._asker, _PATH, text, speech.voice_id, stop)
            return keep(sound, into, words)
        answer = self._asker.whole("POST", _PATH, stop, json={"text": text, "voice": speech.voice_id})
        if answer.status != 200:
            raise self._asker.refusal(answer)
        return keep(sound_of(answer, self.name, self._settings), into)


class KyutaiKind:
    """moshi-server."""

    name = "kyutai"
    title = "Kyutai"

    def connect(self, model: str | None, settings: Settings) -> Kyutai:
        if model:
            raise VoiceFailed("not_configured", "A Kyutai server has one model: name it without a colon.")
        return Kyutai(settings)


KIND = KyutaiKind()
