"""Guessing passwords becomes slow, and nobody is locked out by somebody else's guesses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select, update

from magpie.accounts import service, throttle
from magpie.accounts.models import LoginThrottle
from magpie.accounts.throttle import Attempt
from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from tests.accounts.conftest import PASSWORD, register, sign_in, sign_in_by_cookie

pytestmark = pytest.mark.database
WRONG = "wrong horse"
HOME, ABROAD = "192.0.2.1", "203.0.113.7"

From = Callable[[str], TestClient]
MINUTE = 60.0


@pytest.fixture(autouse=True)
def _long_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Delays that no slow machine outlasts; time goes by only when a test says so."""
    monkeypatch.setattr(throttle, "FIRST_DELAY_SECONDS", MINUTE)


@pytest.fixture
def at(app: FastAPI) -> Iterator[From]:
    """Clients at addresses."""
    with ExitStack() as stack:

        def make(ip: str) -> TestClient:
            client = TestClient(app, base_url="http://magpie.test", client=(ip, 50000))
            return stack.enter_context(client)

        yield make


def attempt(client: TestClient, login: str = "ada", password: str = WRONG) -> Response:
    response = client.post("/auth/login", data={"username": login, "password": password})
    assert response.status_code in (200, 401, 429)
    return response  # type: ignore[return-value]


def fail(client: TestClient, times: int, login: str = "ada") -> list[int]:
    return [attempt(client, login).status_code for _ in range(times)]


def let_pass(context: AppContext, seconds: float) -> None:
    """As if so much time had gone by since the last failures."""
    with context.database.write() as session:
        for row in session.scalars(select(LoginThrottle)):
            row.last_failure_at -= timedelta(seconds=seconds)


@pytest.mark.parametrize("login", ["ada", "nobody", "nobody@example.com", "\0", ""])
def test_guessing_gets_slower_and_slower_whoever_is_guessed(
    context: AppContext, client: TestClient, at: From, login: str
) -> None:
    register(client)
    stranger = at(ABROAD)
    assert fail(stranger, throttle.FREE_FAILURES, login) == [401] * throttle.FREE_FAILURES
    for delay in (MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE):
        let_pass(context, delay / 2)
        refused = attempt(stranger, login)
        assert refused.status_code == 429
        assert refused.json() == {"detail": throttle.TOO_MANY}
        assert delay / 2 - 15 < int(refused.headers["retry-after"]) <= delay / 2
        let_pass(context, delay / 2)
        assert attempt(stranger, login).status_code == 401
    with context.database.write() as session:
        session.execute(update(LoginThrottle).values(failures=10**6))
    wait = int(attempt(stranger, login).headers["retry-after"])
    assert throttle.LONGEST_DELAY_SECONDS - 15 < wait <= throttle.LONGEST_DELAY_SECONDS


def test_the_right_password_waits_too(context: AppContext, client: TestClient, at: From) -> None:
    register(client)
    stranger = at(ABROAD)
    fail(stranger, throttle.FREE_FAILURES + 1)
    assert attempt(stranger, password=PASSWORD).status_code == 429
    let_pass(context, MINUTE)
    assert attempt(stranger, password=PASSWORD).status_code == 200


def test_a_success_forgives_an_accounts_slips(context: AppContext, client: TestClient, at: From) -> None:
    register(client)
    home = at(HOME)
    for _ in range(3):
        assert fail(home, throttle.FREE_FAILURES - 1) == [401] * (throttle.FREE_FAILURES - 1)
        assert attempt(home, password=PASSWORD).status_code == 200


def test_an_attacked_owner_gets_in_from_anywhere_else(client: TestClient, at: From) -> None:
    register(client)
    home, phone = at(HOME), at("198.51.100.9")
    session = sign_in(home)
    fail(at(ABROAD), throttle.FREE_FAILURES + 3)
    assert attempt(home, password=PASSWORD).status_code == 200
    assert attempt(phone, password=PASSWORD).status_code == 200
    assert home.get("/auth/me", headers=session).status_code == 200


def test_an_attack_from_many_addresses_gets_one_guess_each(
    context: AppContext, client: TestClient, at: From
) -> None:
    register(client)
    home = at(HOME)
    sign_in(home)
    with context.database.write() as session:
        for number in range(throttle.ALARMING_FAILURES_OF_ACCOUNT):
            throttle.note_failure(session, Attempt(1, "ada", f"198.51.100.{number}"))
    assert fail(at(ABROAD), 2) == [401, 429]
    # The owner is let in at once from a new address, and may mistype at a known one.
    assert attempt(at("192.0.2.200"), password=PASSWORD).status_code == 200
    assert fail(home, throttle.FREE_FAILURES) == [401] * throttle.FREE_FAILURES


def test_an_address_that_tries_many_accounts_waits(client: TestClient, at: From) -> None:
    register(client)
    home = at(HOME)
    sign_in(home)
    for number in range(throttle.FREE_FAILURES_OF_ADDRESS + 1):
        attempt(home, f"name{number}")
    assert attempt(home, "another").status_code == 429
    # Who has signed in from there before is not made to pay for it.
    assert attempt(home, password=PASSWORD).status_code == 200


def test_all_addresses_of_an_ipv6_network_are_one(client: TestClient, at: From) -> None:
    register(client)
    for number in range(throttle.FREE_FAILURES + 1):
        attempt(at(f"2001:db8::{number:x}"))
    assert attempt(at("2001:db8::ffff")).status_code == 429
    assert attempt(at("2001:db8:0:1::1")).status_code == 401


def test_names_and_addresses_of_one_account_count_together(client: TestClient, at: From) -> None:
    register(client)
    stranger = at(ABROAD)
    fail(stranger, throttle.FREE_FAILURES - 1, "ada@example.com")
    assert [attempt(stranger, "ADA").status_code for _ in range(2)] == [401, 429]


def test_failures_are_forgotten_and_deleted(context: AppContext, client: TestClient, at: From) -> None:
    register(client)
    stranger = at(ABROAD)
    fail(stranger, throttle.FREE_FAILURES + 1)
    let_pass(context, throttle.FORGOTTEN_AFTER.total_seconds())
    assert fail(stranger, throttle.FREE_FAILURES) == [401] * throttle.FREE_FAILURES
    let_pass(context, throttle.FORGOTTEN_AFTER.total_seconds())
    with context.database.write() as session:
        service.delete_expired(session)
        assert session.scalars(select(LoginThrottle)).all() == []


def test_what_was_typed_as_a_name_is_not_kept_in_the_counters(
    context: AppContext, client: TestClient
) -> None:
    register(client)
    attempt(client, "my secret password")
    with context.database.read() as session:
        assert "secret" not in str([row.key for row in session.scalars(select(LoginThrottle))])


def test_the_pages_present_password_cannot_be_guessed_either(client: TestClient) -> None:
    register(client)
    headers = {"X-CSRF-Token": sign_in_by_cookie(client)}
    body = {"password": "quiet lamp under snow", "current_password": "wrong"}
    answers = [
        client.put("/api/v1/users/me", json=body, headers=headers).status_code
        for _ in range(throttle.FREE_FAILURES + 1)
    ]
    assert answers == [400] * throttle.FREE_FAILURES + [429]


def test_every_attempt_is_noted(context: AppContext, client: TestClient, at: From) -> None:
    register(client)
    stranger = at(ABROAD)
    attempt(stranger)
    attempt(stranger, "nobody")
    headers = sign_in(stranger)
    stranger.post("/auth/logout", headers=headers)
    with context.database.read() as session:
        rows = session.scalars(
            select(AuditRecord).where(AuditRecord.action.in_(["login", "logout"])).order_by(AuditRecord.id)
        ).all()
    noted = [(row.action, row.outcome, row.username, row.user_id, row.ip) for row in rows]
    assert noted == [
        ("login", "failure", "ada", None, ABROAD),
        ("login", "failure", "nobody", None, ABROAD),
        ("login", "success", "ada", 1, ABROAD),
        ("logout", "success", "ada", 1, ABROAD),
    ]


class TestSinglePassword:
    """`APP_PASSWORD`: one password for everybody."""

    APP_PASSWORD = "open sesame"

    @pytest.fixture(autouse=True)
    def _single(self, context: AppContext, configure: Callable[..., None]) -> None:
        configure(app_password=self.APP_PASSWORD, allow_registration=True)
        with context.database.write() as session:
            assert service.ensure_initial_superuser(session, context.settings) is not None

    @pytest.mark.parametrize("name", [{}, {"username": ""}, {"username": "whoever"}, {"username": "admin"}])
    @pytest.mark.parametrize("kind", ["data", "json"])
    def test_signs_in_with_any_name_or_none(
        self, client: TestClient, kind: str, name: dict[str, str]
    ) -> None:
        body = {**name, "password": self.APP_PASSWORD}
        response = client.post("/auth/login", **{kind: body})  # type: ignore[arg-type]
        assert response.status_code == 200
        headers = {"Authorization": f"Bearer {response.json()['access_token']}"}
        assert client.get("/auth/me", headers=headers).json()["is_superuser"]

    def test_closes_registration_and_says_so(self, client: TestClient) -> None:
        state = client.get("/api/v1/setup-state").json()
        assert (state["single_password"], state["registration_open"]) == (True, False)
        assert state["needs_first_user"] is False
        body = {"username": "eve", "email": "eve@example.com", "password": PASSWORD}
        assert client.post("/auth/register", json=body).status_code == 403
        assert client.post("/api/v1/users", json=body).status_code == 401

    def test_other_passwords_do_not(self, client: TestClient, at: From) -> None:
        for wrong in ("", "open sesam", "OPEN SESAME", "open sesame "):
            assert client.post("/auth/login", data={"password": wrong}).status_code in (401, 422)
        stranger = at(ABROAD)
        codes = [
            stranger.post("/auth/login", json={"username": f"n{number}", "password": "wrong"}).status_code
            for number in range(throttle.FREE_FAILURES + 1)
        ]
        assert codes == [401] * throttle.FREE_FAILURES + [429]

    def test_people_with_accounts_sign_in_as_before(self, client: TestClient) -> None:
        response = client.post("/auth/login", json={"password": self.APP_PASSWORD})
        root = {"Authorization": f"Bearer {response.json()['access_token']}"}
        body = {"username": "bob", "email": "bob@example.com", "password": PASSWORD}
        assert client.post("/api/v1/users", json=body, headers=root).status_code == 200
        assert client.get("/auth/me", headers=sign_in(client, "bob")).json()["username"] == "bob"

    @pytest.mark.parametrize("now", ["another one", ""])
    def test_another_one_ends_what_the_old_one_began(
        self, client: TestClient, configure: Callable[..., None], now: str
    ) -> None:
        token = client.post("/auth/login", json={"password": self.APP_PASSWORD}).json()["access_token"]
        root = {"Authorization": f"Bearer {token}"}
        body = {"username": "bob", "email": "bob@example.com", "password": PASSWORD}
        assert client.post("/api/v1/users", json=body, headers=root).status_code == 200
        bob = sign_in(client, "bob")
        wanted = {"name": "script", "scopes": ["read"], "expires_in_days": 9}
        answer = client.post("/api/v1/users/me/tokens", json=wanted, headers=root)
        assert answer.status_code in (200, 201), answer.text
        script = {"Authorization": f"Bearer {answer.json()['token']}"}
        assert client.get("/auth/me", headers=script).status_code == 200
        configure(app_password=now)
        for headers, code in ((root, 401), (script, 401), (bob, 200)):
            assert client.get("/auth/me", headers=headers).status_code == code
        configure(app_password=self.APP_PASSWORD)
        assert client.get("/auth/me", headers=root).status_code == 200
