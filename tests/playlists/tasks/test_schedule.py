"""The schedule, with a turned clock; and what the engine does with tasks."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from magpie.engine.port import JobParked
from magpie.playlists.models import RunStatus, Server, TaskStatus
from magpie.playlists.sync.order import Trigger
from magpie.playlists.tasks import cron
from magpie.playlists.tasks.schedule import ARRIVALS_EVERY
from tests.playlists.fakes import FakeServer, held, song
from tests.playlists.support import PlaylistHouse

SPRING, AUTUMN = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)


@pytest.fixture
def task_id(house: PlaylistHouse) -> int:
    house.source.tracks = [song("Harbour"), song("Lantern")]
    server = house.add_server(FakeServer([held("Harbour")]))
    task_id = house.add_task(server, cron_schedule="0 4 * * *", timezone="Asia/Shanghai")
    house.now = datetime(2026, 5, 1, 12, tzinfo=UTC)
    house.sync(task_id)
    return task_id


def test_a_task_is_synced_when_its_time_has_come_in_its_own_zone(house: PlaylistHouse, task_id: int) -> None:
    assert house.task(task_id).next_run_at == datetime(2026, 5, 1, 20, tzinfo=UTC)
    house.schedule.tick()
    assert house.task(task_id).status == TaskStatus.IDLE
    house.now = datetime(2026, 5, 1, 20, tzinfo=UTC)
    house.schedule.tick()
    assert (house.task(task_id).status, house.task(task_id).trigger) == ("waiting", "schedule")
    house.syncer.perform(house.job(task_id))
    assert house.task(task_id).next_run_at == datetime(2026, 5, 2, 20, tzinfo=UTC)


def test_what_was_missed_is_made_up_for_once(house: PlaylistHouse, task_id: int) -> None:
    house.now += timedelta(days=30)
    asked = house.source.asked
    for _ in range(3):
        house.schedule.tick()
        if house.task(task_id).status == TaskStatus.WAITING:
            house.syncer.perform(house.job(task_id))
    assert house.source.asked == asked + 1
    due = house.task(task_id).next_run_at
    assert due is not None
    assert timedelta(0) < due - house.now <= timedelta(days=1)


@pytest.mark.parametrize("values", [{"is_enabled": False}, {"next_run_at": None}])
def test_what_is_not_to_run_does_not(house: PlaylistHouse, task_id: int, values: dict[str, object]) -> None:
    house.change(task_id, **values)
    house.now += timedelta(days=3)
    house.schedule.tick()
    assert house.task(task_id).status == TaskStatus.IDLE


def test_servers_that_are_waited_for_are_asked_now_and_then(house: PlaylistHouse, task_id: int) -> None:
    house.change(task_id, next_run_at=None)
    house.schedule.tick()
    house.now += ARRIVALS_EVERY
    with house.context.database.write() as session:
        session.get_one(Server, house.target(task_id).server_id).indexed_at = house.now
    house.schedule.tick()
    assert house.task(task_id).status == TaskStatus.IDLE  # it has just been asked
    house.now += ARRIVALS_EVERY * 2
    house.schedule.tick()
    assert (house.task(task_id).status, house.task(task_id).trigger) == ("waiting", "arrival")


@pytest.mark.once
@pytest.mark.parametrize("after", [SPRING, AUTUMN], ids=["forward", "back"])
def test_no_run_is_lost_or_doubled_where_clocks_change(after: datetime) -> None:
    found = cron.preview("30 2 * * *", "Europe/Berlin", after, 3)
    local = [moment.astimezone(cron.zone("Europe/Berlin")).date() for moment in found]
    assert len(set(local)) == 3


@pytest.mark.once
@pytest.mark.parametrize(
    "text", ["", "* * * *", "* * * * * *", "@reboot", "0 0 30 2 *", "a b c d e", "* " * 200]
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(cron.BadSchedule):
        cron.checked(text)


@pytest.mark.once
def test_names_stand_for_schedules() -> None:
    moment = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
    assert cron.next_run(cron.checked(" @Daily "), "UTC", moment) == datetime(2026, 5, 2, tzinfo=UTC)
    assert cron.next_run(None, "UTC", moment) is None


def test_a_sync_is_put_down_when_the_program_stops_and_goes_on_later(
    house: PlaylistHouse, task_id: int
) -> None:
    server = house.servers["http://music.example"]
    house.source.tracks = [song("Lantern"), song("Harbour")]
    server.library["t-Lantern"] = held("Lantern")
    server.fresh.append("t-Lantern")
    job = house.ask(task_id)
    server.after_write = lambda _number: house.syncer.holds.stop_all()
    with pytest.raises(JobParked):
        house.syncer.perform(job)
    task = house.task(task_id)
    assert (task.status, task.worker) == (TaskStatus.WAITING, None)
    server.after_write = lambda _number: None
    house.syncer = house.make_syncer("here")
    house.syncer.perform(house.job(task_id))
    run = house.run(task_id)
    assert run is not None
    assert (run.status, house.codes(task_id)[0]) == (RunStatus.SUCCESS, "resumed")
    assert server.tracks_of(server.the_list().id) == ["t-Lantern", "t-Harbour"]


def test_a_sync_that_kills_every_process_is_given_up(house: PlaylistHouse, task_id: int) -> None:
    job = house.ask(task_id)
    house.syncer.give_up(job.ref, "its process died 10 times")
    task, run = house.task(task_id), house.run(task_id)
    assert run is not None
    assert (task.status, task.reason, run.status) == ("error", "crashed", RunStatus.FAILURE)


def test_an_old_number_is_nobodys_turn(house: PlaylistHouse, task_id: int) -> None:
    old = house.ask(task_id)
    house.syncer.perform(old)
    asked = house.source.asked
    house.syncer.perform(old)
    house.ask(task_id)
    house.syncer.perform(old)
    assert house.source.asked == asked


def test_two_workers_do_not_sync_one_task_at_once(house: PlaylistHouse, task_id: int) -> None:
    """The second one takes it over; the first one finds that out at its next write and ends."""
    server = house.servers["http://music.example"]
    house.source.tracks = [song("Lantern"), song("Harbour"), song("Orchard")]
    for word in ("Lantern", "Orchard"):
        server.library[f"t-{word}"] = held(word)
        server.fresh.append(f"t-{word}")
    job = house.ask(task_id)
    frozen, goes_on = threading.Event(), threading.Event()

    def freeze(number: int) -> None:
        if number == len(server.writes) and not frozen.is_set():
            frozen.set()
            goes_on.wait(30)

    server.after_write = freeze
    first = threading.Thread(target=house.syncer.perform, args=(job,))
    first.start()
    assert frozen.wait(30)
    other = house.make_syncer("there")
    other.perform(house.job(task_id))
    house.syncer.holds.abandon_all()
    goes_on.set()
    first.join(30)
    assert house.task(task_id).status == TaskStatus.IDLE
    assert server.tracks_of(server.the_list().id) == ["t-Lantern", "t-Harbour", "t-Orchard"]
    assert house.sync(task_id, Trigger.PERSON) is not None
    assert server.tracks_of(server.the_list().id) == ["t-Lantern", "t-Harbour", "t-Orchard"]
