"""YouTube Music, as its own page asks: one question for the playlist, then one for each further hundred songs.

The shapes are those that ytmusicapi 1.12 reads; it cannot be asked itself, since its address is fixed and its answers
are not bounded. The page's language is set to English, so that the number of songs can be read.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, ClassVar

from magpie.playlists.sources import reading
from magpie.playlists.sources.fetching import BROWSER, Answer, Fetcher
from magpie.playlists.sources.links import Link, links_in
from magpie.playlists.sources.port import ShortLink, SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.sources.ytmusic.rows import is_deleted, track

_ID = re.compile(r"(?:VL)?((?:PL|OLAK5uy_|RDCLAK|UU|FL|LL|LM)[A-Za-z0-9_-]{0,80})")
_OWN = frozenset({"LL", "LM"})  # a person's liked songs: nobody else sees them
_HEADERS = {"User-Agent": BROWSER, "Origin": "https://music.youtube.com", "Cookie": "SOCS=CAI"}
_TWO_COLUMNS = ("contents", "twoColumnBrowseResultsRenderer")
_SHELF = (
    *_TWO_COLUMNS,
    "secondaryContents",
    "sectionListRenderer",
    "contents",
    0,
    "musicPlaylistShelfRenderer",
)
_HEADER = (*_TWO_COLUMNS, "tabs", 0, "tabRenderer", "content", "sectionListRenderer", "contents", 0)
_APPENDED = ("onResponseReceivedActions", 0, "appendContinuationItemsAction", "continuationItems")
_MAX_PAGES = 1000


class YTMusic:
    """Playlists of music.youtube.com and youtube.com."""

    name: ClassVar[str] = "ytmusic"
    title: ClassVar[str] = "YouTube Music"
    needs: ClassVar[tuple[str, ...]] = ()

    def recognise(self, text: str) -> SourceRef | None:
        return next((ref for link in links_in(text) if (ref := self._of_link(link))), None)

    def _of_link(self, link: Link) -> SourceRef | None:
        if not link.below("youtube.com", "youtu.be"):
            return None
        steps = link.steps
        if "list" in link.query:
            return self.of_id(link.query["list"])
        return self.of_id(steps[1]) if len(steps) == 2 and steps[0] == "browse" else None

    def of_id(self, text: str) -> SourceRef | None:
        found = _ID.fullmatch(text.strip())
        if not found:
            return None
        name = found.group(1)
        return SourceRef(self.name, name, f"https://music.youtube.com/playlist?list={name}")

    def short_link(self, text: str) -> ShortLink | None:
        return None

    def fetch(self, ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
        if ref.id in _OWN:
            raise SourceFailed("private", "YouTube Music shows liked songs to their owner only.")
        answer = _browse(fetcher, {"browseId": f"VL{ref.id}"})
        page = answer.json()
        header, shelf = _parts(answer, page)
        items = reading.rows(shelf.get("contents"))
        failure = _further(fetcher, items)
        songs = [row for item in items if (row := item.get("musicResponsiveListItemRenderer"))]
        tracks = [found for row in songs if (found := track(row))]
        # Any other row that cannot be read leaves the list incomplete: pages change, and nothing may go because of that.
        deleted = sum(map(is_deleted, songs))
        total = _total(header)
        title = reading.dig(header, "title", "runs", 0, "text")
        return reading.finished(
            ref,
            title or (tracks[0].album if tracks else None),
            tracks,
            total - deleted if total is not None and total >= deleted else total,
            failure=failure,
            description=_description(header),
            cover_url=_cover(header),
            owner=reading.clean(reading.dig(header, "facepile", "avatarStackViewModel", "text", "content"))
            or None,
        )


def _browse(fetcher: Fetcher, question: dict[str, Any]) -> Answer:
    version = f"1.{datetime.now(UTC):%Y%m%d}.01.00"
    client = {"clientName": "WEB_REMIX", "clientVersion": version, "hl": "en"}
    data = {"context": {"client": client, "user": {}}, **question}
    return fetcher.post("ytmusic_url", "/youtubei/v1/browse?alt=json", data=data, headers=_HEADERS)


def _parts(answer: Answer, page: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header (empty for an album's list, which has none) and the shelf of songs."""
    if not isinstance(page, dict):
        raise answer.unreadable()
    shelf = reading.dig(page, *_SHELF)
    if not isinstance(shelf, dict):
        if "responseContext" in page or "alerts" in page:
            raise SourceFailed("gone", "YouTube Music does not have this playlist: it is gone, or private.")
        raise answer.unreadable()
    first = reading.mapping(reading.dig(page, *_HEADER))
    own = reading.dig(first, "musicEditablePlaylistDetailHeaderRenderer", "header")
    return reading.mapping((reading.mapping(own) or first).get("musicResponsiveHeaderRenderer")), shelf


def _further(fetcher: Fetcher, items: list[dict[str, Any]]) -> SourceFailed | None:
    """Follow the list's continuations to its end; the failure that ended this, if one did."""
    broken = SourceFailed("unreadable", "The next part of the list did not come.")
    for _ in range(_MAX_PAGES):
        token = _continuation(items)
        if token is None:
            return None
        try:
            page = _browse(fetcher, {"continuation": token}).json()
        except SourceFailed as failure:
            return failure
        found = reading.rows(reading.dig(page, *_APPENDED))
        if not found:
            return broken
        items.extend(found)
    return broken


def _continuation(items: list[dict[str, Any]]) -> str | None:
    """What to ask for the next part; it stands behind the last song."""
    endpoint = reading.dig(items, -1, "continuationItemRenderer", "continuationEndpoint")
    commands = [endpoint, *reading.rows(reading.dig(endpoint, "commandExecutorCommand", "commands"))]
    for command in commands:
        token = reading.dig(command, "continuationCommand", "token")
        wanted = reading.dig(command, "continuationCommand", "request")
        if isinstance(token, str) and token and wanted in (None, "CONTINUATION_REQUEST_TYPE_BROWSE"):
            return token
    return None


def _total(header: dict[str, Any]) -> int | None:
    """The number of songs, from `1.2M views • 237 tracks • 6+ hours` or a part of that."""
    for run in reading.rows(reading.dig(header, "secondSubtitle", "runs")):
        found = re.fullmatch(
            r"([\d,.\s]+) (?:songs?|tracks?|videos?|episodes?)", reading.clean(run.get("text"))
        )
        if found:
            return reading.whole(re.sub(r"\D", "", found.group(1)))
    return None


def _description(header: dict[str, Any]) -> str | None:
    runs = reading.rows(
        reading.dig(header, "description", "musicDescriptionShelfRenderer", "description", "runs")
    )
    return reading.about("".join(str(run.get("text", "")) for run in runs))


def _cover(header: dict[str, Any]) -> str | None:
    return reading.web_url(
        reading.dig(header, "thumbnail", "musicThumbnailRenderer", "thumbnail", "thumbnails", -1, "url")
    )
