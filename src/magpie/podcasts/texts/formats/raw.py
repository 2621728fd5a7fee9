"""What a reader of one kind of document gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raw:
    """A text as it was found; titles and languages are what the document says of itself."""

    text: str
    title: str = ""
    language: str | None = None
