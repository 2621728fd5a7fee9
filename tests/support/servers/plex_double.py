"""A double of a Plex Media Server: what python-plexapi 4.18 asks of one about music and playlists, answered alike.

Its own tests use plexapi itself as the client.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from tests.support.servers.double import Call, Double, Reply
from tests.support.servers.music import Song

MACHINE = "5a5a0123456789abcdef0123456789abcdef5a5a"
TOKEN = "plex-token-of-alice"
GUEST = "plex-token-of-a-guest"
MUSIC = "3"  # the section's key
_T = TypeVar("_T")
XML = "text/xml;charset=utf-8"


@dataclass(slots=True)
class PlexPlaylist:
    """`items`: (playlistItemID, ratingKey)."""

    key: int
    title: str
    items: list[tuple[int, str]] = field(default_factory=list)
    summary: str = ""
    poster: bytes | None = None
    smart: bool = False
    kind: str = "audio"


@dataclass(slots=True)
class PlexDouble(Double):
    """`GUEST` may read, and write nothing."""

    playlists: dict[int, PlexPlaylist] = field(default_factory=dict)
    sections: list[tuple[str, str, str]] = field(
        default_factory=lambda: [("1", "movie", "Films"), (MUSIC, "artist", "Musik")]
    )
    scans: list[tuple[str, str | None]] = field(default_factory=list)
    knows_filters: bool = True
    empty_from: int | None = None  # pages that begin here or later come empty, whatever is in them
    _next_key: int = 50_000
    _next_item: int = 900
    _by_key: dict[str, Song] = field(default_factory=dict)

    def is_write(self, call: Call) -> bool:
        return call.method != "GET"

    def is_public(self, call: Call) -> bool:
        return call.path == "/identity"

    def reply(self, call: Call) -> Reply:
        if self.is_public(call):
            return _xml(_container(machineIdentifier=MACHINE, version="1.41.0.8992-8463ad060", size="0"))
        token = call.headers.get("x-plex-token") or call.first("X-Plex-Token")
        if token not in (TOKEN, GUEST):
            return Reply(b"<html><head><title>Unauthorized</title></head></html>", 401, "text/html")
        if token == GUEST and (self.is_write(call) or call.path.endswith("/refresh")):
            return Reply(status=403)
        for pattern, answer in _ROUTES:
            if found := pattern.fullmatch(f"{call.method} {call.path}"):
                reply: Reply = getattr(self, answer.__name__)(call, *found.groups())
                return reply
        return Reply(b"<html><head><title>Not Found</title></head></html>", 404, "text/html")

    def root(self, _call: Call) -> Reply:
        return _xml(
            _container(
                machineIdentifier=MACHINE,
                friendlyName="Wohnzimmer",
                version="1.41.0.8992-8463ad060",
                myPlexUsername="alice@example.org",
                transcoderActiveVideoSessions="0",
            )
        )

    def library(self, _call: Call) -> Reply:
        return _xml(_container(title1="Plex Library", identifier="com.plexapp.plugins.library"))

    def list_sections(self, _call: Call) -> Reply:
        root = _container(size=str(len(self.sections)), title1="Plex Library")
        for key, kind, title in self.sections:
            directory = SubElement(root, "Directory", key=key, type=kind, title=title, uuid=f"u-{key}")
            directory.set("agent", "tv.plex.agents.music")
            SubElement(directory, "Location", id=key, path="/music" if kind == "artist" else "/films")
        return _xml(root)

    def all_tracks(self, call: Call, key: str) -> Reply:
        if key != MUSIC or call.first("type") != "10":
            return Reply(status=404) if key not in {s[0] for s in self.sections} else _xml(_page(call, []))
        found: Iterable[Song] = self.music
        if self.knows_filters:
            for name, value in call.query:
                if name == "updatedAt>":
                    found = [song for song in found if song.updated_at >= int(value)]
                elif name == "addedAt>":
                    found = [song for song in found if song.added_at >= int(value)]
        with_guids = call.first("includeGuids") == "1"
        return _xml(
            _page(call, [_track(song, with_guids) for song in self._window(call, list(found))], list(found))
        )

    def metadata(self, call: Call, keys: str) -> Reply:
        known = self._known()
        wanted = [known[key] for key in keys.split(",") if key in known]
        if not wanted:
            playlist = self.playlists.get(int(keys)) if keys.isdigit() else None
            return _xml(_page(call, [self._playlist(playlist)])) if playlist else Reply(status=404)
        return _xml(_page(call, [_track(song, True) for song in wanted]))

    def refresh(self, call: Call, key: str) -> Reply:
        if key not in {section[0] for section in self.sections}:
            return Reply(status=404)
        self.scans.append((key, call.first("path")))
        return Reply()

    def list_playlists(self, call: Call) -> Reply:
        kind, title = call.first("playlistType"), call.first("title")
        chosen = [
            playlist
            for playlist in self.playlists.values()
            if (kind is None or playlist.kind == kind)
            and (title is None or title.lower() in playlist.title.lower())
        ]
        shown = self._window(call, chosen)
        return _xml(_page(call, [self._playlist(playlist) for playlist in shown], chosen))

    def create(self, call: Call) -> Reply:
        title, kind = call.first("title"), call.first("type")
        if not title or kind not in ("audio", "video", "photo"):
            return Reply(status=400)
        keys = self._keys_of(call)
        if keys is None:
            return Reply(status=400)
        self._next_key += 1
        playlist = PlexPlaylist(self._next_key, title, kind=kind, smart=call.first("smart") == "1")
        self.playlists[playlist.key] = playlist
        self._append(playlist, keys)
        return _xml(_page(call, [self._playlist(playlist)]))

    def show(self, call: Call, key: str) -> Reply:
        playlist = self.playlists.get(int(key))
        return _xml(_page(call, [self._playlist(playlist)])) if playlist else Reply(status=404)

    def edit(self, call: Call, key: str) -> Reply:
        playlist = self.playlists.get(int(key))
        if playlist is None:
            return Reply(status=404)
        for name, value in call.query:
            if name in ("title", "title.value"):
                playlist.title = value
            elif name in ("summary", "summary.value"):
                playlist.summary = value
        return Reply()

    def remove_playlist(self, _call: Call, key: str) -> Reply:
        return Reply(status=204) if self.playlists.pop(int(key), None) else Reply(status=404)

    def items(self, call: Call, key: str) -> Reply:
        playlist = self.playlists.get(int(key))
        if playlist is None:
            return Reply(status=404)
        known = self._known()
        there = self.shown([(item, song) for item, song in playlist.items if song in known])
        elements = []
        for item, song in self._window(call, there):
            element = _track(known[song], False)
            element.set("playlistItemID", str(item))
            elements.append(element)
        return _xml(_page(call, elements, there))

    def add(self, call: Call, key: str) -> Reply:
        playlist = self.playlists.get(int(key))
        keys = self._keys_of(call)
        if playlist is None or playlist.smart:
            return Reply(status=404 if playlist is None else 400)
        if not keys:
            return Reply(status=400)
        self._append(playlist, keys)
        return _xml(_page(call, [self._playlist(playlist)]))

    def remove(self, call: Call, key: str, item: str) -> Reply:
        playlist = self.playlists.get(int(key))
        rest = [entry for entry in playlist.items if entry[0] != int(item)] if playlist else []
        if playlist is None or len(rest) == len(playlist.items):
            return Reply(status=404)
        playlist.items[:] = rest
        return _xml(_page(call, [self._playlist(playlist)]))

    def move(self, call: Call, key: str, item: str) -> Reply:
        playlist = self.playlists.get(int(key))
        if playlist is None:
            return Reply(status=404)
        after = call.first("after")
        moved = next((entry for entry in playlist.items if entry[0] == int(item)), None)
        rest = [entry for entry in playlist.items if entry[0] != int(item)]
        anchor = next((n for n, entry in enumerate(rest) if after and entry[0] == int(after)), None)
        if moved is None or (after and anchor is None):
            return Reply(status=404)
        place = 0 if anchor is None else anchor + 1
        playlist.items[:] = [*rest[:place], moved, *rest[place:]]
        return _xml(_page(call, [self._playlist(playlist)]))

    def upload_poster(self, call: Call, key: str) -> Reply:
        playlist = self.playlists.get(int(key))
        if playlist is None or not call.body:
            return Reply(status=404 if playlist is None else 400)
        playlist.poster = call.body
        return Reply()

    def _known(self) -> dict[str, Song]:
        if len(self._by_key) != len(self.music):
            self._by_key = {str(song.number): song for song in self.music}
        return self._by_key

    def _keys_of(self, call: Call) -> list[str] | None:
        """The songs that a call's `uri` names; None if it is of another server, or names what is not there."""
        uri = call.first("uri")
        if uri is None:
            return []
        start = f"server://{MACHINE}/com.plexapp.plugins.library/library/metadata/"
        if not uri.startswith(start):
            return None
        keys = unquote(uri[len(start) :]).split(",")
        return [key for key in keys if key in self._known()] or None

    def _append(self, playlist: PlexPlaylist, keys: Iterable[str]) -> None:
        for key in keys:
            self._next_item += 1
            playlist.items.append((self._next_item, key))

    def _window(self, call: Call, every: list[_T]) -> list[_T]:
        """The part of a list that the call's paging asks for, in headers or in the address."""

        def number(name: str) -> int | None:
            value = call.headers.get(name.lower()) or call.first(name)
            return int(value) if value is not None else None

        start, size = number("X-Plex-Container-Start") or 0, number("X-Plex-Container-Size")
        if self.empty_from is not None and start >= self.empty_from:
            return []
        return every[start:] if size is None else every[start : start + size]

    def _playlist(self, playlist: PlexPlaylist) -> Element:
        key = str(playlist.key)
        return Element(
            "Playlist",
            ratingKey=key,
            key=f"/playlists/{key}/items",
            guid=f"com.plexapp.agents.none://{key}",
            type="playlist",
            title=playlist.title,
            summary=playlist.summary,
            smart="1" if playlist.smart else "0",
            playlistType=playlist.kind,
            composite=f"/playlists/{key}/composite/1",
            leafCount=str(len(playlist.items)),
            addedAt="1700000000",
            updatedAt="1700000000",
        )


def _track(song: Song, with_guids: bool) -> Element:
    album_artist = song.album_artist or song.artist
    key = str(song.number)
    element = Element(
        "Track",
        ratingKey=key,
        key=f"/library/metadata/{key}",
        parentRatingKey=f"9{key}",
        grandparentRatingKey=f"8{key}",
        type="track",
        title=song.title,
        grandparentTitle=album_artist,
        parentTitle=song.album,
        index="1",
        duration=str(int(song.seconds * 1000)),
        addedAt=str(song.added_at),
        updatedAt=str(song.updated_at),
    )
    if song.artist != album_artist:
        element.set("originalTitle", song.artist)
    media = SubElement(element, "Media", id=key, duration=element.get("duration", ""), audioCodec="flac")
    SubElement(media, "Part", id=key, key=f"/library/parts/{key}/file.flac", file=song.path, size="1")
    if with_guids and song.mbid:
        SubElement(element, "Guid", id=f"mbid://{song.mbid}")
    return element


def _page(call: Call, shown: list[Element], every: list[Any] | None = None) -> Element:
    root = _container(size=str(len(shown)))
    paged = call.headers.get("x-plex-container-start") or call.first("X-Plex-Container-Start")
    if every is not None and paged is not None:
        root.set("totalSize", str(len(every)))
        root.set("offset", paged)
    root.extend(shown)
    return root


def _container(**attributes: str) -> Element:
    return Element("MediaContainer", attributes)


def _xml(root: Element) -> Reply:
    return Reply(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True), content_type=XML)


_ROUTES: list[tuple[re.Pattern[str], Any]] = [
    (re.compile(pattern), answer)
    for pattern, answer in (
        ("GET /", PlexDouble.root),
        ("GET /library", PlexDouble.library),
        ("GET /library/sections/?(?:all)?", PlexDouble.list_sections),
        (r"GET /library/sections/(\d+)/all", PlexDouble.all_tracks),
        (r"GET /library/sections/(\d+)/refresh", PlexDouble.refresh),
        (r"GET /library/metadata/([\d,]+)", PlexDouble.metadata),
        (r"POST /library/metadata/(\d+)/posters", PlexDouble.upload_poster),
        ("GET /playlists", PlexDouble.list_playlists),
        ("POST /playlists", PlexDouble.create),
        (r"GET /playlists/(\d+)", PlexDouble.show),
        (r"PUT /playlists/(\d+)", PlexDouble.edit),
        (r"DELETE /playlists/(\d+)", PlexDouble.remove_playlist),
        (r"GET /playlists/(\d+)/items", PlexDouble.items),
        (r"PUT /playlists/(\d+)/items", PlexDouble.add),
        (r"DELETE /playlists/(\d+)/items/(\d+)", PlexDouble.remove),
        (r"PUT /playlists/(\d+)/items/(\d+)/move", PlexDouble.move),
    )
]
