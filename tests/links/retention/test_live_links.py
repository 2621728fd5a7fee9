"""Links that lead to a live stream, and what is announced before it can be had; with the real tools."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from magpie.accounts.principal import Principal
from magpie.downloads import service as downloads
from magpie.downloads.failures import Reason
from magpie.downloads.models import Status
from magpie.library.models import Item
from magpie.links import service as links
from magpie.links.checks import service as checks
from magpie.links.checks.rules import Why
from magpie.links.models import LinkEntry, LinkStatus, Verdict
from tests.links.checks.support import Household
from tests.site.web import MediaWeb
from tests.support.server import wait_for

pytestmark = [pytest.mark.database, pytest.mark.once]


def status(house: Household, link_id: int) -> str:
    with house.context.database.read() as session:
        return links.status_of(house.link(link_id), links.busy_links(session))


def test_every_broadcast_at_an_address_is_recorded_once(house: Household, ada: int, web: MediaWeb) -> None:
    first = web.live("station", pace=0.2)
    link_id = house.follow(ada, web.url("/live/station/index.m3u8"), type="live")
    house.check(link_id)
    thread = threading.Thread(target=house.download, args=(link_id,))
    thread.start()
    web.wait_for("/live/station/5.ts", state="done")
    wait_for(lambda: status(house, link_id) == LinkStatus.RECORDING, 30)  # written once a second
    first.end()
    thread.join(60)
    assert [entry.verdict for entry in house.entries(link_id)] == [Verdict.DOWNLOADED]

    off = web.behave("/live/station/*", status=404)
    record = house.check(link_id)
    assert (record.status, record.message) == ("success", "It is not on air.")
    assert house.link(link_id).status == LinkStatus.IDLE
    assert house.download(link_id) == 0

    web.forgive(off)
    web.live("station", length=5, pace=0.2)
    assert house.check(link_id).message == "Found 1 new item."
    assert house.download(link_id) == 1
    entries = house.entries(link_id)
    assert [entry.verdict for entry in entries] == [Verdict.DOWNLOADED] * 2
    assert len({entry.item_id for entry in entries}) == 2
    house.check(link_id)
    assert house.download(link_id) == 0
    with house.context.database.read() as session:
        lengths = session.scalars(select(Item.duration).where(Item.id == entries[0].item_id)).one()
    assert lengths is not None
    assert 4 <= lengths <= 6


def test_a_broadcast_that_a_person_has_ended_is_not_begun_again(
    house: Household, ada: int, web: MediaWeb
) -> None:
    stream = web.live("stopped", pace=0.2)
    link_id = house.follow(ada, web.url("/live/stopped/index.m3u8"), type="live")
    house.check(link_id)
    thread = threading.Thread(target=house.download, args=(link_id,))
    thread.start()
    web.wait_for("/live/stopped/4.ts", state="done")
    with house.context.database.write() as session:
        downloads.cancel(house.context, session, Principal(ada, "ada", False), house.downloads(link_id)[0].id)
    thread.join(60)
    assert house.downloads(link_id)[0].status == Status.CANCELLED
    kept = house.entries(link_id)[0]
    assert (kept.verdict, kept.item_id is not None) == (Verdict.DOWNLOADED, True)
    house.check(link_id)
    assert house.download(link_id) == 0
    stream.end()
    house.check(link_id)
    web.live("stopped", length=4, pace=0.1)
    house.check(link_id)
    assert house.download(link_id) == 1
    assert len(house.entries(link_id)) == 2


def test_a_live_link_is_looked_at_every_interval(house: Household, ada: int) -> None:
    link_id = house.follow(ada, "https://live.example/station", type="live")
    bounds = checks.bounds_of(house.context, house.link(link_id))
    assert bounds.base == bounds.longest == house.context.settings.link_monitor_interval_minutes


def test_what_is_still_to_come_waits_for_its_time(house: Household, ada: int, web: MediaWeb) -> None:
    web.channel("announced", 1)
    link_id = house.follow(ada, web.url("/tube-channel/announced"))
    house.check(link_id)
    entry = house.entries(link_id)[0]
    good, soon = entry.url, web.url("/tube/error-live-soon")  # "will begin in 2 hours"
    with house.context.database.write() as session:
        session.execute(update(LinkEntry).where(LinkEntry.id == entry.id).values(url=soon))
        for download in house.downloads(link_id):
            session.get_one(type(download), download.id).url = soon
    assert house.download(link_id) == 1
    ended = house.downloads(link_id)[0]
    assert (ended.status, ended.reason) == (Status.SKIPPED, Reason.NOT_YET)
    entry = house.entries(link_id)[0]
    assert (entry.verdict, entry.reason) == (Verdict.WAITING, Why.PREMIERE)
    assert entry.not_before is not None
    assert ended.completed_at is not None
    assert timedelta(minutes=115) < entry.not_before - ended.completed_at <= timedelta(hours=2, minutes=5)
    assert "Tried on" in (entry.detail or "")
    assert (house.records(link_id)[0].failed, house.records(link_id)[0].queued) == (0, 0)
    house.now = ended.completed_at + timedelta(minutes=30)
    house.schedule.tick()
    assert house.download(link_id) == 0
    with house.context.database.write() as session:
        session.execute(update(LinkEntry).where(LinkEntry.id == entry.id).values(url=good))
    house.now = ended.completed_at + timedelta(hours=3)
    house.schedule.tick()
    assert house.download(link_id) == 1
    assert house.entries(link_id)[0].verdict == Verdict.DOWNLOADED
    assert house.records(link_id)[0].message == "Downloaded 1 new item."
