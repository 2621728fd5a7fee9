"""QQ Music's older API: one answer with all songs, as JSON, as JSONP, or in GBK."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from magpie.playlists.sources import reading
from magpie.playlists.sources.fetching import Answer, Fetcher
from magpie.playlists.sources.port import SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.tracks import Track

_PATH = "/qzone/fcg-bin/fcg_ucc_getcdinfo_byids_cp.fcg"
_JSONP = re.compile(r"\s*[A-Za-z_$][\w$.]*\s*\((.*)\)\s*;?\s*", re.DOTALL)


def fetch(ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
    """The playlist as the older API tells it. Raises `SourceFailed`."""
    params: dict[str, str | int] = {"type": 1, "json": 1, "utf8": 1, "onlysong": 0, "disstid": ref.id}
    answer = fetcher.get(
        "qq_legacy_url", _PATH, params={**params, "format": "json"}, headers={"Referer": "https://y.qq.com/"}
    )
    said = _read(answer)
    lists = reading.rows(said.get("cdlist"))
    found = lists[0] if lists else {}
    if (said.get("subcode") or said.get("code")) and not found.get("songlist"):
        raise SourceFailed("refused", "QQ Music does not show this playlist: it is private, or gone.")
    if not isinstance(found.get("songlist"), list):
        raise answer.unreadable()
    tracks = [track for row in reading.rows(found["songlist"]) if (track := _track(row))]
    total = reading.whole(found.get("songnum"))
    return reading.finished(
        ref,
        _text(found.get("dissname")),
        tracks,
        reading.whole(found.get("total_song_num")) if total is None else total,
        description=reading.about(_unescaped(found.get("desc"))),
        cover_url=reading.web_url(found.get("logo")),
        owner=_text(found.get("nickname")) or None,
    )


def _read(answer: Answer) -> dict[str, Any]:
    """The object, whatever it is wrapped and encoded in."""
    try:
        text = answer.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = answer.body.decode("gb18030", errors="replace")
    wrapped = _JSONP.fullmatch(text)
    try:
        said = json.loads(wrapped.group(1) if wrapped else text)
    except (ValueError, RecursionError) as error:
        raise answer.unreadable() from error
    if not isinstance(said, dict):
        raise answer.unreadable()
    return said


def _unescaped(value: object) -> str:
    """This API writes `&#39;` and the like into its texts."""
    return unescape(value) if isinstance(value, str) else ""


def _text(value: object) -> str:
    return reading.clean(_unescaped(value))


def _track(row: dict[str, Any]) -> Track | None:
    title = _text(row.get("songname")) or _text(row.get("songorig"))
    source_id = reading.key(row.get("songmid")) or reading.key(row.get("songid"))
    if not title or not source_id:
        return None
    singers = [_text(name) for name in reading.names(row.get("singer"), "name")]
    return Track(
        id=source_id,
        title=title,
        artists=tuple(singers),
        album=_text(row.get("albumname")) or None,
        duration=reading.seconds(row.get("interval")),
        aliases=reading.other_titles(title, _text(row.get("songorig"))),
        source="qq",
        source_id=source_id,
        url=f"https://y.qq.com/n/ryqq/songDetail/{source_id}",
    )
