"""Users' administration: making, seeing, changing, shutting out and deleting accounts."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from magpie.accounts import users
from magpie.accounts.models import LoginSession
from magpie.accounts.principal import Principal
from magpie.accounts.schemas import UserChanges
from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from magpie.downloads.models import Download, Status
from magpie.kit.errors import Conflict
from magpie.library.models import Item, ItemFile, Membership, Placement
from tests.accounts.conftest import PASSWORD, MakeClient, register, sign_in, sign_in_by_cookie

pytestmark = pytest.mark.database
USERS = "/api/v1/users"
OTHER_PASSWORD = "quiet lamp under snow"
Headers = dict[str, str]


@pytest.fixture
def root(client: TestClient) -> Headers:
    """The headers of the first user, a superuser."""
    register(client)
    return sign_in(client)


def make(client: TestClient, root: Headers, name: str = "bob", **more: object) -> dict[str, Any]:
    body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD, **more}
    response = client.post(f"{USERS}/", json=body, headers=root)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def records(context: AppContext, action: str) -> list[AuditRecord]:
    with context.database.read() as session:
        return list(session.scalars(select(AuditRecord).where(AuditRecord.action == action)))


class TestMaking:
    """`POST /users` as a superuser."""

    def test_as_the_earlier_program_did(self, context: AppContext, client: TestClient, root: Headers) -> None:
        user = make(client, root, is_active=True, is_superuser=False)
        assert (user["username"], user["is_active"], user["is_superuser"]) == ("bob", True, False)
        assert sign_in(client, "bob")
        (record,) = records(context, "user.create")
        assert (record.username, record.subject, record.outcome) == ("ada", f"user:{user['id']}", "success")
        assert PASSWORD not in str(record.details)

    def test_with_rights_and_without(self, client: TestClient, root: Headers) -> None:
        assert make(client, root, "eve", is_superuser=True, display_name=" Eve ")["display_name"] == "Eve"
        assert client.get(USERS, headers=sign_in(client, "eve")).status_code == 200
        make(client, root, "tom", is_active=False)
        response = client.post("/auth/login", data={"username": "tom", "password": PASSWORD})
        assert response.status_code == 401

    def test_refuses_what_registration_refuses(self, client: TestClient, root: Headers) -> None:
        body = {"username": "ADA", "email": "x@example.com", "password": PASSWORD}
        assert client.post(USERS, json=body, headers=root).status_code == 409
        for change in ({"username": "a@b"}, {"email": "x"}, {"password": "password1"}):
            fresh = {"username": "new", "email": "new@example.com", "password": PASSWORD}
            assert client.post(USERS, json=fresh | change, headers=root).status_code == 400


@pytest.mark.once
@pytest.mark.parametrize(
    "password",
    [
        "password",
        "Passw0rd!",
        "12345678",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "bob@example.com",
        "bobexample",
        "x" * 99,
    ],
)
def test_guessable_passwords_are_refused_in_plain_words(
    client: TestClient, root: Headers, password: str
) -> None:
    body = {"username": "bob", "email": "bob@example.com", "password": password}
    response = client.post(USERS, json=body, headers=root)
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["loc"] == ["body", "password"]
    assert "easy to guess" in error["msg"]


class TestSeeing:
    """Lists and single users are for superusers."""

    def test_a_bare_array_with_skip_and_limit(self, client: TestClient, root: Headers) -> None:
        for name in ("bob", "eve", "tom"):
            make(client, root, name)
        names = [user["username"] for user in client.get(f"{USERS}/", headers=root).json()]
        assert names == ["ada", "bob", "eve", "tom"]
        part = client.get(USERS, params={"skip": 1, "limit": 2}, headers=root).json()
        assert [user["username"] for user in part] == ["bob", "eve"]

    def test_by_id(self, client: TestClient, root: Headers) -> None:
        user = make(client, root)
        assert client.get(f"{USERS}/{user['id']}", headers=root).json() == user
        assert client.get(f"{USERS}/999", headers=root).json() == {"detail": "Item not found"}

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    def test_not_for_others(self, client: TestClient, root: Headers, method: str) -> None:
        user = make(client, root)
        headers = sign_in(client, "bob")
        body = {"json": {"is_superuser": True}} if method == "PUT" else {}
        path = f"{USERS}/{user['id']}"
        assert client.request(method, path, headers=headers, **body).status_code == 403  # type: ignore[arg-type]
        assert client.get(USERS, headers=headers).status_code == 403


class TestOwnAccount:
    """`PUT /users/me`."""

    def test_changes_what_is_named_only(self, client: TestClient, root: Headers) -> None:
        answer = client.put(f"{USERS}/me/", json={"display_name": "Ada L."}, headers=root).json()
        assert (answer["display_name"], answer["username"]) == ("Ada L.", "ada")
        change = {"username": "Countess", "email": "Countess@example.com"}
        answer = client.put(f"{USERS}/me", json=change, headers=root).json()
        assert (answer["username"], answer["email"]) == ("Countess", "Countess@example.com")
        assert answer["display_name"] == "Ada L."
        assert sign_in(client, "countess@example.com")
        assert (
            client.put(f"{USERS}/me", json={"display_name": None}, headers=root).json()["display_name"]
            is None
        )

    def test_the_language_that_one_is_written_to_in(self, client: TestClient, root: Headers) -> None:
        for language in ("zh-CN", None, "en"):
            answer = client.put(f"{USERS}/me", json={"language": language}, headers=root).json()
            assert answer["language"] == language
        assert client.put(f"{USERS}/me", json={"language": "zh"}, headers=root).status_code == 422
        assert client.get("/auth/me", headers=root).json()["language"] == "en"

    def test_takes_no_rights(self, client: TestClient, root: Headers) -> None:
        make(client, root)
        headers = sign_in(client, "bob")
        body = {"is_superuser": True, "is_active": False}
        answer = client.put(f"{USERS}/me", json=body, headers=headers).json()
        assert (answer["is_superuser"], answer["is_active"]) == (False, True)

    def test_a_taken_name_or_address(self, client: TestClient, root: Headers) -> None:
        make(client, root)
        for change in ({"username": "BOB"}, {"email": "BOB@example.com"}):
            assert client.put(f"{USERS}/me", json=change, headers=root).status_code == 409
        own = {"username": "ADA", "email": "ada@example.com"}
        assert client.put(f"{USERS}/me", json=own, headers=root).json()["username"] == "ADA"

    def test_a_new_password_ends_all_other_sessions(
        self, context: AppContext, client: TestClient, root: Headers, make_client: MakeClient
    ) -> None:
        page = make_client()
        sign_in_by_cookie(page)
        other = sign_in(client)
        response = client.put(f"{USERS}/me", json={"password": OTHER_PASSWORD}, headers=root)
        assert response.status_code == 200
        assert client.get("/auth/me", headers=root).status_code == 200
        assert client.get("/auth/me", headers=other).status_code == 401
        assert page.get("/auth/me").status_code == 401
        assert client.post("/auth/login", data={"username": "ada", "password": PASSWORD}).status_code == 401
        assert sign_in(client, password=OTHER_PASSWORD)
        assert len(records(context, "user.password")) == 1

    def test_a_weak_password_is_refused(self, client: TestClient, root: Headers) -> None:
        for weak in ("short", "password1", "ada@example.com"):
            assert client.put(f"{USERS}/me", json={"password": weak}, headers=root).status_code == 400

    @pytest.mark.parametrize("change", [{"password": OTHER_PASSWORD}, {"email": "new@example.com"}])
    def test_the_page_asks_for_the_present_password(
        self, client: TestClient, make_client: MakeClient, root: Headers, change: dict[str, str]
    ) -> None:
        page = make_client()
        headers = {"X-CSRF-Token": sign_in_by_cookie(page)}
        for wrong in ({}, {"current_password": "wrong"}):
            response = page.put(f"{USERS}/me", json=change | wrong, headers=headers)
            assert response.status_code == 400
            assert response.json()["errors"][0]["loc"] == ["body", "current_password"]
        right = change | {"current_password": PASSWORD}
        assert page.put(f"{USERS}/me", json=right, headers=headers).status_code == 200
        assert page.put(f"{USERS}/me", json={"display_name": "A"}, headers=headers).status_code == 200


class TestOthersAccounts:
    """`PUT /users/{id}`."""

    def test_changes_and_their_records(self, context: AppContext, client: TestClient, root: Headers) -> None:
        user = make(client, root)
        change = {"email": None, "is_superuser": True, "username": "robert"}
        answer = client.put(f"{USERS}/{user['id']}", json=change, headers=root).json()
        assert (answer["email"], answer["is_superuser"], answer["username"]) == (None, True, "robert")
        (record,) = records(context, "user.update")
        assert record.details == {"fields": ["email", "is_superuser", "username"]}

    def test_shutting_out_counts_at_once_and_for_good(self, client: TestClient, root: Headers) -> None:
        user = make(client, root)
        headers = sign_in(client, "bob")
        path = f"{USERS}/{user['id']}"
        assert client.put(path, json={"is_active": False}, headers=root).json()["is_active"] is False
        assert client.get("/auth/me", headers=headers).status_code == 401
        client.put(path, json={"is_active": True}, headers=root)
        assert client.get("/auth/me", headers=headers).status_code == 401
        assert sign_in(client, "bob")

    def test_a_new_password_ends_their_sessions(self, client: TestClient, root: Headers) -> None:
        user = make(client, root)
        headers = sign_in(client, "bob")
        client.put(f"{USERS}/{user['id']}", json={"password": OTHER_PASSWORD}, headers=root)
        assert client.get("/auth/me", headers=headers).status_code == 401
        assert sign_in(client, "bob", OTHER_PASSWORD)

    @pytest.mark.parametrize("change", [{"is_active": False}, {"is_superuser": False}])
    def test_the_last_superuser_stays(
        self, client: TestClient, root: Headers, change: dict[str, bool]
    ) -> None:
        make(client, root, "tom", is_superuser=True, is_active=False)
        me = client.get("/auth/me", headers=root).json()["id"]
        path = f"{USERS}/{me}"
        assert client.put(path, json=change, headers=root).status_code == 409
        assert client.get("/auth/me", headers=root).json()["is_superuser"]
        make(client, root, "eve", is_superuser=True)
        assert client.put(path, json=change, headers=root).status_code == 200

    def test_two_superusers_cannot_demote_each_other_at_once(
        self, context: AppContext, client: TestClient, root: Headers
    ) -> None:
        other = make(client, root, "eve", is_superuser=True)["id"]
        me = client.get("/auth/me", headers=root).json()["id"]
        start = threading.Barrier(2)
        outcomes: list[str] = []

        def demote(actor: int, target: int) -> None:
            start.wait(10)
            try:
                with context.database.write() as session:
                    principal = Principal(actor, "x", is_superuser=True)
                    users.update(session, principal, target, UserChanges(is_superuser=False), None)
                outcomes.append("demoted")
            except Conflict:
                outcomes.append("refused")

        threads = [threading.Thread(target=demote, args=pair) for pair in ((me, other), (other, me))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(outcomes) == ["demoted", "refused"]


class TestDeleting:
    """`DELETE /users/{id}`."""

    @pytest.fixture
    def media(self, tmp_path: Path, context: AppContext) -> Path:
        folder = tmp_path / "media"
        context.settings = context.given = context.given.model_copy(update={"media_root": folder})
        return folder

    def add_item(self, context: AppContext, media: Path, name: str, *user_ids: int) -> tuple[int, Path]:
        file = media / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"media")
        with context.database.write() as session:
            item = Item(
                extractor="x", source_id=name, kind="audio", quality="best", title=name, site="s",
                source_url="https://x.example", size=5, extra={},
            )  # fmt: skip
            item.files = [ItemFile(path=name, role="media", position=0, size=5, mime="audio/mpeg")]
            session.add(item)
            session.flush()
            session.add_all([Membership(item_id=item.id, user_id=user_id) for user_id in user_ids])
            return item.id, file

    def members(self, context: AppContext, item_id: int) -> list[int | None]:
        with context.database.read() as session:
            query = select(Membership.user_id).where(Membership.item_id == item_id)
            return sorted(session.scalars(query), key=lambda number: number or 0)

    def test_keeping_hands_the_library_over(
        self, context: AppContext, client: TestClient, root: Headers, media: Path
    ) -> None:
        me, bob = client.get("/auth/me", headers=root).json()["id"], make(client, root)["id"]
        headers = sign_in(client, "bob")
        theirs, file = self.add_item(context, media, "theirs.mp3", bob)
        shared, _ = self.add_item(context, media, "shared.mp3", me, bob)
        assert client.delete(f"{USERS}/{bob}", headers=root).status_code == 200
        assert self.members(context, theirs) == self.members(context, shared) == [me]
        assert file.exists()
        assert client.get("/auth/me", headers=headers).status_code == 401
        assert client.get(f"{USERS}/{bob}", headers=root).status_code == 404
        (record,) = records(context, "user.delete")
        assert record.details == {"username": "bob", "items": "keep", "count": 2, "links": 0}

    def test_deleting_takes_what_nobody_else_has(
        self, context: AppContext, client: TestClient, root: Headers, media: Path
    ) -> None:
        me, bob = client.get("/auth/me", headers=root).json()["id"], make(client, root)["id"]
        theirs, file = self.add_item(context, media, "theirs.mp3", bob)
        shared, kept = self.add_item(context, media, "shared.mp3", me, bob)
        response = client.delete(f"{USERS}/{bob}", params={"items": "delete"}, headers=root)
        assert response.status_code == 200
        assert (file.exists(), kept.exists()) == (False, True)
        assert self.members(context, shared) == [me]
        with context.database.read() as session:
            assert session.get(Item, theirs) is None
            assert session.scalar(select(func.count()).select_from(Placement)) == 0

    def test_their_downloads_and_sessions_go(
        self, context: AppContext, client: TestClient, root: Headers, media: Path
    ) -> None:
        bob = make(client, root)["id"]
        sign_in(client, "bob")
        with context.database.write() as session:
            for status in (Status.PENDING, Status.DOWNLOADING, Status.COMPLETED):
                session.add(Download(user_id=bob, url="https://x.example", site="x.example", status=status))
        assert client.delete(f"{USERS}/{bob}", headers=root).status_code == 200
        with context.database.read() as session:
            assert session.scalar(select(func.count()).select_from(Download)) == 0
            assert set(session.scalars(select(LoginSession.user_id))) == {1}
        assert not media.exists() or not list(media.rglob("*.mp3"))

    def test_nobody_deletes_the_last_superuser_or_themselves(self, client: TestClient, root: Headers) -> None:
        me = client.get("/auth/me", headers=root).json()["id"]
        assert client.delete(f"{USERS}/{me}", headers=root).status_code == 409
        other = make(client, root, "eve", is_superuser=True)["id"]
        assert client.delete(f"{USERS}/{me}", headers=root).json() == {"detail": users.OWN_ACCOUNT}
        assert client.delete(f"{USERS}/{other}", headers=root).status_code == 200
        assert client.delete(f"{USERS}/999", headers=root).status_code == 404
        assert client.delete(f"{USERS}/{me}", params={"items": "burn"}, headers=root).status_code == 422
