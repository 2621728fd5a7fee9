"""Which providers and voices there are, and whether they answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from magpie.accounts.principal import Principal
from magpie.config import Settings
from magpie.podcasts import discretion
from magpie.podcasts.discretion import Role
from magpie.podcasts.episodes import files
from magpie.podcasts.llms import service as llms
from magpie.podcasts.llms.port import ChatFailed
from magpie.podcasts.offers.waiting import together
from magpie.podcasts.transcribers import service as transcribers
from magpie.podcasts.transcribers.port import TranscriptionFailed
from magpie.podcasts.voices import service as voices
from magpie.podcasts.voices.port import Voice, VoiceFailed

PATIENCE_SECONDS = 12.0
MOST_VOICES = 5000
MOST_MODELS = 500
MUSIC = re.compile(r"[^./\\\0][^/\\\0]{0,199}\.(mp3|m4a|aac|ogg|opus|flac|wav)", re.IGNORECASE)
NOT_SET_UP = ("not_configured", "Neither its key nor another address is set, so it is not asked.")
KEYS = {"openai": "openai_api_key", "elevenlabs": "elevenlabs_api_key"}
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
SLOW = ("unreachable", "It did not answer in time.")
# The settings that hold the servers' addresses, by role and kind; the first that is not empty counts.
ADDRESSES = {
    ("llm", "ollama"): ("ollama_url",),
    ("llm", "openai"): ("openai_url",),
    ("tts", "openai"): ("openai_speech_url", "openai_url"),
    ("tts", "kyutai"): ("kyutai_url",),
    ("tts", "pocket-tts"): ("pocket_tts_url",),
    ("tts", "elevenlabs"): ("elevenlabs_url",),
    ("asr", "whisper-asr"): ("whisper_asr_url",),
    ("asr", "openai"): ("openai_transcription_url", "openai_url"),
}

Error = tuple[str, str]  # a typed reason, and what it means for people


@dataclass(frozen=True, slots=True)
class Voices:
    """A provider with its voices, or why it has none now."""

    name: str
    title: str
    is_default: bool
    voices: tuple[Voice, ...] = ()
    error: Error | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """Who does one kind of work, and whether they answer."""

    role: Role
    name: str
    title: str
    is_chosen: bool
    error: Error | None = None
    address: str | None = None
    models: tuple[str, ...] = ()


def voices_of(
    settings: Settings, user: Principal, provider: str | None, language: str | None
) -> list[Voices]:
    """The providers of voices that this user may choose, with the voices that speak a language (any, if none is named);
    the chosen one first. Nobody else is asked."""
    titles = {kind.name: kind.title for kind in voices.kinds()}
    chosen = settings.tts.partition(":")[0]
    specs = [settings.tts, *(name for name in titles if name != chosen)] if provider is None else [provider]
    specs = [spec for spec in specs if discretion.may_choose(settings, user, "tts", spec)]
    asks = [partial(_voices, settings, spec, titles, language) for spec in specs]
    found = together(asks, PATIENCE_SECONDS)
    return [
        one or Voices(spec, _title(titles, spec), spec == settings.tts, error=SLOW)
        for spec, one in zip(specs, found, strict=True)
    ]


def _title(titles: dict[str, str], spec: str) -> str:
    return titles.get(spec.partition(":")[0], spec)


def _voices(settings: Settings, spec: str, titles: dict[str, str], language: str | None) -> Voices:
    error: Error | None = None
    held: list[Voice] = []
    if not _is_set_up(settings, Provider("tts", spec, spec, spec == settings.tts)):
        return Voices(spec, _title(titles, spec), is_default=False, error=NOT_SET_UP)
    try:
        held = voices.connect(settings, spec).voices()
    except VoiceFailed as failure:
        error = (failure.reason, failure.message)
    spoken = [one for one in held if _speaks(one, language)]
    return Voices(spec, _title(titles, spec), spec == settings.tts, tuple(spoken[:MOST_VOICES]), error)


def _speaks(voice: Voice, language: str | None) -> bool:
    """Voices whose language is not known may speak any."""
    if language is None or voice.language is None:
        return True
    return _short(voice.language) == _short(language)


def _short(language: str) -> str:
    return re.split(r"[-_]", language.lower())[0]


def providers(settings: Settings, user: Principal) -> list[Provider]:
    """Who writes, speaks and listens, each asked whether it is there; the chosen ones of each role first. Superusers are
    told of all that could, and of their addresses, others of those that may work for them."""
    asks: list[tuple[Provider, Callable[[], Provider]]] = [
        (known, ask)
        for known, ask in (*_writers(settings), *_speakers(settings), *_listeners(settings))
        if known.is_chosen or discretion.may_choose(settings, user, known.role, known.name)
    ]
    found = together([ask for _, ask in asks], PATIENCE_SECONDS)
    answered = [
        one or Provider(known.role, known.name, known.title, known.is_chosen, SLOW)
        for (known, _), one in zip(asks, found, strict=True)
    ]
    return [_addressed(settings, one) for one in answered] if user.is_superuser else answered


def _address_of(settings: Settings, one: Provider) -> tuple[str, str] | None:
    """The setting that holds the address of its server, and the address."""
    names = ADDRESSES.get((one.role, one.name.partition(":")[0]), ())
    return next(((name, value) for name in names if (value := getattr(settings, name))), None)


def _is_set_up(settings: Settings, one: Provider) -> bool:
    """Whether anybody has said that this server is to be asked: nobody hears of an installation that does not use them."""
    told = _address_of(settings, one)
    if one.is_chosen or told is None or urlsplit(told[1]).hostname in LOCAL:
        return True
    key = KEYS.get(one.name.partition(":")[0])
    return told[1] != Settings.model_fields[told[0]].default or bool(key and getattr(settings, key))


def _addressed(settings: Settings, one: Provider) -> Provider:
    told = _address_of(settings, one)
    address = _plain(told[1]) if told else None
    return replace(one, address=address)


def _plain(address: str) -> str:
    """Without a password that somebody has put there."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _writers(settings: Settings) -> list[tuple[Provider, Callable[[], Provider]]]:
    titles = {kind.name: kind.title for kind in llms.kinds()}
    chosen = [part.strip() for part in settings.llm.split(",")]
    others = [name for name in titles if name not in {part.partition(":")[0] for part in chosen}]
    found: list[tuple[Provider, Callable[[], Provider]]] = []
    for spec in [*chosen, *others]:
        known = Provider("llm", spec, _title(titles, spec), spec in chosen)
        found.append((known, partial(_writer, settings, known)))
    if llms.EXTRACTIVE not in chosen:
        known = Provider("llm", llms.EXTRACTIVE, llms.EXTRACTIVE, is_chosen=False)
        found.append((known, partial(_writer, settings, known)))
    return found


def _writer(settings: Settings, known: Provider) -> Provider:
    if known.name == llms.EXTRACTIVE:
        return known
    if not _is_set_up(settings, known):
        return replace(known, error=NOT_SET_UP)
    kind, _, model = known.name.partition(":")
    error: Error | None = None
    held: list[str] = []
    try:
        if model:
            llms.model(settings, known.name).check()
        held = llms.models(settings, kind)
    except ChatFailed as failure:
        error = (failure.reason, failure.message)
    return replace(known, error=error, models=tuple(held[:MOST_MODELS]))


def _speakers(settings: Settings) -> list[tuple[Provider, Callable[[], Provider]]]:
    titles = {kind.name: kind.title for kind in voices.kinds()}
    specs = [settings.tts, *(name for name in titles if name != settings.tts.partition(":")[0])]
    known = [Provider("tts", spec, _title(titles, spec), spec == settings.tts) for spec in specs]
    return [(one, partial(_speaker, settings, one)) for one in known]


def _speaker(settings: Settings, known: Provider) -> Provider:
    if not _is_set_up(settings, known):
        return replace(known, error=NOT_SET_UP)
    error: Error | None = None
    try:
        voices.connect(settings, known.name).check()
    except VoiceFailed as failure:
        error = (failure.reason, failure.message)
    return replace(known, error=error)


def _listeners(settings: Settings) -> list[tuple[Provider, Callable[[], Provider]]]:
    titles = {kind.name: kind.title for kind in transcribers.kinds()}
    specs = [settings.asr, *(name for name in titles if name != settings.asr.partition(":")[0])]
    known = [Provider("asr", spec, _title(titles, spec), spec == settings.asr) for spec in specs]
    return [(one, partial(_listener, settings, one)) for one in known]


def _listener(settings: Settings, known: Provider) -> Provider:
    if not _is_set_up(settings, known):
        return replace(known, error=NOT_SET_UP)
    error: Error | None = None
    try:
        transcribers.connect(settings, known.name).check()
    except TranscriptionFailed as failure:
        error = (failure.reason, failure.message)
    return replace(known, error=error)


def music(settings: Settings) -> list[str]:
    """The pieces that may be named."""
    folder: Path = files.root_of(settings) / files.MUSIC
    try:
        return sorted(one.name for one in folder.iterdir() if MUSIC.fullmatch(one.name) and one.is_file())
    except OSError:
        return []
