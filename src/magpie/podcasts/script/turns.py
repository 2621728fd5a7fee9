"""The one form that a script has: turns, each said by one speaker, in segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """Where in the sources a turn comes from: characters `start` up to `end` of the source at `source` (from 0)."""

    source: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Flag:
    """Something in a turn that its sources do not say: `kind` is `number` or `name`, `text` what was said."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says in one go. `style` is for the voice ("cheerful"); `segment` counts from 0."""

    speaker: str
    text: str
    style: str | None = None
    segment: int = 0
    span: SourceSpan | None = None
    flags: tuple[Flag, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As the API and the script's files have it."""
        return {
            "speaker": self.speaker,
            "text": self.text,
            "style": self.style,
            "segment": self.segment,
            "sourceSpan": {"source": self.span.source, "start": self.span.start, "end": self.span.end}
            if self.span
            else None,
            "flags": [{"kind": flag.kind, "text": flag.text} for flag in self.flags],
        }

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Turn:
        """What `as_json` gave. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        span = data.get("sourceSpan")
        return cls(
            speaker=str(data["speaker"]),
            text=str(data["text"]),
            style=data.get("style"),
            segment=int(data.get("segment") or 0),
            span=SourceSpan(int(span["source"]), int(span["start"]), int(span["end"])) if span else None,
            flags=tuple(Flag(str(one["kind"]), str(one["text"])) for one in data.get("flags") or ()),
        )


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the script, a chapter of the episode. `summary` is what the model was told of it."""

    title: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script. `is_extractive`: made of the sources' own sentences, without a language model."""

    title: str
    language: str  # BCP 47, as far as it is known: "en", "zh"
    segments: tuple[Segment, ...]
    turns: tuple[Turn, ...]
    is_extractive: bool = False
    description: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the API and the script's files have it."""
        return {
            "title": self.title,
            "language": self.language,
            "description": self.description,
            "isExtractive": self.is_extractive,
            "segments": [{"title": one.title, "summary": one.summary} for one in self.segments],
            "turns": [turn.as_json() for turn in self.turns],
        }

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Script:
        """What `as_json` gave. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        return cls(
            title=str(data["title"]),
            language=str(data["language"]),
            segments=tuple(
                Segment(str(one["title"]), str(one.get("summary") or "")) for one in data["segments"]
            ),
            turns=tuple(Turn.of_json(one) for one in data["turns"]),
            is_extractive=bool(data.get("isExtractive")),
            description=str(data.get("description") or ""),
        )
