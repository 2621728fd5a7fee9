"""Which of yt-dlp's lists are albums, and what they say of all their tracks."""

from __future__ import annotations

import re
from typing import Any

from magpie.downloads.extractors.titles import clean_text

# The kinds of SoundCloud and others; their "playlist" is somebody's own.
_KINDS = frozenset(("album", "ep", "single", "compilation"))
# Extractors whose lists are albums of music: others of that name list pictures, films and audio books.
_EXTRACTORS = frozenset(
    (
        "BandcampAlbum", "NetEaseMusicAlbum", "QQMusicAlbum", "JioSaavnAlbum", "KuwoAlbum", "AudiomackAlbum", "IdagioAlbum",
        "JamendoAlbum", "YandexMusicAlbum", "ZingMp3Album", "MySpaceAlbum", "HungamaAlbumPlaylist",
    )
)  # fmt: skip
_YOUTUBE_ALBUM = "OLAK5uy_"  # how the ids of YouTube Music's albums begin
_YOUTUBE_TITLE = re.compile(r"(?:Album|EP|Single) - ")


def album_of(info: dict[str, Any]) -> dict[str, Any]:
    """What holds for every track if the list is an album: `album`, `album_artist`, `thumbnail_url`, as far as the list
    says it; empty if it is none."""
    kind, identity = info.get("album_type"), str(info.get("id") or "")
    is_youtubes = identity.startswith(_YOUTUBE_ALBUM)
    is_album = str(kind).casefold() in _KINDS or (not kind and str(info.get("extractor_key")) in _EXTRACTORS)
    if not (is_album or is_youtubes):
        return {}
    title = clean_text(_text(info.get("album")) or _text(info.get("title")))
    if is_youtubes:
        title = _YOUTUBE_TITLE.sub("", title, count=1)
    owners = info.get("album_artists") or info.get("artists")
    owner = ", ".join(str(one) for one in owners) if isinstance(owners, list) else info.get("album_artist")
    found = {"album": title, "album_artist": clean_text(_text(owner)), "thumbnail_url": _picture(info)}
    return {name: value for name, value in found.items() if value} if title else {}


def _picture(info: dict[str, Any]) -> str | None:
    pictures = info.get("thumbnails")
    best = pictures[-1] if isinstance(pictures, list) and pictures and isinstance(pictures[-1], dict) else {}
    for url in (info.get("thumbnail"), best.get("url")):
        if isinstance(url, str) and url.startswith(("http://", "https://")):
            return url
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
