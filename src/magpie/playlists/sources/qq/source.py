"""QQ Music: the API of its present pages, asked page by page, and the older one where that refuses."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from magpie.playlists.sources import reading
from magpie.playlists.sources.fetching import Fetcher
from magpie.playlists.sources.links import Link, links_in
from magpie.playlists.sources.port import ShortLink, SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.sources.qq import legacy
from magpie.playlists.tracks import Track

PAGE = 500  # songs in one answer; the platform may give fewer
_HOSTS = ("y.qq.com",)
_ID = re.compile(r"[1-9][0-9]{0,19}")
_SHORT_HOST = re.compile(r"c\d*\.y\.qq\.com")
_TELLING = 20  # so many songs at the beginning again are no doubles but the first page once more
_LOGIN = frozenset({1000, 104400, 104401})  # codes with which it asks to sign in


class QQ:
    """Playlists of y.qq.com."""

    name: ClassVar[str] = "qq"
    title: ClassVar[str] = "QQ Music"
    needs: ClassVar[tuple[str, ...]] = ()

    def recognise(self, text: str) -> SourceRef | None:
        return next((ref for link in links_in(text) if (ref := self._of_link(link))), None)

    def _of_link(self, link: Link) -> SourceRef | None:
        steps = link.steps
        if not link.below("y.qq.com"):
            return None
        named = {"playlist", "playsquare", "taoge", "taoge.html", "playlist_detail", "playlist.html"}
        if not named & set(steps):
            return None
        last = steps[-1].removesuffix(".html")
        return self.of_id(link.query.get("id") or link.query.get("disstid") or last)

    def of_id(self, text: str) -> SourceRef | None:
        found = text.strip()
        if not _ID.fullmatch(found):
            return None
        return SourceRef(self.name, found, f"https://y.qq.com/n/ryqq/playlist/{found}")

    def short_link(self, text: str) -> ShortLink | None:
        for link in links_in(text):
            if _SHORT_HOST.fullmatch(link.host) and link.path == "/base/fcgi-bin/u" and "__" in link.query:
                token = re.sub(r"[^A-Za-z0-9_-]", "", link.query["__"])[:100]
                return ShortLink("qq_short_url", f"/base/fcgi-bin/u?__={token}", _HOSTS)
        return None

    def fetch(self, ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
        try:
            found = _present(ref, fetcher)
        except SourceFailed as failure:
            if failure.reason == "limited":
                raise
            return _older(ref, fetcher, failure)
        return found if found.is_complete else _fuller(found, fetcher)


def _older(ref: SourceRef, fetcher: Fetcher, failure: SourceFailed) -> SourcePlaylist:
    """What the older API says; if it does not help, what the other one said counts."""
    try:
        return legacy.fetch(ref, fetcher)
    except SourceFailed as other:
        raise failure from other


def _fuller(found: SourcePlaylist, fetcher: Fetcher) -> SourcePlaylist:
    """The older API tells all songs at once: it may know those that did not come."""
    try:
        other = legacy.fetch(found.ref, fetcher)
    except SourceFailed:
        return found
    return other if other.is_complete and len(other.tracks) >= (found.total or 0) else found


def _present(ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
    first = _page(ref, fetcher, 0)
    about = reading.mapping(first.get("dirinfo"))
    total = reading.whole(first.get("total_song_num"))
    total = reading.whole(about.get("songnum")) if total is None else total
    rows = reading.rows(first.get("songlist"))
    failure = _further(ref, fetcher, rows, total, has_more=bool(first.get("hasmore")))
    creator = reading.mapping(about.get("creator"))
    owner = reading.clean(creator.get("nick") or about.get("host_nick") or about.get("nick"))
    tracks = [track for row in rows if (track := _track(row))]
    return reading.finished(
        ref,
        about.get("title"),
        tracks,
        total,
        failure=failure,
        description=reading.about(about.get("desc")),
        cover_url=reading.web_url(about.get("picurl")),
        owner=owner or None,
        version=reading.key(about.get("mtime")),
    )


def _further(
    ref: SourceRef, fetcher: Fetcher, rows: list[dict[str, Any]], total: int | None, *, has_more: bool
) -> SourceFailed | None:
    """Read on until there are as many songs as there are said to be; the failure that ended this, if one did."""
    while has_more if total is None else len(rows) < total:
        try:
            page = _page(ref, fetcher, len(rows))
        except SourceFailed as failure:
            return failure
        found = reading.rows(page.get("songlist"))
        if not found or len(rows) > reading.MAX_TRACKS:
            return None  # fewer than there are said to be: the sum tells
        if len(found) >= _TELLING and found == rows[: len(found)]:
            return SourceFailed("unreadable", "QQ Music gave the same songs for another page.")
        rows.extend(found)
        has_more = bool(page.get("hasmore"))
    return None


def _page(ref: SourceRef, fetcher: Fetcher, begin: int) -> dict[str, Any]:
    param = {
        "disstid": int(ref.id),
        "dirid": 0,
        "tag": True,
        "song_begin": begin,
        "song_num": PAGE,
        "userinfo": True,
        "orderlist": True,
        "onlysonglist": False,
    }
    request = {"module": "music.srfDissInfo.DissInfo", "method": "CgiGetDiss", "param": param}
    question = {"comm": {"ct": 24, "cv": 0}, "req_0": request}
    headers = {"Referer": "https://y.qq.com/"}
    answer = fetcher.post("qq_url", "/cgi-bin/musicu.fcg", data=question, headers=headers)
    said = reading.mapping(answer.json())
    part = reading.mapping(said.get("req_0"))
    data = reading.mapping(part.get("data"))
    code = next((code for code in (said.get("code"), part.get("code"), data.get("code")) if code), 0)
    if code or (data.get("subcode") and not data.get("songlist")):
        raise refusal(code or data.get("subcode"), data.get("msg"))
    if not isinstance(data.get("songlist"), list):
        raise answer.unreadable()
    return data


def refusal(code: object, said: object) -> SourceFailed:
    """What a code other than zero means."""
    if code in _LOGIN:
        return SourceFailed("private", "QQ Music shows this playlist to those who are signed in only.")
    words = reading.clean(said, 100)
    detail = f" ({words})" if words else ""
    return SourceFailed("refused", f"QQ Music does not show this playlist: it is private, or gone{detail}.")


def _track(row: dict[str, Any]) -> Track | None:
    title = reading.clean(row.get("title") or row.get("name"))
    name, mid = reading.key(row.get("id")), reading.key(row.get("mid"))
    source_id = mid or name
    if not title or not source_id:
        return None
    album = reading.mapping(row.get("album"))
    picture = reading.key(album.get("mid"))
    action = row.get("action")
    switch = action.get("switch") if isinstance(action, dict) else None
    return Track(
        id=source_id,
        title=title,
        artists=reading.names(row.get("singer"), "name", "title"),
        album=reading.clean(album.get("name") or album.get("title")) or None,
        duration=reading.seconds(row.get("interval")),
        aliases=reading.other_titles(title, row.get("name"), row.get("subtitle")),
        source="qq",
        source_id=source_id,
        url=f"https://y.qq.com/n/ryqq/songDetail/{source_id}",
        cover_url=_cover(picture),
        is_available=switch != 0,
    )


def _cover(album_mid: str | None) -> str | None:
    if not album_mid or not album_mid.isalnum():
        return None
    return f"https://y.gtimg.cn/music/photo_new/T002R300x300M000{album_mid}.jpg"
