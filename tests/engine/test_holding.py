"""What the jobs of a process hold: noticed when it is lost, beaten while it is held, ended when the program stops."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from magpie.engine import holding
from magpie.engine.holding import Hold, Holds
from magpie.engine.port import DirectJob, JobRef
from magpie.kit.db import Database, ReadSession, WriteSession

pytestmark = pytest.mark.once


class Rows:
    """One row, whose claim somebody may take."""

    def __init__(self, database: Database) -> None:
        self.claim = 1
        self.beats: list[datetime] = []
        self.ended: list[Hold] = []
        self.looked = threading.Event()
        self.beaten = threading.Event()
        self.broken = False
        self.holds = Holds(
            "row", database, beat=self._beat, held=self._held, end=self.ended.append, watch_seconds=0.02
        )

    def _beat(self, _session: WriteSession, hold: Hold, moment: datetime) -> bool:
        self.beats.append(moment)
        self.beaten.set()
        return hold.claim == self.claim

    def _held(self, _session: ReadSession, hold: Hold) -> bool:
        self.looked.set()
        if self.broken:
            raise RuntimeError("the database is away")
        return hold.claim == self.claim


@pytest.fixture
def rows(database: Database) -> Rows:
    return Rows(database)


@pytest.fixture
def hold() -> Hold:
    return Hold(7, 1, DirectJob(JobRef("row", "a" * 32, 0, 1)))


def until(condition: threading.Event) -> None:
    condition.clear()
    assert condition.wait(20)


def test_a_claim_that_somebody_took_is_noticed(rows: Rows, hold: Hold) -> None:
    with rows.holds.watched(hold):
        until(rows.looked)
        assert not rows.holds.must_end(hold)
        rows.claim = 2
        until(rows.looked)
        until(rows.looked)
        assert hold.is_lost
        assert rows.holds.must_end(hold)
        assert not rows.holds.is_stopping(hold)
    assert set(map(id, rows.ended)) == {id(hold)}


def test_a_hold_is_beaten(rows: Rows, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "HEARTBEAT", timedelta(0))
    with rows.holds.watched(hold):
        until(rows.beaten)
        until(rows.beaten)
    assert len(rows.beats) >= 2
    assert not hold.is_lost


def test_a_database_that_is_away_takes_nothing_from_anybody(rows: Rows, hold: Hold) -> None:
    rows.broken = True
    with rows.holds.watched(hold):
        until(rows.looked)
        until(rows.looked)
        assert not rows.holds.must_end(hold)


def test_a_stop_and_a_loss_end_what_runs_and_only_that(rows: Rows, hold: Hold) -> None:
    later = Hold(8, 1, hold.job)
    with rows.holds.watched(hold):
        rows.holds.abandon_all()
        assert hold.is_lost
    assert hold in rows.ended
    with rows.holds.watched(later):
        assert not rows.holds.must_end(later)
        rows.holds.stop_all()
        assert rows.holds.is_stopping(later)
        assert not later.is_lost
    assert later in rows.ended
