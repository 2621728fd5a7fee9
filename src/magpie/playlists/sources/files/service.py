"""Playlists in files: what somebody uploads, and what somebody takes along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PureWindowsPath

from magpie.playlists.sources import reading
from magpie.playlists.sources.files import csv_file, jspf, m3u, xspf
from magpie.playlists.sources.files.facts import Collected, Entry
from magpie.playlists.sources.port import SourceFailed, SourcePlaylist, SourceRef

MAX_BYTES = 16 << 20
PLATFORM = "file"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file."""

    mime: str
    endings: tuple[str, ...]  # of names, the usual one first
    read: Callable[[bytes], Collected]
    write: Callable[[str, Sequence[Entry]], bytes]


FORMATS = {
    "m3u": Format("audio/x-mpegurl", (".m3u8", ".m3u"), m3u.read, m3u.write),
    "csv": Format("text/csv; charset=utf-8", (".csv", ".tsv", ".txt"), csv_file.read, csv_file.write),
    "jspf": Format("application/json", (".jspf", ".json"), jspf.read, jspf.write),
    "xspf": Format("application/xspf+xml", (".xspf", ".xml"), xspf.read, xspf.write),
}


def read(name: str, data: bytes) -> SourcePlaylist:
    """The playlist in an uploaded file. Its content says of which kind it is, `name` only where that is open.

    The ref's id is a digest of the bytes. Raises `SourceFailed("unreadable")`.
    """
    if len(data) > MAX_BYTES:
        raise SourceFailed("unreadable", f"The file is larger than {MAX_BYTES >> 20} MB.")
    found = FORMATS[format_of(name, data)].read(data)
    if not found.tracks and found.lost:
        raise SourceFailed("unreadable", "No song could be read from this file.")
    ref = SourceRef(PLATFORM, sha256(data).hexdigest()[:32], "")
    shown = found.title or reading.clean(PureWindowsPath(name).stem) or "Playlist"
    return reading.finished(ref, shown, found.tracks, len(found.tracks) + found.lost, version=ref.id)


def format_of(name: str, data: bytes) -> str:
    """The format of a file: what it begins with counts more than its name."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    ending = PureWindowsPath(name).suffix.lower()
    if start.startswith(b"{"):
        return "jspf"
    if start.startswith(b"<"):
        return "xspf"
    if start.upper().replace(b"\x00", b"").startswith(b"#EXTM3U"):
        return "m3u"
    return next((kind for kind, known in FORMATS.items() if ending in known.endings), "m3u")


def write(kind: str, title: str, entries: Sequence[Entry]) -> bytes:
    """A file of this format with all entries, those without a match, too. Raises `KeyError` for another format."""
    return FORMATS[kind].write(title, entries)


def file_name(kind: str, title: str) -> str:
    """A name for the file that every system takes."""
    plain = "".join(char if char.isalnum() or char in " -_.()" else "_" for char in reading.clean(title, 100))
    return (plain.strip(" .") or "playlist") + FORMATS[kind].endings[0]
