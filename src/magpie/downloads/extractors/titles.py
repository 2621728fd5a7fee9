"""Text from sites, made fit to be shown and stored: one line, no control or direction characters, bounded."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import islice
from typing import Any

from magpie.downloads.extractors import figures
from magpie.downloads.extractors.listing import MAX_KEY, ListedEntry, SourceFacts
from magpie.downloads.extractors.port import Medium, Request
from magpie.downloads.extractors.web import is_http

MAX_TITLE = 500
MAX_DESCRIPTION = 20000
MAX_NAME = 64
MAX_FACTS = 100
MAX_ADDRESS = 8192
_DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean_text(text: str | None, limit: int = MAX_TITLE) -> str:
    """One line. Control characters, lone surrogates and direction overrides are dropped; spaces are folded."""
    if not text:
        return ""
    if text.isprintable():
        return " ".join(text.split())[:limit].strip()
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


def clean_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """JSON values by short names: bounded texts, finite numbers, and short lists of those."""
    cleaned = {
        clean_text(name, MAX_NAME): _clean_fact(value) for name, value in islice(facts.items(), MAX_FACTS)
    }
    return {name: value for name, value in cleaned.items() if value is not None}


def _clean_fact(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if abs(value) <= figures.MAX_COUNT else None  # no comparison holds for NaN
    if isinstance(value, list | tuple):
        plain = (_clean_fact(one) for one in value[:MAX_FACTS] if not isinstance(one, list | tuple))
        return [one for one in plain if one is not None]
    return None


def tidy(medium: Medium, request: Request) -> Medium:
    """The medium with clean texts; what the user says of title and artist wins."""
    return replace(
        medium,
        title=clean_text(request.title) or clean_text(medium.title) or "untitled",
        artist=clean_text(request.artist) or clean_text(medium.artist) or None,
        album=clean_text(medium.album) or None,
        description=clean_lines(medium.description),
        source_id=clean_text(medium.source_id, 200) or "unknown",
        duration=figures.amount(medium.duration),
        estimated_bytes=figures.count(medium.estimated_bytes),
        extra=clean_facts(medium.extra),
    )


def tidy_entry(entry: ListedEntry) -> ListedEntry:
    """The entry with clean texts, in its columns' bounds."""
    return replace(
        entry,
        key=clean_text(entry.key, MAX_KEY),
        title=clean_text(entry.title) or None,
        duration=figures.amount(entry.duration),
        thumbnail_url=web_address(entry.thumbnail_url),
        facts=clean_facts(entry.facts),
    )


def tidy_source(facts: SourceFacts) -> SourceFacts:
    """What a site says of itself, with clean texts and addresses."""
    return replace(
        facts,
        title=clean_text(facts.title) or None,
        description=clean_lines(facts.description),
        picture_url=web_address(facts.picture_url),
        feed_url=web_address(facts.feed_url),
    )


def web_address(url: str | None) -> str | None:
    """The address if it is a sane one of http or https."""
    return url if url and len(url) <= MAX_ADDRESS and is_http(url) else None
