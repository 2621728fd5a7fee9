"""QQ Music: the present API and the older one, each of which can refuse by itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from tests.support.platforms.base import Platform, Song, said
from tests.support.servers.double import Call, Reply

MOST = 300  # songs in one answer, whatever was asked for


@dataclass(slots=True)
class QQDouble(Platform):
    name: ClassVar[str] = "qq"
    ref_id: ClassVar[str] = "7844717461"
    tells: ClassVar[frozenset[str]] = frozenset({"album", "duration", "available", "description", "owner"})

    has_older: bool = False  # whether the older API answers
    wrapper: str = ""  # a JSONP function around its answers
    encoding: str = "utf-8"
    stuck: bool = False  # every page is the first one
    subcode: int = 0  # of the present API; others than 0 come without songs

    def settings(self) -> dict[str, Any]:
        return {"qq_url": self.url, "qq_legacy_url": self.url, "qq_short_url": self.url}

    def source_id(self, song: Song) -> str:
        return f"00{song.number:012d}"

    def is_aside(self, call: Call) -> bool:
        return "qzone" in call.path

    def tell(self, call: Call) -> Reply:
        if call.path == "/cgi-bin/musicu.fcg" and call.method == "POST":
            return self._present(call)
        return self._older(call) if "fcg_ucc_getcdinfo" in call.path else Reply(status=404)

    def _present(self, call: Call) -> Reply:
        request = call.json["req_0"]
        assert (request["module"], request["method"]) == ("music.srfDissInfo.DissInfo", "CgiGetDiss")
        param = request["param"]
        if str(param["disstid"]) != self.ref_id or self.subcode:
            return self._wrapped({"code": 0, "subcode": self.subcode or 13, "msg": "", "songlist": []})
        begin = 0 if self.stuck else param["song_begin"]
        page = self.listing.songs[begin : begin + min(param["song_num"], MOST)]
        data = {
            "code": 0,
            "subcode": 0,
            "msg": "",
            "dirinfo": {
                "id": int(self.ref_id),
                "title": self.listing.title,
                "picurl": "http://qpic.y.qq.com/cover.jpg",
                "desc": self.listing.description,
                "songnum": self.listing.claimed,
                "creator": {"nick": self.listing.owner, "musicid": 1},
            },
            "songlist": [self._song(song) for song in page],
            "total_song_num": self.listing.claimed,
            "hasmore": int(begin + len(page) < len(self.listing.songs)),
        }
        return self._wrapped(data)

    def _wrapped(self, data: dict[str, Any], code: int = 0) -> Reply:
        return said({"code": 0, "ts": 1, "req_0": {"code": code, "data": data}})

    def _song(self, song: Song) -> dict[str, Any]:
        return {
            "id": song.number,
            "mid": self.source_id(song),
            "name": song.title,
            "title": song.title,
            "subtitle": "",
            "singer": [{"id": 4558, "mid": "0025NhlN2yWrP4", "name": name} for name in song.artists],
            "album": {"id": 8220, "mid": "000MkMni19ClKG", "name": song.album},
            "interval": song.duration,
            "language": 0,
            "pay": {"pay_play": 1},
            "file": {"media_mid": self.source_id(song)},
            "action": {"switch": 17413891 if song.is_available else 0},
        }

    def _older(self, call: Call) -> Reply:
        if not self.has_older or call.first("disstid") != self.ref_id:
            return self._as_older({"code": 0, "subcode": 3, "cdlist": [], "msg": "no right"})
        listing = self.listing
        cd = {
            "disstid": self.ref_id,
            "dissname": escape(listing.title),
            "nickname": listing.owner,
            "logo": "http://p.qpic.cn/cover.jpg",
            "desc": listing.description,
            "songnum": listing.claimed,
            "songlist": [self._older_song(song) for song in listing.songs],
        }
        return self._as_older({"code": 0, "subcode": 0, "cdlist": [cd]})

    def _older_song(self, song: Song) -> dict[str, Any]:
        return {
            "songname": escape(song.title),
            "songmid": self.source_id(song),
            "songid": song.number,
            "albumname": song.album,
            "singer": [{"id": 4558, "mid": "0025NhlN2yWrP4", "name": name} for name in song.artists],
            "interval": song.duration,
        }

    def _as_older(self, value: Any) -> Reply:
        text = json.dumps(value, ensure_ascii=False)
        text = f"{self.wrapper}({text})" if self.wrapper else text
        return Reply(text.encode(self.encoding), content_type="application/x-javascript")

    def told_gone(self) -> Reply:
        return self._wrapped({"code": 0, "subcode": 13, "msg": "", "songlist": []})

    def told_private(self) -> Reply:
        return self._wrapped({}, 1000)

    def told_refused(self) -> Reply:
        return said({"code": 500003, "ts": 1})
