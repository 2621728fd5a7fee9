"""Links, their entries, the history and archived media in an export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from magpie.admin.database import service
from magpie.admin.database.dump import write_dump
from magpie.admin.database.secrets import without_secrets
from magpie.context import AppContext
from magpie.history.models import HistoryFile, HistoryRecord
from magpie.kit.clock import utcnow
from magpie.kit.db import Base, Database
from magpie.links.models import ArchivedMedium, Link, LinkEntry, Verdict
from tests.admin.database.conftest import add_user, context_of

TABLES: tuple[type[Base], ...] = (Link, LinkEntry, HistoryRecord, HistoryFile, ArchivedMedium)


@pytest.fixture
def other(other_url: str, tmp_path: Path) -> Iterator[AppContext]:
    """Another installation, on the other kind of database."""
    database = Database(other_url)
    yield context_of(database, tmp_path / "other")
    database.close()


def fill(context: AppContext) -> None:
    with context.database.write() as session:
        ada = add_user(session, "ada").id
        link = Link(
            user_id=ada, url="https://media.example/@喜鹊?a=1", site="media.example", name="喜鹊'); --", tags=["a", "ü"],
            filters={"title_include": "x\\y\n"}, retention={"keep_last": 3}, new_per_day=0.1, died_at=utcnow(),
        )  # fmt: skip
        session.add(link)
        session.flush()
        for number, verdict in enumerate(Verdict):
            session.add(
                LinkEntry(
                    link_id=link.id, source_key=f"web {number}", url="https://media.example", url_digest="0" * 32,
                    verdict=verdict, rank=number - 10**12, facts={"size": 2**40}, published_at=utcnow(),
                )
            )  # fmt: skip
        # Of a link that is gone.
        record = HistoryRecord(
            user_id=ada,
            link_id=link.id + 7,
            link_name="Gone",
            status="success",
            details={"tier": "feed", "tiers": []},
        )
        session.add(record)
        session.flush()
        session.add(HistoryFile(history_id=record.id, path="Videos/喜鹊.mp4"))
        session.add(ArchivedMedium(user_id=ada, source_key="youtube abc"))


def rows(context: AppContext) -> list[list[dict[str, Any]]]:
    """All that is in the tables."""
    with context.database.read() as session:
        return [
            [dict(row) for row in session.execute(select(*model.__table__.columns)).mappings()]
            for model in TABLES
        ]


def test_they_arrive_as_they_were(context: AppContext, other: AppContext, tmp_path: Path) -> None:
    fill(context)
    before = rows(context)
    assert [len(table) for table in before] == [1, len(Verdict), 1, 1, 1]
    path = tmp_path / "plain.sql"
    write_dump(context.database, path, without_secrets)
    for target in (other, context):
        service.import_dump(
            target,
            path,
            report=lambda _message, _part: None,
            username="ada",
            source=path.name,
            passphrase=None,
        )
        assert rows(target) == before
