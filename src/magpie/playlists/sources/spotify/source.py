"""Spotify: its Web API where there is an app's ID and secret, otherwise the page that is made for embedding.

The embedded page holds a hundred songs at most and does not say how many there are, so what it gives counts as
complete only below that. The Web API shows playlists of others to some apps only (apps "in development mode" see
those of their users): where it refuses, the page is read instead.
"""

from __future__ import annotations

import re
from typing import ClassVar

from magpie.playlists.sources.fetching import Fetcher
from magpie.playlists.sources.links import Link, links_in
from magpie.playlists.sources.port import ShortLink, SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.sources.spotify import embed, web_api

_ID = re.compile(r"[A-Za-z0-9]{22}")
_URI = re.compile(r"\bspotify:(?:user:[^\s:]+:)?playlist:([A-Za-z0-9]{22})\b")


class Spotify:
    """Playlists of open.spotify.com."""

    name: ClassVar[str] = "spotify"
    title: ClassVar[str] = "Spotify"
    needs: ClassVar[tuple[str, ...]] = ()

    def recognise(self, text: str) -> SourceRef | None:
        found = next((ref for link in links_in(text) if (ref := self._of_link(link))), None)
        if found is None and (uri := _URI.search(text)):
            return self.of_id(uri.group(1))
        return found

    def _of_link(self, link: Link) -> SourceRef | None:
        steps = link.steps
        if not link.below("open.spotify.com", "play.spotify.com") or "playlist" not in steps[:-1]:
            return None
        return self.of_id(steps[steps.index("playlist") + 1])

    def of_id(self, text: str) -> SourceRef | None:
        found = text.strip()
        if not _ID.fullmatch(found):
            return None
        return SourceRef(self.name, found, f"https://open.spotify.com/playlist/{found}")

    def short_link(self, text: str) -> ShortLink | None:
        for link in links_in(text):
            if link.below("spotify.link") and len(link.steps) == 1:
                hosts = ("spotify.link", "spotify.app.link", "spotify.com")
                return ShortLink("spotify_short_url", f"/{link.steps[0]}", hosts)
        return None

    def fetch(self, ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
        settings = fetcher.settings
        if not (settings.spotify_client_id and settings.spotify_client_secret):
            return embed.fetch(ref, fetcher)
        try:
            return web_api.fetch(ref, fetcher)
        except SourceFailed as failure:
            if failure.reason not in ("gone", "private", "refused", "not_configured"):
                raise
            return _from_page(ref, fetcher, failure)


def _from_page(ref: SourceRef, fetcher: Fetcher, failure: SourceFailed) -> SourcePlaylist:
    """What the page shows of a playlist that the Web API does not; if nothing, what that said counts."""
    try:
        return embed.fetch(ref, fetcher)
    except SourceFailed as other:
        raise (failure if failure.reason == "not_configured" else other) from other
