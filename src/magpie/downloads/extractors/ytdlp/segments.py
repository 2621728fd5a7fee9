"""What a live stream has sent, kept as it came: segment after segment, and a journal of where each of them lies.

Nothing is taken apart while it is recorded, so it is known to the byte which segments are held whole, whatever a
stream's clock does, and whenever the program is killed. A segment counts as held once all of it is in its file.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

_HEAD = 17  # bytes by which a file is known; a key has one less
_LONGEST_MAP = 4 * 2**20
_NO_MAP = "-"


@dataclass(slots=True)
class Segment:
    """A stretch of a file of ours. `source`: which of the stream's playlists it is from. `end`: None while it is not
    whole. `map`: what has to come before it (RFC 8216, 4.3.2.5), if anything."""

    name: str
    source: int
    file: str
    start: int
    end: int | None = None
    map: str | None = None


class Journal:
    """Which segments are held, and where, line by line. Lines that mean nothing are passed over."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = Lock()
        self._places: dict[tuple[str, int], Segment] = {}
        self._whole: set[str] = set()
        self.segments: list[Segment] = []
        self.maps: dict[str, Segment] = {}
        with suppress(OSError):
            for line in path.read_text().splitlines():
                with suppress(ValueError):
                    self._take(line.split(" "))

    def _take(self, words: list[str]) -> None:
        match words:
            case ["begun", name, source, file, start, needed]:
                segment = Segment(
                    name, int(source), file, int(start), map=None if needed == _NO_MAP else needed
                )
                self.segments.append(segment)
                self._places[file, segment.start] = segment
            case ["whole", name, file, start, end] if (file, int(start)) in self._places:
                self._places[file, int(start)].end = int(end)
                self._whole.add(name)
            case ["map", name, source, file, start, end]:
                self.maps[name] = Segment(name, int(source), file, int(start), int(end))
            case [
                name
            ]:  # as the first release wrote it: a segment that is in a part which was put together already
                self._whole.add(name)

    def note(self, *words: str | int) -> None:
        """Write one line and heed it."""
        line = [str(word) for word in words]
        with self._guard:
            with self._path.open("a") as journal:
                journal.write(" ".join(line) + "\n")
            self._take(line)

    def has(self, name: str) -> bool:
        """Whether all of it is held."""
        return name in self._whole


class Sink:
    """Takes the files of one playlist, as they are read one after the other, into one file."""

    def __init__(self, path: Path, source: int, journal: Journal) -> None:
        self._file = path.open("ab", buffering=0)
        self._name = path.name
        self._source = source
        self._journal = journal
        self._map: str | None = None
        self._guard = Lock()
        self._position = 0
        self.has_passed = False
        self.has_kept = False

    def passes_over(self, address: str) -> bool:
        """Whether this file need not be fetched, since it is held."""
        held = self._journal.has(name_of(address))
        self.has_passed = self.has_passed or held
        return held

    def open(self, address: str) -> Incoming:
        """For what is going to be read from the address, whatever it is."""
        return Incoming(self, name_of(address))

    def begin(self, name: str) -> int:
        """Where the segment begins."""
        with self._guard:
            self._journal.note("begun", name, self._source, self._name, self._position, self._map or _NO_MAP)
            self.has_kept = True
            return self._position

    def write(self, data: bytes) -> None:
        """Raises `OSError`; after `close` nothing is taken any more."""
        with self._guard:
            rest = memoryview(data)
            while rest and not self._file.closed:
                written = self._file.write(rest) or 0
                self._position += written
                rest = rest[written:]

    def end(self, name: str, start: int) -> None:
        """The segment that began there is all in it."""
        with self._guard:
            if not self._file.closed:
                self._journal.note("whole", name, self._name, start, self._position)

    def keep_map(self, data: bytes) -> None:
        """What has to come before the segments that follow."""
        name = hashlib.sha256(data).hexdigest()[:32]
        if name not in self._journal.maps:
            start = self._position
            self.write(data)
            self._journal.note("map", name, self._source, self._name, start, start + len(data))
        self._map = name

    def close(self) -> None:
        """A thread may still be reading; what it gets is not wanted any more."""
        with self._guard:
            self._file.close()


class Incoming:
    """One file of a stream on its way: a segment is kept, and what begins a stream of fragments; playlists and keys
    are not."""

    def __init__(self, sink: Sink, name: str) -> None:
        self._sink = sink
        self._name = name
        self._head = b""
        self._start: int | None = None
        self._is_map = False
        self._is_kept = True

    def take(self, data: bytes) -> None:
        """The next bytes of it."""
        if self._start is not None:
            self._sink.write(data)
        elif self._is_kept:
            self._head += data
            self._look()

    def _look(self) -> None:
        if len(self._head) < _HEAD:
            return
        if self._head[4:8] == b"ftyp":
            self._is_map = True
            self._is_kept = len(self._head) <= _LONGEST_MAP
            return
        self._is_kept = not self._head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
            b"#EXTM3U"[: len(self._head)]
        )
        if self._is_kept:
            self._start = self._sink.begin(self._name)
            self._sink.write(self._head)
        self._head = b""

    def whole(self) -> None:
        """It has been read to its end."""
        if self._start is not None:
            self._sink.end(self._name, self._start)
        elif self._is_map and self._is_kept:
            self._sink.keep_map(self._head)
        self._is_kept, self._start = False, None


def name_of(address: str) -> str:
    """Stands for an address in the journal, without the secrets that its query may hold."""
    return hashlib.sha256(address.encode(errors="replace")).hexdigest()[:32]
