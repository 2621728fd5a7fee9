"""What makes text of recordings. Each provider is one folder that gives a `TranscriberKind`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from magpie.podcasts.failed import Failed

if TYPE_CHECKING:
    from magpie.config import Settings


class TranscriptionFailed(Failed):
    """A recording was not understood. `reason` is typed, `message` is for people and holds no secret."""

    # not_configured | unreachable | refused | limited | unknown_model | language | failing | unreadable | silent |
    # stopped; `unreadable` is the recording, an answer that makes no sense is `failing`

    @property
    def may_pass(self) -> bool:
        """Whether the same question may be answered a little later."""
        return self.reason in {"unreachable", "limited", "failing"}


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word; seconds from the recording's beginning."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Passage:
    """What was said in one go; seconds from the recording's beginning. `words` is empty where their times are unknown."""

    start: float
    end: float
    text: str
    words: tuple[HeardWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard. `is_draft`: by a recogniser that is known to be weak."""

    passages: tuple[Passage, ...]
    language: str | None
    provider: str
    is_draft: bool = False

    @property
    def text(self) -> str:
        """All of it, a passage a line."""
        return "\n".join(one.text for one in self.passages if one.text)

    def as_json(self) -> dict[str, Any]:
        """As it is kept in files."""
        return {
            "language": self.language,
            "provider": self.provider,
            "isDraft": self.is_draft,
            "passages": [
                {
                    "start": one.start,
                    "end": one.end,
                    "text": one.text,
                    "words": [[word.text, word.start, word.end] for word in one.words],
                }
                for one in self.passages
            ],
        }

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Transcript:
        """What `as_json` gave. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        return cls(
            passages=tuple(
                Passage(
                    float(one["start"]),
                    float(one["end"]),
                    str(one["text"]),
                    tuple(HeardWord(str(text), float(a), float(b)) for text, a, b in one.get("words") or ()),
                )
                for one in data["passages"]
            ),
            language=data.get("language"),
            provider=str(data["provider"]),
            is_draft=bool(data.get("isDraft")),
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may hold: `max_bytes` of audio, `max_seconds`; None: anything. Longer recordings are split
    where nobody speaks, by `transcribers.service`."""

    max_bytes: int | None = None
    max_seconds: float | None = None
    parallel: int = 1


class Transcriber(Protocol):
    """A provider with one of its models. Thread-safe."""

    @property
    def name(self) -> str: ...

    @property
    def limits(self) -> Limits: ...

    @property
    def is_draft(self) -> bool: ...

    def check(self) -> None:
        """Whether it is there and may be used, at no cost. Raises `TranscriptionFailed`."""
        ...

    def transcribe(
        self,
        audio: Path,
        language: str | None,
        on_progress: Callable[[float], None],
        stop: Callable[[], bool],
    ) -> Transcript:
        """What is said in a file of audio (FLAC or WAV, one channel, 16 kHz); progress from 0 to 1.

        Raises `TranscriptionFailed`.
        """
        ...


@runtime_checkable
class TranscriberKind(Protocol):
    """A kind of provider."""

    @property
    def name(self) -> str:
        """As in `MAGPIE_ASR`, before the colon."""
        ...

    @property
    def title(self) -> str: ...

    def connect(self, model: str | None, settings: Settings) -> Transcriber:
        """The provider, ready to be asked. Raises `TranscriptionFailed` (`not_configured`)."""
        ...
