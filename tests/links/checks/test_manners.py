"""How checks behave at a site, with the real tools: the pause between pages, and no request that is for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from magpie.accounts.principal import Principal
from magpie.links import service
from magpie.links.schemas import LinkUpdate
from magpie.sites import cookies
from tests.links.checks.support import Household
from tests.site.web import MediaWeb

pytestmark = [pytest.mark.database, pytest.mark.once]

DELAY = 0.4


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[Household]:
    made = Household(database_url, tmp_path / "data", site_delay_seconds=DELAY)
    yield made
    made.close()


def test_the_first_page_comes_at_once_and_the_others_after_a_pause(
    house: Household, ada: int, web: MediaWeb
) -> None:
    web.channel("paged", 100)
    assert house.check(house.follow(ada, web.url("/channels/paged"))).details["new"] == 100
    asked = [one for one in web.requests if one.path.startswith("/channels/paged")]
    pages = asked[-3:]
    assert len({one.target for one in pages}) == 3
    assert all(later.at - earlier.at >= 0.75 * DELAY for earlier, later in pairwise(pages))


def cookies_sent(house: Household, web: MediaWeb, link_id: int, hours: float = 1) -> list[bool]:
    """Check; which of its requests came with the cookies."""
    asked = len(web.requests)
    assert house.check(link_id, after=timedelta(hours=hours)).status == "success"
    return ["session" in one.cookies for one in web.requests[asked:]]


def test_cookies_that_are_needed_are_sent_at_once_the_next_time(
    house: Household, ada: int, web: MediaWeb
) -> None:
    web.channel("closed", 20)
    url = web.url("/channels/closed")
    jar = cookies.parse("session=magpie", site="127.0.0.1", url=url)
    link_id = house.follow(ada, url, sealed_cookies=cookies.seal(house.context.vault, jar))
    with web.behaving("/channels/closed*", cookie=("session", "magpie")):
        assert cookies_sent(house, web, link_id)[0] is False, "it might go without"
        assert house.link(link_id).cookies_needed_at == house.now
        found_at = house.now
        for _ in range(2):
            assert cookies_sent(house, web, link_id) == [True]
        assert house.link(link_id).cookies_needed_at == found_at
        assert cookies_sent(house, web, link_id, hours=71)[0] is False, "that was long ago"
        assert house.link(link_id).cookies_needed_at == house.now
    assert cookies_sent(house, web, link_id, hours=73)[0] is False, "so it is tried again"
    assert house.link(link_id).cookies_needed_at is None
    assert not any(cookies_sent(house, web, link_id))


def test_other_cookies_may_not_be_needed(house: Household, ada: int, web: MediaWeb) -> None:
    link_id = house.follow(ada, web.url("/channels/other"), cookies_needed_at=house.now)
    with house.context.database.write() as session:
        changes = LinkUpdate.model_validate({"cookies": "session=new"})
        service.update(house.context, session, Principal(ada, "ada", False), link_id, changes)
    assert house.link(link_id).cookies_needed_at is None
