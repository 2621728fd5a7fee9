"""Apple Music's page of a playlist, with its data in a script."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.support.platforms.base import Platform, Song
from tests.support.servers.double import Call, Reply

_LIST = "pl.f4d106fed2bd41149aaacabb233eb5eb"


@dataclass(slots=True)
class AppleDouble(Platform):
    name: ClassVar[str] = "apple"
    ref_id: ClassVar[str] = f"us/{_LIST}"
    tells: ClassVar[frozenset[str]] = frozenset({"album", "duration", "description", "owner"})
    most_shown: ClassVar[int | None] = 300

    older_data: bool = False  # a list without an object around it

    def settings(self) -> dict[str, Any]:
        return {"apple_music_url": self.url}

    def tell(self, call: Call) -> Reply:
        if call.path != f"/us/playlist/{_LIST}":
            return self.told_gone()
        listing = self.listing
        header = {
            "id": f"playlist-detail-header-section - {_LIST}",
            "itemKind": "containerDetailHeaderLockup",
            "items": [
                {
                    "id": f"playlist-detail-header-lockup - {_LIST}",
                    "title": listing.title,
                    "subtitleLinks": [{"title": listing.owner}],
                    "modalPresentationDescriptor": {"paragraphText": listing.description},
                    "trackCount": listing.claimed,
                    "contentDescriptor": {"kind": "playlist", "identifiers": {"storeAdamID": _LIST}},
                }
            ],
        }
        tracks = {
            "id": f"track-list - {_LIST}",
            "itemKind": "trackLockup",
            "items": [_row(song) for song in listing.songs[: self.most_shown]],
        }
        other = {"id": "suggested", "itemKind": "trackLockup", "items": [_row(Song(999_999, "Suggested"))]}
        listed = [{"data": {"sections": [header, tracks, other]}}]
        data = listed if self.older_data else {"data": listed}
        text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
        page = (
            '<html><meta property="og:image" content="https://is1-ssl.mzstatic.com/a.jpg?a=1&amp;b=2">'
            f'<script type="application/json" id="serialized-server-data">{text}</script></html>'
        )
        return Reply(page.encode("utf-8", errors="replace"), content_type="text/html; charset=utf-8")


def _row(song: Song) -> dict[str, Any]:
    return {
        "id": f"track-lockup - {_LIST} - {song.number}",
        "title": song.title,
        "artistName": " & ".join(song.artists),
        "subtitleLinks": [{"title": name} for name in song.artists],
        "tertiaryLinks": [{"title": song.album}],
        "duration": song.duration * 1000,
        "trackNumber": 1,
        "contentDescriptor": {
            "kind": "song",
            "identifiers": {"storeAdamID": str(song.number)},
            "url": f"https://music.apple.com/us/album/x/1?i={song.number}",
        },
    }
