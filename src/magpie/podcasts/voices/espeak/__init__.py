"""eSpeak NG: embedded, offline, every language, plainly a machine."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magpie.podcasts.voices.espeak.child import SYSTEM, UNKNOWN_VOICE
from magpie.podcasts.voices.espeak.languages import VARIANTS, code_of, is_voice, tongues
from magpie.podcasts.voices.espeak.warm import Pool
from magpie.podcasts.voices.port import Abilities, Speech, Spoken, Voice, VoiceFailed, unknown_voice
from magpie.podcasts.voices.text import clean
from magpie.podcasts.voices.words import timed

if TYPE_CHECKING:
    from magpie.config import Settings

# Another version of the library sounds different: its clips are others.
_LIBRARY = "1.52"


@cache
def _pool(package: Path) -> Pool:
    return Pool(package)


class Espeak:
    """All of its voices: a language, and a way to speak it (`en-us+m3`)."""

    name = "espeak"
    identity = f"espeak {_LIBRARY}"
    abilities = Abilities(max_chars=4000, parallel=8, tells_words=True, is_offline=True)

    def __init__(self, package: Path) -> None:
        self._package = package
        self._data = package / "espeak-ng-data"

    def check(self) -> None:
        """It is installed, or it would not have been connected."""

    def default_voices(self, language: str | None = None) -> tuple[str, ...]:
        code = code_of(self._data, language)
        return tuple(f"{code}+{variant}" for variant, _ in VARIANTS)

    def voices(self) -> list[Voice]:
        return [
            Voice(f"{tongue.code}+{variant}", f"{tongue.name}, {variant}", tongue.tag, gender)
            for tongue in tongues(self._data).values()
            for variant, gender in VARIANTS
        ]

    def has_voice(self, voice_id: str) -> bool | None:
        return is_voice(self._data, voice_id)

    def speak(self, speech: Speech, into: Path, stop: Callable[[], bool]) -> Spoken:
        """Raises `OSError` as well, where the file cannot be written."""
        if not is_voice(self._data, speech.voice_id):
            raise unknown_voice(self.name, speech.voice_id)
        text = clean(speech.text)
        facts = into.with_name(f"{into.name}.json")
        order = {"voice": speech.voice_id, "text": text, "into": str(into.absolute())}
        try:
            code = _pool(self._package).order(order, stop)
            if code == UNKNOWN_VOICE:
                raise unknown_voice(self.name, speech.voice_id)
            if code >= SYSTEM:
                raise OSError(code - SYSTEM, os.strerror(code - SYSTEM), str(into))
            if code != 0:
                raise VoiceFailed("failing", "eSpeak failed at a text.")
            return _spoken(text, json.loads(facts.read_text()))
        except BaseException:
            into.unlink(missing_ok=True)
            raise
        finally:
            facts.unlink(missing_ok=True)


def _spoken(text: str, facts: dict[str, Any]) -> Spoken:
    rate, seconds = int(facts["rate"]), facts["samples"] / facts["rate"]
    marks = [(at, sample / rate) for at, sample in facts["marks"]]
    return Spoken(seconds, rate, timed(text, marks, seconds, [sample / rate for sample in facts["ends"]]))


class EspeakKind:
    """eSpeak NG, if it is installed."""

    name = "espeak"
    title = "eSpeak NG (embedded)"

    def connect(self, model: str | None, settings: Settings) -> Espeak:
        del settings
        if model:
            raise VoiceFailed("not_configured", "espeak has no models: name it without a colon.")
        spec = find_spec("espeakng_loader")
        if spec is None or not spec.submodule_search_locations:
            raise VoiceFailed(
                "not_configured",
                "eSpeak is not installed: add the extra `offline-voice` to the installation.",
            )
        return Espeak(Path(next(iter(spec.submodule_search_locations))))


KIND = EspeakKind()
