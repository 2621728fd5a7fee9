"""NetEase Cloud Music, through the web API that its own page uses without anybody being signed in.

A playlist's `trackIds` are complete and in order, its `tracks` are whatever fits, so the songs' facts are asked for
by their ids, 500 at a time. Codes inside the answers: 401 only its owner may see it, 404 gone or private,
-462 the question was taken for a robot's.
"""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from magpie.playlists.sources import reading
from magpie.playlists.sources.fetching import Fetcher, limited
from magpie.playlists.sources.links import Link, links_in
from magpie.playlists.sources.port import ShortLink, SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.tracks import Track

CHUNK = 500  # songs in one question; the platform takes a thousand
_SERVICE = "netease_url"
_HEADERS = {"Referer": "https://music.163.com", "Cookie": "os=pc"}
_HOSTS = ("music.163.com", "163cn.tv", "163cn.link")
_ID = re.compile(r"[1-9][0-9]{0,19}")
_FAULTS = {
    401: ("private", "NetEase shows this playlist to its owner only."),
    404: ("gone", "NetEase does not have this playlist: it is gone, or private."),
    -462: ("refused", "NetEase takes Magpie for a robot at the moment."),
    -460: ("refused", "NetEase takes Magpie for a robot at the moment."),
    -447: ("unreachable", "NetEase is too busy to answer."),
}


class NetEase:
    """Playlists of music.163.com."""

    name: ClassVar[str] = "netease"
    title: ClassVar[str] = "NetEase Cloud Music"
    needs: ClassVar[tuple[str, ...]] = ()

    def recognise(self, text: str) -> SourceRef | None:
        return next((ref for link in links_in(text) if (ref := self._of_link(link))), None)

    def _of_link(self, link: Link) -> SourceRef | None:
        steps = link.steps
        if link.scheme == "orpheus":  # what opens the app
            return self.of_id(steps[0]) if link.host == "playlist" and steps else None
        if not link.below("music.163.com"):
            return None
        for kind in ("playlist", "toplist"):
            if kind in steps:
                behind = steps[steps.index(kind) + 1 :]
                return self.of_id(link.query.get("id") or (behind[0] if behind else ""))
        return None

    def of_id(self, text: str) -> SourceRef | None:
        found = text.strip()
        if not _ID.fullmatch(found):
            return None
        return SourceRef(self.name, found, f"https://music.163.com/playlist?id={found}")

    def short_link(self, text: str) -> ShortLink | None:
        for link in links_in(text):
            if link.below("163cn.tv", "163cn.link") and len(link.steps) == 1:
                return ShortLink("netease_short_url", f"/{link.steps[0]}", _HOSTS)
        return None

    def fetch(self, ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
        form: dict[str, str | int] = {"id": ref.id, "n": 100_000, "s": 8}
        answer = _ask(fetcher, "/api/v6/playlist/detail", form)
        found = reading.mapping(answer.get("playlist"))
        if not found:
            raise SourceFailed("unreadable", "NetEase answered something that is not a playlist.")
        ids = _ids(found)
        facts = _Facts()
        facts.take(found.get("tracks"), answer.get("privileges"))
        failure = _complete(facts, ids, fetcher)
        tracks = [_track(facts.songs[song], facts.greyed) for song in ids if song in facts.songs]
        missing = len(ids) - len(tracks)
        return reading.finished(
            ref,
            found.get("name"),
            tracks,
            _total(found, ids),
            failure=failure if missing else None,
            description=reading.about(found.get("description")),
            cover_url=reading.web_url(found.get("coverImgUrl")),
            owner=reading.clean(reading.dig(found, "creator", "nickname")) or None,
            version=reading.key(found.get("trackUpdateTime") or found.get("updateTime")),
        )


class _Facts:
    """What is known of songs by now, by their ids."""

    def __init__(self) -> None:
        self.songs: dict[str, dict[str, Any]] = {}
        self.greyed: set[str] = set()

    def take(self, songs: object, privileges: object) -> None:
        for song in reading.rows(songs):
            name = reading.key(song.get("id"))
            if name and reading.clean(song.get("name")):
                self.songs.setdefault(name, song)
        for privilege in reading.rows(privileges):
            name, state = reading.key(privilege.get("id")), privilege.get("st")
            if name and isinstance(state, int) and state < 0:
                self.greyed.add(name)


def _ids(found: dict[str, Any]) -> list[str]:
    """The songs in order. An answer without `trackIds` is of an old kind whose `tracks` are all there is."""
    listed = found.get("trackIds") if isinstance(found.get("trackIds"), list) else found.get("tracks")
    ids = [name for entry in reading.rows(listed) if (name := reading.key(entry.get("id")))]
    if len(ids) > reading.MAX_TRACKS:
        raise SourceFailed("unreadable", "NetEase lists more songs than a playlist can have.")
    return ids


def _total(found: dict[str, Any], ids: list[str]) -> int:
    """How many songs there are: as many as `trackIds`, since `trackCount` lags; but that counts if there are none."""
    if ids and isinstance(found.get("trackIds"), list):
        return len(ids)
    return max(len(ids), reading.whole(found.get("trackCount")) or 0)


def _complete(facts: _Facts, ids: list[str], fetcher: Fetcher) -> SourceFailed | None:
    """Ask for the songs that the playlist itself did not tell; the failure that ended this, if one did.

    What an answer leaves out is asked for a second time: songs that are gone for good stay out of both.
    """
    try:
        for _ in range(2):
            unknown = [song for song in dict.fromkeys(ids) if song not in facts.songs]
            for chunk in reading.in_pieces(unknown, CHUNK):
                wanted = [{"id": int(song)} for song in chunk if song.isdecimal()]
                form: dict[str, str | int] = {"c": json.dumps(wanted, separators=(",", ":"))}
                answer = _ask(fetcher, "/api/v3/song/detail", form)
                facts.take(answer.get("songs"), answer.get("privileges"))
    except SourceFailed as failure:
        return failure
    return None


def _ask(fetcher: Fetcher, path: str, form: dict[str, str | int]) -> dict[str, Any]:
    answer = fetcher.post(_SERVICE, path, form=form, headers=_HEADERS)
    said = answer.json()
    if not isinstance(said, dict):
        raise answer.unreadable()
    code = said.get("code", 200)
    if code == 200:
        return said
    if code in (405, 429, 503):
        raise limited("NetEase")
    reason, message = _FAULTS.get(code, ("refused", "NetEase does not show this playlist."))
    raise SourceFailed(reason, message)


def _track(song: dict[str, Any], greyed: set[str]) -> Track:
    """A song's facts; the names of the fields are those of two generations of the API."""
    name = str(song["id"])
    title = reading.clean(song.get("name"))
    artists = song.get("ar") or song.get("artists")
    album = reading.mapping(song.get("al") or song.get("album"))
    return Track(
        id=name,
        title=title,
        artists=reading.names(artists, "name"),
        album=reading.clean(album.get("name")) or None,
        duration=reading.seconds(song.get("dt") or song.get("duration"), 1000),
        aliases=reading.other_titles(
            title, song.get("tns"), song.get("alia"), song.get("alias"), song.get("transNames")
        ),
        source="netease",
        source_id=name,
        url=f"https://music.163.com/song?id={name}",
        cover_url=reading.web_url(album.get("picUrl")),
        is_available=name not in greyed,
    )
