"""pocket-tts: Kyutai's small model, which speaks on a processor alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from magpie.podcasts.voices.asking import Asker
from magpie.podcasts.voices.port import Abilities, Speech, Spoken, Voice, VoiceFailed, unknown_voice
from magpie.podcasts.voices.receiving import keep, sound_of
from magpie.podcasts.voices.text import clean

if TYPE_CHECKING:
    from magpie.config import Settings

# Names that every version of the server knows (`pocket_tts/utils/utils.py`); the first four differ well.
_VOICES = (
    *(("marius", "male"), ("alba", "female"), ("javert", "male"), ("fantine", "female")),
    *(("jean", "male"), ("cosette", "female"), ("eponine", "female"), ("azelma", "female")),
)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_HUB = re.compile(r"hf://[A-Za-z0-9._-]+/[A-Za-z0-9._-]+/[A-Za-z0-9._@/-]+")


class PocketTts:
    """One server."""

    name = "pocket-tts"
    # One text after the other: a single text keeps all cores of an ordinary machine busy.
    abilities = Abilities(max_chars=4000, parallel=1)

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._asker = Asker("The pocket-tts server", settings.pocket_tts_url, settings)
        self.identity = f"{self.name} {settings.pocket_tts_url}"

    def check(self) -> None:
        self._asker.check("/health")

    def default_voices(self, language: str | None = None) -> tuple[str, ...]:
        del language  # the server speaks the one that it was started for
        return tuple(name for name, _ in _VOICES[:4])

    def voices(self) -> list[Voice]:
        return [Voice(name, name.capitalize(), None, gender) for name, gender in _VOICES]

    def has_voice(self, voice_id: str) -> bool | None:
        """Only the server knows which names and files it has; other addresses it would fetch for anybody who asks."""
        return None if _NAME.fullmatch(voice_id) or _HUB.fullmatch(voice_id) else False

    def speak(self, speech: Speech, into: Path, stop: Callable[[], bool]) -> Spoken:
        if self.has_voice(speech.voice_id) is False:
            raise unknown_voice(self.name, speech.voice_id)
        form = {"text": clean(speech.text), "voice_url": speech.voice_id}
        answer = self._asker.whole("POST", "/tts", stop, data=form)
        if answer.status == 200:
            return keep(sound_of(answer, self.name, self._settings), into)
        if answer.status in (400, 404, 422) and "voice" in self._asker.said(answer).lower():
            raise unknown_voice(self.name, speech.voice_id)
        raise self._asker.refusal(answer)


class PocketTtsKind:
    """A pocket-tts server."""

    name = "pocket-tts"
    title = "pocket-tts"

    def connect(self, model: str | None, settings: Settings) -> PocketTts:
        if model:
            raise VoiceFailed("not_configured", "pocket-tts has one model: name it without a colon.")
        return PocketTts(settings)


KIND = PocketTtsKind()
