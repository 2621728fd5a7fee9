"""Deezer's API, whose faults are answers with status 200."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tests.support.platforms.base import Platform, Song, said
from tests.support.servers.double import Call, Reply

MOST = 200  # songs in one answer, whatever was asked for


@dataclass(slots=True)
class DeezerDouble(Platform):
    name: ClassVar[str] = "deezer"
    ref_id: ClassVar[str] = "908622995"
    tells: ClassVar[frozenset[str]] = frozenset(
        {"album", "duration", "available", "description", "owner", "isrc"}
    )

    quota: int = 0  # so many questions from now on are too many

    def settings(self) -> dict[str, Any]:
        return {"deezer_url": self.url, "deezer_short_url": self.url}

    def tell(self, call: Call) -> Reply:
        if self.quota > 0:
            self.quota -= 1
            return _fault("Exception", "Quota limit exceeded", 4)
        if call.path == f"/playlist/{self.ref_id}":
            return said(self._playlist())
        if call.path == f"/playlist/{self.ref_id}/tracks":
            return said(self._listed(int(call.first("index") or 0), int(call.first("limit") or 25)))
        return self.told_gone()

    def _playlist(self) -> dict[str, Any]:
        listing = self.listing
        return {
            "id": int(self.ref_id),
            "title": listing.title,
            "description": listing.description,
            "nb_tracks": listing.claimed,
            "checksum": "a1b2c3",
            "picture_xl": "https://e-cdns-images.dzcdn.net/images/cover.jpg",
            "creator": {"id": 1, "name": listing.owner, "type": "user"},
            "type": "playlist",
            "tracks": self._listed(0, 25),
        }

    def _listed(self, index: int, limit: int) -> dict[str, Any]:
        end = index + min(limit, MOST)
        found: dict[str, Any] = {
            "data": [_song(song) for song in self.listing.songs[index:end]],
            "total": self.listing.claimed,
        }
        if end < len(self.listing.songs):
            found["next"] = f"https://api.deezer.com/playlist/{self.ref_id}/tracks?index={end}"
        return found

    def told_gone(self) -> Reply:
        return _fault("DataException", "no data", 800)

    def told_private(self) -> Reply:
        return _fault("OAuthException", "An active access token must be used", 200)

    def told_refused(self) -> Reply:
        return _fault("Exception", "Service busy", 700)


def _song(song: Song) -> dict[str, Any]:
    main, *others = song.artists
    found: dict[str, Any] = {
        "id": song.number,
        "readable": song.is_available,
        "title": song.title,
        "title_short": song.title,
        "duration": song.duration,
        "artist": {"id": 1, "name": main},
        "album": {"id": 2, "title": song.album, "cover_medium": "https://e-cdns-images.dzcdn.net/a.jpg"},
        "type": "track",
    }
    if others:
        found["contributors"] = [{"id": 1, "name": name} for name in song.artists]
    return {**found, "isrc": song.isrc} if song.isrc else found


def _fault(kind: str, message: str, code: int) -> Reply:
    return said({"error": {"type": kind, "message": message, "code": code}})
