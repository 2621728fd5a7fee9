"""Log lines come into the table, in bounds, without secrets, and without holding anybody up."""

from __future__ import annotations

import json
import logging
import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from magpie.admin.logs import recorder as recorder_module
from magpie.admin.logs import service
from magpie.admin.logs.models import LogLine
from magpie.admin.logs.recorder import Recorder
from magpie.context import AppContext
from magpie.kit.db import WriteSession
from magpie.kit.events import Event
from magpie.kit.logs import LogFile, hide
from tests.accounts.conftest import register, sign_in
from tests.support.server import wait_for

SECRET = "hunter2-xyzzy"
OWN_SECRET = "the key/of this & installation"


def lines(context: AppContext, **filters: Any) -> list[LogLine]:
    """Oldest first."""
    with context.database.read() as session:
        return list(service.find(session, service.Filters(**filters), skip=0, limit=10_000))[::-1]


@pytest.fixture
def ada(client: TestClient) -> dict[str, str]:
    """Headers of a superuser."""
    register(client, "ada")
    return sign_in(client, "ada")


def test_a_line_is_stored_with_its_ids(context: AppContext, recorder: Recorder) -> None:
    log = structlog.get_logger("magpie.test")
    with structlog.contextvars.bound_contextvars(request_id="r1", download_id=7, link_id=8, task_id=9):
        log.warning("it_happened", title="歌", count=2, ratio=0.5, odd=float("nan"), nested={"a": [1]})
    log.debug("not_this")
    logging.getLogger("some.library").info("%s of %s", 1, 2)
    recorder.stop()
    [own, library] = lines(context)
    assert (own.message, own.level, own.source, own.host) == (
        "it_happened",
        logging.WARNING,
        "magpie.test",
        "box",
    )
    assert (own.download_id, own.link_id, own.task_id) == (7, 8, 9)
    assert own.fields == {
        "request_id": "r1",
        "title": "歌",
        "count": 2,
        "ratio": 0.5,
        "odd": "NaN",
        "nested": '{"a": [1]}',
    }
    assert (library.message, library.source, library.fields) == ("1 of 2", "some.library", {})
    assert library.at >= own.at


def _say_secrets() -> None:
    """A secret in every place that a line has."""
    log = structlog.get_logger("magpie.test")
    log.info(f"asked https://x.example/?token={SECRET}", url=f"http://ada:{SECRET}@host/", password=SECRET)
    log.info(f"own {OWN_SECRET}", deep={"list": [{"cookies": SECRET}, OWN_SECRET]}, raw=OWN_SECRET.encode())
    log.info("path", path="/a/the%20key%2Fof%20this%20%26%20installation")
    library = logging.getLogger("library")
    library.warning("failed %r for %s", {"api_key": SECRET}, OWN_SECRET)
    try:
        try:
            raise ValueError(f"Cookie: sid={SECRET}")
        except ValueError as error:
            raise RuntimeError(f"key {OWN_SECRET}") from error
    except RuntimeError:
        log.exception("crashed", authorization=f"Bearer {SECRET}")
        library.exception("crashed, too")
    with structlog.contextvars.bound_contextvars(session_id=SECRET):
        log.info("bound")


def test_secrets_appear_nowhere(
    client: TestClient,
    context: AppContext,
    recorder: Recorder,
    written: Callable[[], str],
    log_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    ada: dict[str, str],
) -> None:
    hide([OWN_SECRET])
    told: list[Event] = []
    monkeypatch.setattr(context.events, "publish", told.extend)
    _say_secrets()
    recorder.stop()
    stored = [(line.message, line.fields) for line in lines(context)]
    answered = client.get("/api/v1/logs", headers=ada, params={"limit": 1000}).text
    places = {
        "tail": json.dumps([event.body for event in told], ensure_ascii=False),
        "table": json.dumps(stored, ensure_ascii=False),
        "answer": answered,
        "file": log_file.read_text(),
        "standard error": written(),
    }
    for place, text in places.items():
        assert "crashed, too" in text, place
        assert text.count("RuntimeError") >= 2, place
        for secret in (SECRET, OWN_SECRET, "key%2Fof"):
            assert secret not in text, place


def test_the_file_is_for_its_owner_and_rotates(log_file: Path, written: Callable[[], str]) -> None:
    assert stat.S_IMODE(log_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(log_file.parent.stat().st_mode) == 0o700
    small = log_file.with_name("small.log")
    small.touch(0o644)
    handler = LogFile(small, size=400, parts=2)
    for number in range(20):
        handler.emit(
            logging.makeLogRecord({"msg": f"line {number} \ud800", "levelno": 20, "levelname": "INFO"})
        )
    handler.close()
    parts = sorted(log_file.parent.glob("small.log*"))
    assert [part.name for part in parts] == ["small.log", "small.log.1", "small.log.2"]
    assert all(stat.S_IMODE(part.stat().st_mode) == 0o600 for part in parts)
    assert all(part.stat().st_size <= 400 for part in parts)
    assert "line 19" in parts[0].read_text()
    assert all(
        json.loads(line)["level"] == "info" for part in parts for line in part.read_text().splitlines()
    )


def test_the_table_is_bounded(
    context: AppContext, recorder: Recorder, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(log_lines_kept=50)
    monkeypatch.setattr(recorder_module, "TRIM_EVERY", 10)
    for number in range(200):
        logging.getLogger("many").info("line %s", number)
    recorder.stop()
    found = lines(context)
    assert 50 <= len(found) <= 60
    assert found[-1].message == "line 199"


def test_odd_lines_are_stored_all_the_same(context: AppContext, recorder: Recorder) -> None:
    log = structlog.get_logger("magpie.test")
    log.info("nul \0 and half \ud800", field="a\0\ud800b", **{"na\0me": 1})
    log.info("x" * 100_000, long="y" * 100_000, download_id="7", link_id=2**40, task_id=True)
    log.info("many", **{f"f{number}": number for number in range(500)})
    log.info("big", number=10**400)
    logging.getLogger("x" * 500).log(25, "between levels")
    recorder.stop()
    nul, long, many, big, between = lines(context)
    assert nul.message == "nul � and half �"
    assert nul.fields == {"field": "a��b", "na�me": 1}
    assert len(long.message) == recorder_module.MAX_MESSAGE
    assert len(long.fields["long"]) == recorder_module.MAX_VALUE
    assert (long.download_id, long.link_id) == (None, None)
    assert len(many.fields) == recorder_module.MAX_FIELDS
    assert str(big.fields["number"]).startswith("1000")
    assert len(between.source) == 128
    assert service.level_name(between.level) == "info"


def test_a_database_that_is_away_holds_up_nobody(
    context: AppContext, recorder: Recorder, written: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, back = threading.Event(), threading.Event()
    really = service.store

    def store(session: WriteSession, rows: list[LogLine]) -> None:
        tried.set()
        if not back.is_set():
            raise OperationalError("INSERT", {}, Exception("away"))
        really(session, rows)

    monkeypatch.setattr(service, "store", store)
    monkeypatch.setattr(recorder_module, "PATIENCE", (0.05,) * 600)
    monkeypatch.setattr(recorder_module, "QUEUE_LINES", 100)
    log = logging.getLogger("busy")
    log.info("first")
    assert tried.wait(5)
    started = time.perf_counter()
    for number in range(1000):
        log.info("line %s", number)
    assert time.perf_counter() - started < 5
    assert written().count("line ") == 1000
    back.set()
    wait_for(lambda: len(lines(context)) >= 101, 10)
    recorder.stop()
    log.info("after the end")
    found = lines(context)
    assert found[0].message == "first"
    dropped = [line.fields["count"] for line in found if line.message == "log_lines_dropped"]
    assert sum(dropped) == 1001 - (len(found) - len(dropped))
    assert sum(dropped) == 900


def test_what_the_recorder_itself_logs_makes_no_lines(
    context: AppContext, recorder: Recorder, written: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def store(session: WriteSession, rows: list[LogLine]) -> None:
        logging.getLogger("sqlalchemy").warning("from inside")
        raise ValueError("a bug")

    monkeypatch.setattr(service, "store", store)
    logging.getLogger("busy").info("lost")
    wait_for(lambda: "log_lines_not_stored" in written(), 5)
    monkeypatch.undo()
    logging.getLogger("busy").info("kept")
    recorder.stop()
    assert [line.message for line in lines(context)] == ["kept", "log_lines_dropped"]


def test_found_by_what_one_looks_for(
    client: TestClient, context: AppContext, ada: dict[str, str], recorder: Recorder
) -> None:
    log = structlog.get_logger("magpie.downloads.worker")
    log.info("saved", title='Söng "one" 100%', download_id=1)
    log.warning("slow", title="Other", link_id=2)
    logging.getLogger("magpie.engine").error("Stuck in the ENGINE")
    structlog.get_logger("libtask").critical("down", task_id=3)
    recorder.stop()

    def messages(**query: Any) -> list[str]:
        answer = client.get("/api/v1/logs", headers=ada, params=query)
        assert answer.status_code == 200, answer.text
        return [line["message"] for line in answer.json()]

    everything = ["down", "Stuck in the ENGINE", "slow", "saved"]
    assert messages() == everything
    assert messages(skip=1, limit=2) == everything[1:3]
    assert messages(level="error") == everything[:2]
    assert messages(source="magpie.") == everything[1:]
    assert messages(host="box") == everything
    assert messages(host="other") == []
    assert messages(download_id=1) == ["saved"]
    assert messages(link_id=2) == ["slow"]
    assert messages(task_id=3) == ["down"]
    assert messages(q="engine stuck") == ["Stuck in the ENGINE"]
    assert messages(q='SÖNG "ONE" 100%') == ([] if context.database.is_sqlite else ["saved"])
    assert messages(q='Söng "ONE" 100%') == ["saved"]
    assert messages(q="1_0%") == []
    line = client.get("/api/v1/logs/", headers=ada, params={"limit": 1}).json()[0]
    assert set(line) >= {"id", "timestamp", "level", "source", "message"}
    assert (line["level"], line["task_id"]) == ("critical", 3)
    assert messages(before_id=line["id"]) == everything[1:]


@pytest.mark.parametrize(
    "query", ["level=loud", "limit=0", "limit=1001", "skip=-1", f"download_id={2**31}", "before_id=x"]
)
def test_odd_questions(client: TestClient, ada: dict[str, str], query: str) -> None:
    assert client.get(f"/api/v1/logs?{query}", headers=ada).status_code == 422


def test_superusers_only(client: TestClient, configure: Callable[..., None], ada: dict[str, str]) -> None:
    assert client.get("/api/v1/logs").status_code == 401
    configure(allow_registration=True)
    register(client, "bob")
    bob = sign_in(client, "bob")
    assert client.get("/api/v1/logs", headers=bob).status_code == 403


def test_a_line_that_cannot_be_written_is_not_shown_as_it_was_given(
    context: AppContext, recorder: Recorder, written: Callable[[], str], log_file: Path
) -> None:
    broken = logging.LogRecord("busy", logging.INFO, __file__, 1, "%s and %s", (f"password={SECRET}",), None)
    ours = [
        one for one in logging.getLogger().handlers if type(one) in (logging.StreamHandler, LogFile, Recorder)
    ]
    assert len(ours) == 3
    for handler in ours:
        handler.handle(broken)
    recorder.stop()
    assert lines(context) == []
    assert SECRET not in written() + log_file.read_text()


def test_a_line_costs_little(context: AppContext, recorder: Recorder) -> None:
    record = logging.LogRecord("busy", logging.INFO, __file__, 1, "line %s", (1,), None)
    started = time.thread_time()
    for _ in range(1000):
        recorder.handle(record)
    assert time.thread_time() - started < 1
    recorder.stop()
    with context.database.read() as session:
        assert session.scalar(select(func.count()).select_from(LogLine)) == 1000


def test_an_idle_recorder_sleeps(recorder: Recorder) -> None:
    before = os.times()
    time.sleep(0.5)
    after = os.times()
    assert (after.user + after.system) - (before.user + before.system) < 0.1


def test_every_host_has_its_name_on_its_lines(context: AppContext, recorder: Recorder) -> None:
    other = Recorder(context, "attic")
    other.start()
    logging.getLogger("busy").info("heard by both")
    other.stop()
    logging.getLogger("busy").info("heard by one")
    recorder.stop()
    assert sorted((line.host, line.message) for line in lines(context)) == [
        ("attic", "heard by both"),
        ("box", "heard by both"),
        ("box", "heard by one"),
    ]
