"""What a playlist knows of the song that a download is to bring: it wins over what the site calls it.

It travels in `Request.hints` under `song`, as `title`, `artists`, `album`, `isrc` and `cover_url`; each may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from magpie.downloads.extractors.music.names import folded
from magpie.downloads.extractors.music.numbers import isrc
from magpie.downloads.extractors.port import Medium
from magpie.downloads.extractors.titles import clean_text, web_address

HINT = "song"
MAX_ARTISTS = 50
# What a site says of a medium's place holds for the site's album only.
_OF_ALBUM = ("track_number", "track_count", "disc_number", "disc_count", "album_artist", "album_artists")


def _song(hints: Mapping[str, Any]) -> Mapping[str, Any]:
    found = hints.get(HINT)
    return found if isinstance(found, Mapping) else {}


def _text(value: Any) -> str:
    return clean_text(value) if isinstance(value, str) else ""


def cover_of(hints: Mapping[str, Any]) -> str | None:
    """The address of the picture that the playlist shows for the song."""
    url = _song(hints).get("cover_url")
    return web_address(url) if isinstance(url, str) else None


def as_wanted(medium: Medium, hints: Mapping[str, Any]) -> Medium:
    """The medium under the names that the playlist has for it, so that it is found under them."""
    song = _song(hints)
    if not song:
        return medium
    extra = dict(medium.extra)
    said = song.get("artists")
    artists = [text for one in said if (text := _text(one))][:MAX_ARTISTS] if isinstance(said, list) else []
    album = _text(song.get("album"))
    if album and folded(album) != folded(medium.album or ""):
        for name in _OF_ALBUM:
            extra.pop(name, None)
    if artists:
        extra["artists"] = artists
    if album or medium.album:
        extra.setdefault("album_artist", artists[0] if artists else medium.artist)
    if number := isrc(song.get("isrc")):
        extra["isrc"] = number
    return replace(
        medium,
        title=_text(song.get("title")) or medium.title,
        artist=", ".join(artists) or medium.artist,
        album=album or medium.album,
        extra={key: value for key, value in extra.items() if value is not None},
    )
