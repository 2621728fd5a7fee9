"""JSPF: XSPF as JSON, as ListenBrainz gives and takes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from magpie.playlists.sources import reading
from magpie.playlists.sources.files.facts import (
    NAMESPACE,
    Collected,
    Entry,
    facts_of,
    location_of,
    of_location,
    track_of,
)
from magpie.playlists.sources.port import SourceFailed
from magpie.playlists.tracks import Track

MUSICBRAINZ_PLAYLIST = "https://musicbrainz.org/doc/jspf#playlist"
MUSICBRAINZ_TRACK = "https://musicbrainz.org/doc/jspf#track"
RECORDING = "https://musicbrainz.org/recording/"


def read(data: bytes) -> Collected:
    """Raises `SourceFailed`."""
    try:
        said = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SourceFailed("unreadable", "This is not a JSPF file: it is not JSON.") from error
    found = reading.mapping(reading.mapping(said).get("playlist"))
    if not isinstance(found.get("track"), list):
        raise SourceFailed("unreadable", "This is not a JSPF file: it has no playlist with tracks.")
    collected = Collected(reading.clean(found.get("title")))
    for row in found["track"]:
        collected.add(track(reading.mapping(row)))
    return collected


def track(row: dict[str, Any], *, source: str | None = None) -> Track | None:
    """A song of a playlist; `source` is the platform that it came from, if it knows its songs by their recordings."""
    ours = _first(reading.dig(row, "extension", NAMESPACE))
    if ours:
        return track_of(ours)
    identifiers = _several(row.get("identifier"))
    named = next(
        (found for entry in identifiers if RECORDING in str(entry) and (found := reading.mbid(entry))), None
    )
    facts: dict[str, Any] = {
        "title": row.get("title"),
        "artists": _artists(row),
        "album": row.get("album"),
        "duration": reading.seconds(row.get("duration"), 1000),
        "mbid": named,
        "isrc": next((found for entry in identifiers if (found := _isrc(entry))), None),
        "cover_url": row.get("image"),
        "url": row.get("info"),
    }
    for entry in _several(row.get("location")):
        facts |= of_location(entry)
    song = track_of(facts)
    if song is None or not source or not named:
        return song
    return replace(song, id=named, source=source, source_id=named, url=song.url or RECORDING + named)


def _artists(row: dict[str, Any]) -> list[str]:
    credited = reading.rows(
        reading.dig(row, "extension", MUSICBRAINZ_TRACK, "additional_metadata", "artists")
    )
    named = reading.names(credited, "artist_credit_name")
    return list(named) if credited and len(named) == len(credited) else [reading.clean(row.get("creator"))]


def _isrc(entry: object) -> str | None:
    text = str(entry)
    return reading.isrc(text[9:]) if text.lower().startswith("urn:isrc:") else None


def _several(value: object) -> list[Any]:
    """A list, or the one thing that some programs write in its place."""
    return value if isinstance(value, list) else [value] if value else []


def _first(value: object) -> dict[str, Any]:
    return next(iter(reading.rows(_several(value))), {})


def write(title: str, entries: Sequence[Entry]) -> bytes:
    """The playlist, indented, for people who look into it."""
    playlist = {"title": reading.clean(title), "track": [_row(entry) for entry in entries]}
    return json.dumps({"playlist": playlist}, ensure_ascii=False, indent=1).encode("utf-8", errors="replace")


def _row(entry: Entry) -> dict[str, Any]:
    facts = facts_of(entry)
    location = location_of(entry)
    identifiers = [RECORDING + facts["mbid"]] if facts.get("mbid") else []
    identifiers += [f"urn:isrc:{facts['isrc']}"] if facts.get("isrc") else []
    row: dict[str, Any] = {
        "title": facts.get("title"),
        "creator": ", ".join(facts.get("artists", [])) or None,
        "album": facts.get("album"),
        "duration": round(facts["duration"] * 1000) if facts.get("duration") else None,
        "identifier": identifiers,
        "location": [location] if location else None,
        "image": facts.get("cover_url"),
        "info": facts.get("url"),
        "extension": {NAMESPACE: [facts]},
    }
    return {name: value for name, value in row.items() if value}
