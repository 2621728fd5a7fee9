"""What checks make of a source's entries: stored once, decided about, queued in turns; with a scripted site."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from magpie.accounts.principal import Principal
from magpie.demo import feeds as made
from magpie.downloads import service as downloads
from magpie.downloads.extractors.listing import SourceFacts
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.models import Download, Status
from magpie.downloads.worker import SILENCE
from magpie.engine.port import JobParked
from magpie.history.models import HistoryRecord
from magpie.kit.clock import utcnow
from magpie.links import service as links
from magpie.links.checks import commands, service, turns
from magpie.links.checks.rules import Why
from magpie.links.checks.service import Mode
from magpie.links.models import ArchivedMedium, Link, LinkEntry, LinkStatus, Verdict
from magpie.links.retention import upgrade
from magpie.links.schemas import LinkUpdate
from tests.links.checks.scripted import ScriptedBench, ScriptedFeed, entry
from tests.links.checks.support import Household

URL = "https://media.example/films"
FEED = "https://media.example/films.xml"


@pytest.fixture
def bench(house: Household) -> ScriptedBench:
    made_up = ScriptedBench([entry(number) for number in range(60, 0, -1)])
    house.checker.bench = made_up  # type: ignore[assignment]
    return made_up


@pytest.fixture
def feed(house: Household) -> ScriptedFeed:
    scripted = ScriptedFeed()
    house.checker.read_feed = scripted
    return scripted


def document(*numbers: int) -> bytes:
    """A feed with these entries."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    entries = [
        made.Entry(f"{n}", f"Film {n}", f"https://media.example/watch/{n}", first + timedelta(hours=n))
        for n in numbers
    ]
    return made.rss("Films", URL, FEED, entries)


def numbers(house: Household, link_id: int) -> list[int]:
    return [int((one.title or "0").split()[1]) for one in house.entries(link_id)]


def test_a_new_link_is_listed_whole_and_queued_in_its_order(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    link_id = house.follow(ada, URL)
    record = house.check(link_id)
    assert (record.status, record.message, record.queued) == ("success", "Found 60 new items.", 60)
    assert numbers(house, link_id) == list(range(60, 0, -1))
    queue = house.downloads(link_id)
    assert [one.title for one in queue[:2]] == ["Film 60", "Film 59"]
    assert all(one.history_id == record.id and one.priority >= turns.BACKFILL for one in queue)
    link = house.link(link_id)
    assert (link.status, link.name, link.counts) == (LinkStatus.IDLE, "Films", {"wanted": 60})
    assert link.last_full_at == link.last_listed_at == house.now
    assert link.backfill_from is None


def test_tracks_of_a_followed_album_bring_what_it_says_of_them(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    album = {"album": "Sky", "track_number": 2, "track_count": 2, "thumbnail_url": None}
    told = {"album": "Sky", "track_number": 2, "track_count": 2}
    bench.site = [entry(1), entry(2, facts=album | {"view_count": 7})]
    link_id = house.follow(ada, URL)
    house.check(link_id)
    assert [download.hints for download in house.downloads(link_id)] == [None, told]
    with house.context.database.write() as session:
        track = session.get_one(LinkEntry, house.entries(link_id)[1].id)
        upgrade.look_again(house.context, session, session.get_one(Link, link_id), track)
    assert house.downloads(link_id)[-1].hints == told


def test_what_is_new_goes_before_what_was_there(house: Household, ada: int, bench: ScriptedBench) -> None:
    link_id = house.follow(ada, URL)
    house.check(link_id)
    bench.site[:0] = [entry(62), entry(61)]
    record = house.check(link_id)
    assert record.message == "Found 2 new items."
    assert [one.title for one in house.downloads(link_id)[:3]] == ["Film 62", "Film 61", "Film 60"]
    assert house.downloads(link_id)[0].priority == turns.NEW
    assert numbers(house, link_id) == list(range(62, 0, -1))
    # It stopped at what is known, and the newest known ones were no reason to stop.
    assert bench.reported[-1] == 2 + 20 + 1
    assert house.check(link_id).message == "No new items."
    assert len(house.downloads(link_id)) == 62


@pytest.mark.parametrize("gone", [range(40, 61), [20], range(1, 61, 2)])
def test_deleted_entries_do_not_break_the_stop(
    house: Household, ada: int, bench: ScriptedBench, gone: Any
) -> None:
    link_id = house.follow(ada, URL)
    house.check(link_id)
    bench.site = [entry(61), *[one for one in bench.site if int(one.key.split()[1]) not in set(gone)]]
    assert house.check(link_id).message == "Found 1 new item."
    assert bench.reported[-1] < len(bench.site)


def test_edited_entries_are_taken_over_and_vanished_ones_marked(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    link_id = house.follow(ada, URL, download_automatically=False)
    house.check(link_id)
    bench.site[0] = entry(60, title="Film 60 improved", duration=12.5)
    del bench.site[5]
    house.check(link_id, after=timedelta(days=8))
    first, vanished = house.entries(link_id)[0], house.entries(link_id)[5]
    assert (first.title, first.duration, first.gone_at) == ("Film 60 improved", 12.5, None)
    assert (vanished.title, vanished.gone_at) == ("Film 55", house.now)
    assert (vanished.verdict, vanished.reason) == (Verdict.SKIPPED, Why.GONE)
    bench.site.insert(5, entry(55))
    house.check(link_id, after=timedelta(days=8))
    back = house.entries(link_id)[5]
    assert (back.gone_at, back.verdict, back.reason) == (None, Verdict.LISTED, Why.NOT_AUTOMATIC)


def test_a_site_that_shows_only_a_part_loses_nothing(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    link_id = house.follow(ada, URL)
    house.check(link_id)
    bench.site = bench.site[:5]
    house.check(link_id, after=timedelta(days=8))
    assert all(one.gone_at is None for one in house.entries(link_id))


def test_a_link_that_only_lists_downloads_when_asked(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    link_id = house.follow(ada, URL, download_automatically=False)
    assert house.check(link_id).queued == 0
    assert {(one.verdict, one.reason) for one in house.entries(link_id)} == {
        (Verdict.LISTED, Why.NOT_AUTOMATIC)
    }
    bench.site.insert(0, entry(61))
    house.check(link_id, Mode.DOWNLOAD)
    assert house.link(link_id).counts["wanted"] == 51  # the new one, and a first step of the others
    assert len(house.downloads(link_id)) == 51


def test_what_a_forgotten_check_has_listed_can_be_downloaded(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    link_id = house.follow(ada, URL, download_automatically=False)
    house.check(link_id)
    with house.context.database.write() as session:
        session.execute(delete(HistoryRecord))
    house.change(link_id, download_automatically=True)
    assert [one.history_id for one in house.downloads(link_id)] == [None] * turns.STEP


def test_the_queue_holds_a_window_and_others_take_their_turn(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    bench.site = [entry(number) for number in range(500, 0, -1)]
    link_id = house.follow(ada, URL)
    record = house.check(link_id)
    queue = house.downloads(link_id)
    assert turns.LOW < len(queue) <= turns.WINDOW
    assert record.queued == len(queue)
    assert house.link(link_id).counts == {"wanted": len(queue), "waiting": 500 - len(queue)}
    rest = turns.LOW - 1
    with house.context.database.write() as session:
        for one in queue[: len(queue) - rest]:
            row = session.get_one(type(one), one.id)
            row.item_id = None
            end(house, session, row)
    waiting = [one for one in house.downloads(link_id) if one.status == Status.PENDING]
    assert turns.LOW < len(waiting) <= turns.WINDOW
    assert waiting[0].title == queue[-rest].title
    assert house.records(link_id)[0].queued == len(house.downloads(link_id))


def end(house: Household, session: Any, download: Any) -> None:
    downloads.end(house.context, session, download, Status.FAILED, Reason.REMOVED, "It has been removed.")


def test_two_links_of_a_site_take_turns(house: Household, ada: int, bench: ScriptedBench) -> None:
    first, second = house.follow(ada, URL), house.follow(house.user("bob"), URL)
    house.check(first)
    house.check(second)
    both = sorted(house.downloads(first) + house.downloads(second), key=lambda one: (one.priority, one.id))
    assert [one.link_id for one in both[:6]] == [first, second, first, second, first, second]


def test_filters_decide_and_say_why(house: Household, ada: int, bench: ScriptedBench) -> None:
    bench.site = [entry(3, duration=30), entry(2, duration=300), entry(1)]
    link_id = house.follow(ada, URL, filters={"min_seconds": 60})
    record = house.check(link_id)
    assert record.message == "Found 3 new items. 1 left out by the rules."
    assert [(one.verdict, one.reason) for one in house.entries(link_id)] == [
        (Verdict.SKIPPED, Why.FILTER_DURATION),
        (Verdict.WANTED, None),
        (Verdict.WANTED, None),
    ]
    house.change(link_id, filters={})
    assert {one.verdict for one in house.entries(link_id)} == {Verdict.WANTED}
    assert len(house.downloads(link_id)) == 3


def test_what_somebody_has_from_elsewhere_is_not_fetched(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    with house.context.database.write() as session:
        session.add(ArchivedMedium(user_id=ada, source_key="example 60"))
    link_id = house.follow(ada, URL)
    house.check(link_id)
    assert (house.entries(link_id)[0].verdict, house.entries(link_id)[0].reason) == (
        Verdict.SKIPPED,
        Why.ARCHIVE,
    )
    assert len(house.downloads(link_id)) == 59


def test_premieres_wait_for_their_time(house: Household, ada: int, bench: ScriptedBench) -> None:
    begins = house.now + timedelta(hours=3)
    bench.site = [entry(1, kind="premiere", facts={"starts_at": begins.isoformat()})]
    link_id = house.follow(ada, URL)
    house.check(link_id)
    (waiting,) = house.entries(link_id)
    assert (waiting.verdict, waiting.reason, waiting.not_before) == (Verdict.WAITING, Why.PREMIERE, begins)
    house.schedule.tick()
    assert house.downloads(link_id) == []
    house.now = begins
    house.schedule.tick()
    assert [one.url for one in house.downloads(link_id)] == [waiting.url]
    house.schedule.tick()
    assert len(house.downloads(link_id)) == 1


# Feeds


def follow_with_feed(house: Household, ada: int, bench: ScriptedBench, feed: ScriptedFeed) -> int:
    bench.source = SourceFacts("example", "Films", feed_url=FEED)
    feed.answer = document(*range(46, 61))
    link_id = house.follow(ada, URL)
    house.check(link_id)
    assert house.link(link_id).feed_url == FEED
    assert feed.asked == 0
    return link_id


def test_a_feed_is_enough_while_it_overlaps_with_what_is_known(
    house: Household, ada: int, bench: ScriptedBench, feed: ScriptedFeed
) -> None:
    link_id = follow_with_feed(house, ada, bench, feed)
    assert house.check(link_id).details["tier"] == "feed"
    feed.answer = document(*range(47, 62))
    record = house.check(link_id)
    assert (record.details["tier"], record.details["requests"]) == ("feed", 1)
    assert record.message == "Found 1 new item."
    record = house.check(link_id)
    assert [tier["outcome"] for tier in record.details["tiers"]] == ["unchanged"]
    assert len(bench.orders) == 1
    # A listing names it as listers do, and it is not another entry for that.
    bench.site.insert(0, entry(61))
    house.check(link_id, after=timedelta(days=2))
    assert len(bench.orders) == 2
    assert numbers(house, link_id) == list(range(61, 0, -1))
    assert house.entries(link_id)[0].source_key == "example 61"


def test_a_gap_behind_the_feed_is_listed(
    house: Household, ada: int, bench: ScriptedBench, feed: ScriptedFeed
) -> None:
    link_id = follow_with_feed(house, ada, bench, feed)
    bench.site = [entry(number) for number in range(100, 0, -1)]
    feed.answer = document(*range(86, 101))
    record = house.check(link_id)
    assert [(tier["tier"], tier["reason"]) for tier in record.details["tiers"]] == [
        ("feed", "gap"),
        ("lazy", None),
    ]
    assert record.message == "Found 40 new items."
    assert numbers(house, link_id) == list(range(100, 0, -1))


@pytest.mark.parametrize(
    "answer", [Reason.NOT_FOUND, Reason.SITE_ERROR, b"", b"<html>", b"<rss><channel><item>", document()]
)
def test_a_feed_that_fails_falls_through_and_rests_in_the_end(
    house: Household, ada: int, bench: ScriptedBench, feed: ScriptedFeed, answer: bytes | Reason
) -> None:
    link_id = follow_with_feed(house, ada, bench, feed)
    bench.site.insert(0, entry(61))
    feed.answer = answer
    for number in range(5):
        record = house.check(link_id)
        assert (record.status, record.details["tier"]) == ("success", "lazy")
        assert record.details["new"] == (1 if number == 0 else 0)
    assert feed.asked == (5 if answer == document() else 3)


def test_a_feed_that_lags_hides_nothing_for_ever(
    house: Household, ada: int, bench: ScriptedBench, feed: ScriptedFeed
) -> None:
    link_id = follow_with_feed(house, ada, bench, feed)
    bench.site.insert(0, entry(61))
    seen = [house.check(link_id).details["new"] for _ in range(14)]
    assert sum(seen) == 1
    feed.answer = document(*range(47, 62))
    assert house.check(link_id).details["new"] == 0


def test_a_site_that_says_too_many_is_not_asked_another_way(
    house: Household, ada: int, bench: ScriptedBench, feed: ScriptedFeed
) -> None:
    link_id = follow_with_feed(house, ada, bench, feed)
    feed.answer = Reason.RATE_LIMITED
    record = house.check(link_id)
    assert (record.status, len(record.details["tiers"])) == ("failure", 1)
    assert house.link(link_id).status == LinkStatus.COOLING_DOWN
    # It is left alone, whoever asks.
    with pytest.raises(JobParked):
        house.check(link_id)
    assert feed.asked == 1


# What goes wrong


def test_a_listing_that_breaks_off_goes_on_where_it_was(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    def broken(number: int) -> None:
        if number == 3:
            raise DownloadFailure(Reason.SITE_ERROR, "page 4 is broken")

    bench.site = [entry(number) for number in range(200, 0, -1)]
    bench.before_batch = broken
    link_id = house.follow(ada, URL)
    record = house.check(link_id)
    assert (record.status, house.link(link_id).backfill_from) == ("failure", 30)
    assert len(house.entries(link_id)) == 30
    bench.before_batch = lambda _number: None
    bench.site.insert(0, entry(201))
    record = house.check(link_id)
    assert record.status == "success"
    assert [(order.start, bool(order.known)) for order in bench.orders] == [(0, False), (0, True), (0, False)]
    assert numbers(house, link_id) == list(range(201, 0, -1))
    assert house.link(link_id).backfill_from is None


def test_a_stop_rule_meets_no_hole_that_a_broken_listing_left(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    """Fifty come out, and the listing breaks off after the first twenty: the next one must not stop at these."""

    def broken(number: int) -> None:
        if number == 2:
            raise DownloadFailure(Reason.NETWORK)

    link_id = house.follow(ada, URL)
    house.check(link_id)
    bench.site[:0] = [entry(number) for number in range(160, 60, -1)]
    bench.before_batch = broken
    assert house.check(link_id).status == "failure"
    bench.before_batch = lambda _number: None
    for _ in range(2):
        assert house.check(link_id).status == "success"
    assert sorted(numbers(house, link_id)) == list(range(1, 161))


def test_a_check_that_is_killed_is_taken_up_again(house: Household, ada: int, bench: ScriptedBench) -> None:
    class Killed(BaseException):
        pass

    def kill(number: int) -> None:
        if number == 2:
            raise Killed

    link_id = house.follow(ada, URL)
    bench.before_batch = kill
    with pytest.raises(Killed):
        house.check(link_id)
    assert house.link(link_id).status == LinkStatus.CHECKING
    bench.before_batch = lambda _number: None
    house.checker.perform(house.job(link_id))  # as the engine does with the jobs of the dead
    (record,) = house.records(link_id)
    assert record.status == "success"
    house.check(link_id)
    assert numbers(house, link_id) == list(range(60, 0, -1))
    assert len(house.downloads(link_id)) == 60


@pytest.mark.parametrize("name", ["command:gone:1", "server"])
def test_a_command_goes_on_with_a_check_whose_process_has_died(
    house: Household, ada: int, bench: ScriptedBench, name: str
) -> None:
    """Where no server runs, nobody else would."""

    class Killed(BaseException):
        pass

    def kill(number: int) -> None:
        if number == 2:
            raise Killed

    link_id = house.follow(ada, URL)
    house.checker.name, bench.before_batch = name, kill
    with pytest.raises(Killed):
        house.check(link_id)
    bench.before_batch = lambda _number: None
    command = commands._Command(house.context, downloads_too=False)
    command._checker.bench = bench  # type: ignore[assignment]
    assert command._do(house.link(link_id)).status == "busy"  # it may still live
    with house.context.database.write() as session:
        session.get_one(Link, link_id).check_heartbeat_at = utcnow() - 2 * SILENCE
    assert command._do(house.link(link_id)).status == "success"
    assert numbers(house, link_id) == list(range(60, 0, -1))
    assert len(house.records(link_id)) == 1


def test_a_twin_that_was_frozen_doubles_nothing(house: Household, ada: int, bench: ScriptedBench) -> None:
    link_id = house.follow(ada, URL)
    again: list[object] = []

    def freeze(number: int) -> None:
        if number == 2 and not again:
            again.append(number)
            other = house.make_checker("there")
            other.bench = replace(bench, before_batch=lambda _number: None)  # type: ignore[assignment]
            other.perform(house.job(link_id))

    bench.before_batch = freeze
    house.check(link_id)
    assert again
    assert [record.status for record in house.records(link_id)] == ["success"]
    assert numbers(house, link_id) == list(range(60, 0, -1))
    assert len({one.entry_id for one in house.downloads(link_id)}) == len(house.downloads(link_id)) == 60


def test_a_stop_parks_the_check(house: Household, ada: int, bench: ScriptedBench) -> None:
    link_id = house.follow(ada, URL)
    bench.before_batch = lambda number: house.checker.holds.stop_all() if number == 2 else None
    with pytest.raises(JobParked):
        house.check(link_id)
    link = house.link(link_id)
    assert (link.status, link.check_mode, link.check_worker) == (LinkStatus.IDLE, "check", None)
    assert link.backfill_from == 20


@pytest.mark.parametrize("how", ["delete", "stop"])
def test_a_link_that_goes_while_it_is_checked_ends_the_check(
    house: Household, ada: int, bench: ScriptedBench, how: str
) -> None:
    link_id = house.follow(ada, URL)

    def withdraw(number: int) -> None:
        if number != 2:
            return
        with house.context.database.write() as session:
            link = session.get_one(Link, link_id)
            service.stop(house.context, session, link)
            if how == "delete":
                session.delete(link)

    bench.before_batch = withdraw
    with house.context.database.write() as session:
        link = session.get_one(Link, link_id)
        service.request(house.context, session, link, Mode.CHECK, now=True)
    house.checker.perform(house.job(link_id))
    assert len(house.entries(link_id)) == (20 if how == "stop" else 0)
    assert [record.status for record in house.records(link_id)] == [None]


def test_an_address_that_changes_while_it_is_checked_learns_nothing_of_the_old_one(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    other = "https://other.example/films"

    def move(number: int) -> None:
        if number == 2:
            with house.context.database.write() as session:
                wanted = LinkUpdate(url=other)
                links.update(house.context, session, Principal(ada, "ada", False), link_id, wanted)

    bench.source = replace(bench.source, feed_url=FEED)
    bench.before_batch = move
    link_id = house.follow(ada, URL)
    house.check(link_id)
    link = house.link(link_id)
    assert (link.url, link.feed_url, link.extractor, link.backfill_from) == (other, None, None, None)
    assert (link.check_mode, link.check_worker) == ("check", None)  # the new address is looked at next
    house.checker.perform(house.job(link_id))
    assert [order.url for order in bench.orders] == [URL, other]


def test_what_a_person_changes_of_a_link_counts_for_the_rest_of_its_listing(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    def change(number: int) -> None:
        if number == 2:
            house.change(link_id, download_automatically=False)
        if number == 4:
            house.change(link_id, filters={"title_exclude": "Film 1$"})

    bench.before_batch = change
    link_id = house.follow(ada, URL)
    house.check(link_id)
    assert len(house.downloads(link_id)) == 20
    verdicts = Counter(one.verdict for one in house.entries(link_id))
    assert verdicts == {Verdict.WANTED: 20, Verdict.LISTED: 39, Verdict.SKIPPED: 1}


def test_what_is_listed_late_does_not_make_a_source_a_busy_one(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    """Two hundred old entries within an hour say nothing about how often something comes out."""
    link_id = house.follow(ada, URL)
    house.check(link_id)
    house.check(link_id)
    before = house.link(link_id).new_per_day
    bench.site += [entry(number) for number in range(0, -200, -1)]
    house.change(link_id, backfill_from=60)
    assert house.check(link_id).details["new"] == 200
    after = house.link(link_id).new_per_day
    assert before is not None
    assert after is not None
    assert after < before


def test_a_link_that_is_deleted_leaves_no_download_behind(
    house: Household, ada: int, bench: ScriptedBench
) -> None:
    """What waits for its turn must not take the place of what is cancelled."""
    bench.site = [entry(number) for number in range(400, 0, -1)]
    link_id = house.follow(ada, URL)
    house.check(link_id)
    count = len(house.downloads(link_id))
    assert count > turns.LOW
    with house.context.database.write() as session:
        links.remove(house.context, session, Principal(ada, "ada", False), link_id, with_items=False)
    with house.context.database.read() as session:
        statuses = list(session.scalars(select(Download.status)))
    assert statuses == [Status.CANCELLED] * count


def test_a_source_that_is_gone_for_long_is_given_up(house: Household, ada: int, bench: ScriptedBench) -> None:
    link_id = house.follow(ada, URL)
    house.check(link_id)

    def gone(_number: int) -> None:
        raise DownloadFailure(Reason.NOT_FOUND)

    bench.before_batch = gone
    for expected in (None, None, "dead"):
        record = house.check(link_id, after=timedelta(hours=12))
        link = house.link(link_id)
        assert (record.status, link.status, link.reason) == ("failure", LinkStatus.ERROR, "not_found")
        assert (link.died_at is not None) is (expected is not None)
    assert house.link(link_id).next_check_at is None
    house.now += timedelta(days=100)
    house.schedule.tick()
    assert house.link(link_id).check_mode is None
    # A person who asks finds it alive again.
    bench.before_batch = lambda _number: None
    assert house.check(link_id).status == "success"
    link = house.link(link_id)
    assert (link.died_at, link.status, link.error_message) == (None, LinkStatus.IDLE, None)
    assert link.next_check_at is not None


def test_other_failures_back_off_and_never_give_up(house: Household, ada: int, bench: ScriptedBench) -> None:
    link_id = house.follow(ada, URL)
    house.check(link_id)

    def broken(_number: int) -> None:
        raise DownloadFailure(Reason.NETWORK)

    bench.before_batch = broken
    delays = []
    for _ in range(8):
        house.check(link_id, after=timedelta(days=1))
        link = house.link(link_id)
        assert link.next_check_at is not None
        delays.append(link.next_check_at - house.now)
    assert delays == sorted(delays)
    assert delays[-1] == timedelta(days=1)
    assert house.link(link_id).died_at is None
