"""Deezer's public API. Its faults come with status 200 and an `error`: 4 too many questions, 800 no such thing,
200 and 300 not without a token (a private playlist)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from magpie.playlists.sources import reading
from magpie.playlists.sources.fetching import ATTEMPTS, Answer, Fetcher, limited
from magpie.playlists.sources.links import Link, links_in
from magpie.playlists.sources.port import ShortLink, SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.tracks import Track

PAGE = 500  # songs in one answer; the platform may give fewer
QUOTA_SECONDS = 5.0  # fifty questions in so many seconds are the most
_TOO_MANY = 4
_ID = re.compile(r"[1-9][0-9]{0,19}")
_HOSTS = ("deezer.com", "deezer.page.link")


class Deezer:
    """Playlists of deezer.com."""

    name: ClassVar[str] = "deezer"
    title: ClassVar[str] = "Deezer"
    needs: ClassVar[tuple[str, ...]] = ()

    def recognise(self, text: str) -> SourceRef | None:
        return next((ref for link in links_in(text) if (ref := self._of_link(link))), None)

    def _of_link(self, link: Link) -> SourceRef | None:
        steps = link.steps
        if not link.below("deezer.com") or "playlist" not in steps[:-1]:
            return None
        return self.of_id(steps[steps.index("playlist") + 1])

    def of_id(self, text: str) -> SourceRef | None:
        found = text.strip()
        if not _ID.fullmatch(found):
            return None
        return SourceRef(self.name, found, f"https://www.deezer.com/playlist/{found}")

    def short_link(self, text: str) -> ShortLink | None:
        for link in links_in(text):
            if link.host in ("link.deezer.com", "deezer.page.link") and link.steps:
                return ShortLink("deezer_short_url", "/" + "/".join(link.steps[:3]), _HOSTS)
        return None

    def fetch(self, ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
        found = _ask(fetcher, f"/playlist/{ref.id}", {})
        total = reading.whole(found.get("nb_tracks"))
        rows: list[dict[str, Any]] = []
        failure = None
        try:
            for page in _pages(fetcher, ref, rows):
                rows.extend(page)
        except SourceFailed as ended:
            if not rows:
                raise
            failure = ended
        tracks = [track for row in rows if (track := _track(row))]
        return reading.finished(
            ref,
            found.get("title"),
            tracks,
            total,
            failure=failure,
            description=reading.about(found.get("description")),
            cover_url=reading.web_url(found.get("picture_xl") or found.get("picture_big")),
            owner=reading.clean(reading.dig(found, "creator", "name")) or None,
            version=reading.key(found.get("checksum")),
        )


def _pages(fetcher: Fetcher, ref: SourceRef, rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The pages of the list of songs, while there are more; `rows` is what has been read."""
    while len(rows) <= reading.MAX_TRACKS:
        answer = _ask(fetcher, f"/playlist/{ref.id}/tracks", {"index": len(rows), "limit": PAGE})
        page = reading.rows(answer.get("data"))
        if page:
            yield page
        if not page or not answer.get("next"):
            return


def _ask(fetcher: Fetcher, path: str, params: dict[str, str | int]) -> dict[str, Any]:
    for _ in range(ATTEMPTS - 1):
        answer = fetcher.get("deezer_url", path, params=params)
        if reading.dig(answer.json(), "error", "code") != _TOO_MANY:
            return _checked(answer)
        fetcher.pause(QUOTA_SECONDS)
    return _checked(fetcher.get("deezer_url", path, params=params))


def _checked(answer: Answer) -> dict[str, Any]:
    said = answer.json()
    if not isinstance(said, dict) or ("error" not in said and "id" not in said and "data" not in said):
        raise answer.unreadable()
    if said.get("error"):
        raise _failure(reading.mapping(said["error"]).get("code"), answer.host)
    return said


def _failure(code: object, host: str) -> SourceFailed:
    if code == _TOO_MANY:
        return limited(host, QUOTA_SECONDS)
    if code == 800:
        return SourceFailed("gone", "Deezer does not have this playlist (any more).")
    if code in (200, 300):
        return SourceFailed("private", "Deezer shows this playlist to its owner only.")
    if code == 700:
        return SourceFailed("unreachable", "Deezer is too busy to answer.")
    return SourceFailed("refused", "Deezer does not show this playlist.")


def _track(row: dict[str, Any]) -> Track | None:
    name = reading.key(row.get("id"))
    title = reading.clean(row.get("title"))
    if not name or not title:
        return None
    artist = reading.clean(reading.dig(row, "artist", "name"))
    names = reading.names(row.get("contributors"), "name") or ((artist,) if artist else ())
    return Track(
        id=name,
        title=title,
        artists=names,
        album=reading.clean(reading.dig(row, "album", "title")) or None,
        duration=reading.seconds(row.get("duration")),
        isrc=reading.isrc(row.get("isrc")),
        source="deezer",
        source_id=name,
        url=f"https://www.deezer.com/track/{name}",
        cover_url=reading.web_url(reading.dig(row, "album", "cover_medium")),
        is_available=row.get("readable") is not False,
    )
