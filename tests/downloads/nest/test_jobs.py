"""What a job can do, and what becomes of it when it misbehaves."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from magpie.downloads.extractors.port import Declined, IsAList, Stage
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.nest.client import Cancelled, Nest, Verdict
from tests.downloads.nest.support import Remembering, is_alive, living_children, open_files, order, until
from tests.support.tools import KEPT

NAUGHTY = "http://naughty.test/"


def fails(nest: Nest, how: str, workdir: Path, memory_mb: int = 1000) -> DownloadFailure:
    with pytest.raises(DownloadFailure) as caught:
        nest.run(order(NAUGHTY + how, workdir), Remembering(), memory_mb=memory_mb, job_id=how)
    assert server_children(nest) == []
    return caught.value


def server_children(nest: Nest) -> list[int]:
    """Processes of jobs; a helper of the server's own, while it warms up, is in the server's session."""
    pid = nest.state().pid
    return (
        [] if pid is None else [p.pid for p in living_children(pid) if session_of(p.pid) not in (pid, None)]
    )


def session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def test_a_job_reports_and_answers(shared_nest: Nest, tmp_path: Path) -> None:
    handler = Remembering()
    saved = shared_nest.run(order(NAUGHTY + "good", tmp_path / "w"), handler, memory_mb=1000, job_id="good")
    assert handler.stages == [Stage.EXTRACTING, Stage.DOWNLOADING, Stage.PROCESSING]
    assert saved.medium.title == handler.media[0].title == "Good one"
    assert [file.name for file in saved.files] == ["notes.bin"]
    assert handler.progress[-1][0] == 9_999
    assert len(handler.progress) < 10
    assert sorted(path.name for path in (tmp_path / "w").iterdir()) == ["notes.bin"]
    assert server_children(shared_nest) == []


def test_a_job_sees_nothing_of_the_servers_environment(
    with_plugin: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "hush")
    monkeypatch.setenv("HTTP_PROXY", "http://elsewhere:1")
    workdir = tmp_path / "w"
    with Nest(keep_in=KEPT) as nest:
        handler = Remembering()
        nest.run(order(NAUGHTY + "good", workdir), handler, memory_mb=1000, job_id="env")
        environment = Path(f"/proc/{nest.state().pid}/environ").read_bytes()
    assert b"hush" not in environment
    assert b"elsewhere" not in environment
    assert (workdir / "notes.bin").read_text() == str(workdir / ".job")


def test_jobs_draw_different_random_numbers(shared_nest: Nest, tmp_path: Path) -> None:
    ids = set()
    for number in range(3):
        job = order(NAUGHTY + "good", tmp_path / str(number))
        ids.add(shared_nest.run(job, Remembering(), memory_mb=1000, job_id=str(number)).medium.source_id)
    assert len(ids) == 3


def test_stop_after_found(shared_nest: Nest, tmp_path: Path) -> None:
    with pytest.raises(Declined):
        shared_nest.run(
            order(NAUGHTY + "good", tmp_path / "w"), Remembering(Verdict.STOP), memory_mb=1000, job_id="d"
        )


def test_a_list(shared_nest: Nest, tmp_path: Path) -> None:
    with pytest.raises(IsAList) as caught:
        shared_nest.run(order(NAUGHTY + "list", tmp_path / "w"), Remembering(), memory_mb=1000, job_id="l")
    assert caught.value.title == "Both"
    assert [(entry.url, entry.title) for entry in caught.value.entries] == [
        ("http://a.test/", "A"),
        ("http://b.test/", None),
    ]


@pytest.mark.parametrize(
    ("how", "reason", "words"),
    [
        ("fail", Reason.TOOL_ERROR, "ValueError: cannot use http://•••"),
        ("segfault", Reason.TOOL_ERROR, "SIGSEGV"),
        ("leave", Reason.TOOL_ERROR, "status 3. token http://•••"),
        ("escape", Reason.TOOL_ERROR, "not there"),
        ("full", Reason.NO_SPACE, ""),
        ("missing", Reason.NOT_FOUND, "at http://•••"),
        ("hog", Reason.OUT_OF_MEMORY, ""),
        ("hog_child", Reason.OUT_OF_MEMORY, ""),
    ],
)
def test_typed_failures(shared_nest: Nest, tmp_path: Path, how: str, reason: Reason, words: str) -> None:
    failure = fails(shared_nest, how, tmp_path / "w", memory_mb=450)
    assert failure.reason is reason
    assert words in failure.detail
    assert "4711" not in failure.detail
    assert not (tmp_path / "w" / ".job").exists() or reason in (Reason.OUT_OF_MEMORY, Reason.TOOL_ERROR)


def test_output_neither_blocks_nor_leaks(
    shared_nest: Nest, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shared_nest.run(order(NAUGHTY + "noise", tmp_path / "w"), Remembering(), memory_mb=1000, job_id="noise")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("how", ["hang", "family", "stubborn"])
def test_kill_takes_everything_with_it(shared_nest: Nest, tmp_path: Path, how: str) -> None:
    handler = Remembering()
    outcome: list[BaseException] = []

    def run() -> None:
        try:
            shared_nest.run(order(NAUGHTY + how, tmp_path / "w"), handler, memory_mb=2000, job_id=how)
        except Cancelled as cancelled:
            outcome.append(cancelled)

    thread = threading.Thread(target=run)
    thread.start()
    assert handler.reached[Stage.DOWNLOADING].wait(20)
    before = server_children(shared_nest)
    started = time.monotonic()
    assert shared_nest.kill(how)
    assert time.monotonic() - started < 2
    assert server_children(shared_nest) == []
    assert not any(is_alive(pid) for pid in before)
    thread.join(5)
    assert len(outcome) == 1
    assert not shared_nest.kill(how)
    assert shared_nest.pids() == {}


@pytest.mark.parametrize("when", ["extracting", "found", "downloading", "processing"])
def test_cancel_at_every_stage(shared_nest: Nest, tmp_path: Path, when: str) -> None:
    handler = Remembering()
    killer = threading.Thread(target=lambda: shared_nest.kill("c"))

    def kill_now() -> None:
        """The job waits for its answer meanwhile: it cannot come to its end first."""
        killer.start()
        killer.join(5)

    if when == "found":
        handler.on_found_do = kill_now
    else:
        handler.on_stage_do = {Stage(when): killer.start}
    job = order(NAUGHTY + ("good" if when in ("found", "processing") else "hang"), tmp_path / "w")
    try:
        shared_nest.run(job, handler, memory_mb=1000, job_id="c")
    except Cancelled:
        pass  # too late in the last stage: then the answer counts
    else:
        assert when == "processing"
    killer.join(5)
    assert server_children(shared_nest) == []


def test_no_progress_times_out(with_plugin: None, tmp_path: Path) -> None:
    with Nest(inactivity_seconds=3, keep_in=KEPT) as nest:
        failure = fails(nest, "hang", tmp_path / "w")
    assert failure.reason is Reason.TIMED_OUT


def test_a_live_recording_is_asked_to_end(shared_nest: Nest, tmp_path: Path) -> None:
    handler = Remembering()
    asker = threading.Thread(target=lambda: shared_nest.finish("p"))
    handler.on_stage_do = {Stage.RECORDING: asker.start}
    saved = shared_nest.run(order(NAUGHTY + "polite", tmp_path / "w"), handler, memory_mb=1000, job_id="p")
    asker.join(5)
    assert saved.files


def test_a_handler_that_fails_takes_its_job_along(shared_nest: Nest, tmp_path: Path) -> None:
    def fail() -> None:
        raise LookupError("the worker's own fault")

    handler = Remembering(on_stage_do={Stage.DOWNLOADING: fail})
    with pytest.raises(LookupError):
        shared_nest.run(order(NAUGHTY + "family", tmp_path / "w"), handler, memory_mb=2000, job_id="h")
    assert server_children(shared_nest) == []


def test_a_hundred_jobs_leave_nothing(shared_nest: Nest, tmp_path: Path) -> None:
    def run(number: int) -> None:
        workdir = tmp_path / str(number)
        shared_nest.run(order(NAUGHTY + "good", workdir), Remembering(), memory_mb=1000, job_id=str(number))

    run(0)
    pid = shared_nest.state().pid
    assert pid is not None
    files, server_files, threads = (
        open_files(),
        len(list(Path(f"/proc/{pid}/fd").iterdir())),
        threading.active_count(),
    )
    for start in range(1, 101, 4):
        group = [threading.Thread(target=run, args=(number,)) for number in range(start, start + 4)]
        for thread in group:
            thread.start()
        for thread in group:
            thread.join(20)
    assert open_files() == files
    assert len(list(Path(f"/proc/{pid}/fd").iterdir())) == server_files
    assert threading.active_count() <= threads + 1  # the idle timer
    assert Path(f"/proc/{pid}/task/{pid}/children").read_text() == ""
    left = {path.name for path in tmp_path.rglob("*") if not path.is_dir()}
    assert left == {"notes.bin"}


def test_two_jobs_of_one_id_are_refused(shared_nest: Nest, tmp_path: Path) -> None:
    handler = Remembering()

    def hang() -> None:
        with pytest.raises(Cancelled):
            shared_nest.run(order(NAUGHTY + "hang", tmp_path / "a"), handler, memory_mb=900, job_id="x")

    thread = threading.Thread(target=hang)
    thread.start()
    assert handler.reached[Stage.DOWNLOADING].wait(10)
    with pytest.raises(ValueError, match="running already"):
        shared_nest.run(order(NAUGHTY + "good", tmp_path / "b"), Remembering(), memory_mb=900, job_id="x")
    shared_nest.kill("x")
    thread.join(5)
    until(lambda: shared_nest.pids() == {})
