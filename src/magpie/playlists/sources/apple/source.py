"""Apple Music, without keys: the public page of a playlist holds its songs as JSON.

Long playlists are not whole in there; the page says how many songs there are, so that is noticed.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from magpie.playlists.sources import reading
from magpie.playlists.sources.fetching import BROWSER, Answer, Fetcher
from magpie.playlists.sources.links import Link, links_in
from magpie.playlists.sources.pages import meta, script_json
from magpie.playlists.sources.port import ShortLink, SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.tracks import Track

_ID = re.compile(r"pl\.[A-Za-z0-9.-]{4,80}")
_STORE = re.compile(r"[a-z]{2}")
_FULL = re.compile(r"([a-z]{2})/(pl\.[A-Za-z0-9.-]{4,80})")
_HEADERS = {"User-Agent": BROWSER, "Accept": "text/html", "Accept-Language": "en"}


class AppleMusic:
    """Playlists of music.apple.com. An id holds the country's shop, since each shows a list in its own way."""

    name: ClassVar[str] = "apple"
    title: ClassVar[str] = "Apple Music"
    needs: ClassVar[tuple[str, ...]] = ()

    def recognise(self, text: str) -> SourceRef | None:
        return next((ref for link in links_in(text) if (ref := self._of_link(link))), None)

    def _of_link(self, link: Link) -> SourceRef | None:
        steps = link.steps
        if not link.below("music.apple.com") or "playlist" not in steps[:-1]:
            return None
        store = steps[0] if _STORE.fullmatch(steps[0]) else "us"
        return self.of_id(f"{store}/{steps[-1]}")

    def of_id(self, text: str) -> SourceRef | None:
        found = text.strip()
        found = f"us/{found}" if _ID.fullmatch(found) else found
        parts = _FULL.fullmatch(found)
        if not parts:
            return None
        return SourceRef(
            self.name, found, f"https://music.apple.com/{parts.group(1)}/playlist/{parts.group(2)}"
        )

    def short_link(self, text: str) -> ShortLink | None:
        return None

    def fetch(self, ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
        store, _, name = ref.id.partition("/")
        answer = fetcher.get("apple_music_url", f"/{store}/playlist/{name}", headers=_HEADERS)
        sections = _sections(answer)
        header = reading.mapping(reading.dig(_of_kind(sections, "containerDetailHeaderLockup"), 0))
        rows = _of_kind(sections, "trackLockup")
        total = reading.whole(header.get("trackCount"))
        if not header:
            raise SourceFailed("gone", "Apple Music does not have this playlist: it is gone, or not public.")
        tracks = [track for row in rows if (track := _track(row, store))]
        unknown = "Apple Music does not say how many songs there are." if total is None else None
        return reading.finished(
            ref,
            header.get("title"),
            tracks,
            total,
            note=unknown,
            description=reading.about(reading.dig(header, "modalPresentationDescriptor", "paragraphText")),
            cover_url=reading.web_url(meta(answer, "og:image")),
            owner=reading.clean(reading.dig(header, "subtitleLinks", 0, "title")) or None,
        )


def _sections(answer: Answer) -> list[dict[str, Any]]:
    """The page's sections. Its data is a list, or since 2025 an object with that list in it."""
    page = script_json(answer, "serialized-server-data")
    listed = reading.mapping(page).get("data") if isinstance(page, dict) else page
    sections = reading.dig(listed, 0, "data", "sections")
    if not isinstance(sections, list):
        raise answer.unreadable()
    return reading.rows(sections)


def _of_kind(sections: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The entries of the sections of one kind; of songs, those of the playlist and not those that are suggested."""
    found = [section for section in sections if section.get("itemKind") == kind]
    own = [section for section in found if str(section.get("id", "")).startswith("track-list - ")]
    return [row for section in own or found for row in reading.rows(section.get("items"))]


def _track(row: dict[str, Any], store: str) -> Track | None:
    title = reading.clean(row.get("title"))
    name = reading.key(reading.dig(row, "contentDescriptor", "identifiers", "storeAdamID"))
    name = name or reading.clean(row.get("id"), reading.MAX_ID).rpartition(" - ")[2] or None
    if not title or not name:
        return None
    artist = reading.clean(row.get("artistName"))
    linked = reading.names(row.get("subtitleLinks"), "title")
    album = reading.names(row.get("tertiaryLinks"), "title")
    url = reading.web_url(reading.dig(row, "contentDescriptor", "url"))
    return Track(
        id=name,
        title=title,
        artists=linked or ((artist,) if artist else ()),
        album=album[0] if album else None,
        duration=reading.seconds(row.get("duration"), 1000),
        source="apple",
        source_id=name,
        url=url or f"https://music.apple.com/{store}/song/{name}",
        is_available=row.get("isDisabled") is not True,
    )
