"""Signing in and out, by form, JSON, token and cookie."""

from __future__ import annotations

import bcrypt
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from magpie.accounts import passwords, service
from magpie.accounts.models import LoginSession, User
from magpie.context import AppContext
from tests.accounts.conftest import PASSWORD, MakeClient, register, sign_in, sign_in_by_cookie

pytestmark = pytest.mark.database
CREDENTIALS = {"username": "ada", "password": PASSWORD}
LOGIN_PATHS = ["/auth/login", "/api/v1/login/access-token"]


@pytest.mark.parametrize("path", LOGIN_PATHS)
@pytest.mark.parametrize("login", ["ada", "ADA", " ada ", "ada@example.com", "Ada@Example.com"])
def test_by_form_with_name_or_address(client: TestClient, path: str, login: str) -> None:
    register(client)
    response = client.post(path, data={"username": login, "password": PASSWORD, "grant_type": "password"})
    assert response.status_code == 200
    assert set(response.json()) == {"access_token", "token_type"}
    assert response.json()["token_type"] == "bearer"
    assert response.headers["cache-control"] == "no-store"
    assert not response.cookies
    headers = {"Authorization": f"Bearer {response.json()['access_token']}"}
    me = client.get("/auth/me", headers=headers).json()
    assert me["username"] == "ada"
    assert me["last_login_at"] is not None
    own = client.get("/api/v1/users/me", headers=headers).json()
    assert own.pop("feeds").keys() == {"library", "podcasts", "link", "collection", "search", "opml"}
    assert own == me
    assert client.post("/api/v1/login/test-token", headers=headers).json() == me


def test_by_json_and_by_multipart(client: TestClient) -> None:
    register(client)
    assert "access_token" in client.post("/auth/login", json=CREDENTIALS).json()
    parts = {name: (None, value) for name, value in CREDENTIALS.items()}
    assert "access_token" in client.post("/auth/login", files=parts).json()


@pytest.mark.parametrize(
    "change",
    [
        {"password": "wrong horse"},
        {"password": ""},
        {"password": "x" * 3000},
        {"password": PASSWORD + "\0"},
        {"username": "nobody"},
        {"username": "nobody@example.com"},
        {"username": ""},
        {"username": "ada\0"},
        {"username": "' OR 1=1 --"},
        {"username": "ﷺ" * 1000},
    ],
)
def test_wrong_credentials_all_look_the_same(client: TestClient, change: dict[str, str]) -> None:
    register(client)
    for response in (
        client.post("/auth/login", json=CREDENTIALS | change),
        client.post("/auth/login", data=CREDENTIALS | change),
        client.post("/api/v1/login/access-token", data=CREDENTIALS | change),
    ):
        assert response.status_code == 401
        assert response.json() == {"detail": "Incorrect username or password"}
        assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.once
@pytest.mark.parametrize("body", [{}, {"username": "ada"}, {"password": PASSWORD}])
def test_missing_fields_are_schema_faults(client: TestClient, body: dict[str, str]) -> None:
    missing = next(name for name in ("username", "password") if name not in body)
    for response in (
        client.post("/auth/login", json=body),
        client.post("/auth/login", data=body or {"x": "y"}),
    ):
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", missing]


@pytest.mark.once
@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{", 400),
        ("application/json", b"", 400),
        ("application/json", b"\xff\xfe", 400),
        ("application/json", b'{"username": "\\ud800", "password": "x"}', 400),
        ("application/json", b"[]", 422),
        ("application/json", b'{"username": 1, "password": []}', 422),
        ("application/json", b"[" * 16000, 400),
        ("application/json", b" " * 20000, 413),
        ("application/x-www-form-urlencoded", b"username=" + b"x" * 20000, 413),
        ("multipart/form-data", b"--x", 400),
        ("multipart/form-data; boundary=x", b"nonsense", 400),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n',
            400,
        ),
        ("text/plain", b'{"username": "ada", "password": "correct horse", "cookie": true}', 415),
        ("", b"username=ada&password=correct+horse", 415),
    ],
)
def test_odd_bodies_are_the_clients_fault(
    client: TestClient, content_type: str, body: bytes, status: int
) -> None:
    register(client)
    response = client.post("/auth/login", content=body, headers={"Content-Type": content_type})
    assert response.status_code == status
    assert "detail" in response.json()


@pytest.mark.parametrize("body", [b"username=%ff%fe&password=%00", b"username=%ed%a0%80&password=x"])
def test_what_is_no_text_is_nobodys_name(client: TestClient, body: bytes) -> None:
    register(client)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = client.post("/auth/login", content=body, headers=headers)
    assert response.status_code == 401
    assert response.json() == {"detail": "Incorrect username or password"}


def test_the_form_route_takes_forms_only(client: TestClient) -> None:
    register(client)
    assert client.post("/api/v1/login/access-token", json=CREDENTIALS).status_code == 415


class TestCookie:
    """Signing in as the page does."""

    def test_keeps_the_token_from_scripts(self, client: TestClient) -> None:
        register(client)
        response = client.post("/auth/login", json=CREDENTIALS | {"cookie": True})
        assert set(response.json()) == {"token_type", "csrf_token"}
        assert response.json()["token_type"] == "cookie"
        session, csrf = sorted(response.headers.get_list("set-cookie"), key=lambda line: "csrf" in line)
        assert session.startswith("magpie_session=")
        assert "HttpOnly" in session
        assert csrf.startswith(f"magpie_csrf={response.json()['csrf_token']};")
        assert "HttpOnly" not in csrf
        for line in (session, csrf):
            assert "SameSite=lax" in line
            assert "Path=/" in line
            assert "Secure" not in line
        assert client.get("/auth/me").json()["username"] == "ada"

    def test_is_secure_where_the_page_is(self, make_client: MakeClient) -> None:
        client = make_client("https://magpie.test")
        register(client)
        response = client.post("/auth/login", json=CREDENTIALS | {"cookie": True})
        assert all("Secure" in line for line in response.headers.get_list("set-cookie"))
        assert client.get("/auth/me").status_code == 200

    def test_a_form_gets_none(self, client: TestClient) -> None:
        register(client)
        response = client.post("/auth/login", data=CREDENTIALS | {"cookie": "true"})
        assert "access_token" in response.json()
        assert not response.cookies

    def test_signing_out_clears_it(self, client: TestClient) -> None:
        register(client)
        csrf = sign_in_by_cookie(client)
        old = dict(client.cookies)
        assert client.post("/auth/logout", headers={"X-CSRF-Token": csrf}).status_code == 200
        assert not client.cookies
        assert client.get("/auth/me").json() == {"detail": "Not authenticated"}
        client.cookies.update(old)
        assert client.get("/auth/me").json() == {"detail": "Invalid authentication credentials"}


def test_signing_out_ends_this_session_only(client: TestClient) -> None:
    register(client)
    one, other = sign_in(client), sign_in(client)
    assert client.post("/auth/logout", headers=one).status_code == 200
    assert client.get("/auth/me", headers=one).status_code == 401
    assert client.post("/auth/logout", headers=one).status_code == 401
    assert client.get("/auth/me", headers=other).status_code == 200


def test_a_deactivated_user_is_told_so_only_with_the_right_password(
    context: AppContext, client: TestClient
) -> None:
    register(client)
    with context.database.write() as session:
        user = session.scalars(select(User)).one()
        service.set_active(session, user, False)
    right = client.post("/auth/login", json=CREDENTIALS)
    assert right.status_code == 401
    assert "deactivated" in right.json()["detail"]
    wrong = client.post("/auth/login", json=CREDENTIALS | {"password": "wrong horse"})
    assert wrong.json() == {"detail": "Incorrect username or password"}


def test_bcrypt_hashes_are_upgraded_at_the_first_sign_in(context: AppContext, client: TestClient) -> None:
    register(client)
    with context.database.write() as session:
        user = session.scalars(select(User)).one()
        user.password_hash = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    for _ in range(2):
        sign_in(client)
        with context.database.read() as session:
            stored = session.scalars(select(User.password_hash)).one()
        assert stored.startswith("$argon2id$")


def test_a_password_that_changes_while_it_is_compared_opens_nothing(
    context: AppContext, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(client)
    compare = passwords.check_password

    def change_meanwhile(password: str, stored: str | None) -> passwords.Verdict:
        verdict = compare(password, stored)
        with context.database.write() as session:
            user = session.scalars(select(User)).one()
            service.set_password(session, user, passwords.hash_password("another horse"))
        return verdict

    monkeypatch.setattr(passwords, "check_password", change_meanwhile)
    assert client.post("/auth/login", json=CREDENTIALS).status_code == 401


def test_where_a_sign_in_came_from_is_kept(context: AppContext, client: TestClient) -> None:
    register(client)
    agent = "Browser " + "x" * 400
    client.post("/auth/login", json=CREDENTIALS, headers={"User-Agent": agent})
    with context.database.read() as session:
        row = session.scalars(select(LoginSession)).one()
    assert row.ip == "testclient"
    assert row.user_agent == agent[:255]
    assert row.kind == "bearer"
    assert (row.expires_at - row.created_at).total_seconds() == 1440 * 60
