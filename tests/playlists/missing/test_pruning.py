"""Sessions that ended long ago go; what they say of songs that are wanted, or that they have brought, stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from magpie.accounts.models import User
from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.library.models import Item
from magpie.playlists.missing import ordering, repository, service
from magpie.playlists.missing.models import OrderStatus, SessionStatus, SongOrder, SongSession
from magpie.playlists.models import Song, Task

pytestmark = pytest.mark.database
NOW = utcnow()
LONG_AGO = NOW - service.SESSIONS_KEPT - timedelta(days=1)


class Past:
    """Somebody with a playlist that wants `wanted`, and sessions of some time ago."""

    def __init__(self, context: AppContext) -> None:
        self.context = context
        with context.database.write() as session:
            user = User(username="ada", username_key="ada", password_hash="-", created_at=NOW)
            session.add(user)
            session.flush()
            facts = {"platform": "qq", "source_id": "1", "source_url": "", "playlist_url": ""}
            task = Task(user_id=user.id, name="Evenings", **facts)
            item = Item(
                extractor="file", source_id="1", kind="audio", quality="audio", title="x", site="local"
            )
            item.source_url, item.size = "", 1
            session.add_all([task, item])
            session.flush()
            wanted = {"task_id": task.id, "position": 0, "song_id": "1", "title": "x"}
            session.add(Song(song_key="qq:wanted", **wanted))
            self.user_id, self.item_id = user.id, item.id

    def session(
        self, *orders: tuple[str, OrderStatus], ended: datetime | None = LONG_AGO, **more: Any
    ) -> int:
        """A session with these songs, by their keys."""
        with self.context.database.write() as session:
            status = SessionStatus.COMPLETED if ended else SessionStatus.RUNNING
            made = SongSession(user_id=self.user_id, status=status, ended_at=ended)
            session.add(made)
            session.flush()
            for key, state in orders:
                values = {"status": state, "ended_at": ended, "candidates": [{"url": "x"}], **more}
                session.add(
                    SongOrder(session_id=made.id, user_id=self.user_id, song_key=f"qq:{key}", **values)
                )
            return made.id

    def left(self) -> list[tuple[int, str, int]]:
        """Of each order that is left its session, its song, and how many candidates are known."""
        with self.context.database.read() as session:
            orders = session.scalars(select(SongOrder).order_by(SongOrder.id))
            return [(one.session_id, one.song_key.removeprefix("qq:"), len(one.candidates)) for one in orders]

    def shown(self) -> list[int]:
        with self.context.database.read() as session:
            me = Principal(self.user_id, "ada", is_superuser=False)
            found = service.sessions(session, me, session_id=None, task_id=None, limit=100)
            return [one.id for one in found]

    def stored(self) -> list[int]:
        with self.context.database.read() as session:
            return list(session.scalars(select(SongSession.id).order_by(SongSession.id)))


@pytest.fixture
def past(context: AppContext) -> Past:
    return Past(context)


def test_what_nothing_asks_for_goes_with_its_session(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_PRUNED_AT_ONCE", 2)
    for _ in range(3):
        past.session(("gone", OrderStatus.FAILED), ("other", OrderStatus.CANCELLED))
    recent = past.session(("gone", OrderStatus.FAILED), ended=NOW - timedelta(days=1))
    runs = past.session(("gone", OrderStatus.SEARCHING), ended=None)
    assert service.prune(past.context.database, NOW) == 3
    assert past.stored() == [recent, runs]
    assert past.left() == [(recent, "gone", 1), (runs, "gone", 1)]
    assert service.prune(past.context.database, NOW) == 0


def test_a_wanted_song_is_not_looked_for_again_because_its_session_is_old(past: Past) -> None:
    kept = past.session(("wanted", OrderStatus.CANCELLED), ("other", OrderStatus.FAILED))
    assert past.shown() == []
    assert service.prune(past.context.database, NOW) == 0
    assert past.left() == [(kept, "wanted", 0)]
    with past.context.database.read() as session:
        known = repository.latest_by_song(session, past.user_id, ["qq:wanted"])
    assert not ordering._is_due(known["qq:wanted"], NOW)


def test_its_failures_count_as_before(past: Past) -> None:
    for _ in range(service.ORDERS_KEPT + 3):
        past.session(("wanted", OrderStatus.FAILED))
    assert service.prune(past.context.database, NOW) == 3
    with past.context.database.read() as session:
        order, failures = repository.latest_by_song(session, past.user_id, ["qq:wanted"])["qq:wanted"]
    assert failures == service.ORDERS_KEPT
    assert order.ended_at is not None
    assert not ordering._is_due((order, failures), order.ended_at + ordering.LONGEST_PAUSE / 2)
    assert ordering.FIRST_PAUSE * 2 ** (service.ORDERS_KEPT - 1) >= ordering.LONGEST_PAUSE


def test_what_has_brought_a_song_that_is_there_still_is_known(past: Past) -> None:
    past.session(("came", OrderStatus.COMPLETED), item_id=past.item_id)
    newest = past.session(("came", OrderStatus.COMPLETED), item_id=past.item_id)
    past.session(("deleted since", OrderStatus.COMPLETED))
    assert service.prune(past.context.database, NOW) == 2
    assert past.left() == [(newest, "came", 0)]


def test_of_a_cancelled_session_what_still_runs_is_left_alone(past: Past) -> None:
    cancelled = past.session(("gone", OrderStatus.DOWNLOADING))
    assert service.prune(past.context.database, NOW) == 0
    assert past.left() == [(cancelled, "gone", 1)]
