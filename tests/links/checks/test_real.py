"""Checks with the real tools on the made-up web: new media arrive exactly once, whatever the site does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from magpie.kit.events import Event
from magpie.links.checks import turns
from magpie.links.checks.rules import Why
from magpie.links.models import LinkStatus, Verdict
from tests.conftest import POSTGRES
from tests.links.checks.support import Household
from tests.site.fixtures import media_folder
from tests.site.web import MediaWeb

__all__ = ["media_folder"]

pytestmark = [pytest.mark.database, pytest.mark.once]
FeedState = Literal["404", "500", "garbage", "html", "empty"]


@pytest.fixture(scope="module")
def web(media_folder: Path) -> Iterator[MediaWeb]:
    with MediaWeb(media_folder) as site:
        yield site


@pytest.fixture(scope="module")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """One database for all of the module, as there is one fork server: it takes seconds to start."""
    if POSTGRES:
        return str(request.getfixturevalue("postgres_module_url"))
    file = tmp_path_factory.mktemp("real") / "magpie.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="module")
def house(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    made = Household(database_url, tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def ada(house: Household) -> int:
    return house.user("ada")


def test_a_channel_with_a_feed(house: Household, ada: int, web: MediaWeb) -> None:
    channel = web.channel("fed", 40)
    link_id = house.follow(ada, web.url("/channels/fed"))
    record = house.check(link_id)
    assert (record.status, record.message) == ("success", "Found 40 new items.")
    assert house.titles(link_id) == [f"fed {number}" for number in range(40, 0, -1)]
    assert house.link(link_id).name == "The channel fed"
    house.check(link_id)
    asked = len(web.requests)
    record = house.check(link_id)
    assert (record.details["tier"], record.details["requests"]) == ("feed", 1)
    assert [one.status for one in web.requests[asked:]] == [304]
    channel.add("Fresh")
    assert house.check(link_id).message == "Found 1 new item."
    assert house.check(link_id).message == "No new items."
    assert house.downloads(link_id)[0].title == "Fresh"
    house.download(link_id, 2)
    first = house.entries(link_id)[0]
    assert (first.verdict, first.item_id is not None) == (Verdict.DOWNLOADED, True)
    told = [one.message for one in house.records(link_id)]
    assert "Downloaded 1 new item." in told
    assert "Downloaded 1 new item. 39 items still to come." in told


def test_a_page_without_a_feed_that_is_edited(house: Household, ada: int, web: MediaWeb) -> None:
    channel = web.channel("plain", 70)
    channel.feed = "404"
    link_id = house.follow(ada, web.url("/channels/plain"), download_automatically=False)
    assert house.check(link_id).details["new"] == 70
    for _ in range(4):
        house.check(link_id)
    record = house.check(link_id)
    assert (record.details["tier"], record.details["new"]) == ("lazy", 0)
    assert record.details["requests"] <= 2
    channel.edit(70, title="Seventy")
    channel.delete(69)
    channel.delete(45)
    channel.add()
    record = house.check(link_id)
    assert record.details["new"] == 1
    assert house.titles(link_id)[:4] == ["plain 71", "Seventy", "plain 69", "plain 68"]
    house.check(link_id, after=timedelta(days=2))
    assert [one.title for one in house.entries(link_id) if one.gone_at] == ["plain 69", "plain 45"]
    assert len(house.entries(link_id)) == 71


@pytest.mark.parametrize("state", ["404", "500", "garbage", "html", "empty"])
def test_a_feed_that_breaks(house: Household, ada: int, web: MediaWeb, state: FeedState) -> None:
    channel = web.channel(f"broken{state}", 20)
    link_id = house.follow(ada, web.url(f"/channels/broken{state}"), download_automatically=False)
    house.check(link_id)
    channel.feed = state
    channel.add("Fresh")
    record = house.check(link_id)
    assert (record.status, record.details["tier"], record.details["new"]) == ("success", "lazy", 1)
    assert [tier["tier"] for tier in record.details["tiers"]] == ["feed", "lazy"]
    channel.feed = "ok"
    record = house.check(link_id)
    assert (record.details["tier"], record.details["new"]) == ("feed", 0)


def test_a_feed_that_lags_behind_its_page(house: Household, ada: int, web: MediaWeb) -> None:
    channel = web.channel("late", 20)
    link_id = house.follow(ada, web.url("/channels/late"), download_automatically=False)
    house.check(link_id)
    channel.lag = 1
    channel.add("Fresh")
    assert house.check(link_id).details["new"] == 0
    record = house.check(link_id, after=timedelta(hours=25))
    assert (record.details["tier"], record.details["new"]) == ("full", 1)
    channel.lag = 0
    assert house.check(link_id).details["new"] == 0
    assert house.titles(link_id)[0] == "Fresh"


def test_more_than_the_feed_shows_came_out(house: Household, ada: int, web: MediaWeb) -> None:
    channel = web.channel("bursts", 30)
    link_id = house.follow(ada, web.url("/channels/bursts"), download_automatically=False)
    house.check(link_id)
    for _ in range(45):
        channel.add()
    record = house.check(link_id)
    assert [tier["reason"] for tier in record.details["tiers"]] == ["gap", None]
    assert record.details["new"] == 45
    assert house.titles(link_id) == [f"bursts {number}" for number in range(75, 0, -1)]


def test_a_podcasts_feed_is_a_source_itself(house: Household, ada: int, web: MediaWeb) -> None:
    link_id = house.follow(ada, web.url("/channels/podcast/feed.xml"), type="feed", profile="audio")
    record = house.check(link_id)
    assert (record.details["tier"], record.details["new"]) == ("feed", 3)
    assert {one.kind for one in house.entries(link_id)} == {"audio"}
    assert all(one.url.endswith(".mp3") for one in house.entries(link_id))
    assert house.check(link_id).details["requests"] == 1
    assert house.download(link_id) == 3
    assert {one.verdict for one in house.entries(link_id)} == {Verdict.DOWNLOADED}
    assert house.records(link_id)[1].message == "Downloaded 3 new items."


def test_two_who_follow_the_same_store_it_once(house: Household, ada: int, web: MediaWeb) -> None:
    web.channel("shared", 2)
    bob = house.user("bob")
    links = [house.follow(user, web.url("/channels/shared")) for user in (ada, bob)]
    for link_id in links:
        house.check(link_id)
        house.download(link_id)
    mine, theirs = ([one.item_id for one in house.entries(link_id)] for link_id in links)
    assert mine == theirs
    assert None not in mine
    assert {one.verdict for link_id in links for one in house.entries(link_id)} == {Verdict.DOWNLOADED}
    assert (
        web.count("/files/1.mp4", method="GET", status=200) <= 3
    )  # the first one's, and looks at its beginning


def test_rules_that_wait_for_the_medium(house: Household, web: MediaWeb) -> None:
    """The feed does not tell how large its files are; the first look at one does."""
    rules = {"max_mb": 0.000001}
    link_id = house.follow(
        house.user("eve"), web.url("/channels/podcast/feed.xml"), type="feed", filters=rules
    )
    house.check(link_id)
    assert house.download(link_id) == 3
    entry, download = house.entries(link_id)[0], house.downloads(link_id)[0]
    assert (entry.verdict, entry.reason) == (Verdict.SKIPPED, Why.FILTER_SIZE)
    assert "larger than" in (entry.detail or "")
    assert (download.status, download.reason) == ("skipped", "filter_size")
    assert download.error_message == entry.detail
    assert entry.facts["size"] > 1


def test_a_page_that_is_not_there(house: Household, ada: int, web: MediaWeb) -> None:
    link_id = house.follow(ada, web.url("/status/404"))
    record = house.check(link_id)
    link = house.link(link_id)
    assert (record.status, record.details["reason"]) == ("failure", "not_found")
    assert (link.status, link.reason, link.died_at) == (LinkStatus.ERROR, "not_found", None)


def test_a_huge_channel(house: Household, ada: int, web: MediaWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    web.channel("huge", 10_000)
    link_id = house.follow(ada, web.url("/channels/huge"))
    asked, publish = [], house.context.events.publish

    def note(events: list[Event]) -> None:
        if any(event.body["type"] == "download" for event in events):
            asked.append(web.count("/channels/huge"))
        publish(events)

    monkeypatch.setattr(house.context.events, "publish", note)
    record = house.check(link_id)
    assert record.details["new"] == 10_000
    counts = house.link(link_id).counts
    assert sum(counts.values()) == 10_000
    assert turns.LOW < counts["wanted"] <= turns.WINDOW
    assert house.downloads(link_id)[0].title == "huge 10000"
    # The first downloads began while most of it was still to be listed.
    assert asked[0] < 60
    assert house.check(link_id).details["requests"] == 1
