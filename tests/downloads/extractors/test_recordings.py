"""What is kept of live streams: every segment once and whole, wherever a recording broke off."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
import pytest

from magpie.downloads.extractors.ytdlp.join import whole_units
from magpie.downloads.extractors.ytdlp.parts import Parts
from magpie.downloads.extractors.ytdlp.segments import Sink, name_of
from magpie.downloads.tools import find_tools

pytestmark = pytest.mark.once
SECONDS = 6


@dataclass
class Stream:
    """A stream's segments of a second each, and what comes before them."""

    segments: list[bytes]
    map: bytes | None = None

    def send(self, sink: Sink, number: int, share: float = 1.0) -> None:
        """One segment, or so much of it, in blocks; after the last one it begins anew, as does its clock."""
        address = f"http://site/{number}"
        if sink.passes_over(address):
            return
        incoming = sink.open(address)
        data = self.segments[number % SECONDS]
        for at in range(0, int(len(data) * share), 1000):
            incoming.take(data[at : min(at + 1000, int(len(data) * share))])
        if share == 1.0:
            incoming.whole()

    def begin(self, sink: Sink) -> None:
        """What is asked for before the segments."""
        for address, data in (
            ("list", b"#EXTM3U\n#EXTINF:1,\n0.ts\n"),
            ("key", bytes(16)),
            ("map", self.map),
        ):
            if data is not None:
                incoming = sink.open(f"http://site/{address}")
                incoming.take(data)
                incoming.whole()


@pytest.fixture(scope="module", params=["ts", "fmp4"])
def stream(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stream:
    return made(tmp_path_factory.mktemp(request.param), request.param)


@pytest.fixture(scope="module")
def ts(tmp_path_factory: pytest.TempPathFactory) -> Stream:
    return made(tmp_path_factory.mktemp("mpegts"), "ts")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@contextmanager
def recording(folder: Path, source: int = 0) -> Iterator[Sink]:
    """As a program that has just begun (again)."""
    folder.mkdir(exist_ok=True)
    with closing(Parts(folder).sink(source)) as sink:
        yield sink


def made(folder: Path, kind: str, *what: str) -> Stream:
    """With ten pictures a second, each other than the last, and sound."""
    ending = "ts" if kind == "ts" else "m4s"
    sources = ("-f", "lavfi", "-i", "testsrc2=size=64x36:rate=10", "-f", "lavfi", "-i", "sine")
    subprocess.run(
        [find_tools("").ffmpeg, "-loglevel", "error", *sources, *what, "-t", str(SECONDS), "-c:v", "libx264", "-g", "10",
         "-c:a", "aac", "-f", "hls", "-hls_time", "1", "-hls_list_size", "0",
         "-hls_segment_type", "mpegts" if kind == "ts" else "fmp4", "index.m3u8"],
        cwd=folder, check=True,
    )  # fmt: skip
    beginning = folder / "init.mp4"
    segments = [(folder / f"index{number}.{ending}").read_bytes() for number in range(SECONDS)]
    return Stream(segments, beginning.read_bytes() if beginning.exists() else None)


def joined(folder: Path, form: str = "mpegts") -> Path:
    target = folder / f"whole.{form}"
    Parts(folder).join(target, form)
    return target


def shown(path: Path) -> list[int]:
    """What each picture shows; they come one after the other, and all can be decoded."""
    with av.open(str(path)) as media:
        frames = list(media.decode(video=0))
    times = [frame.time for frame in frames]
    assert times == sorted(set(times))
    return [hash(bytes(frame.planes[0])) for frame in frames]


def recorded(stream: Stream, folder: Path, numbers: Iterable[int]) -> list[int]:
    """What a recording shows that never broke off."""
    with recording(folder) as sink:
        stream.begin(sink)
        for number in numbers:
            stream.send(sink, number)
    return shown(joined(folder))


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.99])
@pytest.mark.parametrize("form", ["mpegts", "matroska"])
def test_every_segment_comes_once(stream: Stream, folder: Path, share: float, form: str) -> None:
    """It breaks off in the middle of segments before and after the clock begins anew."""
    length = 2 * SECONDS
    expected = recorded(stream, folder / "never", range(length))
    assert len(expected) == 10 * length
    for end in (0, SECONDS - 1, SECONDS, SECONDS, length):
        with recording(folder / "broken") as sink:
            stream.begin(sink)
            for number in range(end):
                stream.send(sink, number)
            stream.send(sink, end, share)
    assert shown(joined(folder / "broken", form))[: len(expected)] == expected


def test_what_is_held_is_not_fetched_again(stream: Stream, folder: Path) -> None:
    with recording(folder) as sink:
        stream.begin(sink)
        stream.send(sink, 0)
        stream.send(sink, 1, 0.5)
    with recording(folder) as again:
        asked = (0, 1, "list", "key", "map")
        held = [again.passes_over(f"http://site/{what}") for what in asked]
        assert held == [True, False, False, False, False]
        assert again.has_passed
        assert not again.has_kept


def test_what_is_torn_is_played_where_there_is_no_more_of_it(ts: Stream, folder: Path) -> None:
    """As far as it goes, without anything that cannot be decoded."""
    with recording(folder) as sink:
        ts.send(sink, 0)
        ts.send(sink, 1, 0.7)
    with recording(folder) as sink:
        ts.send(sink, 3)
    pictures = shown(joined(folder))
    whole = recorded(ts, folder / "other", [0, 1, 3])
    assert [*pictures[:10], *pictures[-10:]] == [*whole[:10], *whole[-10:]]
    torn = pictures[10:-10]
    assert 3 <= len(torn) <= 9
    assert torn == [picture for picture in whole[10:20] if picture in torn]
    command = ["ffmpeg", "-v", "error", "-xerror", "-i", str(folder / "whole.mpegts"), "-f", "null", "-"]
    assert subprocess.run(command, check=True, capture_output=True).stderr == b""


def test_what_is_torn_of_other_kinds_is_nothing() -> None:
    assert whole_units(b"\0\0\0\x18styp" + bytes(1000)) == b""
    assert whole_units(b"\x47" + bytes(100)) == b""


def test_picture_and_sound_from_lists_of_their_own(
    tmp_path_factory: pytest.TempPathFactory, folder: Path
) -> None:
    pictures = made(tmp_path_factory.mktemp("pictures"), "ts", "-map", "0:v")
    sound = made(tmp_path_factory.mktemp("sound"), "ts", "-map", "1:a")
    for end in (3, SECONDS):
        with recording(folder) as first, recording(folder, 1) as second:
            for number in range(end):
                pictures.send(first, number)
                Stream(sound.segments).send(second, number)
            pictures.send(first, end, 0.5)
    path = joined(folder)
    assert len(shown(path)) >= 10 * SECONDS
    with av.open(str(path)) as media:
        times = [packet.dts * packet.time_base for packet in media.demux(audio=0) if packet.dts is not None]
    assert times[-1] - times[0] == pytest.approx(SECONDS, abs=0.1)


def test_a_thread_that_still_reads_writes_nothing_more(ts: Stream, folder: Path) -> None:
    with recording(folder) as sink:
        ts.send(sink, 0)
        late = sink.open("http://site/1")
        late.take(ts.segments[1][:5000])
        size = Parts(folder).size()
    late.take(ts.segments[1][5000:])
    late.whole()
    assert Parts(folder).size() == size
    with recording(folder) as sink:
        assert not sink.passes_over("http://site/1")


def test_a_recording_of_the_first_release_goes_on(ts: Stream, folder: Path) -> None:
    """Its parts were put together while they were recorded, and its journal holds nothing but names."""
    (folder / "recording-00001.ts").write_bytes(b"".join(ts.segments[:2]))
    names = [name_of(f"http://site/{number}") for number in (0, 1)]
    (folder / "recording.segments").write_text("".join(f"{name}\n" for name in names))
    with recording(folder) as sink:
        for number in range(4):
            ts.send(sink, number)
    assert len(shown(joined(folder))) == 40


def test_a_journal_with_nonsense_in_it(ts: Stream, folder: Path) -> None:
    with recording(folder) as sink:
        ts.send(sink, 0)
    with (folder / "recording.segments").open("a") as journal:
        journal.write("begun x y z\nwhole a b c d\n\nbegun n x p here -\nmap\nbegun torn 0 gone 5 -\n")
    assert len(shown(joined(folder))) == 10


def test_nothing_that_can_be_read(folder: Path) -> None:
    with recording(folder) as sink:
        sink.open("http://site/0").take(b"\x47" * 500)
    with pytest.raises(av.error.FFmpegError):
        Parts(folder).join(folder / "whole", "mpegts")
