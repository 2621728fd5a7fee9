"""A platform that playlists are read from. It speaks JSON:

    GET /demo-site/lists/{id}.json  →  {"title": …, "songs": [{"id": …, "title": …, "artist": …, "seconds": …}]}

Everything that comes from outside goes through `reading`: whatever is in an answer, what comes out is short, printable
and of the right kind. The `Fetcher` bounds the answer, tries again where that helps, and raises `SourceFailed`.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from magpie.playlists.sources import reading
from magpie.playlists.sources.fetching import Fetcher
from magpie.playlists.sources.links import links_in
from magpie.playlists.sources.port import ShortLink, SourcePlaylist, SourceRef
from magpie.playlists.tracks import Track

HOSTS = ("localhost", "127.0.0.1")
_ID = re.compile(r"(http://(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)/demo-site/lists/([A-Za-z0-9-]{1,40})")


class DemoPlaylists:
    """Lists of the demo site. An id is a whole address here, since each machine has its own site."""

    name: ClassVar[str] = "magpie-demo"
    title: ClassVar[str] = "Demo site"
    needs: ClassVar[tuple[str, ...]] = ()

    def recognise(self, text: str) -> SourceRef | None:
        """From the text alone: nobody is asked."""
        if not any(link.host in HOSTS for link in links_in(text)):
            return None
        found = _ID.search(text)
        return self.of_id(found.group()) if found else None

    def of_id(self, text: str) -> SourceRef | None:
        """What is let through here becomes part of an address: match all of it."""
        return SourceRef(self.name, text, text) if _ID.fullmatch(text) else None

    def short_link(self, text: str) -> ShortLink | None:
        return None

    def fetch(self, ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
        """The whole list. `reading.finished` says that it is incomplete where songs are missing."""
        found = _ID.fullmatch(ref.id)
        assert found is not None  # noqa: S101  only `of_id` makes refs
        answer = fetcher.get(found.group(1), f"/demo-site/lists/{found.group(2)}.json")
        said = reading.mapping(answer.json())
        if not isinstance(said.get("songs"), list):
            raise answer.unreadable()
        tracks = [track for row in reading.rows(said["songs"]) if (track := self._track(row))]
        return reading.finished(ref, said.get("title"), tracks, len(said["songs"]))

    def _track(self, row: dict[str, Any]) -> Track | None:
        name, title = reading.key(row.get("id")), reading.clean(row.get("title"))
        if not name or not title:
            return None
        return Track(
            id=name,
            title=title,
            artists=reading.names([row.get("artist")]),
            duration=reading.seconds(row.get("seconds")),
            source=self.name,
            source_id=name,
        )
