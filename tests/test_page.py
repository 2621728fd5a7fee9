"""What is answered at addresses that are the page's, and at those that other methods have."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.accounts.conftest import _quick_hashes, app, client, configure, context, make_client  # noqa: F401

pytestmark = pytest.mark.once

PAGE = {"Accept": "text/html"}


def test_monitors_may_ask_for_the_head_alone(client: TestClient) -> None:  # noqa: F811
    for path in ("/health", "/metrics", "/"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (client.get(path).status_code, b""), path


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/auth/login", "POST"),
        ("HEAD", "/auth/me", "GET"),
        ("GET", "/api/v1/items/zip/", None),  # it is one
        ("HEAD", "/api/v1/items", "GET"),
        ("HEAD", "/api/v1/downloads/1", "GET"),
        ("PATCH", "/api/v1/items/1", "DELETE, GET"),
    ],
)
def test_an_address_that_is_there_for_other_methods_says_so(
    client: TestClient,  # noqa: F811
    method: str,
    path: str,
    allowed: str | None,
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == (405 if allowed else 422)
    if allowed:
        assert set(allowed.split(", ")) & set(answer.headers["allow"].split(", "))


def test_what_is_nowhere_is_not_found_and_the_pages_own_addresses_are_the_page(
    client: TestClient,  # noqa: F811
) -> None:
    for path in ("/nothing", "/api/v1/nothing", "/auth/nothing", "/feeds"):
        assert client.get(path).status_code == 404, path
        assert client.head(path).status_code == 404, path
    assert client.get("/library", headers=PAGE).headers["content-type"].startswith("text/html")
    for path in ("/api/v1/nothing", "/auth/login", "/assets/nothing.js"):
        assert "html" not in client.get(path, headers=PAGE).headers["content-type"], path
