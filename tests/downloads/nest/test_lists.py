"""What a listing job can do, and what becomes of it when it misbehaves."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from magpie.downloads.extractors.listing import ListOrder
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.nest.client import Cancelled, Nest
from magpie.downloads.nest.job import NICENESS
from tests.downloads.nest.support import PROXY, Listening, Remembering, living_children, until
from tests.downloads.nest.support import order as saving

NAUGHTY = "http://naughty.test/"


def order(how: str, workdir: Path) -> ListOrder:
    return ListOrder(NAUGHTY + how, workdir, PROXY)


def left_over(nest: Nest) -> list[int]:
    """Processes of jobs; helpers of the server's own are in its session."""
    pid = nest.state().pid
    assert pid is not None
    found = []
    for process in living_children(pid):
        try:
            if os.getsid(process.pid) != pid:
                found.append(process.pid)
        except ProcessLookupError:
            continue
    return found


def test_what_listers_report_is_made_fit(shared_nest: Nest, tmp_path: Path) -> None:
    heard = Listening()
    workdir = tmp_path / "w"
    listing = shared_nest.list(order("list_of_hostiles", workdir), heard, memory_mb=1000, job_id="hostile")
    assert (listing.complete, listing.reached_known, listing.requests) == (True, False, 2)
    assert [entry.url for entry in heard.entries] == ["http://a.test/1", "http://10.0.0.1/x"]
    assert all(entry.title == "Odd one" and len(entry.key) <= 255 for entry in heard.entries)
    [source] = heard.sources
    assert (source.title, source.picture_url) == ("A source", None)
    assert list(workdir.iterdir()) == []
    assert left_over(shared_nest) == []


def test_entries_come_in_batches_and_none_waits_for_more(shared_nest: Nest, tmp_path: Path) -> None:
    heard = Listening()

    def stop_when_all_are_there() -> None:
        if len(heard.entries) == 1000:
            threading.Thread(target=shared_nest.kill, args=["many"]).start()

    heard.on_entries_do = stop_when_all_are_there
    with pytest.raises(Cancelled):
        shared_nest.list(order("list_many", tmp_path / "w"), heard, memory_mb=1000, job_id="many")
    assert [entry.key for entry in heard.entries] == [f"n {number}" for number in range(1000)]
    assert max(len(batch) for batch in heard.batches) <= 250


@pytest.mark.parametrize(
    ("how", "reason", "words"),
    [
        ("list_and_fail", Reason.TOOL_ERROR, "ValueError: cannot list with http://•••"),
        ("list_and_fall", Reason.TOOL_ERROR, "SIGSEGV"),
        ("list_and_hog", Reason.OUT_OF_MEMORY, ""),
    ],
)
def test_typed_failures(shared_nest: Nest, tmp_path: Path, how: str, reason: Reason, words: str) -> None:
    with pytest.raises(DownloadFailure) as caught:
        shared_nest.list(order(how, tmp_path / "w"), Listening(), memory_mb=450, job_id=how)
    assert caught.value.reason is reason
    assert words in caught.value.detail
    assert "4711" not in str(caught.value)
    assert left_over(shared_nest) == []


def test_entries_before_a_failure_are_heard(shared_nest: Nest, tmp_path: Path) -> None:
    heard = Listening()
    with pytest.raises(DownloadFailure):
        shared_nest.list(order("list_and_fail", tmp_path / "w"), heard, memory_mb=1000, job_id="before")
    assert [entry.key for entry in heard.entries] == ["n 1"]


def test_requests_are_a_sign_of_life_and_silence_is_none(
    shared_nest: Nest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared_nest.list(order("list_quietly", tmp_path / "0"), Listening(), memory_mb=1000, job_id="warm")
    monkeypatch.setattr(shared_nest, "inactivity_seconds", 2.0)  # half of what it takes
    listing = shared_nest.list(
        order("list_quietly", tmp_path / "1"), Listening(), memory_mb=1000, job_id="quiet"
    )
    assert listing.requests == 40
    with pytest.raises(DownloadFailure) as caught:
        shared_nest.list(order("list_many", tmp_path / "2"), Listening(), memory_mb=1000, job_id="silent")
    assert caught.value.reason is Reason.TIMED_OUT


def test_kill_takes_everything_with_it(shared_nest: Nest, tmp_path: Path) -> None:
    heard, outcome = Listening(), list[BaseException]()

    def run() -> None:
        try:
            shared_nest.list(
                order("list_with_a_family", tmp_path / "w"), heard, memory_mb=1000, job_id="family"
            )
        except Cancelled as cancelled:
            outcome.append(cancelled)

    thread = threading.Thread(target=run)
    thread.start()
    assert heard.heard.wait(20)
    until(lambda: len(left_over(shared_nest)) == 2)
    started = time.monotonic()
    assert shared_nest.kill("family")
    assert time.monotonic() - started < 2
    assert left_over(shared_nest) == []
    thread.join(5)
    assert len(outcome) == 1


def test_what_the_handler_raises_ends_the_job(shared_nest: Nest, tmp_path: Path) -> None:
    def full() -> None:
        raise OSError("the database is gone")

    with pytest.raises(OSError, match="the database is gone"):
        shared_nest.list(
            order("list_many", tmp_path / "w"),
            Listening(on_entries_do=full),
            memory_mb=1000,
            job_id="raising",
        )
    assert left_over(shared_nest) == []
    assert shared_nest.pids() == {}


def niceness(pid: int) -> int:
    """Of the process's session where sessions share the processor, else its own."""
    try:
        return int(Path(f"/proc/{pid}/autogroup").read_text().split()[-1])
    except (OSError, IndexError):
        return psutil.Process(pid).nice()


def test_downloads_give_way_to_listings(shared_nest: Nest, tmp_path: Path) -> None:
    heard, remembering = Listening(), Remembering()
    save = saving(NAUGHTY + "hang", tmp_path / "save")

    def run(work: Callable[[], object]) -> threading.Thread:
        def until_killed() -> None:
            with suppress(Cancelled):
                work()

        thread = threading.Thread(target=until_killed)
        thread.start()
        return thread

    listing = order("list_self_and_wait", tmp_path / "list")
    threads = [
        run(lambda: shared_nest.run(save, remembering, memory_mb=1000, job_id="save")),
        run(lambda: shared_nest.list(listing, heard, memory_mb=1000, job_id="list")),
    ]
    assert heard.heard.wait(20)
    until(lambda: set(shared_nest.pids()) == {"save", "list"})
    pids = shared_nest.pids()
    until(lambda: niceness(pids["save"]) == NICENESS, 20)
    assert niceness(pids["list"]) == 0
    for name, thread in zip(("save", "list"), threads, strict=True):
        assert shared_nest.kill(name)
        thread.join(10)


RECORDS = """
import os, socket
from magpie.downloads.extractors.port import Kind, Medium
from magpie.downloads.nest.job import NICENESS
from magpie.downloads.nest.kernel import give_way
from magpie.downloads.nest.session import JobSession
from magpie.downloads.nest.wire import Channel

ours, theirs = socket.socketpair()
session = JobSession(Channel(ours))
session.watch()
give_way(NICENESS)
theirs.sendall(b'{"type": "verdict", "go": true}\\n')
session.found(Medium("x", "1", Kind.VIDEO, "Show", "https://x.example/", is_live=%s))
print("found", flush=True)
input()
"""


@pytest.mark.parametrize("is_live", [False, True])
def test_what_is_live_gives_way_to_nobody(is_live: bool) -> None:
    command = [sys.executable, "-c", RECORDS % is_live]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as job:
        assert job.stdout is not None
        assert job.stdout.readline() == b"found\n"
        shared = Path(f"/proc/{job.pid}/autogroup").exists()
        until(lambda: niceness(job.pid) == (0 if is_live and shared else NICENESS), 20)
        job.kill()
