"""Live streams that break off, end while nobody looks, or are recorded by a program that is killed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest

from magpie.downloads.extractors.port import Role, Saved
from magpie.downloads.failures import DownloadFailure
from magpie.downloads.nest.client import Cancelled
from tests.downloads.extractors.conftest import Yard
from tests.site.streams import LiveStream


def seconds_of(path: Path) -> float:
    """Played time of the picture, by its frames, which must all come one after the other."""
    with av.open(str(path)) as media:
        times = [frame.time for frame in media.decode(video=0)]
    assert times == sorted(times)
    return len(times) / 10  # the made-up streams have 10 pictures a second


def pictures_of(path: Path) -> list[int]:
    """What each of its pictures shows."""
    with av.open(str(path)) as media:
        return [hash(tuple(map(bytes, frame.planes))) for frame in media.decode(video=0)]


def record(yard: Yard, name: str, then: Callable[[], None]) -> Saved:
    """Record the stream in a thread; `then` is done meanwhile."""
    result: list[Saved | Exception] = []

    def work() -> None:
        try:
            result.append(yard.save(f"/live/{name}/index.m3u8"))
        except (DownloadFailure, Cancelled) as error:
            result.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        then()
    finally:
        thread.join(60)
    assert not thread.is_alive()
    if isinstance(result[0], Exception):
        raise result[0]
    return result[0]


def kill(yard: Yard) -> None:
    """As if the machine had killed the job."""
    yard.nest.kill(yard.job_id)


def main_file(yard: Yard, saved: Saved) -> Path:
    main = saved.files[0]
    assert main.role is Role.MEDIA
    return yard.path(main)


@pytest.fixture
def stream(yard: Yard, request: pytest.FixtureRequest) -> Iterator[LiveStream]:
    made = yard.web.live(f"s{abs(hash(request.node.name)) % 10**8}", pace=0.25)
    yield made
    made.end()


def test_a_stream_is_recorded_from_its_start(yard: Yard, stream: LiveStream) -> None:
    stream.start()
    stream.length = 10
    stream.pace = 0.01  # all but the end has been on air when somebody comes
    yard.web.wait_until_idle()
    assert seconds_of(main_file(yard, yard.save(f"/live/{stream.name}/index.m3u8"))) == 10


def test_a_break_of_the_stream(yard: Yard, stream: LiveStream) -> None:
    def meanwhile() -> None:
        yard.web.wait_for(f"/live/{stream.name}/4.ts", state="done")
        with yard.web.behaving(f"/live/{stream.name}/*", status=503):
            missed = yard.web.count(f"/live/{stream.name}/index.m3u8", status=503)
            yard.web.wait_for(f"/live/{stream.name}/index.m3u8", count=missed + 1)
            yard.web.recorder.wait(
                lambda: yard.web.count(f"/live/{stream.name}/*", status=503) >= 3, 20, "three refusals"
            )
        reached = stream.available()
        yard.web.wait_for(f"/live/{stream.name}/{reached + 1}.ts", state="done", timeout=20)
        stream.end()

    saved = record(yard, stream.name, meanwhile)
    assert seconds_of(main_file(yard, saved)) == stream.available()


def test_a_kill_in_the_middle(yard: Yard, stream: LiveStream) -> None:
    def die() -> None:
        yard.web.wait_for(f"/live/{stream.name}/5.ts", state="done")
        kill(yard)

    with pytest.raises(Cancelled):
        record(yard, stream.name, die)
    parts = sorted(yard.workdir.glob("recording-*.raw"))
    assert len(parts) == 1
    assert seconds_of(parts[0]) >= 2
    asked = {path: yard.web.count(path) for path in [f"/live/{stream.name}/{n}.ts" for n in range(3)]}

    def go_on() -> None:
        yard.web.wait_for(f"/live/{stream.name}/{stream.available() + 2}.ts", state="done", timeout=20)
        stream.end()

    saved = record(yard, stream.name, go_on)
    assert seconds_of(main_file(yard, saved)) == stream.available()
    assert {path: yard.web.count(path) for path in asked} == asked


@pytest.mark.parametrize(("kind", "last"), [("ts", 29), ("ts", 31), ("fmp4", 30)])
def test_a_kill_while_the_clock_begins_anew(yard: Yard, kind: str, last: int) -> None:
    """It does so at segment 30, and from there shows the same again."""
    ending = "m4s" if kind == "fmp4" else "ts"
    stream = yard.web.live(f"anew-{kind}-{last}", pace=0.3, ahead=28, kind=kind)

    def die() -> None:
        yard.web.wait_for(f"/live/{stream.name}/{last}.{ending}", state="done")
        kill(yard)

    def go_on() -> None:
        yard.web.wait_for(f"/live/{stream.name}/{last + 3}.{ending}", state="done")
        stream.end()

    with pytest.raises(Cancelled):
        record(yard, stream.name, die)
    yard.web.wait_until_idle()
    pictures = pictures_of(main_file(yard, record(yard, stream.name, go_on)))
    assert len(pictures) == stream.available() * 10
    assert pictures[300:] == pictures[: len(pictures) - 300]
    assert len(set(pictures[:300])) > 250
    fetched = [yard.web.count(f"/live/{stream.name}/{n}.{ending}") for n in range(stream.available())]
    assert sum(fetched) <= len(fetched) + 1


def test_a_stream_of_which_everything_is_held(yard: Yard) -> None:
    """It ends without anything new while nobody records it."""
    stream = yard.web.live("held", pace=1000.0, ahead=4)
    index = f"/live/{stream.name}/index.m3u8"

    def die() -> None:
        yard.web.wait_for(f"/live/{stream.name}/3.ts", state="done")
        yard.web.wait_for(
            index, count=yard.web.count(index) + 2
        )  # more is asked for: the last one has been read
        kill(yard)

    with pytest.raises(Cancelled):
        record(yard, stream.name, die)
    stream.end()
    assert seconds_of(main_file(yard, yard.save(index))) == 4
    assert [yard.web.count(f"/live/{stream.name}/{n}.ts") for n in range(4)] == [1, 1, 1, 1]


def test_a_stream_that_ends_while_nobody_records_it(yard: Yard, stream: LiveStream) -> None:
    def die() -> None:
        yard.web.wait_for(f"/live/{stream.name}/5.ts", state="done")
        kill(yard)

    with pytest.raises(Cancelled):
        record(yard, stream.name, die)
    yard.web.wait_until_idle()
    stream.end()
    saved = yard.save(f"/live/{stream.name}/index.m3u8")
    assert seconds_of(main_file(yard, saved)) == stream.available()


def test_a_stream_that_is_gone_leaves_what_was_recorded(yard: Yard, stream: LiveStream) -> None:
    def die() -> None:
        yard.web.wait_for(f"/live/{stream.name}/5.ts", state="done")
        kill(yard)

    with pytest.raises(Cancelled):
        record(yard, stream.name, die)
    yard.web.behave(f"/live/{stream.name}/*", status=404)
    saved = yard.save(f"/live/{stream.name}/index.m3u8")
    assert saved.medium.is_live
    assert seconds_of(main_file(yard, saved)) >= 2


def test_what_never_was_on_air_is_a_failure(yard: Yard, stream: LiveStream) -> None:
    yard.web.behave(f"/live/{stream.name}/*.ts", status=404)
    stream.length = 3
    with pytest.raises(DownloadFailure):
        yard.save(f"/live/{stream.name}/index.m3u8")
