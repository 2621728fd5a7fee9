"""What was recorded of a live stream, put together as one file.

The segments that are held are played from the disk as a stream that has ended: each of them once, in the order in
which they came, whatever their clocks say.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import av.error
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from magpie.downloads.extractors.demuxers import DEMUXERS
from magpie.downloads.extractors.ytdlp.segments import Journal, Segment
from magpie.downloads.extractors.ytdlp.tracks import Track
from magpie.downloads.extractors.ytdlp.webfiles import OPTIONS

_TS_PACKET = 188
_SYNC = 0x47
_HERE = "http://recording.invalid/"  # libav wants an address; nothing but `_Shelf` ever sees it
_LOCAL = {"protocol_whitelist": "file", "format_whitelist": DEMUXERS}
_HEAD = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:10\n#EXT-X-PLAYLIST-TYPE:VOD\n"


def join(folder: Path, journal: Journal, older: Iterable[Path], target: Path, form: str) -> None:
    """Write all that is held as one file. `older`: parts from before segments were kept, in their order.

    Raises `FFmpegError` if none of it can be read.
    """
    shelves = [
        shelf
        for source in sorted({segment.source for segment in journal.segments})
        if (shelf := _Shelf(folder, journal, source))
    ]
    with av.open(str(target), "w", format=form) as output:
        joiner = _Joiner(output)
        for path in older:
            with suppress(av.error.FFmpegError), av.open(str(path), options=dict(_LOCAL)) as source:
                joiner.add([source])
        with ExitStack() as stack:
            joiner.add(_opened(shelves, stack))
    if not joiner.written:
        raise av.error.InvalidDataError(0, "nothing of the recording can be read")


def _opened(shelves: list[_Shelf], stack: ExitStack) -> list[InputContainer]:
    found = []
    for shelf in shelves:
        with suppress(av.error.FFmpegError):
            source = av.open(
                f"{_HERE}index.m3u8", options=dict(OPTIONS), io_open=shelf, metadata_errors="replace"
            )
            found.append(stack.enter_context(source))
    return found


class _Shelf:
    """The segments of one playlist as files for `av.open(…, io_open=…)`, and a playlist of them."""

    def __init__(self, folder: Path, journal: Journal, source: int) -> None:
        self._folder = folder
        self._maps = journal.maps
        mine = [segment for segment in journal.segments if segment.source == source]
        self._ends = _ends([*mine, *journal.maps.values()])
        self._segments = [
            segment for segment in mine if segment.end is not None or not journal.has(segment.name)
        ]
        self._segments = [
            segment for segment in self._segments if segment.end is not None or self._torn(segment)
        ]

    def __bool__(self) -> bool:
        return bool(self._segments)

    def __call__(self, url: str, _flags: int, _options: dict[str, str]) -> io.BytesIO:
        kind, _, name = url.removeprefix(_HERE).partition("/")
        if kind == "map":
            return io.BytesIO(self._data(self._maps[name]))
        if kind == "segment":
            segment = self._segments[int(name)]
            return io.BytesIO(self._data(segment) if segment.end is not None else self._torn(segment))
        return io.BytesIO(self._playlist().encode())

    def _playlist(self) -> str:
        lines = [_HEAD]
        latest = None
        for number, segment in enumerate(self._segments):
            if segment.map in self._maps and segment.map != latest:
                latest = segment.map
                lines.append(f'#EXT-X-MAP:URI="{_HERE}map/{latest}"\n')
            lines.append(f"#EXTINF:1,\n{_HERE}segment/{number}\n")
        return "".join([*lines, "#EXT-X-ENDLIST\n"])

    def _data(self, segment: Segment) -> bytes:
        end = segment.end if segment.end is not None else self._ends.get((segment.file, segment.start))
        with suppress(OSError), (self._folder / segment.file).open("rb") as file:
            file.seek(segment.start)
            return file.read(-1 if end is None else end - segment.start)
        return b""

    def _torn(self, segment: Segment) -> bytes:
        """What can be played of a segment that is not whole, and is not to be had any more."""
        return whole_units(self._data(segment))


def _ends(places: list[Segment]) -> dict[tuple[str, int], int]:
    """Where what begins at a place of a file ends at the latest: where the next begins."""
    places = sorted(places, key=lambda place: (place.file, place.start))
    return {
        (one.file, one.start): following.start
        for one, following in pairwise(places)
        if one.file == following.file
    }


def whole_units(data: bytes) -> bytes:
    """Of MPEG-TS that breaks off: of each of its streams all but the last unit (ISO/IEC 13818-1, 2.4.3). Nothing of
    what is not MPEG-TS."""
    packets = [data[at : at + _TS_PACKET] for at in range(0, len(data) - _TS_PACKET + 1, _TS_PACKET)]
    if any(packet[0] != _SYNC for packet in packets):
        return b""
    latest = {_pid(packet): number for number, packet in enumerate(packets) if _begins_unit(packet)}
    kept = [
        packet for number, packet in enumerate(packets) if number < latest.get(_pid(packet), len(packets))
    ]
    return b"".join(kept)


def _pid(packet: bytes) -> int:
    return (packet[1] & 0x1F) << 8 | packet[2]


def _begins_unit(packet: bytes) -> bool:
    """Whether a PES packet begins in it; tables, which are repeated anyway, do not count."""
    adaptation = 1 + packet[4] if packet[3] & 0x20 else 0
    return bool(packet[1] & 0x40) and packet[4 + adaptation : 7 + adaptation] == b"\0\0\1"


@dataclass(slots=True)
class _Feed:
    """What one playlist sends, and how far it has got by the recording's clock, in seconds."""

    packets: Iterator[Packet[Stream]]
    kinds: dict[Stream, str]
    reached: Fraction = Fraction(0)

    def next(self) -> Packet[Stream] | None:
        with suppress(av.error.FFmpegError):
            return next(self.packets, None)
        return None


class _Joiner:
    def __init__(self, output: OutputContainer) -> None:
        self._output = output
        self._tracks: dict[str, Track] = {}
        self.written = 0

    def add(self, sources: list[InputContainer]) -> None:
        """What was recorded at the same time. One whose end is torn is taken as far as it goes."""
        feeds = [_Feed(source.demux(list(kinds)), kinds) for source, kinds in self._chosen(sources) if kinds]
        while feeds:
            feed = min(feeds, key=lambda one: one.reached)
            packet = feed.next()
            if packet is None:
                feeds.remove(feed)
                continue
            track = self._tracks[feed.kinds[packet.stream]]
            base = packet.time_base
            if track.place(packet) and track.last is not None and base is not None:
                feed.reached = track.last * base
                self._output.mux_one(packet)
                self.written += 1

    def _chosen(self, sources: list[InputContainer]) -> Iterator[tuple[InputContainer, dict[Stream, str]]]:
        """The best picture and sound; what comes later has no more tracks than what came first."""
        is_first = not self._tracks
        left = {"video", "audio"}
        for source in sources:
            found: dict[Stream, str] = {}
            for kind in sorted(left):
                stream = source.streams.best("video") if kind == "video" else source.streams.best("audio")
                if stream is None:
                    continue
                left.discard(kind)
                if is_first:
                    self._tracks[kind] = Track(self._output.add_stream_from_template(stream))
                if kind in self._tracks:
                    found[stream] = kind
            yield source, found
