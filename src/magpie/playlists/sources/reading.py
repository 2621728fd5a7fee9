"""The fields of other people's answers and files: whatever is in them, what comes out is of the right kind."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from magpie.playlists.sources.port import SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.tracks import Track

MAX_TEXT = 500  # characters of a title or a name
MAX_ABOUT = 5000  # of a description
MAX_URL = 2000
MAX_ID = 200
MAX_SECONDS = 86_400.0
MAX_TRACKS = 100_000  # of one playlist
MAX_WHOLE = 2**31 - 1
MAX_NAMES = 50  # of artists of one song

# Control characters, halves of surrogate pairs and what no XML document may hold.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_MBID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def clean(value: object, limit: int = MAX_TEXT) -> str:
    """One line of text; empty for what is no text. Numbers count as text: songs are called 1989."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _SPACE.sub(" ", _UNPRINTABLE.sub(" ", str(value)[: limit * 4])).strip()[:limit].rstrip()


def about(value: object) -> str | None:
    """A description: several lines, bounded."""
    if not isinstance(value, str):
        return None
    lines = (clean(line, MAX_ABOUT) for line in value[: MAX_ABOUT * 2].splitlines())
    return "\n".join(lines).strip()[:MAX_ABOUT].rstrip() or None


def key(value: object) -> str | None:
    """An id: short, without spaces."""
    found = clean(value, MAX_ID + 1)
    return found if found and len(found) <= MAX_ID and " " not in found else None


def whole(value: object) -> int | None:
    """A number that counts something; numbers in texts are taken, too. What no column holds is the largest that one does."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 16:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return None
    return min(value, MAX_WHOLE)


def seconds(value: object, unit: float = 1.0) -> float | None:
    """A duration, of which `unit` make a second. Zero and what cannot be are None."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value) / unit
    except OverflowError:
        return None
    return found if math.isfinite(found) and 0 < found <= MAX_SECONDS else None


def clock(value: object) -> float | None:
    """A duration that is written as on a clock: `3:25`, `1:02:03`."""
    parts = value.strip().split(":") if isinstance(value, str) else []
    if not 2 <= len(parts) <= 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    total = 0
    for part in parts:
        total = total * 60 + int(part[:6])
    return seconds(total)


def mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def dig(value: object, *path: str | int) -> Any:
    """What lies at a path of names and places; None if nothing does."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def names(values: object, *fields: str) -> tuple[str, ...]:
    """The names of artists, in order and each once; `fields` are tried one after the other."""
    found: dict[str, None] = {}
    for entry in values if isinstance(values, list) else []:
        name = next((text for field in fields if (text := clean(mapping(entry).get(field)))), "")
        if not fields or isinstance(entry, str):
            name = clean(entry)
        if name:
            found[name] = None
        if len(found) == MAX_NAMES:
            break
    return tuple(found)


def other_titles(title: str, *values: object) -> tuple[str, ...]:
    """Further titles that a source gives, as texts or lists of them, without the title itself."""
    found: dict[str, None] = {}
    for value in values:
        for entry in value if isinstance(value, list) else [value]:
            if (text := clean(entry)) and text != title:
                found[text] = None
    return tuple(found)[:10]


def isrc(value: object) -> str | None:
    found = clean(value, 40).upper().replace("-", "").replace(" ", "")
    return found if _ISRC.fullmatch(found) else None


def mbid(value: object) -> str | None:
    """A MusicBrainz id, also at the end of an address of its site."""
    found = clean(value, 200).lower().rstrip("/").rpartition("/")[2]
    return found if _MBID.fullmatch(found) else None


def web_url(value: object) -> str | None:
    """An http or https address that can be shown and asked for."""
    found = clean(value, MAX_URL + 1)
    if found.startswith("//"):
        found = f"https:{found}"
    if len(found) > MAX_URL or " " in found or '"' in found or "<" in found:
        return None
    try:
        parts = urlsplit(found)
        return found if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def in_pieces(values: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def missing_note(failure: SourceFailed | None, came: int, total: int | None) -> str:
    """Why a playlist is not complete, for people."""
    said = f"{came} of {total} songs came." if total is not None else f"Only the first {came} songs came."
    return f"{said} {failure.message}" if failure else said


def finished(
    ref: SourceRef,
    title: object,
    tracks: list[Track],
    total: int | None,
    *,
    failure: SourceFailed | None = None,
    note: str | None = None,
    **more: Any,
) -> SourcePlaylist:
    """The playlist, judged: it is complete if nothing failed, nothing is noted and as many came as there are."""
    came = len(tracks)
    short = total is not None and came < total
    if failure or short:
        note = missing_note(failure, came, total)
    return SourcePlaylist(
        ref=ref,
        title=clean(title) or ref.id,
        tracks=tuple(tracks),
        is_complete=note is None,
        total=total,
        note=note,
        reason=failure.reason if failure else None,
        **more,
    )
