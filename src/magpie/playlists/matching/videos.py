"""Titles of videos: the artist, the song in quotes or behind a dash, and what kind of video it is."""

from __future__ import annotations

import re
from collections.abc import Collection

from magpie.playlists.matching import versions
from magpie.playlists.matching.fold import MAX_CHARS, fold, squeeze

_QUOTES = "【】「」『』《》"
# `artist【title】…`, before brackets are folded; in square brackets only if something follows.
_QUOTED = re.compile(
    rf"^(?P<artist>[^{_QUOTES}]+?)\s*[【「『《](?P<title>[^{_QUOTES}]+)[】」』》](?P<rest>[^{_QUOTES}]*)$"
)
_BRACKETED = re.compile(r"^(?P<artist>[^\[\]]+?)\s*\[(?P<title>[^\[\]]+)\](?P<rest>\s*[^\[\]\s][^\[\]]*)$")
_APOSTROPHES = re.compile(r"^(?P<artist>\S.*?)\s+['‘](?P<title>\S.*\S)['’](?P<rest>(?:\s.*)?)$")
_KIND = re.compile(r"^\s*[【\[(]([^】\])]{1,20})[】\])]\s*(?=\S)")
_DIVIDED = re.compile(r"\s+[-–—_|｜]\s+")


def _named(title: str) -> tuple[str, str] | None:
    """Artist and song of a title with the song in quotes, if the quotes are about nothing else."""
    for pattern in (_QUOTED, _BRACKETED, _APOSTROPHES):
        found = pattern.match(title)
        if (
            found is None
            or not versions.read(fold(found["title"])).rest
            or versions.read(fold(found["rest"])).rest
        ):
            continue  # the quotes are of another kind, or more is told than what a video tells
        rest = found["rest"].strip(" -")
        return found["artist"].strip(), f"{found['title'].strip()} ({rest})" if rest else found[
            "title"
        ].strip()
    return None


def without_kind(title: str) -> str:
    """The title without `[MV]`, `【公式】` before it."""
    found = _KIND.match(title)
    return title[found.end() :] if found and not versions.read(fold(found[1])).rest else title


def song_of(title: str, artist_keys: Collection[str]) -> str:
    """The song in the title of a video by these artists (squeezed names); any other title stays."""
    named = _named(without_kind(title))
    return named[1] if named is not None and squeeze(fold(named[0])) in artist_keys else title


def artist_and_song(title: str) -> tuple[str, str] | None:
    """What a title may mean if whoever shows the video is not the artist."""
    plain = without_kind(title[:MAX_CHARS])
    if (named := _named(plain)) is not None:
        return named
    pieces = _DIVIDED.split(plain, maxsplit=1)
    if len(pieces) < 2 or not pieces[0].strip() or not versions.read(fold(pieces[1])).rest:
        return None
    return pieces[0].strip(), pieces[1]
