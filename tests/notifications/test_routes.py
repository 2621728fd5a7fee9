"""Targets over HTTP, with real services behind them."""

from __future__ import annotations

from typing import Any

import pytest
import structlog.testing
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from magpie.notifications import service
from magpie.notifications.models import Happening, Notice, NotificationTarget
from tests.accounts.conftest import MakeClient
from tests.accounts.test_reset import Postbox
from tests.links.conftest import Headers
from tests.notifications.conftest import Services

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("warm_messengers")]
TARGETS = "/api/v1/notifications/targets"
SECRET = "planted-secret-token"


@pytest.fixture
def client(app_with_bench: FastAPI, make_client: MakeClient) -> TestClient:
    return make_client()


def make(client: TestClient, headers: Headers, url: str, **more: Any) -> dict[str, Any]:
    answer = client.post(TARGETS, json={"url": url, **more}, headers=headers)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_the_address_is_taken_and_never_answered(
    client: TestClient, ada: Headers, context: AppContext, services: Services
) -> None:
    url = services.url(f"hooks/{SECRET}")
    with structlog.testing.capture_logs() as logs:
        made = make(client, ada, url, name=" Phone ", events=["failed", "failed"], digest="hourly")
        assert (made["name"], made["scheme"], made["events"]) == ("Phone", "json", ["failed"])
        assert (made["digest"], made["is_enabled"], made["waiting"]) == ("hourly", True, 0)
        where = f"{TARGETS}/{made['id']}"
        answers = [
            client.get(TARGETS, headers=ada).text,
            client.get(where, headers=ada).text,
            client.put(where, json={"name": "Other"}, headers=ada).text,
            client.post(f"{where}/test", headers=ada).text,
            client.delete(where, headers=ada).text,
        ]
        with context.database.read() as session:
            noted = [f"{record.action} {record.details}" for record in session.scalars(select(AuditRecord))]
    assert "url" not in made
    assert SECRET not in str([made, answers, logs, noted])
    assert {line.split()[0] for line in noted if line.startswith("notification.")} == {
        f"notification.{verb}" for verb in ("create", "update", "test", "delete")
    }
    assert client.get(where, headers=ada).status_code == 404


def test_it_is_sealed(client: TestClient, ada: Headers, context: AppContext, services: Services) -> None:
    url = services.url(SECRET)
    made = make(client, ada, url)
    with context.database.read() as session:
        sealed = session.get_one(NotificationTarget, made["id"]).sealed_url
    assert SECRET not in sealed
    assert context.vault.open(sealed) == url


@pytest.mark.parametrize(
    "url",
    [
        "mailto://ada:secret@example.com",
        "mail:bob@example.com",
        "syslog://",
        "nonsense",
        "discord://half",
        "json://a\n b",
    ],
)
def test_what_is_no_address_is_refused(client: TestClient, ada: Headers, url: str) -> None:
    answer = client.post(TARGETS, json={"url": url}, headers=ada)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["loc"] == ["body", "url"]
    assert "secret" not in answer.text
    assert client.get(TARGETS, headers=ada).json() == []


@pytest.mark.parametrize("change", [{"events": []}, {"events": ["all"]}, {"digest": "weekly"}, {"name": " "}])
def test_what_makes_no_sense_is_refused(client: TestClient, ada: Headers, change: dict[str, Any]) -> None:
    body = {"url": f"json://media.example/{SECRET}", **change}
    answer = client.post(TARGETS, json=body, headers=ada)
    assert answer.status_code == 422
    assert SECRET not in answer.text


def test_there_is_an_end_to_targets(client: TestClient, ada: Headers) -> None:
    for _ in range(service.MOST_TARGETS):
        make(client, ada, "mail:")
    assert client.post(TARGETS, json={"url": "mail"}, headers=ada).status_code == 409


def test_a_test_message_arrives(client: TestClient, ada: Headers, services: Services) -> None:
    made = make(client, ada, services.url("hook"))
    answer = client.post(f"{TARGETS}/{made['id']}/test", headers=ada)
    assert answer.json() == {"success": True, "message": "The message was taken."}
    assert services.heard[0].json["title"] == "Magpie: a test"
    client.put("/api/v1/users/me", json={"language": "zh-CN"}, headers=ada)
    assert client.post(f"{TARGETS}/{made['id']}/test", headers=ada).json()["success"]
    assert services.heard[1].json["title"] == "Magpie：测试"
    assert client.get(f"{TARGETS}/{made['id']}", headers=ada).json()["last_sent_at"]


def test_one_that_does_not_says_why(client: TestClient, ada: Headers, services: Services) -> None:
    made = make(client, ada, services.url("status/404"))
    where = f"{TARGETS}/{made['id']}"
    said = {"success": False, "message": "The service answered 404 (Not Found)."}
    assert client.post(f"{where}/test", headers=ada).json() == said
    assert client.get(where, headers=ada).json()["last_error"] == said["message"]
    assert client.put(where, json={"url": "json://169.254.169.254/x"}, headers=ada).status_code == 200
    refused = client.post(f"{where}/test", headers=ada).json()
    assert not refused["success"]
    assert "private network" in refused["message"]


def test_mail_goes_to_the_users_own_address(
    client: TestClient, ada: Headers, postbox: Postbox, configure: Any
) -> None:
    made = make(client, ada, "mail")
    where = f"{TARGETS}/{made['id']}/test"
    assert client.post(where, headers=ada).json()["message"] == "No mail server is set up here."
    configure(smtp_url=f"smtp://127.0.0.1:{postbox.port}", public_url="https://keeper.example")
    assert client.post(where, headers=ada).json()["success"]
    assert postbox.envelopes[0].rcpt_tos == ["ada@example.com"]


def test_a_test_that_goes_well_ends_a_pause(
    client: TestClient, ada: Headers, context: AppContext, services: Services
) -> None:
    made = make(client, ada, services.url("hook"))
    where = f"{TARGETS}/{made['id']}"
    with context.database.write() as session:
        target = session.get_one(NotificationTarget, made["id"])
        target.paused_at, target.failures, target.last_error = target.created_at, 8, "It was down."
    assert client.get(where, headers=ada).json()["paused_at"]
    client.post(f"{where}/test", headers=ada)
    after = client.get(where, headers=ada).json()
    assert (after["paused_at"], after["failures"], after["last_error"]) == (None, 0, None)


def test_what_waits_goes_with_its_target(client: TestClient, ada: Headers, context: AppContext) -> None:
    first, second = (make(client, ada, "mail", digest="daily")["id"] for _ in range(2))
    me = client.get("/auth/me", headers=ada).json()["id"]
    with context.database.write() as session:
        service.tell(context, session, me, Happening.FAILED, "A film", "The medium is private.")
    assert [one["waiting"] for one in client.get(TARGETS, headers=ada).json()] == [1, 1]
    off = client.put(f"{TARGETS}/{first}", json={"is_enabled": False}, headers=ada).json()
    assert (off["is_enabled"], off["waiting"]) == (False, 0)
    client.delete(f"{TARGETS}/{second}", headers=ada)
    with context.database.read() as session:
        assert session.scalars(select(Notice)).all() == []


def test_superusers_see_their_own_in_the_list(client: TestClient, ada: Headers, root: Headers) -> None:
    made = make(client, ada, "mail")
    assert client.get(TARGETS, headers=root).json() == []
    assert client.get(f"{TARGETS}/{made['id']}", headers=root).status_code == 200
