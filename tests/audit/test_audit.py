"""What is done is noted with who and from where, can be searched and taken away, and goes when it is old."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from magpie.accounts.models import User
from magpie.accounts.principal import Principal
from magpie.audit import service
from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.library.models import Item, Membership
from tests.accounts.conftest import MakeClient, register, sign_in

SECRET = "hunter2-xyzzy"
PROXIED = {"X-Forwarded-For": "192.0.2.66, 198.51.100.7", "User-Agent": "Squirrel/3"}


@pytest.fixture
def ada(client: TestClient) -> dict[str, str]:
    """Headers of the first user, a superuser."""
    register(client, "ada")
    return sign_in(client, "ada")


@pytest.fixture
def principal(context: AppContext, ada: dict[str, str]) -> Principal:
    with context.database.read() as session:
        user = session.query(User).one()
        return Principal(user.id, user.username, is_superuser=True)


def note(context: AppContext, action: str, **given: Any) -> None:
    with context.database.write() as session:
        service.record(session, action, principal=given.pop("principal", None), **given)


def records(client: TestClient, headers: dict[str, str], **filters: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/audit", headers=headers, params=filters)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["records"]
    return found


def test_a_download_is_noted_from_where_it_was_asked_for(
    client: TestClient, make_client: MakeClient, configure: Callable[..., None], ada: dict[str, str]
) -> None:
    configure(trusted_proxies="192.0.2.1")
    proxied = TestClient(client.app, client=("192.0.2.1", 5))
    body = {"url": f"https://media.example/clip?token={SECRET}"}
    created = proxied.post("/api/v1/downloads", json=body, headers=ada | PROXIED).json()
    assert client.post(f"/api/v1/downloads/{created['id']}/cancel", headers=ada).status_code == 200
    assert client.post(f"/api/v1/downloads/{created['id']}/retry", headers=ada).status_code == 200

    retry, cancel, create = records(client, ada, action="download.")
    assert [record["action"] for record in (create, cancel, retry)] == [
        "download.create",
        "download.cancel",
        "download.retry",
    ]
    assert (create["ip"], create["user_agent"]) == ("198.51.100.7", "Squirrel/3")
    assert (create["username"], create["outcome"]) == ("ada", "success")
    assert {record["subject"] for record in (create, cancel, retry)} == {f"download:{created['id']}"}
    assert create["details"]["url"].startswith("https://media.example/clip?token=")
    assert SECRET not in json.dumps(create)
    assert cancel["ip"] == "testclient"


def test_what_fails_leaves_no_record(client: TestClient, ada: dict[str, str]) -> None:
    assert client.post("/api/v1/downloads/77/cancel", headers=ada).status_code == 404
    assert records(client, ada, action="download.") == []


def test_filters(client: TestClient, context: AppContext, ada: dict[str, str], principal: Principal) -> None:
    old = utcnow() - timedelta(days=3)
    note(context, "test.one", principal=principal)
    note(context, "test.two", outcome="failure", username="mallory")
    note(context, "testify", username="eve")
    with context.database.write() as session:
        session.execute(update(AuditRecord).where(AuditRecord.action == "test.one").values(at=old))
        session.execute(update(AuditRecord).where(AuditRecord.action == "test.two").values(ip="203.0.113.5"))

    def actions(**filters: Any) -> list[str]:
        given = {"action": "test", **filters}
        return [record["action"] for record in records(client, ada, **given)]

    border = (utcnow() - timedelta(days=1)).isoformat()
    assert actions() == ["testify", "test.two", "test.one"]
    assert actions(action="test.") == ["test.two", "test.one"]
    assert actions(action="%est") == []
    assert actions(user_id=principal.id) == ["test.one"]
    assert actions(username="mallory") == ["test.two"]
    assert actions(outcome="failure") == ["test.two"]
    assert actions(ip="203.0.113.5") == ["test.two"]
    assert actions(until=border) == ["test.one"]
    assert actions(since=border) == ["testify", "test.two"]
    assert actions(since=border.replace("+00:00", "")) == ["testify", "test.two"]
    assert actions(since="1999-01-01", until="2099-01-01T00:00:00Z") == actions()


def test_pages(client: TestClient, context: AppContext, ada: dict[str, str]) -> None:
    for number in range(5):
        note(context, f"page.{number}")
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"action": "page.", "limit": "2"} | ({"cursor": cursor} if cursor else {})
        answer = client.get("/api/v1/audit", headers=ada, params=params).json()
        found += [record["action"] for record in answer["records"]]
        cursor = answer["next_cursor"]
    assert found == [f"page.{number}" for number in range(4, -1, -1)]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("cursor=nonsense", 400),
        ("since=yesterday", 422),
        ("since=9999-12-31T23:59:59-23:00", 400),
        ("user_id=0", 422),
        (f"user_id={2**31 - 1}", 200),
        (f"user_id={2**31}", 422),
        ("outcome=maybe", 422),
        ("limit=201", 422),
        ("username=%00", 400),
    ],
)
def test_odd_questions(client: TestClient, ada: dict[str, str], query: str, status: int) -> None:
    assert client.get(f"/api/v1/audit?{query}", headers=ada).status_code == status


@pytest.mark.parametrize("path", ["/api/v1/audit", "/api/v1/audit/", "/api/v1/audit/export"])
def test_superusers_only(
    client: TestClient, configure: Callable[..., None], ada: dict[str, str], path: str
) -> None:
    assert client.get(path).status_code == 401
    configure(allow_registration=True)
    register(client, "bob")
    assert client.get(path, headers=sign_in(client, "bob")).status_code == 403
    assert client.get(path, headers=ada).status_code == 200


FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", " =1", "＝1"]


def test_export_as_csv_holds_no_formulas(
    client: TestClient, context: AppContext, ada: dict[str, str]
) -> None:
    for formula in FORMULAS:
        note(context, "csv", username=formula, subject='a "quoted", one', details={"a": 1})
    answer = client.get("/api/v1/audit/export", headers=ada, params={"action": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="magpie-audit-')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["username"] for row in reversed(rows)] == [f"'{formula}" for formula in FORMULAS]
    assert {row["subject"] for row in rows} == {'a "quoted", one'}
    assert json.loads(rows[0]["details"]) == {"a": 1}
    assert rows[0]["user_id"] == ""


def test_export_as_json_lines_is_whole_and_noted(
    client: TestClient, context: AppContext, monkeypatch: pytest.MonkeyPatch, ada: dict[str, str]
) -> None:
    monkeypatch.setattr(service, "EXPORT_BATCH", 3)
    for number in range(10):
        note(context, f"line.{number}")
    answer = client.get("/api/v1/audit/export", headers=ada, params={"action": "line.", "format": "jsonl"})
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["action"] for line in lines] == [f"line.{number}" for number in range(9, -1, -1)]
    [export] = records(client, ada, action="audit.export")
    assert (export["username"], export["details"]) == ("ada", {"format": "jsonl", "action": "line."})


def test_old_records_go(context: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PRUNE_BATCH", 2)
    for number in range(7):
        note(context, f"old.{number}")
    with context.database.write() as session:
        moment = utcnow() - timedelta(days=30, minutes=1)
        session.execute(update(AuditRecord).where(AuditRecord.action < "old.5").values(at=moment))
    assert service.prune(context.database, 31) == 0
    assert service.prune(context.database, 30) == 5
    with context.database.read() as session:
        assert [one.action for one in service.every(context.database, service.Filters())] == [
            "old.6",
            "old.5",
        ]
        assert session.query(AuditRecord).count() == 2


def test_whatever_is_given_can_be_stored(context: AppContext) -> None:
    odd = "a\0b\ud800" + "x" * 400
    note(
        context,
        "odd",
        username=odd,
        subject=odd,
        details={"password": SECRET, "n\0": [odd, {"k": f"token={SECRET}"}]},
    )
    [record] = service.every(context.database, service.Filters())
    assert record.username is not None
    assert (len(record.username), record.username[:4]) == (254, "a�b�")
    assert record.subject is not None
    assert len(record.subject) == 255
    assert SECRET not in json.dumps(record.details)
    assert record.ip == ""


def test_a_record_outlives_its_user(context: AppContext, principal: Principal) -> None:
    note(context, "last.word", principal=principal)
    with context.database.write() as session:
        session.delete(session.get_one(User, principal.id))
    [record] = service.every(context.database, service.Filters(action="last."))
    assert (record.user_id, record.username) == (None, "ada")


def test_collections_tell_what_was_made_of_them(
    client: TestClient, context: AppContext, ada: dict[str, str], principal: Principal
) -> None:
    with context.database.write() as session:
        item = Item(
            extractor="file", source_id="1", kind="audio", quality="audio", site="local", title="Rain"
        )
        item.source_url, item.size = "", 1
        session.add(item)
        session.flush()
        session.add(Membership(item_id=item.id, user_id=principal.id))
        item_id = item.id
    at = "/api/v1/collections"
    rules = {"name": "Loud", "query": {"genre": "metal"}}
    search = client.post(at, headers=ada, json=rules).json()["id"]
    road = client.post(at, headers=ada, json={"name": "Road", "ids": [item_id]}).json()["id"]
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("PUT", f"/{search}", {"query": {"genre": "jazz"}, "name": "Calm"}),
        ("PUT", f"/{road}/items/{item_id}", {}),
        ("POST", f"/{road}/items", {"ids": [item_id, 10**6]}),  # it is in there
        ("DELETE", f"/{road}/items/{item_id}", {}),
        ("DELETE", f"/{search}", {}),
    )
    for method, path, body in steps:
        assert client.request(method, f"{at}{path}", headers=ada, json=body).status_code == 200, path
    told = [
        (record["action"], record["subject"], record["details"])
        for record in reversed(records(client, ada, action="collection."))
    ]
    calm, loud = f"collection:{search}", {"genre": "metal"}
    assert told == [
        ("collection.create", calm, {"name": "Loud", "query": loud}),
        ("collection.create", f"collection:{road}", {"name": "Road", "query": None}),
        ("collection.add", f"collection:{road}", {"name": "Road", "count": 1, "items": [item_id]}),
        ("collection.update", calm, {"name": "Calm", "before": {"name": "Loud", "query": loud}}),
        ("collection.move", f"collection:{road}", {"name": "Road", "item": item_id, "before": None}),
        ("collection.remove", f"collection:{road}", {"name": "Road", "count": 1, "items": [item_id]}),
        ("collection.delete", calm, {"name": "Calm", "query": {"genre": "jazz"}}),
    ]
