"""One process for several listings of the same kin: who may have it, and when it is thrown away."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from magpie.downloads.extractors.listing import ListOrder
from magpie.downloads.failures import DownloadFailure
from magpie.downloads.nest.client import Cancelled, Nest
from tests.downloads.nest.support import PROXY, Listening, is_alive, open_files, until
from tests.downloads.nest.test_lists import NAUGHTY, left_over
from tests.support.tools import KEPT


@pytest.fixture
def nest(shared_nest: Nest) -> Iterator[Nest]:
    """Without any process that the test before has used."""
    yield shared_nest
    shared_nest._spares.release_all()
    gone(shared_nest)


def gone(nest: Nest) -> None:
    """Wait until no process is left; to look through all of the machine's takes a while."""
    until(lambda: not left_over(nest), 20, pause=0.2)


class Lister:
    """Lists once after the other, each time in a folder of its own, and tells in which process."""

    def __init__(self, nest: Nest, folder: Path) -> None:
        self.nest = nest
        self.folder = folder
        self.count = 0
        self.heard = Listening()

    def __call__(
        self, how: str = "list_self", kin: str | None = "1 naughty", cookies: Path | None = None
    ) -> int:
        self.count += 1
        self.heard = Listening()
        workdir = self.folder / str(self.count)
        order = ListOrder(NAUGHTY + how, workdir, PROXY, cookies=cookies)
        self.nest.list(order, self.heard, memory_mb=1000, job_id=f"list-{self.count}", kin=kin)
        assert list(workdir.iterdir()) == []
        return int(self.heard.entries[0].key.removeprefix("pid "))

    @property
    def facts(self) -> dict[str, str]:
        return self.heard.entries[0].facts


def test_listings_of_one_kin_share_a_process_but_not_a_home(nest: Nest, tmp_path: Path) -> None:
    lister = Lister(nest, tmp_path)
    first, facts = lister(), lister.facts
    assert lister() == first
    assert nest.pids() == {}, "it does nothing now"
    assert (facts["home"], lister.facts["home"]) == (str(tmp_path / "1/.job"), str(tmp_path / "2/.job"))
    assert lister.facts["cwd"] == lister.facts["home"]


def test_nobody_else_gets_the_process(nest: Nest, tmp_path: Path) -> None:
    lister = Lister(nest, tmp_path)
    jar = tmp_path / "jar.txt"
    jar.write_text("# Netscape HTTP Cookie File\n")
    mine = lister()
    seen = [mine, lister(kin="2 naughty"), lister(kin="1 other"), lister(kin=None), lister(cookies=jar)]
    assert len(set(seen)) == len(seen)
    assert lister() == mine
    assert [is_alive(pid) for pid in seen] == [True, True, True, False, False]


@pytest.mark.parametrize(
    "how",
    [
        "list_self_and_run",
        "list_self_and_leave_a_child",
        "list_self_and_leave_a_thread",
        "list_self_and_grow",
    ],
)
def test_a_process_in_which_something_may_be_left_is_thrown_away(
    nest: Nest, tmp_path: Path, how: str
) -> None:
    lister = Lister(nest, tmp_path)
    first = lister(how)
    assert left_over(nest) == []
    assert lister() != first


def test_a_process_that_failed_is_thrown_away(nest: Nest, tmp_path: Path) -> None:
    lister = Lister(nest, tmp_path)
    first = lister()
    with pytest.raises(DownloadFailure):
        lister("list_and_fail")
    assert left_over(nest) == []
    assert lister() != first


def test_a_process_that_died_while_it_waited_is_not_missed(nest: Nest, tmp_path: Path) -> None:
    lister = Lister(nest, tmp_path)
    first = lister()
    os.kill(first, signal.SIGKILL)
    assert lister() != first


def test_a_later_order_can_be_killed_like_a_first_one(nest: Nest, tmp_path: Path) -> None:
    lister = Lister(nest, tmp_path)
    first = lister()
    outcome: list[BaseException] = []

    def run() -> None:
        try:
            lister("list_self_and_wait")
        except Cancelled as cancelled:
            outcome.append(cancelled)

    thread = threading.Thread(target=run)
    thread.start()
    until(lambda: lister.heard.entries)
    assert nest.pids() == {"list-2": first}
    assert nest.kill("list-2")
    thread.join(10)
    assert len(outcome) == 1
    assert left_over(nest) == []
    assert lister() != first


def test_processes_go_when_nobody_wants_them_and_leave_nothing_open(nest: Nest, tmp_path: Path) -> None:
    lister = Lister(nest, tmp_path)
    lister()
    gone(nest)
    before = open_files()
    for number in range(6):
        lister(kin=f"{number} naughty")
    assert 0 < len(left_over(nest)) <= 6
    gone(nest)
    until(lambda: open_files() <= before)


def test_stopping_ends_those_that_wait(with_plugin: None, tmp_path: Path) -> None:
    nest = Nest(keep_in=KEPT)
    nest.start()
    first = Lister(nest, tmp_path)()
    nest.stop()
    assert not is_alive(first)
