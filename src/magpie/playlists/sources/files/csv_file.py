"""CSV, as Exportify, Soundiiz, TuneMyMusic and people's spreadsheets write it: the first line names the columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from magpie.playlists.sources import reading
from magpie.playlists.sources.files.facts import Collected, Entry, facts_of, track_of
from magpie.playlists.sources.files.text import decode
from magpie.playlists.sources.port import SourceFailed

# What a column is about, by its name without spaces and signs. Of several, the first one that has something counts.
_COLUMNS = {
    "title": ("title", "trackname", "tracktitle", "songname", "songtitle", "track", "song", "name", "歌名", "歌曲",
              "歌曲名", "曲名", "标题", "標題"),
    "artists": ("artists", "artistnames", "artistname", "artist", "creator", "performer", "歌手", "艺术家", "藝人",
                "アーティスト", "艺人"),
    "album": ("album", "albumname", "albumtitle", "专辑", "專輯", "アルバム"),
    "album_artist": ("albumartist", "albumartistnames", "albumartistname"),
    "duration_ms": ("durationms", "trackdurationms", "lengthms"),
    "duration_s": ("durations", "durationsec", "durationseconds", "lengths", "seconds"),
    "duration": ("duration", "length", "time", "时长", "時長"),
    "isrc": ("isrc",),
    "mbid": ("mbid", "recordingmbid", "musicbrainzid", "musicbrainzrecordingid"),
    "spotify": ("trackuri", "spotifyuri", "spotifyid", "spotifytrackid", "uri"),
    "source": ("source",),
    "source_id": ("sourceid",),
    "url": ("url", "trackurl", "link"),
    "cover_url": ("coverurl", "cover", "albumimageurl"),
    "aliases": ("othertitles", "aliases"),
    "available": ("available",),
    "path": ("path", "file", "filename", "location"),
    "playlist": ("playlistname", "playlisttitle", "playlist", "歌单"),
}  # fmt: skip
_WRITTEN = {
    "Title": "title",
    "Artists": "artists",
    "Album": "album",
    "Album artist": "album_artist",
    "Duration (s)": "duration",
    "ISRC": "isrc",
    "MBID": "mbid",
    "Other titles": "aliases",
    "Source": "source",
    "Source ID": "source_id",
    "URL": "url",
    "Cover URL": "cover_url",
    "Path": "path",
}
_SIGNS = re.compile(r"[\s_()\[\]\-.:#/]+")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")  # what a spreadsheet would reckon out, and what we have kept it from
_SPOTIFY = re.compile(r"(?:spotify:track:|https://open\.spotify\.com/track/)?([A-Za-z0-9]{22})(?:\?.*)?")
_PART = re.compile(r"(?:\\[\\;]|[^;])+")
_ESCAPED = re.compile(r"\\([\\;])")


def read(data: bytes) -> Collected:
    """Raises `SourceFailed`."""
    text = decode(data)
    delimiter = _delimiter(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    try:
        header = next((line for line in lines if any(cell.strip() for cell in line)), [])
        columns = _columns(header)
        if "title" not in columns:
            raise SourceFailed(
                "unreadable",
                "The first line has to name the columns, at least Title (or Track name) and Artist.",
            )
        return _rows(lines, columns)
    except csv.Error as error:
        raise SourceFailed("unreadable", f"This is not a CSV file: {error}.") from error


def _rows(lines: Iterable[list[str]], columns: dict[str, list[int]]) -> Collected:
    found = Collected()
    for line in lines:
        if any(cell.strip() for cell in line):
            said = {name: _cell(line, places) for name, places in columns.items()}
            found.title = found.title or reading.clean(said.get("playlist"))
            found.add(track_of(_facts(said)))
    return found


def _delimiter(text: str) -> str:
    """The sign that stands most often in the first line, outside of quotes."""
    first = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    return max(",;\t|", key=first.count) if any(sign in first for sign in ",;\t|") else ","


def _columns(header: Sequence[str]) -> dict[str, list[int]]:
    """The places of what we know, in the order in which they are believed."""
    plain = [_SIGNS.sub("", cell.strip().lower()) for cell in header]
    found = {
        name: [plain.index(alias) for alias in aliases if alias in plain]
        for name, aliases in _COLUMNS.items()
    }
    return {name: places for name, places in found.items() if places}


def _cell(line: Sequence[str], places: Sequence[int]) -> str:
    cells = (line[place].strip() for place in places if place < len(line))
    found = next((cell for cell in cells if cell), "")
    return found[1:] if found.startswith("'") and _FORMULA.match(found) else found


def _facts(said: dict[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = dict(said)
    facts["artists"] = _several(said.get("artists", ""))
    facts["aliases"] = _several(said.get("aliases", ""))
    exact = reading.seconds(said.get("duration_s")) or reading.seconds(said.get("duration_ms"), 1000)
    facts["duration"] = exact or _length(said.get("duration", ""))
    facts["is_available"] = said.get("available", "").lower() not in ("no", "false", "0")
    spotify = _SPOTIFY.fullmatch(said.get("spotify", ""))
    if spotify and not facts.get("source_id"):
        facts |= {"source": "spotify", "source_id": spotify.group(1)}
        facts["url"] = facts.get("url") or f"https://open.spotify.com/track/{spotify.group(1)}"
    return facts


def _several(cell: str) -> list[str]:
    """Names with semicolons between them; a semicolon or backslash of their own has a backslash before it. Commas
    are left to the matcher: they are in names, too."""
    return [_ESCAPED.sub(r"\1", part).strip() for part in _PART.findall(cell)]


def _length(cell: str) -> float | None:
    """Seconds, or a clock's time; what would be hours is milliseconds."""
    found = reading.clock(cell) or reading.seconds(cell)
    if found is None or found > 20_000:
        return reading.seconds(cell, 1000) or found
    return found


def write(title: str, entries: Sequence[Entry]) -> bytes:
    """With a mark, so that spreadsheets read it as UTF-8. What they would take for a formula is kept from that."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow([*_WRITTEN, "Available", "Found", "Playlist name"])
    for entry in entries:
        facts = facts_of(entry)
        cells = [_text(facts.get(name, "")) for name in _WRITTEN.values()]
        marks = ["yes" if entry.wanted.is_available else "no", "yes" if entry.found else "no"]
        table.writerow([*(_safe(cell) for cell in cells), *marks, _safe(reading.clean(title))])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", errors="replace")


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(re.sub(r"([\\;])", r"\\\1", reading.clean(part)) for part in value)
    return repr(value) if isinstance(value, float) else str(value)


def _safe(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
