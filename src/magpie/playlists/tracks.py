"""One song, as a source wants it or as a library holds it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Track:
    """A song's facts as they were told, not folded. Everything but `id` and `title` may be missing.

    `id` names it where it comes from: a platform's song, a server's track, a line of a file. `duration` is in
    seconds. `aliases` are further titles that the source itself gives: translations, subtitles.
    """

    id: str
    title: str
    artists: tuple[str, ...] = ()
    album: str | None = None
    duration: float | None = None
    isrc: str | None = None
    mbid: str | None = None  # MusicBrainz' recording
    aliases: tuple[str, ...] = ()
    album_artist: str | None = None
    # Of a source.
    source: str | None = None  # the platform that `source_id` belongs to, as in `sources`
    source_id: str | None = None
    url: str | None = None  # a page of it, for people
    cover_url: str | None = None
    is_available: bool = True  # False: greyed or delisted there; it stays wanted
    # Of a server.
    path: str | None = None  # as the server sees it
