"""A double of servers with the Subsonic API, read from Navidrome's and gonic's own handlers and from the API's page.

One class, and a `Product` for what they do differently. `supysonic.py` has a real one.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.support.servers.double import Call, Double, Reply
from tests.support.servers.music import Song

USERNAME, PASSWORD = "alice", "pässword & 密码"
API_KEY = "opensubsonic-key"


class Product(StrEnum):
    NAVIDROME = "navidrome"
    GONIC = "gonic"
    CLASSIC = "classic"  # Subsonic 1.16 itself: no search for everything
    OLD = "old"  # 1.12: the password only, no playlist in the answer to createPlaylist


class SignIn(StrEnum):
    """What it takes."""

    BOTH = "both"
    PASSWORD_41 = "41"  # a digest gets the code 41
    PASSWORD_40 = "40"
    KEY = "key"  # OpenSubsonic's API key only


@dataclass(slots=True)
class SubsonicPlaylist:
    id: str
    name: str
    items: list[str] = field(default_factory=list)
    comment: str = ""
    owner: str = USERNAME


@dataclass(slots=True)
class SubsonicDouble(Double):
    product: Product = Product.NAVIDROME
    sign_in: SignIn = SignIn.BOTH
    away: set[str] = field(default_factory=set)  # songs whose files are gone for now: playlists hide them
    playlists: dict[str, SubsonicPlaylist] = field(default_factory=dict)
    folders: list[tuple[str, str]] = field(default_factory=lambda: [("1", "Music")])
    scans: int = 0
    may_write: bool = True
    _numbers: int = 0
    _by_id: dict[str, Song] = field(default_factory=dict)

    def is_write(self, call: Call) -> bool:
        return bool(re.search(r"/(create|update|delete)Playlist(\.view)?$", call.path))

    def reply(self, call: Call) -> Reply:
        found = re.fullmatch(r"/rest/(\w+?)(\.view)?", call.path)
        answer = _METHODS.get(found.group(1)) if found else None
        if found is None or answer is None:
            return Reply(b"<html>Not Found</html>", 404, "text/html")
        code = self._stranger(call)
        if code is not None:
            return self._error(code)
        if self.is_write(call) and not self.may_write:
            return self._error(50)
        reply: Reply = answer(self, call)
        return reply

    def _stranger(self, call: Call) -> int | None:
        """The error of somebody who is not signed in."""
        key, digest, password = call.first("apiKey"), call.first("t"), call.first("p")
        if self.sign_in is SignIn.KEY:
            return None if key == API_KEY else 44 if key else 42
        if call.first("u") is None or (digest is None and password is None):
            return 10
        if digest is not None:
            if self.product is Product.OLD:
                return 10
            if self.sign_in is not SignIn.BOTH:
                return int(self.sign_in.value)
            right = hashlib.md5((PASSWORD + (call.first("s") or "")).encode()).hexdigest()
            return None if call.first("u") == USERNAME and digest == right else 40
        plain = bytes.fromhex(password[4:]).decode() if password and password.startswith("enc:") else password
        return None if call.first("u") == USERNAME and plain == PASSWORD else 40

    def ping(self, _call: Call) -> Reply:
        return self._ok()

    def token_info(self, _call: Call) -> Reply:
        return self._ok(tokenInfo={"username": USERNAME}) if self.sign_in is SignIn.KEY else self._error(0)

    def music_folders(self, _call: Call) -> Reply:
        folders = [{"id": int(key), "name": name} for key, name in self.folders]
        return self._ok(musicFolders={"musicFolder": folders})

    def search3(self, call: Call) -> Reply:
        query, count = call.first("query"), int(call.first("songCount") or 20)
        if query is None or (query == "" and self.product is Product.GONIC):
            return self._error(10)
        everything = query in ('""', "") and self.product in (Product.NAVIDROME, Product.GONIC)
        everything = everything or (query == "" and self.product is Product.OLD)
        words = query.strip('"').lower() if self.product is not Product.OLD else query.lower()
        found = [song for song in self.music if everything or (words and words in song.title.lower())]
        start = int(call.first("songOffset") or 0)
        return self._ok(searchResult3={"song": [self._song(song) for song in found[start : start + count]]})

    def album_list(self, call: Call) -> Reply:
        names = sorted({song.album for song in self.music})
        start, size = int(call.first("offset") or 0), int(call.first("size") or 10)
        albums = [{"id": f"al-{name}", "name": name} for name in names[start : start + size]]
        return self._ok(albumList2={"album": albums})

    def album(self, call: Call) -> Reply:
        found = [song for song in self.music if f"al-{song.album}" == call.first("id")]
        return self._ok(album={"id": call.first("id"), "song": [self._song(song) for song in found]})

    def scan_status(self, _call: Call) -> Reply:
        if self.product is Product.OLD:
            return self._error(50)
        return self._ok(scanStatus={"scanning": False, "count": len(self.music)})

    def start_scan(self, _call: Call) -> Reply:
        self.scans += 1
        return self._ok(scanStatus={"scanning": True, "count": 0})

    def get_playlists(self, _call: Call) -> Reply:
        return self._ok(playlists={"playlist": [self._playlist(p) for p in self.playlists.values()]})

    def get_playlist(self, call: Call) -> Reply:
        playlist = self.playlists.get(call.first("id") or "")
        return self._ok(playlist=self._full(playlist)) if playlist else self._error(70)

    def create_playlist(self, call: Call) -> Reply:
        key, name, ids = call.first("playlistId"), call.first("name"), call.all("songId")
        playlist = self.playlists.get(key) if key else None
        if (key and playlist is None and self.product is not Product.GONIC) or not (key or name):
            return self._error(70 if key else 10)
        if playlist is None:
            self._numbers += 1
            playlist = SubsonicPlaylist(f"pl-{self._numbers}", name or "")
            self.playlists[playlist.id] = playlist
        playlist.name = name or playlist.name
        if ids or self.product is not Product.NAVIDROME:  # Navidrome: no songs are no list
            playlist.items = [song for song in ids if song in self._known()]
        return self._ok() if self.product is Product.OLD else self._ok(playlist=self._full(playlist))

    def update_playlist(self, call: Call) -> Reply:
        playlist = self.playlists.get(call.first("playlistId") or "")
        if playlist is None:
            return self._error(70)
        playlist.name = call.first("name") or playlist.name
        comment = call.first("comment")
        playlist.comment = playlist.comment if comment is None else comment
        gone = {int(index) for index in call.all("songIndexToRemove")}
        playlist.items = [song for index, song in enumerate(playlist.items) if index not in gone]
        playlist.items += [song for song in call.all("songIdToAdd") if song in self._known()]
        return self._ok()

    def delete_playlist(self, call: Call) -> Reply:
        return self._ok() if self.playlists.pop(call.first("id") or "", None) else self._error(70)

    def _known(self) -> dict[str, Song]:
        if len(self._by_id) != len(self.music):
            self._by_id = {song_id(song): song for song in self.music}
        return self._by_id

    def _playlist(self, playlist: SubsonicPlaylist) -> dict[str, Any]:
        about = {"id": playlist.id, "name": playlist.name, "songCount": len(playlist.items), "public": False}
        about |= {
            "owner": playlist.owner,
            "created": "2026-01-01T00:00:00Z",
            "changed": "2026-01-01T00:00:00Z",
        }
        return about | ({"comment": playlist.comment} if playlist.comment else {})

    def _full(self, playlist: SubsonicPlaylist) -> dict[str, Any]:
        shown = self.shown([song for song in playlist.items if song not in self.away])
        entries = [self._song(self._known()[song]) for song in shown]
        return {**self._playlist(playlist), **({"entry": entries} if entries else {})}

    def _song(self, song: Song) -> dict[str, Any]:
        told = {
            "id": song_id(song),
            "title": song.title,
            "artist": song.artist,
            "album": song.album,
            "duration": int(song.seconds),
            "path": song.path.lstrip("/"),
            "isDir": False,
            "isVideo": False,
        }
        if self.product is Product.NAVIDROME:
            told |= {"artists": [{"id": "1", "name": song.artist}], "musicBrainzId": song.mbid or ""}
            told |= {"isrc": [song.isrc] if song.isrc else []}
            told |= {"displayAlbumArtist": song.album_artist or song.artist}
        return told

    def _ok(self, **content: Any) -> Reply:
        return self._answer("ok", content)

    def _error(self, code: int) -> Reply:
        return self._answer("failed", {"error": {"code": code, "message": f"in words of its own: {code}"}})

    def _answer(self, status: str, content: dict[str, Any]) -> Reply:
        version = "1.12.0" if self.product is Product.OLD else "1.16.1"
        inner: dict[str, Any] = {"status": status, "version": version, **content}
        if self.product in (Product.NAVIDROME, Product.GONIC):
            inner |= {"type": self.product.value, "serverVersion": "0.58.0", "openSubsonic": True}
        return Reply(json.dumps({"subsonic-response": inner}).encode(), content_type="application/json")


def song_id(song: Song) -> str:
    return f"tr-{song.number}"


_METHODS: dict[str, Any] = {
    "ping": SubsonicDouble.ping,
    "tokenInfo": SubsonicDouble.token_info,
    "getMusicFolders": SubsonicDouble.music_folders,
    "search3": SubsonicDouble.search3,
    "getAlbumList2": SubsonicDouble.album_list,
    "getAlbum": SubsonicDouble.album,
    "getScanStatus": SubsonicDouble.scan_status,
    "startScan": SubsonicDouble.start_scan,
    "getPlaylists": SubsonicDouble.get_playlists,
    "getPlaylist": SubsonicDouble.get_playlist,
    "createPlaylist": SubsonicDouble.create_playlist,
    "updatePlaylist": SubsonicDouble.update_playlist,
    "deletePlaylist": SubsonicDouble.delete_playlist,
}
