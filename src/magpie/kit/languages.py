"""The languages that people are spoken to in: those that the page has catalogues for."""

from __future__ import annotations

import re
from typing import Final, Literal, get_args

Language = Literal["en", "zh-CN"]  # BCP 47, as the page names them
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT: Final[Language] = "en"

MAX_HEADER = 500  # characters of a browser's wishes that are read
_WISH: Final = re.compile(
    r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*[qQ]\s*=\s*([01](?:\.\d{0,3})?)\s*)?"
)


def language_of(stored: str | None) -> Language:
    """The language that a user is spoken to in; what is not known is the default."""
    return next((language for language in LANGUAGES if language == stored), DEFAULT)


def wished(accept_language: str | None) -> Language | None:
    """The language that a browser asks for first (RFC 9110, 12.5.4) of those that there are; None if it asks for none
    of them. Any Chinese is the Chinese that there is, as on the page."""
    found: list[tuple[float, Language]] = []
    for part in (accept_language or "")[:MAX_HEADER].split(","):
        wish = _WISH.fullmatch(part)
        language = _of_tag(wish[1]) if wish else None
        if wish and language is not None and (weight := float(wish[2] or 1)) > 0:
            found.append((weight, language))
    return max(found, key=lambda one: one[0])[1] if found else None


def _of_tag(primary: str) -> Language | None:
    primary = primary.lower()
    return next((language for language in LANGUAGES if language.partition("-")[0] == primary), None)
