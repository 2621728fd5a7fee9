"""ListenBrainz' API: playlists as JSPF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tests.support.platforms.base import Platform, Song, said
from tests.support.servers.double import Call, Reply


@dataclass(slots=True)
class ListenBrainzDouble(Platform):
    name: ClassVar[str] = "listenbrainz"
    ref_id: ClassVar[str] = "8e3b4c2a-1d5f-4b6a-9c7d-0e1f2a3b4c5d"
    counts: ClassVar[bool] = False
    tells: ClassVar[frozenset[str]] = frozenset({"album", "duration", "description", "owner", "mbid"})

    def settings(self) -> dict[str, Any]:
        return {"listenbrainz_url": self.url}

    def source_id(self, song: Song) -> str:
        return f"00000000-0000-4000-8000-{song.number:012d}"

    def tell(self, call: Call) -> Reply:
        if call.path != f"/1/playlist/{self.ref_id}":
            return self.told_gone()
        listing = self.listing
        playlist = {
            "identifier": f"https://listenbrainz.org/playlist/{self.ref_id}",
            "title": listing.title,
            "annotation": listing.description,
            "creator": listing.owner,
            "date": "2024-05-01T00:00:00+00:00",
            "extension": {
                "https://musicbrainz.org/doc/jspf#playlist": {
                    "public": True,
                    "last_modified_at": "2024-05-02T00:00:00+00:00",
                }
            },
            "track": [self._song(song) for song in listing.songs],
        }
        return said({"playlist": playlist})

    def _song(self, song: Song) -> dict[str, Any]:
        credited = [
            {
                "artist_credit_name": name,
                "artist_mbid": "a223958d-5c56-4b2c-a30a-87e357bc121b",
                "join_phrase": " & ",
            }
            for name in song.artists
        ]
        return {
            "identifier": [f"https://musicbrainz.org/recording/{self.source_id(song)}"],
            "title": song.title,
            "creator": " & ".join(song.artists),
            "album": song.album,
            "duration": song.duration * 1000,
            "extension": {
                "https://musicbrainz.org/doc/jspf#track": {
                    "added_by": "xm",
                    "additional_metadata": {"artists": credited},
                }
            },
        }

    def told_gone(self) -> Reply:
        return said({"code": 404, "error": f"Cannot find playlist: {self.ref_id}"}, 404)

    def told_private(self) -> Reply:
        return said({"code": 401, "error": "You are not authorized to view this playlist."}, 401)
