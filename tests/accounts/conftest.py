"""The application without its worker, a WebSocket that greets, and clients of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from fastapi import FastAPI, WebSocket
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher

from magpie.accounts import passwords
from magpie.accounts.security import WebSocketUser
from magpie.app import build_api
from magpie.config import Settings
from magpie.context import AppContext
from magpie.kit.crypto import Vault
from magpie.kit.db import Database
from magpie.kit.events import EventBus

SECRET = "a secret of at least thirty-two characters"
PASSWORD = "correct horse"

MakeClient = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap Argon2 parameters: what is tested here is who may do what."""
    monkeypatch.setattr(passwords, "_argon2", Argon2Hasher(1, 64, 1))
    passwords._decoy.cache_clear()


@pytest.fixture
def context(database: Database) -> AppContext:
    settings = Settings(secret_key=SECRET)
    return AppContext(settings, database, SECRET, Vault(SECRET), EventBus())


@pytest.fixture
def configure(context: AppContext) -> Callable[..., None]:
    """Change settings of the running application."""

    def change(**values: object) -> None:
        context.settings = context.settings.model_copy(update=values)

    return change


@pytest.fixture
def app(context: AppContext) -> FastAPI:
    app = build_api(context)

    @app.websocket("/greeting")
    async def greeting(websocket: WebSocket, principal: WebSocketUser) -> None:
        await websocket.accept()
        await websocket.send_text(principal.username)
        await websocket.close()

    return app


@pytest.fixture
def make_client(app: FastAPI) -> Iterator[MakeClient]:
    """Makes clients with cookie jars of their own; `base_url` decides over http or https."""
    with ExitStack() as stack:

        def make(base_url: str = "http://magpie.test") -> TestClient:
            client = TestClient(app, base_url=base_url, raise_server_exceptions=False)
            return stack.enter_context(client)

        yield make


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    return make_client()


def register(client: TestClient, username: str = "ada", password: str = PASSWORD) -> dict[str, object]:
    body = {"username": username, "email": f"{username}@example.com", "password": password}
    response = client.post("/auth/register", json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, object] = response.json()
    return answer


def sign_in(client: TestClient, username: str = "ada", password: str = PASSWORD) -> dict[str, str]:
    """Sign in by form; returns the headers that carry the token."""
    response = client.post("/auth/login", data={"username": username, "password": password})
    assert response.status_code == 200, response.text
    return {"Authorization": f"Bearer {response.json()['access_token']}"}


def sign_in_by_cookie(client: TestClient, username: str = "ada", password: str = PASSWORD) -> str:
    """Sign in as the page does; returns the CSRF token."""
    body = {"username": username, "password": password, "cookie": True}
    response = client.post("/auth/login", json=body)
    assert response.status_code == 200, response.text
    csrf: str = response.json()["csrf_token"]
    return csrf
