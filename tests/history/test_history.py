"""One record per check, which follows its downloads and outlives its link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, insert, select

from magpie.context import AppContext
from magpie.downloads.models import Download, Status
from magpie.history import service
from magpie.history.models import HistoryFile, HistoryRecord
from magpie.history.schemas import CheckDetails
from magpie.kit.clock import utcnow
from tests.links.conftest import LINKS, Headers, follow

pytestmark = pytest.mark.database
HISTORY = "/api/v1/history"
CHANNEL = "https://www.youtube.com/@Magpies"


def begin(context: AppContext, link: dict[str, Any]) -> HistoryRecord:
    with context.database.write() as session:
        return service.begin(session, user_id=link["user_id"], link_id=link["id"], link_name=link["name"])


def finish(
    context: AppContext, record: HistoryRecord, *, failure: bool = False, message: str = "Nothing new."
) -> None:
    with context.database.write() as session:
        details = CheckDetails(tier="feed", requests=1, seen=15)
        service.finish(session, record, failure=failure, message=message, details=details)


def download(context: AppContext, record: HistoryRecord) -> Download:
    with context.database.write() as session:
        made = Download(
            user_id=record.user_id, history_id=record.id, url="https://media.example/film", site="media.example",
            title="A film", status=Status.FAILED, reason="private", error_message="The medium is private.",
        )  # fmt: skip
        session.add(made)
        service.queued(session, record.id, 1)
    return made


def get(client: TestClient, headers: Headers, record: HistoryRecord) -> dict[str, Any]:
    answer = client.get(f"{HISTORY}/{record.id}", headers=headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_it_is_shown_once_the_listing_has_ended(
    client: TestClient, ada: Headers, context: AppContext
) -> None:
    link = follow(client, ada, CHANNEL, name="Nest")
    record = begin(context, link)
    assert client.get(f"{HISTORY}/", headers=ada).json() == []
    assert client.get(f"{HISTORY}/{record.id}", headers=ada).status_code == 404
    finish(context, record)
    (told,) = client.get(f"{HISTORY}/", headers=ada).json()
    assert told == client.get(f"{HISTORY}/{record.id}/", headers=ada).json()
    assert (told["link_id"], told["link_name"], told["status"]) == (link["id"], "Nest", "success")
    assert (told["message"], told["downloaded_files"], told["details"]["tier"]) == (
        "Nothing new.",
        [],
        "feed",
    )


def test_the_message_follows_the_downloads(client: TestClient, ada: Headers, context: AppContext) -> None:
    record = begin(context, follow(client, ada, CHANNEL))
    first, second, third, fourth = (download(context, record) for _ in range(4))
    with context.database.write() as session:  # while the listing still runs
        service.landed(session, first, ["a/1.mp4", "a/1.nfo"])
    finish(context, record, message="4 new items.")
    told = get(client, ada, record)
    assert told["message"] == "Downloaded 1 new item. 3 items still to come."
    with context.database.write() as session:
        service.landed(session, second, ["a/2.mp4"])
        service.missed(session, third)
        service.held(session, fourth)
    told = get(client, ada, record)
    assert told["message"] == "Downloaded 2 new items. 1 item could not be downloaded."
    assert told["downloaded_files"] == ["a/1.mp4", "a/1.nfo", "a/2.mp4"]
    assert (told["status"], told["queued"], told["landed"], told["failed"]) == ("success", 4, 2, 1)
    (failed,) = told["details"]["failed_downloads"]
    assert (failed["download_id"], failed["reason"], failed["title"]) == (third.id, "private", "A film")
    with context.database.write() as session:  # tried again, in vain first
        service.missed(session, third)
        service.landed(session, third, ["a/3.mp4"])
    told = get(client, ada, record)
    assert (told["message"], told["failed"]) == ("Downloaded 3 new items.", 0)
    assert told["details"]["failed_downloads"] == []


def test_a_failure_keeps_its_message(client: TestClient, ada: Headers, context: AppContext) -> None:
    record = begin(context, follow(client, ada, CHANNEL))
    wanted = download(context, record)
    finish(context, record, failure=True, message="There is nothing at this address.")
    with context.database.write() as session:
        service.landed(session, wanted, ["a.mp4"])
    told = get(client, ada, record)
    assert (told["status"], told["message"]) == ("failure", "There is nothing at this address.")
    assert told["downloaded_files"] == ["a.mp4"]


def test_filters_and_pages(
    client: TestClient, ada: Headers, bob: Headers, root: Headers, context: AppContext
) -> None:
    one, two = (follow(client, ada, f"https://media.example/{n}") for n in range(2))
    theirs = follow(client, bob, CHANNEL)
    ids = []
    for number in range(6):
        record = begin(context, (one, two)[number % 2])
        finish(context, record, failure=number >= 4)
        ids.append(record.id)
    foreign = begin(context, theirs)
    finish(context, foreign)

    def found(headers: Headers = ada, **params: Any) -> list[int]:
        answer = client.get(HISTORY, params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return [record["id"] for record in answer.json()]

    newest = ids[::-1]
    assert found() == newest
    assert found(skip=1, limit=2) == newest[1:3]
    assert found(before=newest[2]) == newest[3:]
    assert found(link_id=one["id"]) == [newest[1], newest[3], newest[5]]
    assert found(status="failure") == newest[:2]
    assert found(status="success", link_id=two["id"], skip=1) == [newest[4]]
    assert found(skip=100) == found(link_id=theirs["id"]) == []
    assert found(bob) == [foreign.id]
    assert found(root) == [foreign.id, *newest]
    for wrong in ({"status": "odd"}, {"skip": -1}, {"limit": 0}, {"link_id": 2**40}):
        assert client.get(HISTORY, params=wrong, headers=ada).status_code == 422


def test_it_outlives_its_link_and_goes_with_its_user(
    client: TestClient, ada: Headers, root: Headers, context: AppContext
) -> None:
    link = follow(client, ada, CHANNEL, name="Nest")
    record = begin(context, link)
    wanted = download(context, record)
    with context.database.write() as session:
        service.landed(session, wanted, ["a.mp4"])
    finish(context, record)
    assert client.delete(f"{LINKS}/{link['id']}", headers=ada).status_code == 200
    assert [one["link_name"] for one in client.get(HISTORY, headers=ada).json()] == ["Nest"]
    assert client.delete(f"/api/v1/users/{link['user_id']}", headers=root).status_code == 200
    with context.database.read() as session:
        assert session.scalar(select(func.count()).select_from(HistoryRecord)) == 0
        assert session.scalar(select(func.count()).select_from(HistoryFile)) == 0


def test_a_long_history_is_paged(client: TestClient, ada: Headers, context: AppContext) -> None:
    link = follow(client, ada, CHANNEL)
    record = {
        "user_id": link["user_id"], "link_id": link["id"], "link_name": "x", "timestamp": utcnow(),
        "status": "success", "message": "m" * 200, "details": {}, "queued": 0, "landed": 0, "failed": 0,
    }  # fmt: skip
    with context.database.write() as session:
        session.execute(insert(HistoryRecord), [record] * 20_000)
    for params in ({}, {"link_id": link["id"]}, {"status": "success"}):
        answer = client.get(HISTORY, params={**params, "skip": 19_990, "limit": 100}, headers=ada)
        assert [one["id"] for one in answer.json()] == list(range(10, 0, -1))


def test_checks_that_found_nothing_are_forgotten_in_the_end(
    client: TestClient, ada: Headers, context: AppContext
) -> None:
    one, two = (follow(client, ada, f"https://media.example/{n}") for n in range(2))
    now = utcnow()
    record = {
        "user_id": one["user_id"], "link_id": one["id"], "link_name": "x", "timestamp": now - timedelta(days=91),
        "status": "success", "message": "No new items.", "details": {}, "queued": 0, "landed": 0, "failed": 0,
    }  # fmt: skip
    kept: list[dict[str, Any]] = [
        {"details": {"new": 3}},  # only listed
        {"queued": 1, "landed": 1},
        {"status": "failure"},
        {"status": None},  # it goes on
        {"timestamp": now - timedelta(days=89)},
        {"link_id": two["id"]},  # its link's latest
    ]
    with context.database.write() as session:
        session.execute(insert(HistoryRecord), [record] * 501)
        session.execute(insert(HistoryRecord), [record | more for more in kept])
    assert service.prune(context.database, now) == 501
    assert service.prune(context.database, now) == 0
    with context.database.read() as session:
        left = session.execute(select(HistoryRecord.status, HistoryRecord.link_id).order_by(HistoryRecord.id))
        assert [tuple(row) for row in left] == [
            ((record | more)["status"], (record | more)["link_id"]) for more in kept
        ]
