"""Spotify: the page for embedding, and the Web API with either generation of names."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.support.platforms.base import Platform, Song, said
from tests.support.servers.double import Call, Reply

CLIENT_ID, CLIENT_SECRET, TOKEN = "app-of-tests", "secret-of-the-app", "BQ-token-of-the-app"


@dataclass(slots=True)
class _Spotify(Platform):
    name: ClassVar[str] = "spotify"
    ref_id: ClassVar[str] = "37i9dQZF1DXcBWIGoYBM5M"

    def source_id(self, song: Song) -> str:
        return f"4uLU6hMCjMI{song.number:011d}"

    def settings(self) -> dict[str, Any]:
        services = ("spotify_url", "spotify_api_url", "spotify_accounts_url", "spotify_short_url")
        return dict.fromkeys(services, self.url)

    def _page(self, call: Call) -> Reply:
        if call.path != f"/embed/playlist/{self.ref_id}":
            return Reply(b"<html>404</html>", 404, "text/html")
        shown = self.listing.songs[:100]
        entity = {
            "type": "playlist",
            "name": self.listing.title,
            "uri": f"spotify:playlist:{self.ref_id}",
            "id": self.ref_id,
            "title": self.listing.title,
            "subtitle": self.listing.owner,
            "coverArt": {"sources": [{"url": "https://i.scdn.co/image/cover"}]},
            "trackList": [self._row(song) for song in shown],
        }
        session = {"accessToken": "anonymous", "isAnonymous": True}
        state = {"data": {"entity": entity}, "settings": {"session": session}}
        data = {"props": {"pageProps": {"state": state}}, "page": "/playlist/[id]"}
        text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
        page = (
            f'<!DOCTYPE html><html><body><script id="__NEXT_DATA__" type="application/json">{text}</script>'
        )
        return Reply(page.encode("utf-8", errors="replace"), content_type="text/html; charset=utf-8")

    def _row(self, song: Song) -> dict[str, Any]:
        return {
            "uri": f"spotify:track:{self.source_id(song)}",
            "uid": f"{song.number:016x}",
            "title": song.title,
            "subtitle": ",\u00a0".join(song.artists),
            "duration": song.duration * 1000,
            "isPlayable": song.is_available,
            "entityType": "track",
        }


@dataclass(slots=True)
class SpotifyPageDouble(_Spotify):
    """Without keys: the page only."""

    tells: ClassVar[frozenset[str]] = frozenset({"duration", "available", "owner"})
    most_shown: ClassVar[int | None] = 100
    counts: ClassVar[bool] = False

    def tell(self, call: Call) -> Reply:
        return self._page(call)


@dataclass(slots=True)
class SpotifyApiDouble(_Spotify):
    """With an app's keys: the Web API; its pages stand there, too, if `has_page`."""

    tells: ClassVar[frozenset[str]] = frozenset(
        {"album", "duration", "available", "description", "owner", "isrc"}
    )

    new_names: bool = False  # `items` and `item` instead of `tracks` and `track`
    has_page: bool = False
    names_only: bool = False  # as for playlists of others: no list of songs

    def settings(self) -> dict[str, Any]:
        keys = {"spotify_client_id": CLIENT_ID, "spotify_client_secret": CLIENT_SECRET}
        return {**_Spotify.settings(self), **keys}

    def is_aside(self, call: Call) -> bool:
        return call.path == "/api/token" or call.path.startswith("/embed/")

    def tell(self, call: Call) -> Reply:
        if call.path == "/api/token":
            return self._token(call)
        if call.path.startswith("/embed/"):
            return self._page(call) if self.has_page else Reply(b"<html>404</html>", 404, "text/html")
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            return said({"error": {"status": 401, "message": "Invalid access token"}}, 401)
        kind = "items" if self.new_names else "tracks"
        if call.path == f"/v1/playlists/{self.ref_id}":
            return self._playlist(kind)
        if call.path == f"/v1/playlists/{self.ref_id}/{kind}":
            return said(self._listed(int(call.first("offset") or 0), int(call.first("limit") or 20)))
        return said({"error": {"status": 404, "message": "Resource not found"}}, 404)

    def _token(self, call: Call) -> Reply:
        wanted = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        good = call.headers.get("authorization") == f"Basic {wanted}"
        if not good or call.first("grant_type") != "client_credentials":
            return said({"error": "invalid_client"}, 400)
        return said({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600})

    def _playlist(self, kind: str) -> Reply:
        playlist = {
            "id": self.ref_id,
            "name": self.listing.title,
            "description": self.listing.description,
            "images": [{"url": "https://mosaic.scdn.co/640/cover", "height": 640, "width": 640}],
            "owner": {"id": "xm", "display_name": self.listing.owner},
            "snapshot_id": "MTIzLGFiYw==",
        }
        return said(playlist if self.names_only else {**playlist, kind: self._listed(0, 100)})

    def _listed(self, offset: int, limit: int) -> dict[str, Any]:
        assert 0 < limit <= 100
        page = self.listing.songs[offset : offset + limit]
        entry = "item" if self.new_names else "track"
        more = offset + limit < len(self.listing.songs)
        return {
            "href": "https://api.spotify.com/v1/…",
            "items": [{"added_at": "2024-01-01T00:00:00Z", entry: self._song(song)} for song in page],
            "limit": limit,
            "offset": offset,
            "next": "https://api.spotify.com/v1/…" if more else None,
            "total": self.listing.claimed,
        }

    def _song(self, song: Song) -> dict[str, Any]:
        artists = [{"id": "2elBjNSdBE2Y3f0j1mjrql", "name": name} for name in song.artists]
        return {
            "id": self.source_id(song),
            "uri": f"spotify:track:{self.source_id(song)}",
            "name": song.title,
            "artists": artists,
            "album": {
                "name": song.album,
                "artists": artists[:1],
                "images": [{"url": "https://i.scdn.co/image/a"}],
            },
            "duration_ms": song.duration * 1000,
            "external_ids": {"isrc": song.isrc} if song.isrc else {},
            "is_playable": song.is_available,
            "is_local": False,
        }
