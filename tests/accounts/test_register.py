"""Who may make an account, and who becomes the superuser."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from magpie import __version__
from magpie.accounts import service
from magpie.accounts.passwords import check_password
from magpie.config import Settings, SettingsRefused
from magpie.context import AppContext
from magpie.kit.errors import Conflict
from tests.accounts.conftest import PASSWORD, register, sign_in, sign_in_by_cookie

pytestmark = pytest.mark.database
FIELDS = {
    "id",
    "email",
    "username",
    "display_name",
    "language",
    "is_active",
    "is_superuser",
    "quota_gb",
    "created_at",
    "last_login_at",
}
ACCOUNT = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}


def test_the_language_is_the_one_that_is_named_or_the_browsers(client: TestClient, configure: Any) -> None:
    configure(allow_registration=True)
    browser = {"Accept-Language": "zh-TW,zh;q=0.9,en;q=0.8"}

    def language(name: str, headers: dict[str, str], **more: str) -> object:
        account = {"username": name, "email": f"{name}@example.com", "password": PASSWORD, **more}
        return client.post("/auth/register", json=account, headers=headers).json()["language"]

    assert language("ada", browser) == "zh-CN"
    assert language("bob", browser, language="en") == "en"
    assert language("eve", {}) is None
    refused = {"username": "x", "email": "x@example.com", "password": PASSWORD, "language": "tlh"}
    assert client.post("/auth/register", json=refused).status_code == 422


@pytest.mark.parametrize("path", ["/auth/register", "/api/v1/users"])
def test_the_first_account_is_the_superusers(client: TestClient, path: str) -> None:
    assert client.get("/api/v1/setup-state").json() == {
        "needs_first_user": True,
        "registration_open": True,
        "single_password": False,
        "version": __version__,
    }
    response = client.post(path, json=ACCOUNT)
    assert response.status_code == 200
    user = response.json()
    assert set(user) == FIELDS
    assert (user["username"], user["email"]) == ("ada", "ada@example.com")
    assert (user["is_active"], user["is_superuser"], user["last_login_at"]) == (True, True, None)
    state = client.get("/api/v1/setup-state").json()
    assert (state["needs_first_user"], state["registration_open"]) == (False, False)


def test_registration_closes_behind_the_first(client: TestClient) -> None:
    register(client)
    response = client.post("/auth/register", json=ACCOUNT | {"username": "eve", "email": "eve@example.com"})
    assert response.status_code == 403
    assert "closed" in response.json()["detail"]


def test_creating_users_needs_a_right_once_there_is_one(client: TestClient) -> None:
    register(client)
    other = ACCOUNT | {"username": "eve", "email": "eve@example.com"}
    anonymous = client.post("/api/v1/users", json=other)
    assert (anonymous.status_code, anonymous.json()) == (401, {"detail": "Not authenticated"})
    assert client.post("/api/v1/users", json=other, headers={"Authorization": "Bearer x"}).status_code == 401
    assert client.post("/api/v1/users", json=other, headers=sign_in(client)).status_code == 200
    third = ACCOUNT | {"username": "tom", "email": "tom@example.com"}
    assert client.post("/api/v1/users", json=third, headers=sign_in(client, "eve")).status_code == 403


@pytest.mark.parametrize("path", ["/auth/register", "/api/v1/users"])
def test_strangers_by_leave_are_no_superusers(
    client: TestClient, configure: Callable[..., None], path: str
) -> None:
    register(client)
    configure(allow_registration=True)
    assert client.get("/api/v1/setup-state").json()["registration_open"]
    body = ACCOUNT | {"username": "eve", "email": "eve@example.com", "is_superuser": True}
    response = client.post(path, json=body)
    assert response.status_code == 200
    assert response.json()["is_superuser"] is False


def test_names_and_addresses_are_taken_whatever_their_case(
    client: TestClient, configure: Callable[..., None]
) -> None:
    configure(allow_registration=True)
    register(client)
    for change in (
        {"username": "ADA", "email": "b@example.com"},
        {"username": "bob", "email": "Ada@Example.COM"},
    ):
        response = client.post("/auth/register", json=ACCOUNT | change)
        assert response.status_code == 409
        assert "detail" in response.json()


@pytest.mark.parametrize(
    ("change", "loc"),
    [
        ({"email": "nonsense"}, "email"),
        ({"username": "a@b"}, "username"),
        ({"username": "nul\0"}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 1025}, "password"),
    ],
)
def test_broken_rules(client: TestClient, change: dict[str, str], loc: str) -> None:
    response = client.post("/auth/register", json=ACCOUNT | change)
    assert response.status_code == 400
    body = response.json()
    assert body["detail"] == "Validation Error"
    assert [error["loc"] for error in body["errors"]] == [["body", loc]]
    assert client.get("/api/v1/setup-state").json()["needs_first_user"]


@pytest.mark.once
@pytest.mark.parametrize("missing", ["username", "email", "password"])
def test_missing_fields_are_schema_faults(client: TestClient, missing: str) -> None:
    body = {name: value for name, value in ACCOUNT.items() if name != missing}
    response = client.post("/auth/register", json=body)
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", missing]


def test_of_many_at_once_one_is_first(context: AppContext) -> None:
    count = 8
    start = threading.Barrier(count)
    made: list[Any] = []

    def race(number: int) -> None:
        profile = service.checked_profile(f"user{number}", f"user{number}@example.com")
        start.wait(10)
        with context.database.write() as session:
            settings = context.settings.model_copy(update={"allow_registration": True})
            made.append(service.register(session, settings, profile, "hash").is_superuser)

    _run_all(race, count)
    assert sorted(made) == [False] * (count - 1) + [True]


def test_of_many_with_one_name_one_gets_it(context: AppContext) -> None:
    count = 8
    start = threading.Barrier(count)
    outcomes: list[str] = []

    def race(_number: int) -> None:
        profile = service.checked_profile("ada", None)
        start.wait(10)
        try:
            with context.database.write() as session:
                settings = context.settings.model_copy(update={"allow_registration": True})
                service.register(session, settings, profile, "hash")
            outcomes.append("made")
        except Conflict:
            outcomes.append("taken")

    _run_all(race, count)
    assert sorted(outcomes) == ["made"] + ["taken"] * (count - 1)


def _run_all(target: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=target, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_many_requests_register_at_once(client: TestClient) -> None:
    statuses: list[int] = []

    def race(number: int) -> None:
        body = {"username": f"u{number}", "email": f"u{number}@example.com", "password": PASSWORD}
        statuses.append(client.post("/auth/register", json=body).status_code)

    _run_all(race, 6)
    assert sorted(statuses) == [200] + [403] * 5


class TestInitialSuperuser:
    """The superuser that the settings name."""

    def settings(self, **values: str) -> Settings:
        names = {f"initial_superuser_{name}": value for name, value in values.items()}
        return Settings.model_validate(names)

    def ensure(self, context: AppContext, **values: str) -> bool:
        with context.database.write() as session:
            return service.ensure_initial_superuser(session, self.settings(**values)) is not None

    def test_is_made_on_an_empty_database_only(self, context: AppContext, client: TestClient) -> None:
        wanted = {"username": "root", "password": PASSWORD, "email": "root@example.com"}
        assert self.ensure(context, **wanted)
        assert not self.ensure(context, **wanted)
        assert not self.ensure(context, **wanted | {"username": "other"})
        user = client.get("/auth/me", headers=sign_in(client, "root@example.com")).json()
        assert (user["username"], user["is_superuser"]) == ("root", True)

    def test_needs_no_address(self, context: AppContext, client: TestClient) -> None:
        assert self.ensure(context, username="root", password=PASSWORD)
        assert client.get("/auth/me", headers=sign_in(client, "root")).json()["email"] is None

    def test_is_not_asked_for_by_default(self, context: AppContext) -> None:
        assert not self.ensure(context)

    @pytest.mark.parametrize(
        ("values", "name"),
        [
            ({"username": "root"}, "MAGPIE_INITIAL_SUPERUSER_PASSWORD"),
            ({"password": PASSWORD}, "MAGPIE_INITIAL_SUPERUSER_USERNAME"),
            ({"username": "root", "password": "short"}, "MAGPIE_INITIAL_SUPERUSER_PASSWORD"),
            ({"username": "a@b", "password": PASSWORD}, "MAGPIE_INITIAL_SUPERUSER_USERNAME"),
            ({"username": "a", "password": PASSWORD, "email": "b"}, "MAGPIE_INITIAL_SUPERUSER_EMAIL"),
        ],
    )
    def test_half_a_user_stops_the_start(
        self, context: AppContext, values: dict[str, str], name: str
    ) -> None:
        with pytest.raises(SettingsRefused, match=name):
            self.ensure(context, **values)


def test_the_oldest_active_superuser_owns_what_commands_save(
    context: AppContext, client: TestClient, configure: Callable[..., None]
) -> None:
    with context.database.read() as session:
        assert service.first_superuser(session) is None
    configure(allow_registration=True)
    register(client, "ada")
    register(client, "bob")
    with context.database.write() as session:
        first = service.first_superuser(session)
        assert first is not None
        assert first.username == "ada"
        service.set_active(session, first, False)
    with context.database.read() as session:
        assert service.first_superuser(session) is None


def test_passwords_are_stored_hashed(context: AppContext, client: TestClient) -> None:
    register(client)
    with context.database.read() as session:
        stored = service.find_password(session, "ada@EXAMPLE.com")
        assert stored is not None
    assert stored.password_hash.startswith("$argon2id$")
    assert check_password(PASSWORD, stored.password_hash).right


def test_a_cookie_without_its_csrf_token_creates_nobody(
    client: TestClient, configure: Callable[..., None]
) -> None:
    configure(allow_registration=True)
    register(client)
    csrf = sign_in_by_cookie(client)
    other = ACCOUNT | {"username": "eve", "email": "eve@example.com"}
    assert client.post("/api/v1/users", json=other).status_code == 403
    assert client.post("/api/v1/users", json=other, headers={"X-CSRF-Token": csrf}).status_code == 200
