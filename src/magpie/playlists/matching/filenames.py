"""Titles that are names of files: an ending, underscores for spaces, a number before."""

from __future__ import annotations

import re

from magpie.playlists.matching.fold import MAX_CHARS

_ENDING = re.compile(r"\.(?:mp3|flac|m4a|ogg|oga|opus|wav|wma|aac|ape|alac|aiff?|wv)$", re.IGNORECASE)
# The number of a track before its title, as files and rips of records have it: `01. `, `03 `, `1-05 `, `B2. `.
_TRACK_NUMBER = re.compile(
    r"^(?:\d{1,2}-\d\d(?:\s*[.-])?\s+|0\d\s*[._-]\s*|0\d\s+|\d\d\.\s+|\d\d[.、]\s*(?=[^\x00-\x7f])|[A-Da-d]\d{1,2}(?:[.)]\s*|\s+-\s+))"
    r"(?=\S)"
)


def title_of(title: str) -> str:
    """The title that a file's name tells; any other title is given back as it is."""
    title = title[:MAX_CHARS]
    if "_" not in title and "." not in title and not title[:1].isascii():
        return title
    shorter = _ENDING.sub("", title)
    is_file = shorter != title
    if " " not in shorter and "_" in shorter:
        shorter = re.sub(r"(?<=[^\W_])-(?=[^\W_])", " - ", shorter.strip("_")) if "-" in shorter else shorter
        shorter = re.sub(r"_+", " ", shorter)
    elif is_file:
        shorter = shorter.replace("_", " ")
    return _TRACK_NUMBER.sub("", shorter).strip() or title
