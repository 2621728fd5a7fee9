"""Voices for podcasts: each letter is a tone. It needs no server, so everything here can be tried at once.

Magpie does the rest for every provider alike: it cuts texts that are longer than `Abilities.max_chars`, asks up to
`parallel` times at once, asks again after what may pass, keeps what was spoken, and takes nothing silent or far too
short for its text.
"""

from __future__ import annotations

import math
import wave
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from magpie.podcasts.voices.port import Abilities, Speech, Spoken, Voice, VoiceFailed, Word, unknown_voice

if TYPE_CHECKING:
    from magpie.config import Settings

RATE = 16_000  # samples a second
SECONDS = 0.07  # for a letter
_PITCHES = {"flute": 880.0, "cello": 220.0}  # in Hz, of the letter a


class DemoVoices:
    """What `connect` gives: the provider with one of its models. It is asked from many threads at once."""

    name = "magpie-demo"  # with the model, if there is one: "magpie-demo:large"
    # Part of the name under which clips are kept: name the server, too, if there is one, but no key.
    identity = "magpie-demo 1"
    abilities = Abilities(max_chars=500, parallel=4, tells_words=True, is_offline=True)

    def check(self) -> None:
        """Ask a server for anything that costs nothing, and raise `VoiceFailed` if it does not answer."""

    def default_voices(self, language: str | None = None) -> tuple[str, ...]:
        """For speakers who have none of their own: different enough to be told apart, at best in that language."""
        return ("cello", "flute")

    def voices(self) -> list[Voice]:
        """For people to choose from. A provider that does not know may answer with an empty list."""
        return [Voice(name, name.capitalize()) for name in _PITCHES]

    def has_voice(self, voice_id: str) -> bool | None:
        """Asked before any money is spent. None says that only speaking with it tells: then one word is tried."""
        return voice_id in _PITCHES

    def speak(self, speech: Speech, into: Path, stop: Callable[[], bool]) -> Spoken:
        """Write a WAV file of 16 bits and one channel, or raise `VoiceFailed` and leave none.

        Ask once only: reasons that may pass (`limited`, `failing`, `cut`, `silent`, `unreachable`) are asked again for you.
        """
        if speech.voice_id not in _PITCHES:
            raise unknown_voice(self.name, speech.voice_id)
        samples = array("h")
        words: list[Word] = []
        for word in speech.text.split():
            if stop():  # somebody has cancelled the episode
                raise VoiceFailed("stopped", "This was stopped.")
            begin = len(samples) / RATE
            for letter in word:
                samples.extend(_tone(_PITCHES[speech.voice_id], letter))
            words.append(Word(word, begin, len(samples) / RATE))
            samples.extend(bytes(round(RATE * SECONDS)))  # a pause
        with wave.open(str(into), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples.tobytes())
        return Spoken(len(samples) / RATE, RATE, tuple(words))


def _tone(pitch: float, letter: str) -> array[int]:
    step = 2 * math.pi * pitch * 2 ** (ord(letter) % 12 / 12) / RATE
    return array("h", (round(9000 * math.sin(step * at)) for at in range(round(RATE * SECONDS))))


class DemoVoiceKind:
    """What the hook returns: one instance for all of Magpie. `name` is what people write into `MAGPIE_TTS`."""

    name = "magpie-demo"
    title = "Demo tones"

    def connect(self, model: str | None, settings: Settings) -> DemoVoices:
        """`model` is what stands behind the colon. Raise `VoiceFailed("not_configured", …)` where something is missing."""
        if model:
            raise VoiceFailed("not_configured", "magpie-demo has no models: name it without a colon.")
        return DemoVoices()
