"""Streams made for browsers, by the real ffmpeg, decoded by libav as a browser would."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import httpx
import psutil
import pytest

from magpie.library.playing import convert
from tests.library.playing.conftest import MIMES, SECONDS, STRANGER, Library
from tests.support.server import wait_for

pytestmark = pytest.mark.once

Media = Callable[..., Path]


def decoded(content: bytes) -> tuple[str, set[str], float]:
    """The container, the codecs, and how long the decoded streams are; every frame is decoded."""
    with av.open(io.BytesIO(content), "r") as container:
        codecs = {stream.codec_context.name for stream in container.streams}
        ends = [
            float(frame.pts * frame.time_base)
            for frame in container.decode()
            if frame.pts is not None and frame.time_base is not None
        ]
        return container.format.name, codecs, max(ends) - min(ends)


def converters() -> list[psutil.Process]:
    """The running ffmpegs of this process."""
    children = psutil.Process().children(recursive=True)
    return [
        child for child in children if child.status() != psutil.STATUS_ZOMBIE and "ffmpeg" in child.name()
    ]


def plan_of(player: httpx.Client, item: int, **asked: Any) -> dict[str, Any]:
    answer = player.get(f"/{item}/playback-plan", params=asked)
    assert answer.status_code == 200, answer.text
    plan: dict[str, Any] = answer.json()
    return plan


@pytest.mark.parametrize(
    ("name", "can", "way", "mime", "codecs"),
    [
        ("plain.mkv", None, "remux", "video/mp4", {"h264", "aac"}),
        ("dolby.mkv", None, "transcode", "video/mp4", {"h264", "aac"}),
        ("old.avi", None, "transcode", "video/mp4", {"h264", "mp3float"}),
        ("old.avi", "webm,vp8,opus", "transcode", "video/webm", {"vp8", "opus"}),
        ("silent.mkv", None, "remux", "video/mp4", {"h264"}),
        ("song.wma", None, "transcode", "audio/mp4", {"aac"}),
        ("song.mp3", "webm,opus", "transcode", "audio/webm", {"opus"}),
    ],
)
def test_what_comes_can_be_played(
    library: Library,
    player: httpx.Client,
    media: Media,
    name: str,
    can: str | None,
    way: str,
    mime: str,
    codecs: set[str],
) -> None:
    item = library.add(media(name), name)
    plan = plan_of(player, item, **({"can": can} if can else {}))
    assert (plan["way"], plan["mime"], plan["seeking"]) == (way, mime, "start")
    assert plan["duration"] == pytest.approx(SECONDS, abs=0.3)
    url = plan["url"].removeprefix("/api/v1/items")
    answer = player.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == mime
    assert answer.headers["cache-control"] == "no-store"
    container, came, length = decoded(answer.content)
    assert ("mp4" in container, "webm" in container) == (mime.endswith("mp4"), mime.endswith("webm"))
    assert {"opus" if codec == "libopus" else codec for codec in came} == codecs
    assert length == pytest.approx(SECONDS, abs=0.5)
    later = player.get(url, params={**httpx.URL(url).params, "start": "5"})
    # A copied picture begins at a whole one, of which there is one each second.
    assert SECONDS - 5 - 0.5 <= decoded(later.content)[2] <= SECONDS - 5 + 1.5
    assert not converters()


@pytest.mark.parametrize("name", ["plain.mp4", "new.webm", "song.mp3"])
def test_what_can_be_played_is_the_file_itself(
    library: Library, player: httpx.Client, media: Media, name: str
) -> None:
    item, content = library.add(media(name), name), media(name).read_bytes()
    plan = plan_of(player, item)
    assert plan["way"] == "direct"
    assert plan["url"] == f"/api/v1/items/{item}/file"
    assert (plan["mime"], plan["seeking"]) == (MIMES[name.partition(".")[2]], "range")
    for path in (f"/{item}/file", f"/{item}/stream"):
        part = player.get(path, headers={"Range": "bytes=10-99"})
        assert (part.status_code, part.content) == (206, content[10:100])
        assert player.head(path).headers["content-length"] == str(len(content))


def test_a_client_that_plays_nothing_is_told_so(library: Library, player: httpx.Client, media: Media) -> None:
    item = library.add(media("plain.mkv"), "plain.mkv")
    plan = plan_of(player, item, can="mp4,h264")
    assert (plan["way"], plan["url"], plan["mime"]) == ("none", None, None)
    assert (plan["video"], plan["audio"]) == ("h264", "aac")
    assert player.get(f"/{item}/stream", params={"can": "mp4,h264"}).status_code == 406
    with_settings = library.context.settings.model_copy(update={"conversions": 0})
    library.context.replace_settings(with_settings)
    assert plan_of(player, item)["way"] == "none"


def test_what_is_no_media_has_no_plan(library: Library, player: httpx.Client) -> None:
    item = library.add(b"#EXTM3U\nfile:///etc/passwd\n" * 50, "list.mp4")
    assert plan_of(player, item)["way"] == "none"
    assert player.get(f"/{item}/stream").status_code == 406
    # Files that nobody plays are handed over as they are.
    other = library.add(b"anything", "file.bin", kind="file")
    assert plan_of(player, other)["way"] == "direct"
    assert player.get(f"/{other}/stream").content == b"anything"


def test_a_file_that_changes_is_looked_at_again(library: Library, player: httpx.Client, media: Media) -> None:
    item = library.add(media("old.avi"), "film.mp4")
    assert plan_of(player, item)["way"] == "transcode"
    library.context.settings.media_root.joinpath("film.mp4").write_bytes(media("plain.mp4").read_bytes())
    assert plan_of(player, item)["way"] == "direct"


def test_hostile_names_are_names(library: Library, player: httpx.Client, media: Media) -> None:
    for name in ("-i x.mkv", "http:⧸⧸evil|x.mkv", "concat:a|b.mkv", "%03d ;rm -rf ~ $(x) 'q' \".mkv"):
        item = library.add(media("plain.mkv"), name)
        assert decoded(player.get(f"/{item}/stream").content)[1] == {"h264", "aac"}


def test_a_vanished_file_and_a_strangers_item_are_not_found(
    library: Library, player: httpx.Client, media: Media
) -> None:
    item = library.add(media("plain.mkv"), "film.mkv")
    paths = [f"/{item}/{last}" for last in ("file", "playback-plan", "stream", "waveform")]
    stranger = {"Authorization": f"Bearer {library.token(STRANGER)}"}
    assert [player.get(path, headers=stranger).status_code for path in paths] == [404] * 4
    (library.context.settings.media_root / "film.mkv").unlink()
    assert [player.get(path).status_code for path in paths] == [404] * 4
    assert player.get("/999999/stream").status_code == 404


@pytest.mark.parametrize("bad", ["-1", "nan", "inf", "1e9", "x"])
def test_a_start_that_is_no_time_is_refused(library: Library, player: httpx.Client, bad: str) -> None:
    assert player.get("/1/stream", params={"start": bad}).status_code == 422


def test_a_client_that_leaves_ends_the_program(library: Library, player: httpx.Client, media: Media) -> None:
    item = library.add(media("heavy.mkv", 20), "long.mkv")
    assert player.head(f"/{item}/stream").status_code == 200
    assert not converters()
    with player.stream("GET", f"/{item}/stream") as answer:
        chunks = answer.iter_raw()  # held: without it the answer would be closed
        assert next(chunks)
        (program,) = converters()
        assert os.getpgid(program.pid) == program.pid
        wait_for(lambda: program.nice() == convert.NICENESS, 5)
        assert program.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    wait_for(lambda: not converters(), 10)


def test_a_client_that_takes_nothing_is_left(
    library: Library, player: httpx.Client, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert, "STALL_SECONDS", 0.5)
    item = library.add(media("heavy.mkv", 20), "long.mkv")
    with player.stream("GET", f"/{item}/stream") as answer:
        wait_for(lambda: not converters(), 20)
        with pytest.raises(httpx.RemoteProtocolError):
            for _ in answer.iter_raw():
                pass


def test_no_more_than_allowed_are_converted_at_once(
    library: Library, player: httpx.Client, media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert, "TURN_SECONDS", 0.2)
    library.context.replace_settings(library.context.settings.model_copy(update={"conversions": 1}))
    item = library.add(media("heavy.mkv", 20), "long.mkv")
    song = library.add(media("song.wma"), "song.wma")
    with player.stream("GET", f"/{item}/stream") as answer:
        chunks = answer.iter_raw()  # held: without it the answer would be closed
        assert next(chunks)
        refused = player.get(f"/{song}/stream")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
        assert "converted" in refused.json()["detail"]
    wait_for(lambda: not converters(), 10)
    assert player.get(f"/{song}/stream").status_code == 200


def test_without_ffmpeg_there_is_an_answer(library: Library, player: httpx.Client, media: Media) -> None:
    library.context.given = library.context.given.model_copy(update={"ffmpeg": "/nowhere/ffmpeg"})
    item = library.add(media("plain.mkv"), "film.mkv")
    answer = player.get(f"/{item}/stream")
    assert answer.status_code == 406
    assert "ffmpeg" in answer.json()["detail"]
