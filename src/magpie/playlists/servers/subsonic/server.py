"""A server with the Subsonic API as a `MediaServer`. What is special to one product is said where it matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from magpie.playlists.servers.port import (
    CHUNK,
    Capabilities,
    Checked,
    Entry,
    Fault,
    Login,
    MusicLibrary,
    ServerFailed,
    ServerPlaylist,
)
from magpie.playlists.servers.subsonic import reading
from magpie.playlists.servers.subsonic.api import Api
from magpie.playlists.servers.wire import MAX_LISTED
from magpie.playlists.tracks import Track

CAPABILITIES = Capabilities(
    can_move=False,
    can_replace=True,
    can_describe=True,
    can_poster=False,
    can_scan_path=False,
    tells_changes=False,
    keeps_duplicates=True,
)
PAGE = 500  # the most that any server gives at once
# Songs in the one call that replaces a list. Flask's forms end at 500 kB, which is some 10,000 of Supysonic's ids.
REPLACED_AT_ONCE = 5000
_EVERYTHING = ('""', "")  # as Navidrome and gonic want it, and as OpenSubsonic and Supysonic do
_NOT_TOLD = frozenset({Fault.UNSUPPORTED, Fault.NO_RIGHT, Fault.FAILING, Fault.NOT_FOUND})


class SubsonicServer:
    """One connection; see `port.MediaServer`. Places have no names here, only numbers."""

    kind: ClassVar[str] = "subsonic"
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, login: Login) -> None:
        self._api = Api(login)

    def close(self) -> None:
        self._api.wire.close()

    def check(self) -> Checked:
        about = self._api.about()
        libraries = self._libraries()
        if not libraries:
            self._api.wire.fail(Fault.NO_MUSIC, "has no music folder that this account can see")
        return Checked(
            id=self._api.wire.place,  # the API has no other
            name=about.product or "Subsonic",
            version=about.release or about.version,
            libraries=tuple(libraries),
            user=self._api.username,
        )

    def tracks(self, library: str | None = None, *, since: datetime | None = None) -> Iterator[Track]:
        """All of them, whatever `since` says: the API does not tell changes."""
        for song in self._songs(library):
            if track := reading.track_of(song):
                yield track

    def _songs(self, library: str | None) -> Iterator[dict[str, Any]]:
        """By a search for everything, where the server takes one; else album by album."""
        for query in _EVERYTHING:
            page = self._found(query, library, 0)
            # A server that takes the quotes as words finds the titles that have them, and those only.
            if any('""' not in str(song.get("title", "")) for song in page):
                yield from self._listed(page, partial(self._found, query, library))
                return
        yield from self._songs_of_albums(library)

    def _listed(
        self, page: list[dict[str, Any]], ask: Callable[[int], list[dict[str, Any]]]
    ) -> Iterator[dict[str, Any]]:
        """Page after page until one is empty. A server that knows no pages gives the same one again."""
        offset = 0
        while page:
            yield from page
            offset += len(page)
            following = ask(offset)
            if following and following[0].get("id") == page[0].get("id"):
                if len(page) < PAGE:
                    break
                self._api.wire.fail(Fault.UNREADABLE, "gives the same songs on every page")
            if offset > MAX_LISTED:
                self._api.wire.fail(Fault.UNREADABLE, "lists without an end")
            page = following

    def _found(self, query: str, library: str | None, offset: int) -> list[dict[str, Any]]:
        params = [("query", query), ("songCount", str(PAGE)), ("songOffset", str(offset))]
        params += [("artistCount", "0"), ("albumCount", "0"), *_in(library)]
        try:
            answer = self._api.read("search3", params)
        except ServerFailed as failure:
            if offset == 0 and failure.reason in (Fault.FAILING, Fault.UNSUPPORTED, Fault.NOT_FOUND):
                return []  # a query that it cannot read, or no such search
            raise
        return reading.objects(reading.inner(answer, "searchResult3").get("song"))

    def _songs_of_albums(self, library: str | None) -> Iterator[dict[str, Any]]:
        for album in self._listed(self._albums(library, 0), partial(self._albums, library)):
            if key := reading.text(album.get("id")):
                full = reading.inner(self._api.read("getAlbum", [("id", key)]), "album")
                yield from reading.objects(full.get("song"))

    def _albums(self, library: str | None, offset: int) -> list[dict[str, Any]]:
        params = [("type", "alphabeticalByName"), ("size", str(PAGE)), ("offset", str(offset)), *_in(library)]
        answer = self._api.read("getAlbumList2", params)
        return reading.objects(reading.inner(answer, "albumList2").get("album"))

    def count(self, library: str | None = None) -> int | None:
        """As the last scan found it; some servers do not say."""
        if library is not None and len(self._libraries()) > 1:
            return None
        try:
            status = reading.inner(self._api.read("getScanStatus"), "scanStatus")
        except ServerFailed as failure:
            if failure.reason in _NOT_TOLD:
                return None
            raise
        number = status.get("count")
        return (
            number if isinstance(number, int) and number > 0 and status.get("scanning") is not True else None
        )

    def playlists(self) -> list[ServerPlaylist]:
        found = reading.inner(self._api.read("getPlaylists"), "playlists").get("playlist")
        made = (reading.playlist_of(one, self._api.username) for one in reading.objects(found))
        return [playlist for playlist in made if playlist]

    def playlist(self, playlist_id: str) -> ServerPlaylist | None:
        return next((found for found in self.playlists() if found.id == playlist_id), None)

    def entries(self, playlist_id: str) -> list[Entry]:
        return self._read(playlist_id)[0]

    def _read(self, playlist_id: str) -> tuple[list[Entry], int]:
        """The places that are shown, and how many there are."""
        playlist = reading.inner(self._api.read("getPlaylist", [("id", playlist_id)]), "playlist")
        found = reading.entries_of(playlist)
        if found is None or not playlist:
            self._api.wire.fail(Fault.UNREADABLE, "lists songs of a playlist without their ids")
        count = reading.song_count(playlist)
        return found, len(found) if count is None else count

    def create(self, title: str, track_ids: Sequence[str]) -> ServerPlaylist:
        """Before 1.14 no answer says which it is: then it is the one that was not there before."""
        is_told = self._api.about().numbers >= (1, 14)
        before = set() if is_told else {playlist.id for playlist in self.playlists()}
        answer = self._api.write("createPlaylist", [("name", title), *_songs("songId", track_ids)])
        made = reading.playlist_of(reading.inner(answer, "playlist"), self._api.username)
        if made is None:
            new = [playlist for playlist in self.playlists() if playlist.id not in before]
            made = next((playlist for playlist in reversed(new) if playlist.title == title), None)
        if made is None:
            self._api.wire.fail(Fault.UNREADABLE, "does not say which playlist it made")
        return made

    def add(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        if track_ids:
            self._update(playlist_id, _songs("songIdToAdd", track_ids))

    def remove(self, playlist_id: str, entries: Sequence[Entry]) -> None:
        """By numbers, which are looked at again first. Where the server hides places, its numbers are not those that it
        shows: then what stays is written as a whole."""
        if not entries:
            return
        present, count = self._read(playlist_id)
        numbers = {int(entry.id) for entry in entries}
        for entry in entries:
            number = int(entry.id)
            if number >= len(present) or present[number].track_id != entry.track_id:
                self._api.wire.fail(Fault.CHANGED, "has another song now where one was to be removed")
        if count == len(present):
            self._update(playlist_id, _numbers(sorted(numbers)))
        else:
            staying = [entry.track_id for index, entry in enumerate(present) if index not in numbers]
            self.replace(playlist_id, staying)

    def move(self, playlist_id: str, entry: Entry, after: Entry | None, index: int) -> None:
        self._api.wire.fail(Fault.UNSUPPORTED, "cannot move one song of a playlist")

    def replace(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        if not track_ids:
            # Navidrome takes a list without songs for none, and leaves the playlist as it is.
            _, count = self._read(playlist_id)
            if count:
                self._update(playlist_id, _numbers(range(count)))
            return
        first = track_ids[:REPLACED_AT_ONCE]
        answer = self._api.write("createPlaylist", [("playlistId", playlist_id), *_songs("songId", first)])
        written = reading.text(reading.inner(answer, "playlist").get("id"))
        if written is not None and written != playlist_id:
            # gonic makes a playlist of its own where the one that was named is gone.
            self.delete(written)
            self._api.wire.fail(Fault.NOT_FOUND, "no longer has this playlist")
        for start in range(REPLACED_AT_ONCE, len(track_ids), CHUNK):
            self.add(playlist_id, track_ids[start : start + CHUNK])

    def describe(self, playlist_id: str, *, title: str | None = None, description: str | None = None) -> None:
        params = [("name", title)] if title is not None else []
        params += [("comment", description)] if description is not None else []
        if params:
            self._update(playlist_id, params)

    def poster(self, playlist_id: str, picture: bytes, mime: str) -> None:
        self._api.wire.fail(Fault.UNSUPPORTED, "takes no pictures of playlists")

    def delete(self, playlist_id: str) -> None:
        try:
            self._api.write("deletePlaylist", [("id", playlist_id)])
        except ServerFailed as failure:
            if failure.reason is not Fault.NOT_FOUND:
                raise

    def scan(self, library: str | None = None, path: str | None = None) -> None:
        """Of everything: the API knows nothing less."""
        self._api.write("startScan", [])

    def _update(self, playlist_id: str, params: Sequence[tuple[str, str]]) -> None:
        self._api.write("updatePlaylist", [("playlistId", playlist_id), *params])

    def _libraries(self) -> list[MusicLibrary]:
        folders = reading.inner(self._api.read("getMusicFolders"), "musicFolders").get("musicFolder")
        made = (reading.library_of(folder) for folder in reading.objects(folders))
        return [library for library in made if library]


def _in(library: str | None) -> list[tuple[str, str]]:
    return [("musicFolderId", library)] if library is not None else []


def _songs(name: str, track_ids: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, track_id) for track_id in track_ids]


def _numbers(places: Sequence[int]) -> list[tuple[str, str]]:
    return [("songIndexToRemove", str(place)) for place in places]
