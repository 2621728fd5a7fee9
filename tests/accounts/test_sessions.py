"""A user's own sessions and API tokens, and what each token may do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from starlette.websockets import WebSocketDisconnect

from magpie.accounts import security, service, sessions
from magpie.accounts.models import LoginSession
from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from tests.accounts.conftest import PASSWORD, MakeClient, register, sign_in, sign_in_by_cookie

pytestmark = pytest.mark.database
ME = "/api/v1/users/me"
Headers = dict[str, str]


@pytest.fixture
def ada(client: TestClient) -> Headers:
    """A superuser's headers."""
    register(client)
    return sign_in(client)


def token(client: TestClient, headers: Headers, scopes: object, **more: object) -> tuple[str, Headers]:
    body = {"name": "script", "scopes": scopes, **more}
    response = client.post(f"{ME}/tokens", json=body, headers=headers)
    assert response.status_code == 200, response.text
    answer = response.json()
    return answer["id"], {"Authorization": f"Bearer {answer['token']}"}


class TestSessions:
    """Listing and ending them."""

    def test_each_is_listed_with_where_it_came_from(
        self, client: TestClient, ada: Headers, make_client: MakeClient
    ) -> None:
        page = make_client()
        page.headers["User-Agent"] = "Firefox\0/140"
        sign_in_by_cookie(page)
        listed = client.get(f"{ME}/sessions", headers=ada).json()
        assert [(one["kind"], one["current"]) for one in listed] == [("cookie", False), ("bearer", True)]
        assert set(listed[0]) == {
            "id", "kind", "created_at", "last_seen_at", "expires_at", "ip", "user_agent", "current",
        }  # fmt: skip
        assert [one["current"] for one in page.get(f"{ME}/sessions").json()] == [True, False]

    def test_ending_one_counts_at_once(self, client: TestClient, ada: Headers) -> None:
        other = sign_in(client)
        (mine, theirs) = (
            next(one["id"] for one in client.get(f"{ME}/sessions", headers=who).json() if one["current"])
            for who in (ada, other)
        )
        assert mine != theirs
        assert client.delete(f"{ME}/sessions/{theirs}", headers=ada).status_code == 200
        assert client.get("/auth/me", headers=other).status_code == 401
        assert client.get("/auth/me", headers=ada).status_code == 200
        assert client.delete(f"{ME}/sessions/{theirs}", headers=ada).status_code == 404

    def test_ending_all_others_leaves_tokens(self, client: TestClient, ada: Headers) -> None:
        others = [sign_in(client), sign_in(client)]
        _, script = token(client, ada, "read")
        assert client.delete(f"{ME}/sessions", headers=ada).status_code == 200
        assert [client.get("/auth/me", headers=each).status_code for each in others] == [401, 401]
        for kept in (ada, script):
            assert client.get("/auth/me", headers=kept).status_code == 200

    def test_nobody_elses(
        self, context: AppContext, client: TestClient, ada: Headers, configure: Callable[..., None]
    ) -> None:
        configure(allow_registration=True)
        register(client, "bob")
        bob = sign_in(client, "bob")
        with context.database.read() as session:
            rows = {row.user_id: row.id for row in session.scalars(select(LoginSession))}
        assert client.delete(f"{ME}/sessions/{rows[1]}", headers=bob).status_code == 404
        assert client.delete(f"{ME}/tokens/{rows[1]}", headers=bob).status_code == 404
        assert client.delete(f"{ME}/sessions/nonsense", headers=bob).status_code == 422
        assert len(client.get(f"{ME}/sessions", headers=bob).json()) == 1
        assert client.get("/auth/me", headers=ada).status_code == 200


class TestTokens:
    """Making, listing and revoking API tokens."""

    def test_is_shown_once_and_listed_without(self, client: TestClient, ada: Headers) -> None:
        response = client.post(
            f"{ME}/tokens/", json={"name": " backup ", "scopes": ["read"], "expires_in_days": 30}, headers=ada
        )
        made = response.json()
        assert response.headers["cache-control"] == "no-store"
        (listed,) = client.get(f"{ME}/tokens", headers=ada).json()
        assert listed == {name: value for name, value in made.items() if name != "token"}
        assert (listed["name"], listed["scopes"]) == ("backup", ["read"])
        lasts = datetime.fromisoformat(listed["expires_at"]) - datetime.now(UTC)
        assert timedelta(days=29) < lasts <= timedelta(days=30)
        assert made["token"] not in client.get(f"{ME}/sessions", headers=ada).text

    @pytest.mark.parametrize(
        ("given", "kept"),
        [("write", ["write"]), ("admin read", ["read", "admin"]), (["write", "write"], ["write"])],
    )
    def test_scopes_as_words_or_list(
        self, client: TestClient, ada: Headers, given: object, kept: list[str]
    ) -> None:
        token(client, ada, given)
        assert client.get(f"{ME}/tokens", headers=ada).json()[0]["scopes"] == kept

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"name": "x"}, 422),
            ({"name": "x", "scopes": []}, 422),
            ({"name": "x", "scopes": "root"}, 422),
            ({"name": "", "scopes": "read"}, 422),
            ({"name": "x" * 101, "scopes": "read"}, 422),
            ({"name": " ", "scopes": "read"}, 400),
            ({"name": "a\0b", "scopes": "read"}, 400),
            ({"name": "x", "scopes": "read", "expires_in_days": 0}, 422),
            ({"name": "x", "scopes": "read", "expires_in_days": 10**9}, 422),
        ],
    )
    def test_odd_wishes(self, client: TestClient, ada: Headers, body: dict[str, object], status: int) -> None:
        assert client.post(f"{ME}/tokens", json=body, headers=ada).status_code == status

    def test_not_without_end(self, client: TestClient, ada: Headers, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sessions, "MOST_TOKENS", 1)
        token(client, ada, "read")
        body = {"name": "x", "scopes": "read"}
        assert client.post(f"{ME}/tokens", json=body, headers=ada).status_code == 409

    def test_revoking_counts_at_once(self, context: AppContext, client: TestClient, ada: Headers) -> None:
        number, script = token(client, ada, "read")
        assert client.get("/auth/me", headers=script).status_code == 200
        assert client.delete(f"{ME}/sessions/{number}", headers=ada).status_code == 404
        assert client.delete(f"{ME}/tokens/{number}", headers=ada).status_code == 200
        assert client.get("/auth/me", headers=script).status_code == 401
        assert client.get(f"{ME}/tokens", headers=ada).json() == []
        with context.database.read() as session:
            actions = [row.action for row in session.scalars(select(AuditRecord).order_by(AuditRecord.id))]
        assert actions[-2:] == ["token.create", "token.revoke"]

    def test_use_does_not_move_its_end(self, context: AppContext, client: TestClient, ada: Headers) -> None:
        number, script = token(client, ada, "read")
        with context.database.write() as session:
            past = datetime.now(UTC) - timedelta(hours=1)
            session.execute(update(LoginSession).values(last_seen_at=past))
            before = session.get_one(LoginSession, number).expires_at
        client.get("/auth/me", headers=script)
        with context.database.read() as session:
            row = session.get_one(LoginSession, number)
        assert row.expires_at == before
        assert row.last_seen_at > past

    def test_does_not_travel_as_a_cookie(
        self, client: TestClient, ada: Headers, make_client: MakeClient
    ) -> None:
        _, script = token(client, ada, "admin")
        stranger = make_client()
        stranger.cookies.set("magpie_session", script["Authorization"].removeprefix("Bearer "))
        assert stranger.get("/auth/me").status_code == 401

    def test_a_new_password_or_shutting_out_ends_it(
        self, context: AppContext, client: TestClient, ada: Headers
    ) -> None:
        _, script = token(client, ada, "read")
        client.put(ME, json={"password": "quiet lamp under snow"}, headers=ada)
        assert client.get("/auth/me", headers=script).status_code == 401
        _, script = token(client, ada, "read")
        with context.database.write() as session:
            user = service.first_superuser(session)
            assert user is not None
            service.set_active(session, user, False)
        assert client.get("/auth/me", headers=script).status_code == 401


NEW_USER = {"username": "new", "email": "new@example.com", "password": PASSWORD}


class TestScopes:
    """What a superuser's tokens may do."""

    @pytest.mark.parametrize(
        ("method", "path", "body", "allowed"),
        [
            ("GET", "/auth/me", None, "read write admin"),
            ("POST", "/api/v1/login/test-token", None, "read write admin"),
            ("GET", f"{ME}/sessions", None, "read write admin"),
            ("POST", "/api/v1/downloads", {"url": "no address"}, "write admin"),
            ("POST", "/auth/logout", None, "write admin"),
            ("PUT", ME, {"display_name": "x"}, "admin"),
            ("POST", f"{ME}/tokens", {"name": "x", "scopes": "admin"}, "admin"),
            ("DELETE", f"{ME}/sessions", None, "admin"),
            ("GET", "/api/v1/users", None, "admin"),
            ("POST", "/api/v1/users", NEW_USER, "admin"),
            ("PUT", "/api/v1/users/1", {"display_name": "x"}, "admin"),
            ("POST", "/api/v1/password-reset/pending", None, "admin"),
        ],
    )
    def test_each_scope(
        self, client: TestClient, ada: Headers, method: str, path: str, body: object, allowed: str
    ) -> None:
        for scope in ("read", "write", "admin"):
            _, script = token(client, ada, scope)
            response = client.request(method, path, json=body, headers=script)
            may = scope in allowed.split()
            assert (response.status_code != 403) is may, (scope, response.text)

    def test_a_lesser_token_of_a_superuser_sees_its_users_own_things_only(
        self, client: TestClient, ada: Headers, configure: Callable[..., None]
    ) -> None:
        configure(allow_registration=True)
        register(client, "bob")
        body = {"url": "https://media.example/film"}
        made = client.post("/api/v1/downloads", json=body, headers=sign_in(client, "bob")).json()
        path = f"/api/v1/downloads/{made['id']}"
        for scope, status in (("read", 404), ("write", 404), ("admin", 200)):
            _, script = token(client, ada, scope)
            assert client.get(path, headers=script).status_code == status

    def test_an_ordinary_users_admin_token_is_no_superuser(
        self, client: TestClient, ada: Headers, configure: Callable[..., None]
    ) -> None:
        configure(allow_registration=True)
        register(client, "bob")
        _, script = token(client, sign_in(client, "bob"), "admin")
        assert client.get("/api/v1/users", headers=script).status_code == 403
        assert client.put(ME, json={"display_name": "B"}, headers=script).status_code == 200

    def test_the_refusal_says_what_to_do(self, client: TestClient, ada: Headers) -> None:
        _, script = token(client, ada, "read")
        assert client.post("/auth/logout", headers=script).json() == {"detail": security.READ_ONLY}
        _, script = token(client, ada, "write")
        assert client.put(ME, json={}, headers=script).json() == {"detail": security.ADMIN_NEEDED}

    def test_a_websocket_from_read_up(self, client: TestClient, ada: Headers) -> None:
        number, script = token(client, ada, "read")
        with client.websocket_connect("ws://magpie.test/greeting", headers=script) as socket:
            assert socket.receive_text() == "ada"
        client.delete(f"{ME}/tokens/{number}", headers=ada)
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("ws://magpie.test/greeting", headers=script),
        ):
            pass
