"""A live recording on the disk: parts, each playable whenever it ends, and what was recorded already.

A stream may break off and come back, and the program may be killed. Every beginning writes a part of its own, as
MPEG-TS, which needs no end. Beside them stands, line by line, which of the stream's segments are in them; a stream
that still offers those is not recorded twice, and what it offers besides is caught up on. At the end the parts
become one file.
"""

from __future__ import annotations

import hashlib
import json
import time
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import av.error
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from magpie.downloads.extractors.port import Medium, medium_from_wire, to_wire
from magpie.downloads.extractors.probe import DEMUXERS
from magpie.downloads.extractors.ytdlp.tracks import Track

# Segments of which each stands for itself; others need what came before them.
_WHOLE = (".ts", ".aac", ".m2ts")
# What a part begins with may be at the end of the part before: at most one segment.
OVERLAP_SECONDS = 30
PART_OPTIONS = {"mpegts_copyts": "1", "flush_packets": "1"}
_LOCAL = {"protocol_whitelist": "file", "format_whitelist": DEMUXERS}


class Parts:
    """The parts of one recording in a job's work folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._facts = folder / "recording.json"
        self._journal = folder / "recording.segments"
        self._known = self._read_journal()

    def __bool__(self) -> bool:
        return bool(self.paths)

    @property
    def paths(self) -> list[Path]:
        """Parts that hold something, in their order."""
        return [path for path in sorted(self._folder.glob("recording-*.ts")) if path.stat().st_size]

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.paths)

    def new(self) -> Path:
        """The name of the next part."""
        numbers = [int(path.stem.rpartition("-")[2]) for path in self._folder.glob("recording-*.ts")]
        return self._folder / f"recording-{max(numbers, default=0) + 1:05}.ts"

    # What it is a recording of.

    def begin(self, medium: Medium, address: str) -> None:
        """Note what is recorded, if nothing is noted yet. `address`: of the stream."""
        if self._facts.exists():
            return
        draft = self._facts.with_suffix(".new")
        facts = {"medium": to_wire(medium), "stream": _stream(address), "began": time.time()}
        draft.write_text(json.dumps(facts))
        draft.rename(self._facts)

    def _noted(self) -> dict[str, Any]:
        with suppress(OSError, ValueError):
            facts = json.loads(self._facts.read_text())
            return facts if isinstance(facts, dict) else {}
        return {}

    @property
    def medium(self) -> Medium | None:
        told = self._noted().get("medium")
        return medium_from_wire(told) if told else None

    @property
    def age(self) -> float:
        """Seconds since it began."""
        began = self._noted().get("began")
        return max(0.0, time.time() - began) if isinstance(began, int | float) else 0.0

    @property
    def quiet(self) -> float:
        """Seconds since something was recorded."""
        times = [path.stat().st_mtime for path in self.paths]
        return max(0.0, time.time() - max(times)) if times else 0.0

    def is_of(self, address: str) -> bool:
        """Whether the stream at the address is the one that is recorded; its query may be another one."""
        return self._noted().get("stream") == _stream(address)

    # Which segments it has.

    def _read_journal(self) -> set[str]:
        with suppress(OSError):
            return set(self._journal.read_text().split())
        return set()

    def has(self, url: str) -> bool:
        return bool(self._known) and _name(url) in self._known

    def note(self, url: str) -> None:
        """All of this segment is written."""
        if not urlsplit(url).path.endswith(_WHOLE):
            return
        name = _name(url)
        if name not in self._known:
            self._known.add(name)
            with self._journal.open("a") as journal:
                journal.write(f"{name}\n")

    @property
    def knows_segments(self) -> bool:
        return bool(self._known)

    # Its end.

    def join(self, target: Path, form: str) -> None:
        """Write all parts as one file. Raises `FFmpegError` if none of them can be read."""
        paths = self.paths
        if len(paths) == 1 and form == "mpegts":
            paths[0].rename(target)
            return
        with av.open(str(target), "w", format=form) as output:
            joiner = _Joiner(output)
            for path in paths:
                joiner.add(path)
        if not joiner.written:
            raise av.error.InvalidDataError(0, "none of the recording's parts can be read")

    def remove(self) -> None:
        """The recording has been made of them."""
        for path in (*self._folder.glob("recording-*.ts"), self._facts, self._journal):
            path.unlink(missing_ok=True)
        self._known = set()


def _stream(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.hostname}{parts.path}"


def _name(url: str) -> str:
    """Stands for an address in the journal, without the secrets that its query may hold."""
    return hashlib.sha256(url.encode(errors="replace")).hexdigest()[:32]


class _Joiner:
    def __init__(self, output: OutputContainer) -> None:
        self._output = output
        self._tracks: dict[str, Track] = {}
        self.written = 0

    def add(self, path: Path) -> None:
        """A part whose end is torn is taken as far as it goes."""
        with suppress(av.error.FFmpegError), av.open(str(path), options=dict(_LOCAL)) as source:
            self._copy(source)

    def _copy(self, source: InputContainer) -> None:
        chosen = self._chosen(source)
        # By the source's own clock, what the part before had at its end.
        before = {kind: track.raw for kind, track in self._tracks.items()}
        for packet in source.demux(list(chosen)):
            kind = chosen[packet.stream]
            track = self._tracks[kind]
            if not _is_repeated(packet, before.get(kind)) and track.place(packet):
                self._output.mux_one(packet)
                self.written += 1

    def _chosen(self, source: InputContainer) -> dict[Stream, str]:
        """The best picture and sound; later parts have no more tracks than the first one."""
        found: dict[Stream, str] = {}
        is_first = not self._tracks
        for kind, stream in (
            ("video", source.streams.best("video")),
            ("audio", source.streams.best("audio")),
        ):
            if stream is None:
                continue
            if is_first:
                self._tracks[kind] = Track(self._output.add_stream_from_template(stream))
            if kind in self._tracks:
                found[stream] = kind
        return found


def _is_repeated(packet: Packet[Stream], last: Fraction | None) -> bool:
    if last is None or packet.dts is None or packet.time_base is None:
        return False
    return -OVERLAP_SECONDS < Fraction(packet.dts) * packet.time_base - last <= 0
