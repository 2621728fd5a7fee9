"""What a provider of voices can do. Each is one folder that gives a `VoiceKind`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from magpie.podcasts.failed import Failed

if TYPE_CHECKING:
    from magpie.config import Settings


class VoiceFailed(Failed):
    """A text was not spoken. `reason` is typed, `message` is for people and holds no secret."""

    # not_configured | unreachable | refused | limited | unknown_voice | unknown_model | failing | silent | cut | stopped

    @property
    def may_pass(self) -> bool:
        """Whether the same question may be answered a little later."""
        return self.reason in {"unreachable", "limited", "failing", "silent", "cut"}


def stopped() -> VoiceFailed:
    """The failure of a question that nobody wants answered any more."""
    return VoiceFailed("stopped", "This was stopped.")


def unknown_voice(name: str, voice_id: str) -> VoiceFailed:
    """The failure of a voice that the provider of that name does not have."""
    shown = "".join(one if one.isprintable() else " " for one in voice_id)[:100]
    return VoiceFailed("unknown_voice", f"{name} has no voice “{shown}”.")


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice. `language` is BCP 47 where it is known, `gender` "female", "male" or None."""

    id: str
    name: str
    language: str | None = None
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a provider does. `parallel`: how many texts it speaks at once; `max_chars`: the longest text in one go
    (longer ones are cut at sentences and joined by `voices.service`)."""

    max_chars: int
    parallel: int
    tells_words: bool = False
    takes_styles: bool = False
    is_offline: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """A text to speak."""

    text: str
    voice_id: str
    style: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A word in a clip; seconds from the clip's beginning."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was written: a WAV file, 16 bits, one channel."""

    seconds: float
    rate: int  # samples a second
    words: tuple[Word, ...] = ()


class Speaking(Protocol):
    """A provider with one of its models, as the settings have it. Thread-safe."""

    @property
    def name(self) -> str:
        """As in the settings: `openai:tts-1`."""
        ...

    @property
    def identity(self) -> str:
        """The name and the server that it stands for, without secrets: clips of another server are other clips."""
        ...

    @property
    def abilities(self) -> Abilities: ...

    def check(self) -> None:
        """Whether it is there and may be used, at no cost. Raises `VoiceFailed`."""
        ...

    def default_voices(self, language: str | None = None) -> tuple[str, ...]:
        """Ids of up to four voices that are easily told apart, for speakers without one of their own.

        `language` is BCP 47, as far as it is known. May ask the server. Raises `VoiceFailed`.
        """
        ...

    def voices(self) -> list[Voice]:
        """The voices that it has; empty if it does not tell. Raises `VoiceFailed`."""
        ...

    def has_voice(self, voice_id: str) -> bool | None:
        """Whether it has that voice, found out at no cost; None if only speaking with it tells. Raises `VoiceFailed`."""
        ...

    def speak(self, speech: Speech, into: Path, stop: Callable[[], bool]) -> Spoken:
        """Speak the text into a new WAV file, once: no retries. Raises `VoiceFailed`; leaves nothing behind then."""
        ...


@runtime_checkable
class VoiceKind(Protocol):
    """A kind of provider."""

    @property
    def name(self) -> str:
        """As in `MAGPIE_TTS`, before the colon."""
        ...

    @property
    def title(self) -> str: ...

    def connect(self, model: str | None, settings: Settings) -> Speaking:
        """The provider, ready to be asked. Raises `VoiceFailed` (`not_configured`)."""
        ...
