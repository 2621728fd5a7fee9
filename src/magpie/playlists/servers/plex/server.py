"""A Plex Media Server as a `MediaServer`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote
from xml.etree.ElementTree import Element

from magpie import __version__
from magpie.playlists.servers.plex import reading
from magpie.playlists.servers.port import (
    Capabilities,
    Checked,
    Entry,
    Fault,
    Login,
    MusicLibrary,
    ServerFailed,
    ServerPlaylist,
)
from magpie.playlists.servers.wire import MAX_LISTED, Wire, part
from magpie.playlists.tracks import Track

CAPABILITIES = Capabilities(
    can_move=True,
    can_replace=False,
    can_describe=True,
    can_poster=True,
    can_scan_path=True,
    tells_changes=True,
    keeps_duplicates=True,
)
PAGE = 500  # elements in one answer: about a megabyte of tracks
TRACKS = "10"  # Plex' number for the kind
# A description travels in the address of the request; servers and proxies take some 8 kB of it.
MAX_SUMMARY = 5000  # bytes as they are encoded there
_TAIL = re.compile(r"/(web(/.*)?)?$")


class PlexServer:
    """One connection; see `port.MediaServer`."""

    kind: ClassVar[str] = "plex"
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, login: Login) -> None:
        self._wire = Wire(login, product="Plex", tail=_TAIL)
        if not login.token:
            self._wire.fail(Fault.TOKEN, "needs a token")
        self._wire.headers |= {
            "Accept": "application/xml",
            "X-Plex-Token": self._wire.header_value(login.token),
            "X-Plex-Product": "Magpie",
            "X-Plex-Version": __version__,
            "X-Plex-Client-Identifier": "magpie",
        }
        self._machine: str | None = None

    def close(self) -> None:
        self._wire.close()

    def check(self) -> Checked:
        machine = self._machine_id()
        root = self._get("/")
        libraries = self._libraries()
        if not libraries:
            self._wire.fail(Fault.NO_MUSIC, "has no music library that this account can see")
        return Checked(
            id=machine,
            name=root.get("friendlyName") or self._wire.place,
            version=root.get("version", ""),
            libraries=tuple(libraries),
            user=root.get("myPlexUsername") or None,
        )

    def tracks(self, library: str | None = None, *, since: datetime | None = None) -> Iterator[Track]:
        for key in self._keys(library):
            path = f"/library/sections/{part(key)}/all"
            asked = [("type", TRACKS), ("includeGuids", "1"), ("sort", "addedAt:asc")]
            if since is None:
                for element in self._pages(path, asked):
                    if track := reading.track_of(element):
                        yield track
            else:
                yield from self._changed(path, asked, int(since.timestamp()))

    def _changed(self, path: str, asked: list[tuple[str, str]], since: int) -> Iterator[Track]:
        """What was changed, then what was added without being changed. Servers that do not know a filter leave it out and
        tell all, so each is looked at again."""
        for element in self._pages(path, [*asked, ("updatedAt>", str(since))]):
            changed = reading.whole(element.get("updatedAt")) or 0
            if changed >= since and (track := reading.track_of(element)):
                yield track
        for element in self._pages(path, [*asked, ("addedAt>", str(since))]):
            changed = reading.whole(element.get("updatedAt")) or 0
            if changed < since <= reading.touched(element) and (track := reading.track_of(element)):
                yield track

    def count(self, library: str | None = None) -> int | None:
        number = 0
        for key in self._keys(library):
            path = f"/library/sections/{part(key)}/all"
            page = self._get(path, [("type", TRACKS)], start=0, size=0)
            found = reading.total(page)
            if found is None:
                return None
            number += found
        return number

    def playlists(self) -> list[ServerPlaylist]:
        pages = self._pages("/playlists", [("playlistType", "audio")])
        return [found for element in pages if (found := reading.playlist_of(element))]

    def playlist(self, playlist_id: str) -> ServerPlaylist | None:
        try:
            root = self._get(f"/playlists/{part(playlist_id)}")
        except ServerFailed as failure:
            if failure.reason is Fault.NOT_FOUND:
                return None
            raise
        return next((found for element in root if (found := reading.playlist_of(element))), None)

    def entries(self, playlist_id: str) -> list[Entry]:
        found = []
        for element in self._pages(f"/playlists/{part(playlist_id)}/items", []):
            entry = reading.entry_of(element)
            if entry is None:
                self._wire.fail(Fault.UNREADABLE, "lists songs of a playlist without their keys")
            found.append(entry)
        return found

    def create(self, title: str, track_ids: Sequence[str]) -> ServerPlaylist:
        query = [("type", "audio"), ("title", title), ("smart", "0")]
        if track_ids:
            query.insert(0, ("uri", self._uri(track_ids)))
        root = self._send("POST", "/playlists", query)
        made = next((found for element in root if (found := reading.playlist_of(element))), None)
        if made is None:
            self._wire.fail(Fault.UNREADABLE, "does not say which playlist it made")
        return made

    def add(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        if track_ids:
            self._send("PUT", f"/playlists/{part(playlist_id)}/items", [("uri", self._uri(track_ids))])

    def remove(self, playlist_id: str, entries: Sequence[Entry]) -> None:
        for entry in entries:
            try:
                self._send("DELETE", f"/playlists/{part(playlist_id)}/items/{part(entry.id)}")
            except ServerFailed as failure:
                if failure.reason is not Fault.NOT_FOUND or self.playlist(playlist_id) is None:
                    raise

    def move(self, playlist_id: str, entry: Entry, after: Entry | None, index: int) -> None:
        query = [("after", after.id)] if after else []
        try:
            self._send("PUT", f"/playlists/{part(playlist_id)}/items/{part(entry.id)}/move", query)
        except ServerFailed as failure:
            if failure.reason is Fault.NOT_FOUND and self.playlist(playlist_id) is not None:
                self._wire.fail(Fault.CHANGED, "no longer has the song there that was to be moved")
            raise

    def replace(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        self._wire.fail(Fault.UNSUPPORTED, "cannot replace a playlist in one call")

    def describe(self, playlist_id: str, *, title: str | None = None, description: str | None = None) -> None:
        query: list[tuple[str, str]] = []
        if title is not None:
            query += [("title.value", title), ("title.locked", "1")]
        if description is not None:
            query += [("summary.value", _short(description)), ("summary.locked", "1")]
        if query:
            self._send("PUT", f"/playlists/{part(playlist_id)}", query)

    def poster(self, playlist_id: str, picture: bytes, mime: str) -> None:
        path = f"/library/metadata/{part(playlist_id)}/posters"
        self._wire.ask("POST", path, content=picture, headers={"Content-Type": mime})

    def delete(self, playlist_id: str) -> None:
        try:
            self._send("DELETE", f"/playlists/{part(playlist_id)}")
        except ServerFailed as failure:
            if failure.reason is not Fault.NOT_FOUND:
                raise

    def scan(self, library: str | None = None, path: str | None = None) -> None:
        for key in self._scanned(library, path):
            query = [("path", path)] if path else []
            self._wire.ask("GET", f"/library/sections/{part(key)}/refresh", query=query, is_read=False)

    def _scanned(self, library: str | None, path: str | None) -> list[str]:
        """The libraries to scan: with a path, only those it lies in, if they say."""
        if library is not None:
            return [library]
        libraries = self._libraries()
        holding = [found for found in libraries if path and any(_below(path, f) for f in found.folders)]
        return [found.id for found in holding or libraries]

    def _keys(self, library: str | None) -> list[str]:
        libraries = self._libraries()
        chosen = [found.id for found in libraries if library in (None, found.id)]
        if not chosen:
            self._wire.fail(Fault.NO_MUSIC, "has no such music library that this account can see")
        return chosen

    def _libraries(self) -> list[MusicLibrary]:
        sections = self._get("/library/sections").iter("Directory")
        return [reading.library_of(s) for s in sections if s.get("type") == reading.ARTIST_SECTION]

    def _machine_id(self) -> str:
        if self._machine is None:
            try:
                self._machine = self._get("/identity").get("machineIdentifier")
            except ServerFailed as failure:
                # It is told to anybody, so whoever wants a sign-in for it is somebody else.
                if failure.reason in (Fault.NOT_FOUND, Fault.UNSUPPORTED, Fault.TOKEN, Fault.NO_RIGHT):
                    self._wire.fail(Fault.WRONG_KIND, "is no Plex server")
                raise
            if not self._machine:
                self._wire.fail(Fault.WRONG_KIND, "is no Plex server")
        return self._machine

    def _uri(self, track_ids: Sequence[str]) -> str:
        keys = ",".join(track_ids)
        return f"server://{self._machine_id()}/com.plexapp.plugins.library/library/metadata/{keys}"

    def _pages(self, path: str, query: list[tuple[str, str]]) -> Iterator[Element]:
        """All elements of a list. Its end is where the server counts it: an empty page before that is a fault of the
        server's, and what it leaves out would be taken for removed."""
        start = 0
        while True:
            page = self._get(path, query, start=start, size=PAGE)
            elements = list(page)
            yield from elements
            start += len(elements)
            if start >= (reading.total(page) or 0):
                break
            if not elements:
                self._wire.fail(Fault.UNREADABLE, "ends a list before all that it counts was told")
            if start > MAX_LISTED:
                self._wire.fail(Fault.UNREADABLE, "lists without an end")

    def _get(
        self, path: str, query: Sequence[tuple[str, str]] = (), *, start: int | None = None, size: int = 0
    ) -> Element:
        paging = {}
        if start is not None:
            paging = {"X-Plex-Container-Start": str(start), "X-Plex-Container-Size": str(size)}
        return self._read(self._wire.ask("GET", path, query=query, headers=paging).body)

    def _send(self, method: str, path: str, query: Sequence[tuple[str, str]] = ()) -> Element:
        answer = self._wire.ask(method, path, query=query)
        return self._read(answer.body) if answer.body.strip() else Element("MediaContainer")

    def _read(self, body: bytes) -> Element:
        try:
            return reading.container(body)
        except reading.NotPlex:
            start = body[:256].lstrip().lower()
            if start.startswith((b"<!doctype html", b"<html")):
                self._wire.fail(Fault.WRONG_KIND, "answers with a web page: is this its address?")
            if start.startswith(b"{") or b"<subsonic-response" in start:
                self._wire.fail(Fault.WRONG_KIND, "is no Plex server")
            self._wire.fail(Fault.UNREADABLE, "gave an answer that Plex does not give")


def _below(path: str, folder: str) -> bool:
    def plain(text: str) -> str:
        return text.replace("\\", "/").rstrip("/") + "/"

    return plain(path).startswith(plain(folder))


def _short(text: str) -> str:
    encoded = quote(text, safe="")
    if len(encoded) <= MAX_SUMMARY:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(quote(text[:middle])) < MAX_SUMMARY - 9 else (low, middle - 1)
    return text[:low].rstrip() + "…"
