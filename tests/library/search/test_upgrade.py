"""A library from before there was an index."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, text

from magpie.kit.db import Database
from magpie.library.models import Item
from magpie.library.search import service as search
from magpie.library.search import terms
from magpie.schema import HEAD, upgrade

ITEM = """
    INSERT INTO items (id, extractor, source_id, kind, quality, title, artist, site, source_url, size, created_at, extra)
    VALUES (:id, 'test', :id, 'audio', 'best', :title, '周杰倫', 'media.example', 'https://media.example/', 1,
        '2025-11-02 10:20:30', '{}')
"""


@pytest.mark.sqlite_only
def test_what_was_there_is_found_and_sorted_once_it_is_entered(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(database, "0004")
    with database.write() as session:
        for number in range(1, 6):
            session.execute(text(ITEM), {"id": number, "title": f"晴天 {number}"})
    upgrade(database, HEAD)
    with database.read() as session:
        assert not search.is_complete(session)
        assert set(session.scalars(select(Item.sort_title))) == {""}
    assert search.step(database, 2)
    search.rebuild(database)
    with database.read() as session:
        found = search.condition(session, terms.query("qingtian zhou"))
        assert session.scalars(select(Item.id).where(found).order_by(Item.id)).all() == [1, 2, 3, 4, 5]
        keys = session.execute(
            select(Item.sort_title, Item.sort_artist, Item.revision).where(Item.id == 3)
        ).one()
        assert tuple(keys) == ("qing tian 0003", "zhou jie lun", 0)
    database.close()
