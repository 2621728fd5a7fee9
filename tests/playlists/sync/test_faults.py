"""What ends a sync in the middle, at every write there is: the next one ends as planned, without doubles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from magpie.playlists.models import Mode, RunStatus, TaskStatus
from magpie.playlists.servers.port import Capabilities, Fault, ServerFailed
from magpie.playlists.sync.order import Trigger
from tests.playlists.fakes import MOVES, NEITHER, REPLACES, WORDS, FakeServer, Killed, held, song
from tests.playlists.support import PlaylistHouse

pytestmark = pytest.mark.once

BEFORE, AFTER = "HLOVTMHCE", "ETXHHVZWOS"
KINDS = {"moves": MOVES, "replaces": REPLACES, "neither": NEITHER}
TROUBLE = {
    "gone": ServerFailed(Fault.REFUSED, "nobody listens there"),
    "wrong token": ServerFailed(Fault.TOKEN, "401"),
    "failing": ServerFailed(Fault.FAILING, "500"),
    "cut": ServerFailed(Fault.LOST, "the connection broke"),
}


def words(letters: str) -> list[str]:
    return [next(word for word in WORDS if word.startswith(letter)) for letter in letters]


def of(letters: str) -> list[str]:
    return [f"t-{word}" for word in words(letters)]


def want(house: PlaylistHouse, letters: str) -> None:
    house.source.tracks = [song(word) for word in words(letters)]


class Scene:
    """One playlist on one server, in step with `BEFORE` or not made yet, whose source now has another list."""

    def __init__(
        self, house: PlaylistHouse, kind: Capabilities, *, is_new: bool, mode: Mode = Mode.MIRROR
    ) -> None:
        self.house = house
        self.server = FakeServer([held(word) for word in WORDS], kind)
        url = f"http://music-{len(house.servers)}.example"
        self.task_id = house.add_task(house.add_server(self.server, url), mode=mode)
        if not is_new:
            want(house, BEFORE)
            house.sync(self.task_id)
        self.server.writes.clear()
        self.before = {name: self.server.tracks_of(name) for name in self.server.lists}
        want(house, AFTER)

    def kill_at(self, number: int, *, when: str) -> bool:
        """Sync until the process dies around this write; whether there was such a write."""

        def die(reached: int) -> None:
            if reached == number:
                raise Killed

        setattr(self.server, f"{when}_write", die)
        job = self.house.ask(self.task_id)
        try:
            self.house.syncer.perform(job)
        except Killed:
            return True
        finally:
            self.server.before_write = self.server.after_write = lambda _number: None
        return False

    def take_up_again(self) -> None:
        """As the engine does at the next start: the same job, by a worker of the same name."""
        job = self.house.job(self.task_id)
        job.starts = 2
        self.house.syncer = self.house.make_syncer("here")
        self.house.syncer.perform(job)


def scenes(
    house: PlaylistHouse, kind: Capabilities, is_new: bool, mode: Mode = Mode.MIRROR
) -> Iterator[Scene]:
    # Just before a write is just after the one before it, but for what was recorded in between.
    moments = ("before", "after") if kind is MOVES and mode is Mode.MIRROR else ("after",)
    for number in range(1, 40):
        for when in moments:
            scene = Scene(house, kind, is_new=is_new, mode=mode)
            if not scene.kill_at(number, when=when):
                return
            yield scene
    raise AssertionError("there is no end to the writes")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_new", [True, False], ids=["new", "known"])
def test_killed_at_any_write_the_next_start_finishes(house: PlaylistHouse, kind: str, is_new: bool) -> None:
    tried = 0
    for scene in scenes(house, KINDS[kind], is_new):
        assert house.task(scene.task_id).status == TaskStatus.SYNCING
        scene.take_up_again()
        assert [scene.server.tracks_of(name) for name in scene.server.lists] == [of(AFTER)]
        task, run = house.task(scene.task_id), house.run(scene.task_id)
        assert run is not None
        assert (task.status, run.status) == (TaskStatus.IDLE, RunStatus.SUCCESS)
        house.sync(scene.task_id, Trigger.UNDO)
        restored = [scene.server.tracks_of(name) for name in scene.server.lists]
        assert restored == ([] if is_new else [of(BEFORE)])
        tried += 1
    assert tried


def test_a_sync_that_is_taken_up_again_asks_if_the_source_wants_much_less_by_then(
    house: PlaylistHouse,
) -> None:
    many = "HLOVTMCEWSGNPQRUXYZ"
    scene = Scene(house, MOVES, is_new=True)
    want(house, many)
    house.sync(scene.task_id)
    want(house, many[2:] + "HL")
    scene.server.writes.clear()
    assert scene.kill_at(1, when="after")
    want(house, "HL")
    scene.server.writes.clear()
    scene.take_up_again()
    task = house.task(scene.task_id)
    assert (task.status, task.counts["removals"]) == (TaskStatus.ASKING, 17)
    assert scene.server.writes == []
    want(house, many)
    house.sync(scene.task_id)
    assert scene.server.tracks_of(*scene.server.lists) == of(many)


@pytest.mark.parametrize("kind", KINDS)
def test_killed_while_appending_everything_still_gets_its_place(house: PlaylistHouse, kind: str) -> None:
    straight = Scene(house, KINDS[kind], is_new=False, mode=Mode.APPEND)
    house.sync(straight.task_id)
    expected = straight.server.tracks_of(straight.server.the_list().id)
    for scene in scenes(house, KINDS[kind], is_new=False, mode=Mode.APPEND):
        scene.take_up_again()
        assert scene.server.tracks_of(scene.server.the_list().id) == expected


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_goes_in_the_middle_ends_as_planned_or_as_it_was(
    house: PlaylistHouse, kind: str, trouble: str
) -> None:
    for number in range(1, 40):
        scene = Scene(house, KINDS[kind], is_new=False)
        server = scene.server

        def go(reached: int, last: int = number, one: FakeServer = server) -> None:
            if reached == last:
                one.down = TROUBLE[trouble]
                raise TROUBLE[trouble]

        server.before_write = go
        house.sync(scene.task_id)
        server.before_write = lambda _number: None
        if server.down is None:
            break
        task, run = house.task(scene.task_id), house.run(scene.task_id)
        assert run is not None
        assert (run.status, task.reason) == ("failure", TROUBLE[trouble].reason.value)
        server.down = None
        house.sync(scene.task_id)
        assert server.tracks_of(server.the_list().id) == of(AFTER)
        house.sync(scene.task_id, Trigger.UNDO)
    else:
        raise AssertionError("there is no end to the writes")


@pytest.mark.parametrize("kind", KINDS)
def test_a_write_of_which_nobody_knows_whether_it_was_done_is_looked_at(
    house: PlaylistHouse, kind: str
) -> None:
    for is_new in (True, False):
        scene = Scene(house, KINDS[kind], is_new=is_new)
        seen: list[int] = []

        def cut(reached: int, known: list[int] = seen) -> None:
            if reached % 2 and reached not in known:
                known.append(reached)
                raise ServerFailed(Fault.LOST, "the connection broke")

        scene.server.after_write = cut
        run = house.sync(scene.task_id)
        assert seen
        assert run is not None
        assert run.status == RunStatus.SUCCESS, (run.lines, scene.server.writes)
        assert [scene.server.tracks_of(name) for name in scene.server.lists] == [of(AFTER)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_finds_writes_too_long_gets_shorter_ones(house: PlaylistHouse, kind: str) -> None:
    scene = Scene(house, KINDS[kind], is_new=False)
    if kind == "replaces":
        scene.server.capabilities = MOVES
    scene.server.longest = 1
    run = house.sync(scene.task_id)
    assert run is not None
    assert run.status == RunStatus.SUCCESS
    assert scene.server.tracks_of(scene.server.the_list().id) == of(AFTER)


@pytest.mark.parametrize("kind", KINDS)
def test_tracks_that_a_server_does_not_take_are_left_out_and_said(house: PlaylistHouse, kind: str) -> None:
    scene = Scene(house, KINDS[kind], is_new=False)
    scene.server.refuses = {"t-Xylophone", "t-Zeppelin"}
    run = house.sync(scene.task_id)
    assert run is not None
    assert (run.status, house.target(scene.task_id).status) == (RunStatus.SUCCESS, "behind")
    expected = [track_id for track_id in of(AFTER) if track_id not in scene.server.refuses]
    assert scene.server.tracks_of(scene.server.the_list().id) == expected
    assert "not_taken" in house.codes(scene.task_id)


def test_a_server_that_does_not_keep_what_is_written_gets_back_what_it_had(house: PlaylistHouse) -> None:
    scene = Scene(house, MOVES, is_new=False)
    spoilt = True

    def forgetful(_number: int) -> None:
        if spoilt and scene.server.writes[-1] == "remove":
            scene.server.the_list().items.insert(0, (f"E-again-{len(scene.server.writes)}", "t-Lantern"))

    scene.server.after_write = forgetful
    run = house.sync(scene.task_id)
    spoilt = False
    assert run is not None
    assert (run.status, house.task(scene.task_id).reason) == ("failure", "failing")
    house.sync(scene.task_id)
    assert scene.server.tracks_of(scene.server.the_list().id) == of(AFTER)


def test_a_right_that_is_missing_in_the_middle_puts_the_playlist_back(house: PlaylistHouse) -> None:
    scene = Scene(house, MOVES, is_new=False)

    def refuse(_number: int) -> None:
        if scene.server.writes and scene.server.writes[-1] == "add" and len(scene.server.writes) == 2:
            raise ServerFailed(Fault.NO_RIGHT, "403")

    scene.server.before_write = refuse
    original = scene.server.add

    def add(playlist_id: str, track_ids: list[str]) -> None:
        if len(scene.server.writes) == 1:
            raise ServerFailed(Fault.NO_RIGHT, "403")
        original(playlist_id, track_ids)

    scene.server.before_write = lambda _number: None
    scene.server.add = add  # type: ignore[method-assign, assignment]
    run = house.sync(scene.task_id)
    assert run is not None
    assert (run.status, house.task(scene.task_id).reason) == ("failure", "no_right")
    assert scene.server.tracks_of(scene.server.the_list().id) == of(BEFORE)
    assert "put_back" in house.codes(scene.task_id)


def test_a_sync_whose_task_was_taken_over_writes_nothing_more(house: PlaylistHouse) -> None:
    scene = Scene(house, MOVES, is_new=False)

    def take(number: int) -> None:
        if number == 2:
            house.change(scene.task_id, claim=99)
            house.syncer.holds.abandon_all()

    scene.server.after_write = take
    house.sync(scene.task_id)
    assert len(scene.server.writes) == 2
    assert house.task(scene.task_id).status == TaskStatus.SYNCING
