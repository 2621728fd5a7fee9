"""What Jellyfin's objects say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from magpie.playlists.servers.port import Entry, MusicLibrary, ServerPlaylist
from magpie.playlists.tracks import Track

TICKS = 10_000_000  # in a second
# Between an entry's name and which of its namesakes it is: since 10.10 an entry is named like its song, so doubles
# are namesakes.
NTH = "#"


def track_of(item: Mapping[str, Any]) -> Track | None:
    key, title = text(item.get("Id")), text(item.get("Name"))
    if not key or title is None:
        return None
    ticks = item.get("RunTimeTicks")
    ids = item.get("ProviderIds")
    named = ids if isinstance(ids, dict) else {}
    return Track(
        id=key,
        title=title,
        artists=tuple(name for name in _list(item.get("Artists")) if isinstance(name, str) and name),
        album=text(item.get("Album")),
        duration=ticks / TICKS if isinstance(ticks, int) and ticks > 0 else None,
        # Before 10.11 the recording's id lay in the other field. The ids of both kinds never agree by chance.
        mbid=text(named.get("MusicBrainzRecording")) or text(named.get("MusicBrainzTrack")),
        album_artist=text(item.get("AlbumArtist")),
        path=text(item.get("Path")),
    )


def entries_of(items: Iterable[Mapping[str, Any]]) -> list[Entry] | None:
    """The places of a playlist, each with a name of its own; None if one has no id."""
    seen: Counter[str] = Counter()
    found = []
    for item in items:
        key = text(item.get("Id"))
        if not key:
            return None
        name = text(item.get("PlaylistItemId")) or key
        seen[name] += 1
        place = name if seen[name] == 1 else f"{name}{NTH}{seen[name]}"
        found.append(Entry(place, key, track_of(item)))
    return found


def playlist_of(item: Mapping[str, Any]) -> ServerPlaylist | None:
    """A playlist of music; None for one of films."""
    key = text(item.get("Id"))
    if not key or item.get("Type") != "Playlist" or item.get("MediaType") not in ("Audio", "Unknown", None):
        return None
    count = item.get("ChildCount")
    return ServerPlaylist(
        id=key,
        title=text(item.get("Name")) or "",
        count=count if isinstance(count, int) else 0,
        is_writable=item.get("CanDelete") is not False,
        description=text(item.get("Overview")),
    )


def library_of(folder: Mapping[str, Any]) -> MusicLibrary | None:
    """A music library, out of `VirtualFolders` (which administrators see) or out of a user's views."""
    key = text(folder.get("ItemId")) or text(folder.get("Id"))
    if not key or folder.get("CollectionType") != "music":
        return None
    folders = tuple(path for path in _list(folder.get("Locations")) if isinstance(path, str))
    return MusicLibrary(key, text(folder.get("Name")) or "", folders)


def items_of(found: object) -> list[dict[str, Any]] | None:
    """The objects of a page; None if it is none."""
    items = found.get("Items") if isinstance(found, dict) else found
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else None


def text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
