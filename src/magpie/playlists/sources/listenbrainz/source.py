"""ListenBrainz: a playlist as JSPF, each song with the id of its recording at MusicBrainz."""

from __future__ import annotations

from typing import ClassVar

from magpie.playlists.sources import reading
from magpie.playlists.sources.fetching import Fetcher
from magpie.playlists.sources.files import jspf
from magpie.playlists.sources.links import Link, links_in
from magpie.playlists.sources.port import ShortLink, SourcePlaylist, SourceRef


class ListenBrainz:
    """Playlists of listenbrainz.org."""

    name: ClassVar[str] = "listenbrainz"
    title: ClassVar[str] = "ListenBrainz"
    needs: ClassVar[tuple[str, ...]] = ()

    def recognise(self, text: str) -> SourceRef | None:
        return next((ref for link in links_in(text) if (ref := self._of_link(link))), None)

    def _of_link(self, link: Link) -> SourceRef | None:
        steps = link.steps
        if not link.below("listenbrainz.org") or "playlist" not in steps[:-1]:
            return None
        return self.of_id(steps[steps.index("playlist") + 1])

    def of_id(self, text: str) -> SourceRef | None:
        found = reading.mbid(text.strip())
        if not found:
            return None
        return SourceRef(self.name, found, f"https://listenbrainz.org/playlist/{found}/")

    def short_link(self, text: str) -> ShortLink | None:
        return None

    def fetch(self, ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
        token = fetcher.settings.listenbrainz_token
        headers = {"Authorization": f"Token {token}"} if token else {}
        answer = fetcher.get("listenbrainz_url", f"/1/playlist/{ref.id}", headers=headers)
        found = reading.mapping(reading.mapping(answer.json()).get("playlist"))
        if not isinstance(found.get("track"), list):
            raise answer.unreadable()
        rows = reading.rows(found["track"])
        tracks = [track for row in rows if (track := jspf.track(row, source=self.name))]
        changed = reading.dig(found, "extension", jspf.MUSICBRAINZ_PLAYLIST, "last_modified_at")
        return reading.finished(
            ref,
            found.get("title"),
            tracks,
            len(found["track"]),
            description=reading.about(found.get("annotation")),
            cover_url=reading.web_url(found.get("image")),
            owner=reading.clean(found.get("creator")) or None,
            version=reading.key(changed),
        )
