"""`magpie save` as a person runs it: what comes out, what is on the disk, what the exit code says."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import psutil
import pytest

from tests.site.web import MediaWeb
from tests.support import warm
from tests.support.databases import lay_databases
from tests.support.media import made_media
from tests.support.server import Program, environment, wait_for

Save = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def web() -> Iterator[MediaWeb]:
    with MediaWeb(made_media()) as site:
        yield site


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Runs `magpie save` for an installation of this test's own."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        if "--to" not in arguments:
            lay_databases(tmp_path / "data")
        return warm.command("save", *arguments, env=environment(tmp_path / "data"), cwd=tmp_path)

    return run


def decodes(path: Path) -> bool:
    with av.open(str(path)) as container:
        return any(True for _ in container.decode(container.streams[0]))


def files_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_everything_that_a_page_can_hold_is_saved_into_the_library(
    save: Save, web: MediaWeb, tmp_path: Path
) -> None:
    paths = [
        "/media/clip.mp4",
        "/page/video",
        "/hls/fmp4/master.m3u8",
        "/dash/manifest.mpd",
        "/media/song.mp3",
        "/gallery-of/4",
    ]
    result = save(*(web.url(path) for path in paths))
    assert result.returncode == 0, result.stderr
    saved = [Path(line) for line in result.stdout.splitlines()]
    assert len(saved) == len(paths)
    media = tmp_path / "data" / "media"
    assert all(path.is_absolute() and path.is_relative_to(media) for path in saved)
    assert all(decodes(path) for path in saved)
    assert list((media / ".magpie" / "work").iterdir()) == []


def test_into_a_folder_without_a_library(save: Save, web: MediaWeb, tmp_path: Path) -> None:
    target = tmp_path / "out"
    result = save("--to", str(target), "--json", web.url("/big/200000.mp4"), web.url("/gallery-of/3"))
    assert result.returncode == 0, result.stderr
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert first["status"] == "completed"
    assert hashlib.sha256(Path(first["path"]).read_bytes()).hexdigest() == web.files.big_sha256(200_000)
    assert len(second["files"]) == 3
    assert files_below(target) == {Path(first["path"]), *(Path(name) for name in second["files"])}
    assert not (tmp_path / "data").exists()


def test_the_sound_alone(save: Save, web: MediaWeb) -> None:
    result = save("--audio", web.url("/page/video"))
    assert result.returncode == 0, result.stderr
    with av.open(result.stdout.strip()) as container:
        assert [stream.type for stream in container.streams if stream.type != "attachment"][:1] == ["audio"]
        assert not [stream for stream in container.streams.video if not stream.disposition & 0x400]


def test_saving_again_names_the_file_that_is_there(save: Save, web: MediaWeb) -> None:
    first, second = save(web.url("/files/1.mp4")), save(web.url("/files/1.mp4"))
    assert (second.returncode, second.stdout) == (0, first.stdout)


FAULTS = {
    "/status/404": "nothing at this address",
    "/status/403": "refuses",
    "/status/500": "fault of its own",
    "/as/truncated/media/clip.mp4": "before the file was complete",
    "/page/empty": "no video, sound or picture",
}


@pytest.mark.parametrize("into_folder", [False, True])
def test_faults_are_plain_errors_and_leave_nothing(
    save: Save, web: MediaWeb, tmp_path: Path, into_folder: bool
) -> None:
    target = tmp_path / "out"
    options = ["--to", str(target)] if into_folder else []
    urls = [web.url(path) for path in FAULTS]
    result = save(*options, web.url("/files/2.mp4"), *urls)
    assert result.returncode == 1
    assert len(result.stdout.splitlines()) == 1  # the one that could be saved
    for url, words in zip(urls, FAULTS.values(), strict=True):
        line = next(line for line in result.stderr.splitlines() if url in line)
        assert words in line
    assert "Traceback" not in result.stderr
    folder = target if into_folder else tmp_path / "data" / "media"
    kept = {path for path in files_below(folder) if ".magpie/thumbnails" not in str(path)}
    assert kept == {Path(result.stdout.strip())}
    assert not list(folder.glob(".magpie-*"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--exec=touch pwned"],
        ["--", "--exec=touch pwned"],
        ["file:///etc/passwd"],
        ["not an address"],
        [""],
    ],
)
def test_what_is_no_address_is_a_wrong_command(save: Save, tmp_path: Path, arguments: list[str]) -> None:
    result = save(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "pwned").exists()


def test_hostile_titles_stay_in_the_folder(save: Save, web: MediaWeb, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    keys = [
        "traversal",
        "absolute",
        "nul",
        "long",
        "rtl",
        "con",
        "nultxt",
        "dash",
        "hidden",
        "dotdot",
        "empty",
        "ansi",
    ]
    before = files_below(tmp_path)
    result = save(
        "--to",
        str(target),
        *(web.url(f"/hostile/title/{key}") for key in keys),
        *(web.url(f"/hostile/name/{key}") for key in keys),
    )
    assert result.returncode == 0, result.stderr
    made = files_below(tmp_path) - before
    assert len(made) == 2 * len(keys)
    for path in made:
        assert path.parent == target
        assert len(path.name.encode()) <= 255
        assert path.name.isprintable()
        assert not path.name.startswith((".", "-"))


def test_ctrl_c_ends_it_and_leaves_nothing(web: MediaWeb, tmp_path: Path) -> None:
    rule = web.behave("/big/30000000.mp4", rate=300_000)
    command = [sys.executable, "-m", "magpie.cli", "save", web.url("/big/30000000.mp4")]
    process = subprocess.Popen(
        command, env=environment(tmp_path / "data"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    web.wait_until_downloading("/big/30000000.mp4", sent=100_000, timeout=40)
    children = psutil.Process(process.pid).children(recursive=True)
    started = time.monotonic()
    os.kill(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=15)
    assert time.monotonic() - started < 5
    assert process.returncode == 1
    assert b"cancelled" in errors
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert files_below(tmp_path / "data" / "media") == set()
    web.forgive(rule)


def test_beside_a_running_server(web: MediaWeb, tmp_path: Path) -> None:
    with Program(tmp_path / "data") as server:
        client = server.client()
        result = warm.command("save", "--json", web.url("/files/5.mp4"), env=server.environment, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        told = json.loads(result.stdout)
        seen = wait_for(lambda: client.get("/api/v1/downloads").json()["downloads"], 5)
        assert [(one["status"], one["item_id"]) for one in seen] == [("completed", told["item_id"])]
        client.close()
