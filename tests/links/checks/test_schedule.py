"""The schedule, with a turned clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from magpie.links.checks import service
from magpie.links.checks.schedule import MOST_WAITING
from magpie.links.checks.service import Mode
from magpie.links.models import Link, LinkStatus
from magpie.sites.models import Circuit, SiteState
from tests.links.checks.scripted import ScriptedBench, entry
from tests.links.checks.support import Household

HOUR = timedelta(hours=1)


@pytest.fixture
def bench(house: Household) -> ScriptedBench:
    made_up = ScriptedBench([entry(number) for number in range(3, 0, -1)])
    house.checker.bench = made_up  # type: ignore[assignment]
    return made_up


def waiting(house: Household, link_ids: list[int]) -> list[int]:
    return [link_id for link_id in link_ids if house.link(link_id).check_mode is not None]


def perform(house: Household, link_ids: list[int]) -> None:
    for link_id in waiting(house, link_ids):
        house.checker.perform(house.job(link_id))


def test_a_link_is_looked_at_when_its_time_has_come(house: Household, ada: int, bench: ScriptedBench) -> None:
    link_id = house.follow(ada, "https://a.example/x", interval_minutes=60)
    looks = []
    for minute in range(0, 6 * 60, 5):
        house.schedule.tick()
        if waiting(house, [link_id]):
            looks.append(minute)
            perform(house, [link_id])
        house.now += timedelta(minutes=5)
    assert looks == [0, 60, 120, 180, 240, 300]


def test_runs_missed_in_a_long_sleep_are_made_up_for_once(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    link_id = house.follow(ada, "https://a.example/x", interval_minutes=10)
    house.schedule.tick()
    perform(house, [link_id])
    house.now += timedelta(days=30)
    for _ in range(5):
        house.schedule.tick()
        perform(house, [link_id])
    assert len(house.records(link_id)) == 2
    assert house.link(link_id).next_check_at == house.now + timedelta(minutes=10)


def test_hundreds_that_are_due_begin_a_few_at_a_time(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    links = [house.follow(ada, f"https://a.example/{number}") for number in range(MOST_WAITING + 15)]
    house.schedule.tick()
    house.schedule.tick()
    assert len(waiting(house, links)) == MOST_WAITING
    perform(house, links[:10])
    house.schedule.tick()
    assert len(waiting(house, links)) == MOST_WAITING
    for _ in range(3):
        perform(house, links)
        house.schedule.tick()
    assert all(len(house.records(link_id)) == 1 for link_id in links)


def test_a_site_that_does_not_answer_keeps_no_other_waiting(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    slow = [house.follow(ada, f"https://a.example/{number}") for number in range(MOST_WAITING + 1)]
    house.schedule.tick()
    house.now += HOUR
    other = house.follow(ada, "https://b.example/x")
    house.schedule.tick()
    assert len(waiting(house, slow)) == MOST_WAITING
    assert waiting(house, [other]) == [other]


@pytest.mark.parametrize("values", [{"is_enabled": False}, {"next_check_at": None}])
def test_what_is_not_to_be_looked_at_is_not(
    house: Household, ada: int, values: dict[str, object], bench: ScriptedBench
) -> None:
    link_id = house.follow(ada, "https://a.example/x", **values)
    house.now += timedelta(days=1)
    house.schedule.tick()
    assert waiting(house, [link_id]) == []


def test_links_of_a_site_that_rests_wait_for_it(house: Household, ada: int, bench: ScriptedBench) -> None:
    resting = [house.follow(ada, f"https://a.example/{number}") for number in range(3)]
    other = house.follow(ada, "https://b.example/x")
    until = house.now + timedelta(hours=2)
    with house.context.database.write() as session:
        session.add(SiteState(site="a.example", circuit=Circuit.OPEN, open_until=until, changed_at=house.now))
    house.schedule.tick()
    assert waiting(house, [*resting, other]) == [other]
    for link_id in resting:
        link = house.link(link_id)
        assert link.status == LinkStatus.COOLING_DOWN
        assert link.next_check_at is not None
        assert link.next_check_at > until


def test_a_quiet_link_is_looked_at_less_often_and_a_busy_one_more(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    link_id = house.follow(ada, "https://a.example/x")
    gaps, last = [], house.now
    for _ in range(100):
        house.schedule.tick()
        perform(house, [link_id])
        due = house.link(link_id).next_check_at
        assert due is not None
        gaps.append(due - house.now)
        last, house.now = house.now, due
    assert gaps[0] < 2 * HOUR
    assert gaps[-1] == timedelta(minutes=1440)
    assert house.now - last == gaps[-1]
    for number in range(4, 80):
        bench.site.insert(0, entry(number))
    house.schedule.tick()
    perform(house, [link_id])
    due = house.link(link_id).next_check_at
    assert due is not None
    assert due - house.now < 3 * HOUR


def test_a_new_interval_counts_from_the_last_look(house: Household, ada: int, bench: ScriptedBench) -> None:
    link_id = house.follow(ada, "https://a.example/x", interval_minutes=600)
    house.schedule.tick()
    perform(house, [link_id])
    house.change(link_id, interval_minutes=30)
    due = house.link(link_id).next_check_at
    assert due is not None
    assert due - house.now <= timedelta(minutes=34)


def test_a_check_that_waits_is_hurried_and_not_doubled(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    link_id = house.follow(ada, "https://a.example/x")
    house.schedule.tick()
    with house.context.database.write() as session:
        link = session.get_one(Link, link_id)
        before = link.checks
        service.request(house.context, session, link, Mode.DOWNLOAD, now=True)
        assert (link.checks, link.check_mode, link.check_priority) == (before + 1, "download", 0)
        service.request(house.context, session, link, Mode.CHECK, now=True)
        service.request(house.context, session, link, Mode.CHECK, now=False)
        assert (link.checks, link.check_mode, link.check_priority) == (before + 1, "download", 0)
    perform(house, [link_id])
    assert len(house.records(link_id)) == 1
