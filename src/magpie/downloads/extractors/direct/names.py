"""What a file's address and headers say of its name and date."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from magpie.downloads.extractors import sniff
from magpie.downloads.extractors.titles import clean_text

_FILENAME_EXTENDED = re.compile(r"filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)", re.IGNORECASE)
_FILENAME = re.compile(r"filename\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;\s]+))", re.IGNORECASE)


def title_of(url: str, disposition: str) -> str:
    """A title from the name that the site gives the file, or from its address. Never empty."""
    name = filename_of(disposition) or PurePosixPath(unquote(urlsplit(url).path)).name
    stem = PurePosixPath(name).stem if sniff.content_of_extension(PurePosixPath(name).suffix[1:]) else name
    return clean_text(stem.replace("_", " ")) or urlsplit(url).hostname or "file"


def filename_of(disposition: str) -> str | None:
    """The file name in a Content-Disposition header (RFC 6266), base name only."""
    name = ""
    if found := _FILENAME_EXTENDED.search(disposition):
        try:
            name = unquote(found[2], encoding=found[1], errors="replace")
        except LookupError:
            name = ""
    if not name and (found := _FILENAME.search(disposition)):
        name = re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2]
        name = unquote(_as_utf8(name))
    return PurePosixPath(name.replace("\\", "/")).name or None


def _as_utf8(text: str) -> str:
    """Header bytes arrive as Latin-1; most servers mean UTF-8."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def date_of(header: str | None) -> str | None:
    """ISO 8601, UTC, from a `Last-Modified` header."""
    if not header:
        return None
    try:
        return parsedate_to_datetime(header).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None
