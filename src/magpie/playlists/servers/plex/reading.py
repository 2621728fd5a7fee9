"""Plex' XML, and what its elements say. Facts: python-plexapi 4.18."""

from __future__ import annotations

from typing import NoReturn
from xml.etree import ElementTree  # no document type gets past `_Strict`, so no entities either

from magpie.playlists.servers.port import Entry, MusicLibrary, ServerPlaylist
from magpie.playlists.tracks import Track

ARTIST_SECTION = "artist"


class NotPlex(ValueError):
    """What came is not what Plex answers with."""


class _Strict(ElementTree.TreeBuilder):
    def doctype(self, *_: object) -> NoReturn:
        raise NotPlex("a document type")


def container(body: bytes) -> ElementTree.Element:
    """The answer's one element. Raises `NotPlex`."""
    parser = ElementTree.XMLParser(target=_Strict())  # noqa: S314  see _Strict
    try:
        parser.feed(body)
        root = parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise NotPlex(str(error)) from None
    if root.tag != "MediaContainer":
        raise NotPlex("another document")
    return root


def library_of(element: ElementTree.Element) -> MusicLibrary:
    folders = tuple(path for location in element.iter("Location") if (path := location.get("path")))
    return MusicLibrary(element.get("key", ""), element.get("title", ""), folders)


def playlist_of(element: ElementTree.Element) -> ServerPlaylist | None:
    """A music playlist; None for one of films or pictures, and for a radio."""
    if element.get("playlistType") != "audio" or element.get("radio") == "1" or not element.get("ratingKey"):
        return None
    return ServerPlaylist(
        id=element.get("ratingKey", ""),
        title=element.get("title", ""),
        count=whole(element.get("leafCount")) or 0,
        is_writable=element.get("smart") != "1",
        description=element.get("summary") or None,
    )


def track_of(element: ElementTree.Element) -> Track | None:
    """A track's facts. Its own artist is `originalTitle` where it differs from the album's."""
    key, title = element.get("ratingKey"), element.get("title")
    if not key or title is None:
        return None
    album_artist = element.get("grandparentTitle") or None
    artist = element.get("originalTitle") or album_artist
    milliseconds = whole(element.get("duration"))
    part = element.find("Media/Part")
    return Track(
        id=key,
        title=title,
        artists=(artist,) if artist else (),
        album=element.get("parentTitle") or None,
        duration=milliseconds / 1000 if milliseconds else None,
        mbid=_mbid(element),
        album_artist=album_artist,
        path=part.get("file") if part is not None else None,
    )


def entry_of(element: ElementTree.Element) -> Entry | None:
    """A place in a playlist. Whatever is not a track there (an unknown kind) still has its place."""
    place, key = element.get("playlistItemID"), element.get("ratingKey")
    return Entry(place, key, track_of(element)) if place and key else None


def touched(element: ElementTree.Element) -> int:
    """When it was added or changed last, in seconds since 1970; 0 if it does not say."""
    return max(whole(element.get("addedAt")) or 0, whole(element.get("updatedAt")) or 0)


def total(element: ElementTree.Element) -> int | None:
    """How many there are in all, of which this is a page."""
    return whole(element.get("totalSize") or element.get("size"))


def whole(text: str | None) -> int | None:
    """A whole number of at most 18 digits."""
    return int(text) if text and len(text) <= 18 and text.isascii() and text.isdigit() else None


def _mbid(element: ElementTree.Element) -> str | None:
    for guid in element.iter("Guid"):
        scheme, found, name = guid.get("id", "").partition("://")
        if found and scheme == "mbid" and name:
            return name
    return None
