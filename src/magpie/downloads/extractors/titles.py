"""Text from sites, made fit to be shown and stored: one line, no control or direction characters, bounded."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from magpie.downloads.extractors.port import Medium, Request

MAX_TITLE = 500
MAX_DESCRIPTION = 20000
_DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean_text(text: str | None, limit: int = MAX_TITLE) -> str:
    """One line. Control characters, lone surrogates and direction overrides are dropped; spaces are folded."""
    if not text:
        return ""
    kept = (char for char in text if char not in _DIRECTION)
    spaced = "".join(" " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in kept)
    return " ".join(spaced.split())[:limit].strip()


def clean_lines(text: str | None, limit: int = MAX_DESCRIPTION) -> str | None:
    """Several lines, cleaned one by one; None if nothing is left."""
    if not text:
        return None
    return (
        "\n".join(clean_text(line, limit) for line in text[: limit * 2].splitlines())[:limit].strip() or None
    )


def tidy(medium: Medium, request: Request) -> Medium:
    """The medium with clean texts; what the user says of title and artist wins."""
    return replace(
        medium,
        title=clean_text(request.title) or clean_text(medium.title) or "untitled",
        artist=clean_text(request.artist) or clean_text(medium.artist) or None,
        album=clean_text(medium.album) or None,
        description=clean_lines(medium.description),
        source_id=clean_text(medium.source_id, 200) or "unknown",
    )
