"""Spotify's page for embedding: its data as JSON in a script."""

from __future__ import annotations

import re
from typing import Any

from magpie.playlists.sources import reading
from magpie.playlists.sources.fetching import BROWSER, Answer, Fetcher
from magpie.playlists.sources.pages import script_json
from magpie.playlists.sources.port import SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.tracks import Track

SHOWN = 100  # songs at most
_TRACK = re.compile(r"spotify:track:([A-Za-z0-9]{22})")
_HEADERS = {"User-Agent": BROWSER, "Accept": "text/html", "Accept-Language": "en"}


def fetch(ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
    """The playlist as far as the page shows it. Raises `SourceFailed`."""
    answer = fetcher.get("spotify_url", f"/embed/playlist/{ref.id}", headers=_HEADERS)
    found = _entity(answer)
    tracks = [track for row in reading.rows(found.get("trackList")) if (track := _track(row))]
    shown = len(reading.rows(found.get("trackList")))
    note = None
    if len(tracks) < shown:
        note = f"{len(tracks)} of the {shown} songs that the page shows could be read."
    elif shown >= SHOWN:
        note = f"Without keys Spotify shows {SHOWN} songs only; there may be more."
    return reading.finished(
        ref,
        found.get("name") or found.get("title"),
        tracks,
        None,
        note=note,
        cover_url=reading.web_url(reading.dig(found, "coverArt", "sources", 0, "url")),
        owner=reading.clean(found.get("subtitle")) or None,
    )


def _entity(answer: Answer) -> dict[str, Any]:
    page = script_json(answer, "__NEXT_DATA__")
    props = reading.dig(page, "props", "pageProps")
    found = reading.dig(props, "state", "data", "entity")
    if isinstance(found, dict) and isinstance(found.get("trackList"), list):
        return found
    status = reading.dig(props, "status")
    if status in (403, 404) or reading.dig(page, "page") == "/404":
        raise SourceFailed("gone", "Spotify does not have this playlist: it is gone, or private.")
    raise answer.unreadable()


def _track(row: dict[str, Any]) -> Track | None:
    title = reading.clean(row.get("title"))
    named = _TRACK.fullmatch(reading.clean(row.get("uri")))
    source_id = named.group(1) if named else reading.key(row.get("uid"))
    if not title or not source_id:
        return None
    return Track(
        id=source_id,
        title=title,
        artists=_artists(row),
        duration=reading.seconds(row.get("duration"), 1000),
        source="spotify",
        source_id=source_id if named else None,
        url=f"https://open.spotify.com/track/{source_id}" if named else None,
        is_available=row.get("isPlayable") is not False,
    )


def _artists(row: dict[str, Any]) -> tuple[str, ...]:
    """The names stand in one line with a comma and a space that does not break between them; a comma with a plain
    space is part of a name (Tyler, The Creator)."""
    line = row.get("subtitle")
    if isinstance(row.get("artists"), list):
        return reading.names(row["artists"], "name")
    return reading.names(line.split(",\u00a0")) if isinstance(line, str) else ()
