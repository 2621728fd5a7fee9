"""What the objects of the Subsonic API say; OpenSubsonic's say more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from magpie.playlists.servers.port import Entry, MusicLibrary, ServerPlaylist
from magpie.playlists.tracks import Track


def track_of(song: Mapping[str, Any]) -> Track | None:
    """A song's facts; None for folders and films."""
    key, title = text(song.get("id")), text(song.get("title"))
    if key is None or title is None or song.get("isDir") is True or song.get("isVideo") is True:
        return None
    artist = text(song.get("displayArtist")) or text(song.get("artist"))
    several = names_of(song.get("artists"))
    seconds = song.get("duration")
    return Track(
        id=key,
        title=title,
        artists=several or ((artist,) if artist else ()),
        album=text(song.get("album")),
        duration=float(seconds) if isinstance(seconds, int | float) and seconds > 0 else None,
        isrc=next(iter(_isrcs(song.get("isrc"))), None),
        mbid=text(song.get("musicBrainzId")),
        album_artist=text(song.get("displayAlbumArtist"))
        or next(iter(names_of(song.get("albumArtists"))), None),
        path=text(song.get("path")),
    )


def entries_of(playlist: Mapping[str, Any]) -> list[Entry] | None:
    """The places of a playlist, named by their index; None if one has no song's id."""
    found = []
    for index, song in enumerate(objects(playlist.get("entry"))):
        key = text(song.get("id"))
        if key is None:
            return None
        found.append(Entry(str(index), key, track_of(song)))
    return found


def playlist_of(playlist: Mapping[str, Any], username: str | None) -> ServerPlaylist | None:
    key = text(playlist.get("id"))
    if key is None:
        return None
    owner = text(playlist.get("owner"))
    is_own = owner is None or username is None or owner.casefold() == username.casefold()
    return ServerPlaylist(
        id=key,
        title=text(playlist.get("name")) or "",
        count=song_count(playlist) or 0,
        is_writable=is_own and playlist.get("readonly") is not True,
        description=text(playlist.get("comment")),
    )


def library_of(folder: Mapping[str, Any]) -> MusicLibrary | None:
    """A music folder; where it lies is not told."""
    key = text(folder.get("id"))
    return MusicLibrary(key, text(folder.get("name")) or key) if key is not None else None


def song_count(playlist: Mapping[str, Any]) -> int | None:
    """How many places there are, of which the server may hide some: songs whose files are away for now."""
    count = playlist.get("songCount")
    return count if isinstance(count, int) and count >= 0 else None


def objects(value: object) -> list[dict[str, Any]]:
    """A list of objects. Old servers, whose JSON was made from XML, give a single one bare."""
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, dict)]


def inner(answer: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object of that name; empty if there is none, as some servers leave out what is empty."""
    found = answer.get(name)
    return found if isinstance(found, dict) else {}


def text(value: object) -> str | None:
    """Words, and numbers, which some servers' ids are."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def names_of(people: object) -> tuple[str, ...]:
    return tuple(name for person in objects(people) if (name := text(person.get("name"))))


def _isrcs(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str) and one]
