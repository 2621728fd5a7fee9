"""M3U and M3U8: a line per file, with comments above it.

What is written has our own facts in a comment above each file, so that nothing is lost, and the missing songs as
comments only: players pass over them, people and Magpie read them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PureWindowsPath
from typing import Any

from magpie.playlists.sources import reading
from magpie.playlists.sources.files.facts import Collected, Entry, as_json, from_json, of_location, track_of
from magpie.playlists.sources.files.text import decode
from magpie.playlists.sources.port import SourceFailed
from magpie.playlists.tracks import Track

_OURS = "#MAGPIE:"
_LENGTH = re.compile(r"\s*(-?\d+(?:\.\d+)?)")
_DASH = re.compile(r"\s+[-–—]\s+")
_NUMBER = re.compile(r"\d{1,3}(?:\s*[-.]\s*|\s+)(?=\S)")


@dataclass(slots=True)
class _Read(Collected):
    ours: Track | None = None  # from the comment above
    said: dict[str, Any] = field(default_factory=dict)  # from the usual comments

    def close(self) -> None:
        """What was told without a file is a song, too: a missing one."""
        if self.ours:
            self.add(self.ours)
        self.ours, self.said = None, {}


def read(data: bytes) -> Collected:
    """Raises `SourceFailed`."""
    text = decode(data)
    if "#EXT-X-" in text[:20_000]:
        raise SourceFailed("unreadable", "This M3U is a stream, not a playlist of songs.")
    found = _Read()
    for line in text.splitlines():
        _line(line.strip(), found)
    found.close()
    return found


def _line(line: str, found: _Read) -> None:
    if not line:
        return
    if not line.startswith("#"):
        _file(line, found)
        return
    word, _, rest = line.partition(":")
    if word.upper() == _OURS[:-1]:
        found.close()
        found.ours = from_json(rest)
    elif word.upper() == "#EXTINF":
        found.said |= _of_extinf(rest)
    elif word.upper() == "#PLAYLIST":
        found.title = reading.clean(rest)
    elif word.upper() == "#EXTALB":
        found.said["album"] = rest
    elif word.upper() == "#EXTART":
        found.said["artist"] = reading.clean(rest)


def _file(line: str, found: _Read) -> None:
    if found.ours:
        found.close()
        return
    found.add(track_of(_facts(found.said, line)))
    found.said = {}


def _of_extinf(rest: str) -> dict[str, Any]:
    """Length and what is shown; in between there may be attributes with commas in their quotes."""
    length = _LENGTH.match(rest)
    shown = re.sub(r'"[^"]*"', "", rest) if '="' in rest else rest
    return {
        "duration": reading.seconds(length.group(1)) if length else None,
        "shown": reading.clean(shown.partition(",")[2]),
    }


def _facts(said: dict[str, Any], line: str) -> dict[str, Any]:
    located = of_location(line)
    shown = said.get("shown") or ""
    artist = said.get("artist") or ""
    if not shown:
        shown = _NUMBER.sub("", _name_of(located), count=1)
    if artist and shown.startswith(f"{artist} - "):
        title, artists = shown[len(artist) + 3 :], [artist]
    else:
        first, *rest = _DASH.split(shown, maxsplit=1)
        title, artists = (rest[0], [first]) if rest else (first, [artist] if artist else [])
    more = {"album": said.get("album"), "duration": said.get("duration")}
    return {"title": title, "artists": artists, **more, **located}


def _name_of(located: dict[str, Any]) -> str:
    """A file's name without its ending. Windows' rules know both kinds of slashes."""
    return PureWindowsPath(located.get("path", "")).stem


def write(title: str, entries: Sequence[Entry]) -> bytes:
    """In UTF-8, as `.m3u8` says and today's players expect of `.m3u`."""
    lines = ["#EXTM3U", f"#PLAYLIST:{reading.clean(title)}"]
    for entry in entries:
        lines += _lines(entry)
    return ("\n".join(lines) + "\n").encode("utf-8", errors="replace")


def _lines(entry: Entry) -> list[str]:
    song = entry.wanted
    title = reading.clean(song.title)
    artists = ", ".join(reading.names(list(song.artists)))
    shown = f"{artists} - {title}" if artists else title
    location = entry.path or reading.web_url(song.url)
    if location is None:
        return [f"# missing: {shown}", _OURS + as_json(entry)]
    length = round(song.duration) if song.duration else -1
    lines = [_OURS + as_json(entry), f"#EXTINF:{length},{shown}"]
    if artists:
        lines.append(f"#EXTART:{artists}")
    if album := reading.clean(song.album):
        lines.append(f"#EXTALB:{album}")
    return [*lines, f"./{location}" if location.startswith("#") else location]
