"""XSPF. It is read with expat, without anything that a document's type or entities could do: they are refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from magpie.playlists.sources import reading
from magpie.playlists.sources.files.facts import (
    NAMESPACE,
    Collected,
    Entry,
    as_json,
    facts_of,
    from_json,
    location_of,
)
from magpie.playlists.sources.files.jspf import RECORDING, track
from magpie.playlists.sources.port import SourceFailed

_XMLNS = "http://xspf.org/ns/0/"
_MAX_DEPTH = 32
_MAX_TEXT = 100_000  # characters of one element
_TRACK = ["playlist", "trackList", "track"]
_LISTS = frozenset({"location", "identifier"})


class _Refused(Exception):
    """The document has what a playlist does not need."""


class _Reader:
    """Collects the songs while expat goes through the document."""

    def __init__(self) -> None:
        self.title = ""
        self.rows: list[dict[str, Any]] = []
        self.seen = False
        self._path: list[str] = []
        self._text: list[str] = []
        self._room = 0

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.Parse(data, True)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._path.append(name.rpartition(" ")[2])
        if len(self._path) > _MAX_DEPTH:
            raise _Refused("its elements lie too deep in each other")
        self._text, self._room = [], _MAX_TEXT
        self.seen = self.seen or self._path == ["playlist"]
        if self._path == _TRACK:
            self.rows.append({})
        if len(self.rows) > reading.MAX_TRACKS:
            raise _Refused(f"it has more than {reading.MAX_TRACKS:,} songs")

    def _characters(self, text: str) -> None:
        self._text.append(text[: self._room])
        self._room -= len(self._text[-1])

    def _end(self, name: str) -> None:
        text, path = "".join(self._text).strip(), self._path
        if path[:3] == _TRACK and len(path) == 4 and path[3] in _LISTS:
            self.rows[-1].setdefault(path[3], []).append(text)
        elif path[:3] == _TRACK and len(path) == 4:
            self.rows[-1].setdefault(path[3], text)
        elif path[:3] == _TRACK and path[3:] == ["extension", "facts"]:
            self.rows[-1]["facts"] = text
        elif path == ["playlist", "title"]:
            self.title = text
        self._path.pop()
        self._text = []


def _refuse(*_: object) -> None:
    raise _Refused("it declares a document type or entities")


def read(data: bytes) -> Collected:
    """Raises `SourceFailed`."""
    reader = _Reader()
    try:
        reader.read(data)
    except expat.ExpatError as error:
        raise SourceFailed("unreadable", f"This is not XML: {expat.ErrorString(error.code)}.") from error
    except _Refused as error:
        raise SourceFailed("unreadable", f"This XSPF is not read: {error}.") from error
    except (ValueError, LookupError) as error:
        raise SourceFailed("unreadable", "This XML is in an encoding that cannot be read.") from error
    if not reader.seen:
        raise SourceFailed("unreadable", "This XML is not a playlist.")
    found = Collected(reading.clean(reader.title))
    for row in reader.rows:
        found.add(from_json(row.get("facts", "")) or track(row))
    return found


def write(title: str, entries: Sequence[Entry]) -> bytes:
    """The playlist; a missing song has no location."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<playlist version="1" xmlns="{_XMLNS}">',
        _element("title", reading.clean(title), 1),
        " <trackList>",
    ]
    for entry in entries:
        lines += _track_lines(entry)
    return "\n".join([*lines, " </trackList>", "</playlist>", ""]).encode("utf-8", errors="replace")


def _track_lines(entry: Entry) -> list[str]:
    facts = facts_of(entry)
    length = facts.get("duration")
    told = [
        ("location", location_of(entry)),
        ("identifier", RECORDING + facts["mbid"] if facts.get("mbid") else None),
        ("identifier", f"urn:isrc:{facts['isrc']}" if facts.get("isrc") else None),
        ("title", facts.get("title")),
        ("creator", ", ".join(facts.get("artists", []))),
        ("info", facts.get("url")),
        ("image", facts.get("cover_url")),
        ("album", facts.get("album")),
        ("duration", str(round(length * 1000)) if length else None),
    ]
    lines = [_element(name, value, 3) for name, value in told if value]
    ours = f'<m:facts xmlns:m="{NAMESPACE}">{escape(as_json(entry))}</m:facts>'
    return ["  <track>", *lines, f'   <extension application="{NAMESPACE}">{ours}</extension>', "  </track>"]


def _element(name: str, text: str, depth: int) -> str:
    return f"{' ' * depth}<{name}>{escape(text)}</{name}>"
