"""Which voices a server has, as far as it tells, and which of them to begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import Any

from magpie.podcasts.voices.port import Voice

_MOST = 10_000
# OpenAI's reference of `/audio/speech`; the first four are the oldest, have servers of all makes, and differ well.
CLASSIC = ("onyx", "nova", "echo", "shimmer")
_OPENAI = (
    *(("onyx", "male"), ("nova", "female"), ("echo", "male"), ("shimmer", "female"), ("alloy", None)),
    *(("fable", None), ("ash", "male"), ("ballad", "male"), ("coral", "female"), ("sage", "female")),
    *(("verse", "male"), ("marin", "female"), ("cedar", "male")),
)
OPENAI_VOICES = tuple(Voice(name, name.capitalize(), gender=gender) for name, gender in _OPENAI)
_OPENAI_NAMES = frozenset(name for name, _ in _OPENAI)
# Kokoro's voices tell their language and gender: `af_heart` is American and a woman's.
_KOKORO = re.compile(r"([abefhijpz])([fm])_[a-z0-9_]+")
_KOKORO_LANGUAGES = {
    "a": "en-US", "b": "en-GB", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja", "p": "pt-BR", "z": "zh",
}  # fmt: skip
_KOKORO_FIRST = ("am_michael", "af_heart", "am_fenrir", "af_bella", "bm_george", "bf_emma")


def voices_in(said: Any) -> list[Voice]:
    """The voices in an answer of `/audio/voices`: names, or objects with an id; empty for anything else."""
    if isinstance(said, dict):
        said = said.get("voices") or said.get("data")
    found: dict[str, Voice] = {}
    for entry in (said if isinstance(said, list) else [])[:_MOST]:
        told = entry if isinstance(entry, dict) else {"id": entry}
        ids = (told.get(field) for field in ("id", "voice_id", "name"))
        voice_id = next((one for one in ids if isinstance(one, str) and 0 < len(one) <= 200), None)
        if voice_id is not None and voice_id.isprintable():
            found[voice_id] = _voice(voice_id, told)
    return list(found.values())


def _voice(voice_id: str, told: dict[str, Any]) -> Voice:
    name, language = told.get("name"), told.get("language")
    kokoro = _KOKORO.fullmatch(voice_id)
    return Voice(
        voice_id,
        name[:200] if isinstance(name, str) and name.isprintable() and name else voice_id,
        _KOKORO_LANGUAGES[kokoro[1]] if kokoro else language if isinstance(language, str) else None,
        {"f": "female", "m": "male"}[kokoro[2]] if kokoro else None,
    )


def is_among(listed: Sequence[Voice], voice_id: str, *, is_openai: bool) -> bool | None:
    """Whether the server has that voice; None if it does not tell, or may know it by another name."""
    ids = {voice.id for voice in listed}
    if voice_id in ids:
        return True
    if is_openai:
        return None if voice_id.startswith("voice_") else False  # voices of one's own have such ids
    if not ids or voice_id in _OPENAI_NAMES:
        return None
    # Kokoro mixes voices: `af_bella(2)+af_sky(1)`.
    parts = [part.partition("(")[0].strip() for part in re.split(r"[+-]", voice_id)]
    return len(parts) > 1 and all(part in ids for part in parts)


def defaults_among(listed: Sequence[Voice], language: str | None) -> tuple[str, ...]:
    """Up to four voices to begin with, women's and men's in turn where that is known."""
    ids = {voice.id for voice in listed}
    if not ids or ids.issuperset(CLASSIC):
        return CLASSIC
    base = (language or "en").lower().partition("-")[0]
    fitting = [voice for voice in listed if (voice.language or "").lower().partition("-")[0] == base]
    fitting = fitting or [voice for voice in listed if voice.language is None] or list(listed)
    fitting.sort(key=lambda voice: _KOKORO_FIRST.index(voice.id) if voice.id in _KOKORO_FIRST else 99)
    men = [voice.id for voice in fitting if voice.gender == "male"]
    women = [voice.id for voice in fitting if voice.gender == "female"]
    in_turn = [one for one in chain.from_iterable(zip_longest(men, women)) if one]
    return tuple(dict.fromkeys([*in_turn, *(voice.id for voice in fitting)]))[:4]
