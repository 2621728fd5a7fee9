"""A double of a Jellyfin server, 10.8 to 12, read from its own controllers: who may do what, and what becomes of doubles.

- By an API key the server knows no user: it lists, makes, fills and empties playlists for the user that is named, and fails
  (400) at whatever looks at the token's user: moving, replacing, `/Users/Me`.
- From 10.9 on an entry is named like its song, and a removal takes every entry of that name.
- Before 12 a song that is there already is not added again, and nothing is said of it.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.support.servers.double import Call, Double, Reply
from tests.support.servers.music import Song

API_KEY = "0123456789abcdef0123456789abcdef"
PASSWORD = "jellyfin-passwort"
ADMIN, BOB = "a1" * 16, "b2" * 16
NAMES = {ADMIN: "alice", BOB: "bob"}
LIBRARY = "c3" * 16


@dataclass(slots=True)
class JellyfinPlaylist:
    """`items`: (the entry's name, the song's id)."""

    id: str
    name: str
    owner: str
    items: list[tuple[str, str]] = field(default_factory=list)
    overview: str | None = None
    picture: tuple[str, bytes] | None = None


@dataclass(slots=True)
class JellyfinDouble(Double):
    """Users alice (an administrator) and bob, both with `PASSWORD`."""

    version: str = "12.0.0"
    playlists: dict[str, JellyfinPlaylist] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)  # token: user
    scans: list[str] = field(default_factory=list)
    has_music: bool = True
    _numbers: int = 0
    _by_id: dict[str, Song] = field(default_factory=dict)

    @property
    def release(self) -> tuple[int, ...]:
        return tuple(int(number) for number in self.version.split("."))

    def is_write(self, call: Call) -> bool:
        harmless = call.path.startswith(("/Users/", "/Sessions/", "/Library/")) or call.path.endswith(
            "/Refresh"
        )
        return call.method != "GET" and not harmless

    def is_public(self, call: Call) -> bool:
        return call.path == "/System/Info/Public"

    def reply(self, call: Call) -> Reply:
        if self.is_public(call):
            return _json(
                {
                    "ProductName": "Jellyfin Server",
                    "Version": self.version,
                    "ServerName": "Keller",
                    "Id": "e5" * 16,
                }
            )
        if call.path == "/Users/AuthenticateByName":
            return self.sign_in(call)
        found = re.search(r'Token="([^"]+)"', call.headers.get("authorization", ""))
        token = found.group(1) if found else None
        if token != API_KEY and token not in self.sessions:
            return Reply(status=401)
        user = self.sessions.get(token) if token != API_KEY else None
        for pattern, answer in _ROUTES:
            if matched := pattern.fullmatch(f"{call.method} {call.path}"):
                reply: Reply = answer(self, call, user, *matched.groups())
                return reply
        return Reply(status=404)

    def sign_in(self, call: Call) -> Reply:
        user = next(
            (key for key, name in NAMES.items() if name == call.json.get("Username", "").lower()), None
        )
        if user is None or call.json.get("Pw") != PASSWORD:
            return Reply(status=401)
        self._numbers += 1
        token = f"session{self._numbers:025}"
        self.sessions[token] = user
        return _json({"AccessToken": token, "User": _user(user)})

    def sign_out(self, call: Call, _user_id: str | None) -> Reply:
        found = re.search(r'Token="([^"]+)"', call.headers["authorization"])
        self.sessions.pop(found.group(1) if found else "", None)
        return Reply(status=204)

    def me(self, _call: Call, user: str | None) -> Reply:
        return _json(_user(user)) if user else Reply(status=400)

    def users(self, _call: Call, user: str | None) -> Reply:
        return _json([_user(key) for key in (BOB, ADMIN)]) if _is_admin(user) else Reply(status=403)

    def folders(self, _call: Call, user: str | None) -> Reply:
        if not _is_admin(user):
            return Reply(status=403)
        films = {"Name": "Filme", "CollectionType": "movies", "ItemId": "d4" * 16, "Locations": ["/films"]}
        music = {"Name": "Musik", "CollectionType": "music", "ItemId": LIBRARY, "Locations": ["/music"]}
        return _json([films, music] if self.has_music else [films])

    def views(self, _call: Call, _user_id: str | None) -> Reply:
        views = [{"Id": LIBRARY, "Name": "Musik", "CollectionType": "music"}] if self.has_music else []
        return _json({"Items": views, "TotalRecordCount": len(views)})

    def items(self, call: Call, user: str | None) -> Reply:
        if call.first("includeItemTypes") == "Audio":
            return self._tracks(call)
        seen_by = call.first("userId") or user
        found = [self._playlist(p, seen_by) for p in self.playlists.values() if p.owner == seen_by]
        ids = call.first("ids")
        if ids:
            found = [item for item in found if item["Id"] in ids.split(",")]
        return _json(_page(call, found))

    def _tracks(self, call: Call) -> Reply:
        found = self.music if call.first("parentId") in (LIBRARY, None) and self.has_music else []
        since = call.first("minDateLastSaved")
        if since is not None:
            moment = datetime.fromisoformat(since.replace("Z", "+00:00")).timestamp()
            found = [song for song in found if song.updated_at >= moment]
        page = _page(call, list(found))
        page["Items"] = [_track(song) for song in page["Items"]]
        return _json(page)

    def item(self, call: Call, user: str | None, key: str) -> Reply:
        playlist = self.playlists.get(key)
        return (
            _json(self._playlist(playlist, call.first("userId") or user)) if playlist else Reply(status=404)
        )

    def edit_item(self, call: Call, user: str | None, key: str) -> Reply:
        playlist = self.playlists.get(key)
        if not _is_admin(user) or playlist is None:
            return Reply(status=403 if playlist else 404)
        if call.json.get("Id") != key or "Name" not in call.json:
            return Reply(status=400)  # a part of an item would blank the rest of it
        playlist.name = call.json["Name"]
        playlist.overview = call.json.get("Overview")
        return Reply(status=204)

    def delete_item(self, _call: Call, _user_id: str | None, key: str) -> Reply:
        return Reply(status=204 if self.playlists.pop(key, None) else 404)

    def picture(self, call: Call, user: str | None, key: str) -> Reply:
        playlist = self.playlists.get(key)
        if not _is_admin(user) or playlist is None:
            return Reply(status=403 if playlist else 404)
        mime = call.headers.get("content-type", "")
        if not mime.startswith("image/"):
            return Reply(status=400)
        playlist.picture = (mime, base64.b64decode(call.body, validate=True))
        return Reply(status=204)

    def create(self, call: Call, user: str | None) -> Reply:
        owner = call.json.get("UserId") or user
        if (
            not call.json.get("Name")
            or owner not in NAMES
            or (user and user != owner and not _is_admin(user))
        ):
            return Reply(status=400)
        self._numbers += 1
        playlist = JellyfinPlaylist(f"{self._numbers:032x}", call.json["Name"], owner)
        self.playlists[playlist.id] = playlist
        self._append(playlist, call.json.get("Ids") or [])
        return _json({"Id": playlist.id})

    def replace(self, call: Call, user: str | None, key: str) -> Reply:
        refused = self._refused(key, user)
        if refused is not None:
            return refused
        playlist = self.playlists[key]
        if call.json.get("Ids") is not None:
            playlist.items.clear()
            self._append(playlist, call.json["Ids"])
        playlist.name = call.json.get("Name") or playlist.name
        return Reply(status=204)

    def entries(self, call: Call, user: str | None, key: str) -> Reply:
        playlist = self.playlists.get(key)
        seen_by = call.first("userId") or user
        if playlist is None or playlist.owner != seen_by:
            return Reply(status=404 if seen_by else 400)
        known = self._known()
        there = self.shown([(name, song) for name, song in playlist.items if song in known])
        page = _page(call, there)
        page["Items"] = [{**_track(known[song]), "PlaylistItemId": name} for name, song in page["Items"]]
        return _json(page)

    def add(self, call: Call, user: str | None, key: str) -> Reply:
        refused = self._refused(key, call.first("userId") or user)
        if refused is not None:
            return refused
        self._append(self.playlists[key], (call.first("ids") or "").split(","))
        return Reply(status=204)

    def remove(self, call: Call, user: str | None, key: str) -> Reply:
        refused = self._refused(key, user) if user else None
        if refused is not None or key not in self.playlists:
            return refused or Reply(status=404)
        names = set((call.first("entryIds") or "").split(","))
        self.playlists[key].items[:] = [item for item in self.playlists[key].items if item[0] not in names]
        return Reply(status=204)

    def move(self, _call: Call, user: str | None, key: str, name: str, index: str) -> Reply:
        refused = self._refused(key, user) if self.release >= (10, 9) else None
        if refused is not None or key not in self.playlists:
            return refused or Reply(status=404)
        items = self.playlists[key].items
        moved = next((item for item in items if item[0] == name), None)
        if moved is not None:
            items.remove(moved)
            items.insert(int(index), moved)
        return Reply(status=204)

    def refresh(self, _call: Call, _user_id: str | None, key: str) -> Reply:
        self.scans.append(key)
        return Reply(status=204)

    def refresh_all(self, _call: Call, user: str | None) -> Reply:
        if not _is_admin(user):
            return Reply(status=403)
        self.scans.append("all")
        return Reply(status=204)

    def updated(self, call: Call, _user_id: str | None) -> Reply:
        self.scans += [update["Path"] for update in call.json["Updates"]]
        return Reply(status=204)

    def _refused(self, key: str, user: str | None) -> Reply | None:
        """What somebody gets who may not change a playlist. Without a user the server stumbles over the question."""
        if user is None:
            return Reply(b"Error processing request.", 400)
        playlist = self.playlists.get(key)
        if playlist is None:
            return Reply(status=404)
        return None if playlist.owner == user else Reply(status=403)

    def _append(self, playlist: JellyfinPlaylist, ids: list[str]) -> None:
        known = self._known()
        for key in ids:
            if key not in known or (
                self.release < (10, 12) and any(song == key for _, song in playlist.items)
            ):
                continue
            self._numbers += 1
            name = key if self.release >= (10, 9) else f"{self._numbers:032x}"
            playlist.items.append((name, key))

    def _known(self) -> dict[str, Song]:
        if len(self._by_id) != len(self.music):
            self._by_id = {song_id(song): song for song in self.music}
        return self._by_id

    def _playlist(self, playlist: JellyfinPlaylist, user: str | None) -> dict[str, Any]:
        return {
            "Id": playlist.id,
            "Name": playlist.name,
            "Type": "Playlist",
            "MediaType": "Audio",
            "ChildCount": len(playlist.items),
            "CanDelete": user in (playlist.owner, ADMIN),
            **({"Overview": playlist.overview} if playlist.overview else {}),
        }


def song_id(song: Song) -> str:
    return f"{song.number:032x}"


def _user(key: str) -> dict[str, Any]:
    return {"Id": key, "Name": NAMES[key], "Policy": {"IsAdministrator": key == ADMIN}}


def _is_admin(user: str | None) -> bool:
    """API keys are (None)."""
    return user in (ADMIN, None)


def _track(song: Song) -> Mapping[str, Any]:
    return {
        "Id": song_id(song),
        "Name": song.title,
        "Type": "Audio",
        "MediaType": "Audio",
        "Artists": [song.artist],
        "Album": song.album,
        "AlbumArtist": song.album_artist or song.artist,
        "RunTimeTicks": int(song.seconds * 10_000_000),
        "Path": song.path,
        "ProviderIds": {"MusicBrainzRecording": song.mbid} if song.mbid else {},
        "DateCreated": datetime.fromtimestamp(song.added_at, UTC).isoformat(),
    }


def _page(call: Call, every: list[Any]) -> dict[str, Any]:
    start = int(call.first("startIndex") or 0)
    limit = call.first("limit")
    shown = every[start:] if limit is None else every[start : start + int(limit)]
    return {"Items": shown, "TotalRecordCount": len(every), "StartIndex": start}


def _json(value: object, status: int = 200) -> Reply:
    return Reply(json.dumps(value).encode(), status, "application/json; charset=utf-8")


_ROUTES: list[tuple[re.Pattern[str], Any]] = [
    (re.compile(pattern), answer)
    for pattern, answer in (
        ("POST /Sessions/Logout", JellyfinDouble.sign_out),
        ("GET /Users/Me", JellyfinDouble.me),
        ("GET /Users", JellyfinDouble.users),
        ("GET /Library/VirtualFolders", JellyfinDouble.folders),
        ("GET /UserViews", JellyfinDouble.views),
        (r"GET /Users/\w+/Views", JellyfinDouble.views),
        ("GET /Items", JellyfinDouble.items),
        (r"GET (?:/Users/\w+)?/Items/(\w+)", JellyfinDouble.item),
        (r"POST /Items/(\w+)", JellyfinDouble.edit_item),
        (r"DELETE /Items/(\w+)", JellyfinDouble.delete_item),
        (r"POST /Items/(\w+)/Images/Primary", JellyfinDouble.picture),
        (r"POST /Items/(\w+)/Refresh", JellyfinDouble.refresh),
        ("POST /Playlists", JellyfinDouble.create),
        (r"POST /Playlists/(\w+)", JellyfinDouble.replace),
        (r"GET /Playlists/(\w+)/Items", JellyfinDouble.entries),
        (r"POST /Playlists/(\w+)/Items", JellyfinDouble.add),
        (r"DELETE /Playlists/(\w+)/Items", JellyfinDouble.remove),
        (r"POST /Playlists/(\w+)/Items/(\w+)/Move/(\d+)", JellyfinDouble.move),
        ("POST /Library/Refresh", JellyfinDouble.refresh_all),
        ("POST /Library/Media/Updated", JellyfinDouble.updated),
    )
]
