"""Which requests count as somebody's: tokens, cookies, CSRF, WebSockets, revocation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from starlette.websockets import WebSocketDisconnect

from magpie.accounts import passwords, security, service
from magpie.accounts.models import LoginSession, User
from magpie.accounts.principal import Principal
from magpie.accounts.tokens import Claims, TokenSigner
from magpie.context import AppContext
from magpie.kit.errors import NotAllowed
from tests.accounts.conftest import PASSWORD, SECRET, MakeClient, register, sign_in, sign_in_by_cookie

pytestmark = pytest.mark.database
MISSING = (401, "Not authenticated")
BAD = (401, "Invalid authentication credentials")
NOW = datetime.now(UTC)


def verdict(
    client: TestClient, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[int, str]:
    """Status and detail (or the user's name) of a request to a route that needs a user."""
    path = "/auth/me" if method == "GET" else "/api/v1/login/test-token"
    response = client.request(method, path, headers=headers)
    body = response.json()
    if response.status_code == 401:
        assert response.headers["www-authenticate"] == "Bearer"
    return response.status_code, body["username" if response.status_code == 200 else "detail"]


def only_session(context: AppContext) -> LoginSession:
    with context.database.read() as session:
        return session.scalars(select(LoginSession)).one()


def change_sessions(context: AppContext, **values: object) -> None:
    with context.database.write() as session:
        session.execute(update(LoginSession).values(**values))


class TestBearer:
    """`Authorization: Bearer`."""

    @pytest.mark.once
    @pytest.mark.parametrize("value", [None, "", "Basic dXNlcjpwYXNz", "Token abc"])
    def test_no_token(self, client: TestClient, value: str | None) -> None:
        assert verdict(client, {} if value is None else {"Authorization": value}) == MISSING

    @pytest.mark.parametrize(
        "value", ["Bearer", "Bearer ", "Bearer x", "bearer a.b.c", "Bearer \xff", "Bearer a b"]
    )
    def test_no_such_token(self, client: TestClient, value: str) -> None:
        register(client)
        headers = {"Authorization": value.encode("latin-1")}
        response = client.get("/auth/me", headers=headers)  # type: ignore[arg-type]
        assert (response.status_code, response.json()["detail"]) == BAD

    def test_the_scheme_has_no_case(self, client: TestClient) -> None:
        register(client)
        token = sign_in(client)["Authorization"].removeprefix("Bearer ")
        for scheme in ("bearer", "BEARER"):
            assert verdict(client, {"Authorization": f"{scheme} {token}"}) == (200, "ada")

    def test_wins_over_a_cookie(self, client: TestClient, configure: Callable[..., None]) -> None:
        configure(allow_registration=True)
        register(client)
        register(client, "bob")
        sign_in_by_cookie(client, "bob")
        assert verdict(client) == (200, "bob")
        assert verdict(client, sign_in(client)) == (200, "ada")
        assert verdict(client, sign_in(client), "POST") == (200, "ada")
        assert verdict(client, {"Authorization": "Bearer x"}) == BAD

    def test_a_proxys_own_password_does_not_hide_the_cookie(self, client: TestClient) -> None:
        register(client)
        csrf = sign_in_by_cookie(client)
        basic = {"Authorization": "Basic dXNlcjpwYXNz"}
        assert verdict(client, basic) == (200, "ada")
        assert verdict(client, basic, "POST") == (403, security.CSRF_REFUSED)
        assert verdict(client, {**basic, "X-CSRF-Token": csrf}, "POST") == (200, "ada")

    def test_tokens_travel_the_way_they_were_made_for(
        self, client: TestClient, make_client: MakeClient
    ) -> None:
        register(client)
        bearer = sign_in(client)["Authorization"].removeprefix("Bearer ")
        sign_in_by_cookie(client)
        cookie = client.cookies["magpie_session"]
        stranger = make_client()
        assert verdict(stranger, {"Authorization": f"Bearer {cookie}"}) == BAD
        stranger.cookies.set("magpie_session", bearer)
        assert verdict(stranger) == BAD


class TestRevocation:
    """A token counts only while its session does."""

    def test_expired(self, context: AppContext, client: TestClient) -> None:
        register(client)
        headers = sign_in(client)
        change_sessions(context, expires_at=NOW - timedelta(seconds=1))
        assert verdict(client, headers) == BAD

    def test_the_row_is_gone(self, context: AppContext, client: TestClient) -> None:
        register(client)
        headers = sign_in(client)
        change_sessions(context, expires_at=NOW - timedelta(seconds=1))
        with context.database.write() as session:
            assert service.delete_expired(session) == 1
            assert service.delete_expired(session) == 0
        assert verdict(client, headers) == BAD

    def test_only_expired_rows_are_deleted(self, context: AppContext, client: TestClient) -> None:
        register(client)
        headers, other = sign_in(client), sign_in(client)
        client.post("/auth/logout", headers=other)
        with context.database.write() as session:
            assert service.delete_expired(session) == 0
        assert verdict(client, headers) == (200, "ada")
        assert verdict(client, other) == BAD

    def test_a_new_password_ends_all_sessions(self, context: AppContext, client: TestClient) -> None:
        register(client)
        headers = sign_in(client)
        sign_in_by_cookie(client)
        with context.database.write() as session:
            user = session.scalars(select(User)).one()
            service.set_password(session, user, passwords.hash_password("another horse"))
        assert verdict(client, headers) == BAD
        assert verdict(client) == BAD
        assert verdict(client, sign_in(client, password="another horse")) == (200, "ada")

    def test_deactivation_ends_all_sessions_for_good(self, context: AppContext, client: TestClient) -> None:
        register(client)
        headers = sign_in(client)
        for is_active in (False, True):
            with context.database.write() as session:
                user = session.scalars(select(User)).one()
                service.set_active(session, user, is_active)
            assert verdict(client, headers) == BAD
        assert verdict(client, sign_in(client)) == (200, "ada")

    def test_an_inactive_users_row_is_enough(self, context: AppContext, client: TestClient) -> None:
        register(client)
        headers = sign_in(client)
        with context.database.write() as session:
            session.execute(update(User).values(is_active=False))
        assert verdict(client, headers) == BAD

    def test_a_deleted_users_sessions_go_and_the_id_is_never_reused(
        self, context: AppContext, client: TestClient
    ) -> None:
        first = register(client)
        headers = sign_in(client)
        with context.database.write() as session:
            session.delete(session.get(User, first["id"]))
        second = register(client)
        assert second["id"] != first["id"]
        assert verdict(client, headers) == BAD

    def test_a_session_answers_for_its_own_user_only(self, context: AppContext, client: TestClient) -> None:
        register(client)
        sign_in(client)
        row = only_session(context)
        signer = TokenSigner(SECRET, "HS256")
        forged = signer.issue(Claims(row.user_id + 1, row.id), NOW, NOW + timedelta(hours=1))
        assert verdict(client, {"Authorization": f"Bearer {forged}"}) == BAD

    def test_another_secret_or_algorithm_ends_them_all(
        self, context: AppContext, client: TestClient, configure: Callable[..., None]
    ) -> None:
        register(client)
        headers = sign_in(client)
        configure(algorithm="HS512")
        assert verdict(client, headers) == BAD
        configure(algorithm="HS256")
        assert verdict(client, headers) == (200, "ada")
        context.secret = "another secret of thirty-two characters!"
        assert verdict(client, headers) == BAD

    def test_open_connections_can_ask(self, context: AppContext, client: TestClient) -> None:
        register(client)
        headers = sign_in(client)
        session_id = only_session(context).id
        assert security.session_alive(context, session_id)
        client.post("/auth/logout", headers=headers)
        assert not security.session_alive(context, session_id)
        assert not security.session_alive(context, "0" * 32)


class TestCsrf:
    """Unsafe methods with the page's cookie."""

    def test_safe_methods_need_none(self, client: TestClient) -> None:
        register(client)
        sign_in_by_cookie(client)
        assert verdict(client) == (200, "ada")

    def test_unsafe_methods_need_the_sessions_own(self, client: TestClient, make_client: MakeClient) -> None:
        register(client)
        csrf = sign_in_by_cookie(client)
        others = sign_in_by_cookie(make_client())
        refused = (403, security.CSRF_REFUSED)
        assert verdict(client, method="POST") == refused
        for wrong in ("", "x", others, csrf[:-1], csrf + "x", csrf.upper()):
            assert verdict(client, {"X-CSRF-Token": wrong}, "POST") == refused
        assert verdict(client, {"X-CSRF-Token": csrf}, "POST") == (200, "ada")

    def test_a_planted_cookie_does_not_help(self, client: TestClient) -> None:
        register(client)
        sign_in_by_cookie(client)
        client.cookies.set("magpie_csrf", "planted", domain="magpie.test")
        assert verdict(client, {"X-CSRF-Token": "planted"}, "POST") == (403, security.CSRF_REFUSED)

    def test_signing_out_needs_it_too(self, client: TestClient) -> None:
        register(client)
        sign_in_by_cookie(client)
        assert client.post("/auth/logout").status_code == 403
        assert verdict(client) == (200, "ada")

    def test_a_dead_session_is_401_whatever_its_csrf_token(
        self, context: AppContext, client: TestClient
    ) -> None:
        register(client)
        csrf = sign_in_by_cookie(client)
        change_sessions(context, revoked_at=NOW)
        assert verdict(client, {"X-CSRF-Token": csrf}, "POST") == BAD
        assert verdict(client, method="POST") == BAD


class TestSliding:
    """The page's session lasts from its last use; a token from its beginning."""

    def age(self, context: AppContext, **age: float) -> LoginSession:
        seen = only_session(context).last_seen_at - timedelta(**age)
        change_sessions(context, last_seen_at=seen)
        return only_session(context)

    def test_a_cookie_session_slides(self, context: AppContext, client: TestClient) -> None:
        register(client)
        sign_in_by_cookie(client)
        end = only_session(context).created_at + timedelta(days=1)
        change_sessions(context, expires_at=end)
        before = self.age(context, days=29)
        client.get("/auth/me")
        after = only_session(context)
        assert after.last_seen_at > before.last_seen_at
        assert after.expires_at - after.last_seen_at == timedelta(days=30)

    def test_but_not_for_ever(self, context: AppContext, client: TestClient) -> None:
        register(client)
        sign_in_by_cookie(client)
        change_sessions(context, created_at=NOW - timedelta(days=390))
        self.age(context, days=1)
        client.get("/auth/me")
        row = only_session(context)
        assert row.expires_at == row.created_at + service.LONGEST_COOKIE_SESSION

    def test_a_bearer_session_does_not(self, context: AppContext, client: TestClient) -> None:
        register(client)
        headers = sign_in(client)
        before = self.age(context, hours=1)
        client.get("/auth/me", headers=headers)
        after = only_session(context)
        assert after.last_seen_at > before.last_seen_at
        assert after.expires_at == before.expires_at

    def test_is_written_at_most_once_a_minute(self, context: AppContext, client: TestClient) -> None:
        register(client)
        sign_in_by_cookie(client)
        before = self.age(context, seconds=20)
        client.get("/auth/me")
        assert only_session(context).last_seen_at == before.last_seen_at

    def test_a_revoked_session_is_not_revived(self, context: AppContext, client: TestClient) -> None:
        register(client)
        sign_in_by_cookie(client)
        row = self.age(context, days=1)
        change_sessions(context, revoked_at=NOW)
        with context.database.write() as session:
            service.touch(session, context.settings, row.id)
        assert only_session(context).last_seen_at == row.last_seen_at


class TestWebSocket:
    """The handshake of a WebSocket."""

    def greeted(self, client: TestClient, headers: dict[str, str] | None = None) -> bool:
        try:
            with client.websocket_connect("ws://magpie.test/greeting", headers=headers or {}) as socket:
                return socket.receive_text() == "ada"
        except WebSocketDisconnect:
            return False

    def test_by_token(self, client: TestClient) -> None:
        register(client)
        headers = sign_in(client)
        assert self.greeted(client, headers)
        assert self.greeted(client, headers | {"Origin": "https://evil.example"})
        assert not self.greeted(client)
        assert not self.greeted(client, {"Authorization": "Bearer x"})

    @pytest.mark.parametrize(
        ("origin", "is_own"),
        [
            ("http://magpie.test", True),
            ("https://magpie.test", True),
            ("http://MAGPIE.test", True),
            ("https://keeper.example:8443", True),
            ("http://keeper.example:8443", False),
            ("https://keeper.example", False),
            ("http://magpie.test:8080", False),
            ("http://magpie.test.evil.example", False),
            ("http://evil.example/magpie.test", False),
            ("http://evil.example@magpie.test", False),
            ("http://[magpie.test", False),
            ("file://magpie.test", False),
            ("magpie.test", False),
            ("null", False),
            ("", False),
            (None, False),
        ],
    )
    def test_by_cookie_from_our_own_page_only(
        self, client: TestClient, configure: Callable[..., None], origin: str | None, is_own: bool
    ) -> None:
        configure(public_url="https://keeper.example:8443/magpie")
        register(client)
        sign_in_by_cookie(client)
        headers = {} if origin is None else {"Origin": origin}
        assert self.greeted(client, headers) is is_own

    def test_after_revocation(self, context: AppContext, client: TestClient) -> None:
        register(client)
        sign_in_by_cookie(client)
        change_sessions(context, revoked_at=NOW)
        assert not self.greeted(client, {"Origin": "http://magpie.test"})


def test_superusers_only() -> None:
    root = Principal(1, "root", is_superuser=True)
    assert security.current_superuser(root) is root
    with pytest.raises(NotAllowed, match="The user doesn't have enough privileges"):
        security.current_superuser(Principal(2, "bob", is_superuser=False))


def test_the_schema_names_both_ways_and_the_login_bodies(client: TestClient) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    schemes = schema["components"]["securitySchemes"]
    assert schemes["OAuth2PasswordBearer"]["flows"]["password"]["tokenUrl"] == "/api/v1/login/access-token"
    assert schemes["APIKeyCookie"]["name"] == "magpie_session"
    login = schema["paths"]["/auth/login"]["post"]
    assert set(login["requestBody"]["content"]) == {"application/x-www-form-urlencoded", "application/json"}
    assert PASSWORD not in str(schema)
