"""A song's facts in a file: what is written so that it comes back as it was, and what of it is believed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from magpie.playlists.sources import reading
from magpie.playlists.sources.port import SourceFailed
from magpie.playlists.tracks import Track

NAMESPACE = "urn:x-magpie:track"  # of our own facts in formats that let programs add some
MAX_PATH = 4096  # characters
_IN_PATHS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TEXTS = ("album", "album_artist", "source", "source_id")
_LISTS = ("artists", "aliases")


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of a playlist that is written: the wanted song, and what a server has for it, if anything."""

    wanted: Track
    found: Track | None = None

    @property
    def path(self) -> str | None:
        """Where the song's file is, as the server (or the file that this came from) sees it."""
        return path_text((self.found or self.wanted).path)

    @property
    def is_missing(self) -> bool:
        """Nothing can be played at this place."""
        return self.path is None and reading.web_url(self.wanted.url) is None


@dataclass(slots=True)
class Collected:
    """What a reader has found so far: the title, the songs, and how many places could not be read."""

    title: str = ""
    tracks: list[Track] = field(default_factory=list)
    lost: int = 0

    def add(self, track: Track | None) -> None:
        """One place more. Raises `SourceFailed` as soon as there are too many."""
        if track:
            self.tracks.append(track)
        else:
            self.lost += 1
        if len(self.tracks) + self.lost > reading.MAX_TRACKS:
            raise SourceFailed("unreadable", f"The file has more than {reading.MAX_TRACKS:,} songs.")


def path_text(value: object) -> str | None:
    """A path as one line of text."""
    found = _IN_PATHS.sub("", value).strip() if isinstance(value, str) else ""
    return found if 0 < len(found) <= MAX_PATH else None


def facts_of(entry: Entry) -> dict[str, Any]:
    """What is known, without what is not."""
    song = entry.wanted
    known: dict[str, Any] = {name: getattr(song, name) for name in ("title", *_TEXTS, *_LISTS)}
    known |= {name: getattr(song, name) for name in ("duration", "isrc", "mbid", "url", "cover_url")}
    known["path"] = entry.path
    facts = {
        name: list(value) if isinstance(value, tuple) else value for name, value in known.items() if value
    }
    return facts if song.is_available else {**facts, "is_available": False}


def track_of(facts: Mapping[str, Any]) -> Track | None:
    """The song that some facts describe; None without a title. The facts are anybody's."""
    title = reading.clean(facts.get("title"))
    if not title:
        return None
    texts = {name: reading.clean(facts.get(name)) or None for name in _TEXTS}
    artists = reading.names(facts.get("artists"))
    song = Track(
        id="",
        title=title,
        artists=artists,
        aliases=reading.other_titles(title, facts.get("aliases")),
        duration=reading.seconds(facts.get("duration")),
        isrc=reading.isrc(facts.get("isrc")),
        mbid=reading.mbid(facts.get("mbid")),
        url=reading.web_url(facts.get("url")),
        cover_url=reading.web_url(facts.get("cover_url")),
        path=path_text(facts.get("path")),
        is_available=facts.get("is_available") is not False,
        **texts,
    )
    return replace(song, id=_digest(song))


def _digest(song: Track) -> str:
    """Names a song of a file by what it says, so that it keeps its name when lines move."""
    said = json.dumps([song.title, song.artists, song.album])
    return sha256(said.encode()).hexdigest()[:16]


def as_json(entry: Entry) -> str:
    """The facts in one line."""
    return json.dumps(facts_of(entry), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Track | None:
    """Facts that `as_json` wrote, or somebody else."""
    try:
        return track_of(reading.mapping(json.loads(text)))
    except (ValueError, RecursionError):
        return None


def location_of(entry: Entry) -> str | None:
    """An address for formats that want addresses: the file's, else that of the song's page."""
    if entry.path is None:
        return reading.web_url(entry.wanted.url)
    if re.match(r"[A-Za-z]:[\\/]", entry.path):
        return "file:///" + quote(entry.path.replace("\\", "/"), safe="/:")
    return "file://" + quote(entry.path) if entry.path.startswith("/") else quote(entry.path)


def of_location(value: object) -> dict[str, Any]:
    """The facts in an address that somebody else wrote: a path, or the address of a page."""
    found = path_text(value)
    if found is None:
        return {}
    if reading.web_url(found):
        return {"url": found}
    try:
        parts = urlsplit(found)
    except ValueError:
        return {"path": found}
    if parts.scheme == "file":
        path = unquote(parts.path)
        return {"path": path[1:] if re.match(r"/[A-Za-z]:/", path) else path}
    return {} if parts.scheme and len(parts.scheme) > 1 and "://" in found else {"path": unquote(found)}
