"""The worker dies, the fork server dies, work folders of the dead."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from magpie.downloads.extractors.port import Stage
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.nest.client import Nest
from magpie.downloads.nest.workdir import evict_survivors, remove_owner, write_owner
from tests.downloads.nest.support import Remembering, is_alive, living_children, order, until
from tests.support.tools import KEPT

NAUGHTY = "http://naughty.test/"

WORKER = textwrap.dedent(
    """
    import sys, threading
    from pathlib import Path
    from magpie.downloads.nest.client import Nest
    from tests.downloads.nest.support import Remembering, order
    from tests.support.tools import KEPT
    from magpie.downloads.extractors.port import Stage
    nest = Nest(keep_in=KEPT)
    nest.start()
    url, workdir = sys.argv[1], Path(sys.argv[2])
    say = Remembering(on_stage_do={Stage.DOWNLOADING: lambda: print(nest.state().pid, flush=True)})
    nest.run(order(url, workdir), say, memory_mb=2000, job_id="w")
    """
)


@contextmanager
def worker(how: str, workdir: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A worker of its own with one running job; yields it and its fork server's process id."""
    command = [sys.executable, "-c", WORKER, NAUGHTY + how, str(workdir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.parametrize("how", ["family", "stubborn"])
def test_the_workers_death_is_the_end_of_all(with_plugin: None, tmp_path: Path, how: str) -> None:
    with worker(how, tmp_path / "w") as (process, server):
        until(lambda: len(living_children(server)) >= (4 if how == "family" else 1))
        pids = [server, *(child.pid for child in living_children(server))]
        process.kill()
        process.wait()
        until(lambda: not any(is_alive(pid) for pid in pids), seconds=2)


def test_worker_and_server_die_together(with_plugin: None, tmp_path: Path) -> None:
    """As `kill -9` of everything at once: the jobs notice by themselves."""
    with worker("hang", tmp_path / "w") as (process, server):
        until(lambda: len(living_children(server)) >= 2)
        pids = [child.pid for child in living_children(server)]
        os.kill(server, signal.SIGSTOP)
        process.kill()
        os.kill(server, signal.SIGKILL)
        process.wait()
        until(lambda: not any(is_alive(pid) for pid in pids), seconds=2)


def test_the_servers_death_interrupts_and_the_next_job_works(with_plugin: None, tmp_path: Path) -> None:
    with Nest(keep_in=KEPT) as nest:
        handler = Remembering()
        caught: list[DownloadFailure] = []

        def run() -> None:
            try:
                nest.run(order(NAUGHTY + "family", tmp_path / "a"), handler, memory_mb=2000, job_id="a")
            except DownloadFailure as failure:
                caught.append(failure)

        thread = threading.Thread(target=run)
        thread.start()
        assert handler.reached[Stage.DOWNLOADING].wait(20)
        server = nest.state().pid
        assert server is not None
        group = nest.pids()["a"]
        pids = [c.pid for c in living_children(server) if os.getpgid(c.pid) == group]
        os.kill(server, signal.SIGKILL)
        thread.join(10)
        assert [failure.reason for failure in caught] == [Reason.INTERRUPTED]
        assert not any(is_alive(pid) for pid in pids)
        nest.run(order(NAUGHTY + "good", tmp_path / "b"), Remembering(), memory_mb=1000, job_id="b")
        assert nest.state().pid != server


def test_an_idle_server_is_stopped_and_started_again(with_plugin: None, tmp_path: Path) -> None:
    with Nest(idle_seconds=0.1, keep_in=KEPT) as nest:
        nest.run(order(NAUGHTY + "good", tmp_path / "a"), Remembering(), memory_mb=1000, job_id="a")
        until(lambda: not nest.state().running)
        nest.run(order(NAUGHTY + "good", tmp_path / "b"), Remembering(), memory_mb=1000, job_id="b")


def test_stop_kills_what_runs(with_plugin: None, tmp_path: Path) -> None:
    nest = Nest(keep_in=KEPT)
    handler = Remembering()
    caught: list[type[BaseException]] = []

    def run() -> None:
        try:
            nest.run(order(NAUGHTY + "family", tmp_path / "w"), handler, memory_mb=2000, job_id="w")
        except DownloadFailure as failure:
            caught.append(type(failure))

    thread = threading.Thread(target=run)
    thread.start()
    assert handler.reached[Stage.DOWNLOADING].wait(20)
    server = nest.state().pid
    assert server is not None
    pids = [server, *(child.pid for child in living_children(server))]
    nest.stop()
    thread.join(10)
    assert caught == [DownloadFailure]
    until(lambda: not any(is_alive(pid) for pid in pids), seconds=2)
    with pytest.raises(RuntimeError):
        nest.run(order(NAUGHTY + "good", tmp_path / "x"), Remembering(), memory_mb=1000, job_id="x")


def test_a_job_names_itself_beside_its_folder_while_it_lives(shared_nest: Nest, tmp_path: Path) -> None:
    """Afterwards a worker on any host may go on with what is in the folder."""
    folder = tmp_path / "attempt" / "work"
    folder.parent.mkdir()
    note = folder.parent / "owner.json"
    owners: list[dict[str, object]] = []
    handler = Remembering(
        on_stage_do={Stage.DOWNLOADING: lambda: owners.append(json.loads(note.read_text()))}
    )
    shared_nest.run(order(NAUGHTY + "good", folder), handler, memory_mb=1000, job_id="o")
    assert set(owners[0]) == {"host", "boot", "pid", "created"}
    assert not note.exists()
    assert evict_survivors(folder)


def test_the_note_of_the_next_job_stays(tmp_path: Path) -> None:
    write_owner(tmp_path / "w")
    remove_owner(tmp_path / "w", os.getpid() + 1)
    assert (tmp_path / "owner.json").exists()
    remove_owner(tmp_path / "w", os.getpid())
    assert not (tmp_path / "owner.json").exists()


GROUP = (
    "import os, sys, subprocess, time; os.setsid();"
    "from pathlib import Path; from magpie.downloads.nest.workdir import write_owner;"
    "write_owner(Path(sys.argv[1])); child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(child.pid, flush=True); time.sleep(float(sys.argv[2]))"
)


@pytest.mark.parametrize("leader_lives", [True, False])
def test_survivors_are_killed_before_their_folder_is_used(tmp_path: Path, leader_lives: bool) -> None:
    command = [sys.executable, "-c", GROUP, str(tmp_path / "w"), "600" if leader_lives else "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as leader:
        assert leader.stdout is not None
        child = int(leader.stdout.readline())
        if not leader_lives:
            leader.wait()
        assert evict_survivors(tmp_path / "w")
        assert not is_alive(child)
        assert leader.wait(5) == (-signal.SIGKILL if leader_lives else 0)


def test_strangers_are_left_alone(tmp_path: Path) -> None:
    """The process id was given to somebody else since, or the owner lives on another host."""
    with subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True
    ) as stranger:
        write_owner(tmp_path / "w")
        path = tmp_path / "owner.json"
        owner = json.loads(path.read_text())
        created = psutil.Process(stranger.pid).create_time()
        for moved in (60, -60):  # there was somebody before, and there is somebody since
            path.write_text(json.dumps({**owner, "pid": stranger.pid, "created": created + moved}))
            assert evict_survivors(tmp_path / "w")
            assert is_alive(stranger.pid)
        path.write_text(json.dumps({**owner, "pid": stranger.pid, "created": created, "host": "elsewhere"}))
        assert not evict_survivors(tmp_path / "w")
        path.write_text(json.dumps({**owner, "pid": stranger.pid, "created": created, "boot": "before"}))
        assert evict_survivors(tmp_path / "w")
        path.write_text("torn")
        assert evict_survivors(tmp_path / "w")
        assert is_alive(stranger.pid)
        stranger.kill()


class Clock(Remembering):
    first = 0.0

    def on_stage(self, stage: Stage) -> None:
        self.first = self.first or time.perf_counter()


def test_start_is_quick(shared_nest: Nest, tmp_path: Path) -> None:
    """From the order to the extractor's first word; the best of ten, machines are shared."""
    times = []
    for number in range(10):
        begun, times_of_stages = time.perf_counter(), Clock()
        job = order(NAUGHTY + "good", tmp_path / str(number))
        shared_nest.run(job, times_of_stages, memory_mb=1000, job_id=str(number))
        times.append(times_of_stages.first - begun)
    assert min(times) < 0.1
