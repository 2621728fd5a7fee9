"""Voices for everybody else: connecting, speaking so that it holds, checking, and who gets which voice."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from magpie.podcasts.script.brief import Speaker
from magpie.podcasts.voices import wav
from magpie.podcasts.voices.cache import Clips, key
from magpie.podcasts.voices.checking import examine
from magpie.podcasts.voices.port import (
    Speaking,
    Speech,
    Spoken,
    VoiceFailed,
    VoiceKind,
    Word,
    stopped,
    unknown_voice,
)
from magpie.podcasts.voices.samples import PROBE, sample
from magpie.podcasts.voices.text import clean, is_sayable, pieces

if TYPE_CHECKING:
    from magpie.config import Settings

ATTEMPTS = 5
LONGEST_WAIT = 30.0  # seconds between two attempts; who is asked to wait longer tries another time
_FIRST_WAIT = 0.5  # seconds, doubled with each attempt, where a provider does not say how long
_LOOK_EVERY = 0.1  # seconds between two looks at whether to stop
_BREATH = 0.25  # seconds of silence where a long text was cut
_PAUSE = 0.4  # seconds of silence for a text without anything to say
_PAUSE_RATE = 24_000
_TRUST_SECONDS = 3600.0  # how long a voice that has spoken counts as being there

_known: dict[tuple[str, str], float] = {}  # (provider's identity, voice) to when it has spoken
_known_lock = threading.Lock()


def kinds() -> list[VoiceKind]:
    """The kinds of providers, plug-ins' first."""
    from magpie.plugins import plugins

    return plugins().voices


def connect(settings: Settings, spec: str | None = None) -> Speaking:
    """The provider that `spec` names (`openai:tts-1`), or the settings. Raises `VoiceFailed` (`not_configured`)."""
    name, _, model = (spec or settings.tts).strip().partition(":")
    for kind in kinds():
        if kind.name == name:
            return kind.connect(model or None, settings)
    raise VoiceFailed("not_configured", f"There is no provider of voices named {name[:64]}.")


def clips(settings: Settings) -> Clips:
    """Where spoken turns are kept for all episodes."""
    return Clips(settings.data_dir / "cache" / "voices", settings.voice_cache_mb << 20)


def speak(
    speaking: Speaking,
    speech: Speech,
    into: Path,
    stop: Callable[[], bool],
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Spoken:
    """Speak a text of any length into a new WAV file, and make sure that it was spoken.

    A text that is too long for the provider is cut at sentences and joined again. What may pass (429, 5xx, no answer,
    silence, a recording that breaks off) is asked for again, up to four times. Raises `VoiceFailed`: then there is no
    file.
    """
    text = clean(speech.text)
    if not is_sayable(text):
        sound = wav.silence(_PAUSE, _PAUSE_RATE)
        wav.write(sound, into)
        return Spoken(sound.seconds, sound.rate)
    parts = pieces(text, speaking.abilities.max_chars)
    try:
        if len(parts) == 1:
            return _surely(speaking, replace(speech, text=text), into, stop, sleep)[0]
        return _joined(speaking, speech, parts, into, stop, sleep)
    except BaseException:
        into.unlink(missing_ok=True)
        raise


def _joined(
    speaking: Speaking,
    speech: Speech,
    parts: Sequence[str],
    into: Path,
    stop: Callable[[], bool],
    sleep: Callable[[float], None],
) -> Spoken:
    """The parts one after the other, each with its words where they are in the whole; one in memory at a time."""
    joint: wav.Joint | None = None
    words: list[Word] = []
    with TemporaryDirectory(prefix=".speech-", dir=into.parent) as folder, ExitStack() as stack:
        for number, part in enumerate(parts):
            if not is_sayable(part):
                continue
            file = Path(folder) / f"{number}.wav"
            spoken, sound = _surely(speaking, replace(speech, text=part), file, stop, sleep)
            file.unlink()
            if joint is None:
                joint = stack.enter_context(wav.Joint(into, sound.rate))
            elif joint.rate != sound.rate:
                raise VoiceFailed("failing", f"{speaking.name} changes its sampling rate within one text.")
            else:
                joint.add(wav.silence(_BREATH, joint.rate))
            words += _later(spoken.words, joint.seconds)
            joint.add(sound)
    assert joint is not None  # noqa: S101  a text with something to say has a part with something to say
    return Spoken(joint.seconds, joint.rate, tuple(words))


def _later(words: Iterable[Word], seconds: float) -> tuple[Word, ...]:
    return tuple(Word(one.text, round(one.start + seconds, 3), round(one.end + seconds, 3)) for one in words)


def _surely(
    speaking: Speaking,
    speech: Speech,
    into: Path,
    stop: Callable[[], bool],
    sleep: Callable[[float], None],
) -> tuple[Spoken, wav.Sound]:
    """One part, asked for until it is there."""
    # What is on this machine answers in the same way each time; once more is for a process that was killed.
    attempts = 2 if speaking.abilities.is_offline else ATTEMPTS
    for attempt in range(1, attempts + 1):
        if stop():
            raise stopped()
        try:
            return _once(speaking, speech, into, stop)
        except VoiceFailed as failure:
            into.unlink(missing_ok=True)
            wait = _FIRST_WAIT * 2.0 ** (attempt - 1) * random.uniform(1.0, 1.5)  # noqa: S311  not a secret
            if failure.retry_after is not None:
                wait = max(failure.retry_after, 0.05)
            if not failure.may_pass or attempt == attempts or wait > LONGEST_WAIT:
                raise
        _rest(wait, stop, sleep)
    raise AssertionError("the last attempt answers or raises")


def _once(
    speaking: Speaking, speech: Speech, into: Path, stop: Callable[[], bool]
) -> tuple[Spoken, wav.Sound]:
    spoken = speaking.speak(speech, into, stop)
    try:
        sound = wav.read(into)
    except wav.NotWav as error:
        raise VoiceFailed("failing", f"{speaking.name} made no usable recording: {error}.") from error
    examine(sound, spoken, speech.text, speaking.name)
    note_voice(speaking, speech.voice_id)
    return spoken, sound


def _rest(seconds: float, stop: Callable[[], bool], sleep: Callable[[float], None]) -> None:
    left = seconds
    while left > 0:
        if stop():
            raise stopped()
        sleep(min(left, _LOOK_EVERY))
        left -= _LOOK_EVERY


def note_voice(speaking: Speaking, voice_id: str) -> None:
    """A voice has spoken: nobody needs to try it in the next hour."""
    with _known_lock:
        _known[speaking.identity, voice_id] = time.monotonic()


def _has_spoken(speaking: Speaking, voice_id: str) -> bool:
    with _known_lock:
        spoke = _known.get((speaking.identity, voice_id))
    return spoke is not None and time.monotonic() - spoke < _TRUST_SECONDS


def check(speaking: Speaking, voice_ids: Iterable[str], stop: Callable[[], bool] = lambda: False) -> None:
    """Make sure that the provider answers, and that each voice is there and speaks.

    That costs nothing, or one word, which is remembered for an hour.
    Raises `VoiceFailed`, for a wrong voice `unknown_voice` with its id in the message.
    """
    open_ids = [voice_id for voice_id in dict.fromkeys(voice_ids) if not _has_spoken(speaking, voice_id)]
    if open_ids:
        speaking.check()
    for voice_id in open_ids:
        found = speaking.has_voice(voice_id)
        if found is False:
            raise unknown_voice(speaking.name, voice_id)
        if found is None:
            with TemporaryDirectory(prefix="magpie-voice-") as folder:
                speak(speaking, Speech(PROBE, voice_id), Path(folder) / "probe.wav", stop)
        note_voice(speaking, voice_id)


def assign(
    speakers: Sequence[Speaker], settings: Settings, language: str | None = None
) -> list[tuple[Speaking, str]]:
    """A provider and a voice for each speaker, in their order; who chose none gets one that nobody else has.

    `language` is the show's. Raises `VoiceFailed`.
    """
    connected: dict[str, Speaking] = {}
    taken: dict[str, set[str]] = {}
    for speaker in speakers:
        spec = speaker.provider or settings.tts
        connected.setdefault(spec, connect(settings, spec))
        taken.setdefault(spec, set())
        if speaker.voice_id:
            taken[spec].add(speaker.voice_id)
    return [
        (
            connected[spec := speaker.provider or settings.tts],
            speaker.voice_id or _free_voice(connected[spec], speaker.language or language, taken[spec]),
        )
        for speaker in speakers
    ]


def _free_voice(speaking: Speaking, language: str | None, taken: set[str]) -> str:
    defaults = speaking.default_voices(language)
    if not defaults:
        raise VoiceFailed(
            "unknown_voice", f"{speaking.name} names no voice to begin with: choose one for each speaker."
        )
    free = next((voice for voice in defaults if voice not in taken), defaults[len(taken) % len(defaults)])
    taken.add(free)
    return free


def preview(settings: Settings, provider: str | None, voice_id: str, language: str | None = None) -> Path:
    """A WAV file in which a voice says a sentence in its language; made once. Raises `VoiceFailed`."""
    speaking = connect(settings, provider)
    if speaking.has_voice(voice_id) is False:
        raise unknown_voice(speaking.name, voice_id)
    speech = Speech(sample(language), voice_id, language=language)
    kept, name = clips(settings), key(speaking, speech)
    held = kept.get(name)
    if held is None:
        with TemporaryDirectory(prefix="magpie-voice-") as folder:
            file = Path(folder) / "preview.wav"
            spoken = speak(speaking, speech, file, lambda: False)
            held = kept.put(name, file, spoken)
    return held[0]
