"""The application without its worker, with people who follow things."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from magpie.context import AppContext
from tests.accounts.conftest import (  # noqa: F401
    _quick_hashes,
    app,
    client,
    configure,
    make_client,
    register,
    sign_in,
)
from tests.accounts.conftest import context as bare_context  # noqa: F401

LINKS = "/api/v1/links"
Headers = dict[str, str]


@pytest.fixture
def context(bare_context: AppContext, tmp_path: Any) -> AppContext:  # noqa: F811
    """With a data folder of its own."""
    bare_context.settings = bare_context.settings.model_copy(update={"data_dir": tmp_path / "data"})
    bare_context.given = bare_context.settings
    (tmp_path / "data").mkdir(exist_ok=True)
    return bare_context


@pytest.fixture
def root(client: TestClient) -> Headers:  # noqa: F811
    """The headers of the first user, a superuser."""
    register(client, "root")
    return sign_in(client, "root")


@pytest.fixture
def ada(client: TestClient, root: Headers) -> Headers:  # noqa: F811
    return newcomer(client, root, "ada")


@pytest.fixture
def bob(client: TestClient, root: Headers) -> Headers:  # noqa: F811
    return newcomer(client, root, "bob")


def newcomer(client: TestClient, root: Headers, name: str) -> Headers:  # noqa: F811
    body = {"username": name, "email": f"{name}@example.com", "password": "correct horse"}
    assert client.post("/api/v1/users", json=body, headers=root).status_code == 200
    return sign_in(client, name)


def follow(client: TestClient, headers: Headers, url: str, **more: Any) -> dict[str, Any]:  # noqa: F811
    answer = client.post(LINKS, json={"url": url, **more}, headers=headers)
    assert answer.status_code == 200, answer.text
    link: dict[str, Any] = answer.json()
    return link
