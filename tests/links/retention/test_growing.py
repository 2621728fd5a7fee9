"""A gallery that grows after it was saved is completed, without doubles."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from magpie.downloads.extractors.port import Role
from magpie.library.models import Item, ItemFile
from magpie.links.models import Verdict
from tests.links.checks.support import Household
from tests.site.web import MediaWeb

pytestmark = [pytest.mark.database, pytest.mark.once]


def pictures(house: Household, item_id: int | None) -> list[str]:
    query = select(ItemFile.path).where(ItemFile.item_id == item_id, ItemFile.role == Role.IMAGE)
    with house.context.database.read() as session:
        return list(session.scalars(query.order_by(ItemFile.position)))


def test_a_gallery_that_grows(house: Household, ada: int, web: MediaWeb) -> None:
    web.galleries.album_pictures = 3
    link_id = house.follow(ada, web.url("/album"))
    house.check(link_id)
    assert house.download(link_id) == 1
    entry = house.entries(link_id)[0]
    assert len(pictures(house, entry.item_id)) == 3
    house.check(link_id)
    assert house.download(link_id) == 0

    web.galleries.album_pictures = 5
    broken = web.behave("/images/5.jpg", status=500)
    house.check(link_id)
    assert house.download(link_id) == 1
    failed = house.entries(link_id)[0]
    assert (failed.verdict, len(pictures(house, failed.item_id))) == (Verdict.DOWNLOADED, 3)
    assert "what there was is kept" in (failed.detail or "")

    web.forgive(broken)
    house.check(link_id)
    assert house.download(link_id) == 1
    grown = house.entries(link_id)
    assert [one.item_id for one in grown] == [entry.item_id]
    found = pictures(house, entry.item_id)
    assert len(found) == len(set(found)) == 5
    with house.context.database.read() as session:
        item = session.get_one(Item, entry.item_id)
        assert house.workshop.filing.is_whole(item)
    house.check(link_id)
    assert house.download(link_id) == 0
