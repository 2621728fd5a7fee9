"""Spotify's Web API, as an app without a user: client credentials, then the playlist page by page.

In 2026 the list of a playlist moved from `tracks` to `items`, and an entry's song from `track` to `item`, for apps in
development mode; others see the old names. Both are read.
"""

from __future__ import annotations

from typing import Any

from magpie.playlists.sources import reading
from magpie.playlists.sources.fetching import Fetcher
from magpie.playlists.sources.port import SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.tracks import Track

PAGE = 100


def fetch(ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
    """The whole playlist. Raises `SourceFailed`."""
    headers = {"Authorization": f"Bearer {_token(fetcher)}"}
    answer = fetcher.get("spotify_api_url", f"/v1/playlists/{ref.id}", headers=headers)
    found = reading.mapping(answer.json())
    kind = next((name for name in ("items", "tracks") if isinstance(found.get(name), dict)), None)
    if kind is None:
        raise SourceFailed(
            "refused", "Spotify's Web API does not show the songs of this playlist to this app."
        )
    total = reading.whole(found[kind].get("total"))
    entries = reading.rows(found[kind].get("items"))
    failure = _further(ref, fetcher, headers, kind, entries, total)
    tracks = [track for entry in entries if (track := _track(entry))]
    return reading.finished(
        ref,
        found.get("name"),
        tracks,
        total,
        failure=failure,
        description=reading.about(found.get("description")),
        cover_url=reading.web_url(reading.dig(found, "images", 0, "url")),
        owner=reading.clean(reading.dig(found, "owner", "display_name")) or None,
        version=reading.key(found.get("snapshot_id")),
    )


def _token(fetcher: Fetcher) -> str:
    """An app's token, good for an hour; asked for anew each time, since nothing here outlives a fetch."""
    settings = fetcher.settings
    try:
        answer = fetcher.post(
            "spotify_accounts_url",
            "/api/token",
            form={"grant_type": "client_credentials"},
            auth=(settings.spotify_client_id, settings.spotify_client_secret),
        )
    except SourceFailed as failure:
        if failure.reason in ("private", "refused", "unreadable"):
            raise SourceFailed(
                "not_configured",
                "Spotify does not accept the client ID and secret (MAGPIE_SPOTIFY_CLIENT_ID and _SECRET).",
            ) from None
        raise
    token = reading.mapping(answer.json()).get("access_token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or " " in token:
        raise answer.unreadable()
    return token


def _further(
    ref: SourceRef,
    fetcher: Fetcher,
    headers: dict[str, str],
    kind: str,
    entries: list[dict[str, Any]],
    total: int | None,
) -> SourceFailed | None:
    """Read on until all entries are there; the failure that ended this, if one did."""
    while total is not None and len(entries) < min(total, reading.MAX_TRACKS):
        params: dict[str, str | int] = {"offset": len(entries), "limit": PAGE}
        try:
            path = f"/v1/playlists/{ref.id}/{kind}"
            answer = fetcher.get("spotify_api_url", path, params=params, headers=headers)
            found = reading.rows(reading.mapping(answer.json()).get("items"))
        except SourceFailed as failure:
            return failure
        if not found:
            return None  # fewer than there are said to be: the sum tells
        entries.extend(found)
    return None


def _track(entry: dict[str, Any]) -> Track | None:
    """A song; also one of the user's own computer, of which Spotify knows the names only. Podcasts are left in:
    they have a name, too, and what is wanted is said rather than dropped."""
    song = reading.mapping(entry.get("item") or entry.get("track"))
    title = reading.clean(song.get("name"))
    if not title:
        return None
    name = reading.key(song.get("id"))
    album = reading.mapping(song.get("album"))
    return Track(
        id=name or reading.clean(song.get("uri"), reading.MAX_ID) or title[: reading.MAX_ID],
        title=title,
        artists=reading.names(song.get("artists"), "name"),
        album=reading.clean(album.get("name")) or None,
        album_artist=", ".join(reading.names(album.get("artists"), "name")) or None,
        duration=reading.seconds(song.get("duration_ms"), 1000),
        isrc=reading.isrc(reading.dig(song, "external_ids", "isrc")),
        source="spotify",
        source_id=name,
        url=f"https://open.spotify.com/track/{name}" if name else None,
        cover_url=reading.web_url(reading.dig(album, "images", 0, "url")),
        is_available=song.get("is_playable") is not False,
    )
