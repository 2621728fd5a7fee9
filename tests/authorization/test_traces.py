"""Whoever changes something, or takes data away, leaves a record in the audit log: every route of the matrix."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from magpie.audit.models import AuditRecord
from magpie.kit.clock import utcnow
from tests.authorization.test_matrix import ROWS, Row
from tests.authorization.world import SAFE, Who, World

pytestmark = pytest.mark.database

# These change nothing: they only look, or find nothing to change.
SILENT = {
    ("POST", "/api/v1/inspect"),
    ("POST", "/api/v1/login/test-token"),
    ("POST", "/api/v1/links/{link_id}/try-rules"),
    ("POST", "/api/v1/links/{link_id}/try-retention"),
    ("POST", "/api/v1/podcasts/estimate"),
    ("POST", "/api/v1/podcasts/{podcast_id}/say"),
    ("POST", "/api/v1/profiles/preview"),
    ("POST", "/api/v1/tasks/recognise"),
    # There are none of the owner's here; tests/sites shows that to take some away is noted.
    ("DELETE", "/api/v1/sites/{site}/cookies"),
    # The scene's scan has ended, and nothing of the scene is among what these are about.
    ("POST", "/api/v1/library/scans/{scan_id}/cancel"),
    ("POST", "/api/v1/items/bulk"),
    # It makes an address; fetching there is noted.
    ("POST", "/api/v1/items/zip"),
    # What people note for themselves about what they have: it concerns nobody else, and can be undone.
    ("PUT", "/api/v1/items/{item_id}/tags"),
    ("PUT", "/api/v1/items/{item_id}/favourite"),
    ("PUT", "/api/v1/items/{item_id}/playback"),
    ("DELETE", "/api/v1/items/{item_id}/playback"),
}
# These hand data out.
EXPORTS = {
    ("GET", "/api/v1/audit/export"),
    ("GET", "/api/v1/database/export"),
    ("GET", "/api/v1/backups/{name}"),
}


def _actor(row: Row) -> Who | None:
    """Somebody whom the route lets do it."""
    allowed = {who for who, status in zip(Who, row.answers, strict=True) if 200 <= status < 300}
    return next((who for who in (Who.OWNER, Who.SUPERUSER) if who in allowed), None)


def _leaves_a_record(row: Row) -> bool:
    route = (row.method, row.path)
    changes = row.method not in SAFE and route not in SILENT and _actor(row) is not None
    return changes or route in EXPORTS


def _records(world: World, since: datetime) -> list[AuditRecord]:
    with world.context.database.read() as session:
        found = session.scalars(select(AuditRecord).where(AuditRecord.at >= since).order_by(AuditRecord.id))
        return list(found)


@pytest.mark.parametrize("row", [row for row in ROWS if _leaves_a_record(row)], ids=lambda row: row.name)
def test_who_changes_something_or_takes_data_away_is_noted(world: World, row: Row) -> None:
    who = _actor(row)
    assert who is not None
    scene = world.scene()
    if row.first:
        world.prepare(scene, *row.first)
    began = utcnow()
    assert 200 <= world.ask(scene, who, row.method, row.at or row.path, row.send) < 300
    record = _records(world, began)[-1]
    assert record.username is not None
    # Who asks for a new password gives an address.
    assert (
        record.username.removesuffix("@example.com")
        == scene.ids["username" if who is Who.OWNER else "superuser"]
    )
    assert record.user_agent == "testclient"
    assert record.action


def test_the_exceptions_are_routes() -> None:
    assert {(row.method, row.path) for row in ROWS} >= SILENT | EXPORTS


def test_a_failed_attempt_is_noted_too(world: World) -> None:
    began = utcnow()
    wrong = {"data": {"username": "nobody", "password": "not this one"}}
    assert world.ask(world.scene(), Who.ANYBODY, "POST", "/auth/login", wrong) == 401
    record = _records(world, began)[-1]
    assert (record.username, record.user_id, record.outcome) == ("nobody", None, "failure")
    assert "not this one" not in str(record.details)
