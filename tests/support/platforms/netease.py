"""NetEase Cloud Music: the web API's playlist and song details, in the shapes of design and public API projects."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.support.platforms.base import Platform, Song, said
from tests.support.servers.double import Call, Reply


@dataclass(slots=True)
class NetEaseDouble(Platform):
    name: ClassVar[str] = "netease"
    ref_id: ClassVar[str] = "2829816518"
    counts: ClassVar[bool] = False  # `trackCount` lags behind
    tells: ClassVar[frozenset[str]] = frozenset({"album", "duration", "available", "description", "owner"})

    older_names: bool = False  # `artists`, `album`, `duration` instead of `ar`, `al`, `dt`
    told_along: int = 5  # songs that the playlist's own answer holds
    has_ids: bool = True  # whether the playlist tells the ids of all its songs
    forgotten: tuple[int, ...] = ()  # songs of which the details say nothing

    def settings(self) -> dict[str, Any]:
        return {"netease_url": self.url, "netease_short_url": self.url}

    def tell(self, call: Call) -> Reply:
        if call.method != "POST":
            return said({"code": -462, "msg": "绑定手机或短信验证成功后，可进行下一步操作哦~🙃"})
        if call.path == "/api/v6/playlist/detail":
            return self._playlist(call)
        if call.path == "/api/v3/song/detail":
            return self._details(call)
        return said({"code": 404})

    def _playlist(self, call: Call) -> Reply:
        if call.first("id") != self.ref_id or "music.163.com" not in call.headers.get("referer", ""):
            return self.told_gone()
        listing = self.listing
        along = [song for song in listing.songs[: self.told_along] if song.number not in self.forgotten]
        playlist = {
            "id": int(self.ref_id),
            "name": listing.title,
            "coverImgUrl": "https://p1.music.126.net/cover.jpg",
            "description": listing.description,
            "trackCount": listing.claimed,
            "updateTime": 1_700_000_000_000,
            "creator": {"userId": 1, "nickname": listing.owner},
            "trackIds": [{"id": song.number, "v": 3, "t": 0} for song in listing.songs],
            "tracks": [self._song(song) for song in along],
        }
        if not self.has_ids:
            del playlist["trackIds"]
        return said({"code": 200, "playlist": playlist, "privileges": [_privilege(song) for song in along]})

    def _details(self, call: Call) -> Reply:
        wanted = {entry["id"] for entry in json.loads(call.first("c") or "[]")}
        if len(wanted) > 1000:
            return said({"code": 400})
        # In an order of its own, each song once.
        unique = {song.number: song for song in self.listing.songs if song.number in wanted}
        found = [unique[number] for number in sorted(unique, reverse=True) if number not in self.forgotten]
        return said(
            {
                "code": 200,
                "songs": [self._song(song) for song in found],
                "privileges": [_privilege(s) for s in found],
            }
        )

    def _song(self, song: Song) -> dict[str, Any]:
        artists = [{"id": 6452, "name": name, "tns": [], "alias": []} for name in song.artists]
        album = {"id": 18905, "name": song.album, "picUrl": "https://p1.music.126.net/album.jpg"}
        common = {
            "id": song.number,
            "name": song.title,
            "no": 1,
            "cd": "1",
            "fee": 1,
            "t": 0,
            "originCoverType": 0,
        }
        if self.older_names:
            return {
                **common,
                "artists": artists,
                "album": album,
                "duration": song.duration * 1000,
                "alias": ["别名"],
            }
        return {
            **common,
            "ar": artists,
            "al": album,
            "dt": song.duration * 1000,
            "alia": ["别名"],
            "publishTime": 0,
        }

    def told_gone(self) -> Reply:
        return said({"code": 404, "message": "no resource"})

    def told_private(self) -> Reply:
        return said({"code": 401, "message": "无权限访问"})

    def told_refused(self) -> Reply:
        return said({"code": -462, "data": {"blockText": "…"}})


def _privilege(song: Song) -> dict[str, Any]:
    return {"id": song.number, "st": 0 if song.is_available else -200, "pl": 320_000}
