"""Secret addresses: made when first looked for, shown again, taken away at once, hard to guess, and in no log."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from magpie.accounts.models import LoginThrottle
from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.crypto import Vault
from magpie.library.feeds import tokens
from magpie.library.models import FeedToken
from tests.library.feeds.conftest import PUBLIC, Headers, Shelf

pytestmark = pytest.mark.database

AT = "/api/v1/feeds/tokens"


def test_the_first_one_is_made_at_first_use(client: TestClient, ada: Headers, context: AppContext) -> None:
    assert client.get(AT, headers=ada).json() == []
    assert client.get("/auth/me", headers=ada).json().get("feeds") is None
    assert client.get(AT, headers=ada).json() == []
    feeds = client.get("/api/v1/users/me", headers=ada).json()["feeds"]
    assert client.get("/api/v1/users/me", headers=ada).json()["feeds"] == feeds
    (row,) = client.get(AT, headers=ada).json()
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", row["token"])
    assert feeds["library"] == row["library_url"]
    assert (row["name"], row["last_used_at"]) == ("default", None)
    with context.database.read() as session:
        stored = session.scalars(select(FeedToken)).one()
        assert row["token"] not in (stored.digest, stored.sealed)


def test_of_many_at_once_one_makes_it(client: TestClient, ada: Headers, context: AppContext) -> None:
    user_id = client.get("/auth/me", headers=ada).json()["id"]
    principal = Principal(user_id, "ada", is_superuser=False)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: tokens.own_token(context, principal)[1], range(16)))
    assert len(set(found)) == 1


def test_addresses_of_one_token_or_another(
    shelf: Shelf, client: TestClient, ada: Headers, bob: Headers
) -> None:
    made = client.post(AT, json={"name": " phone "}, headers=ada).json()
    assert made["name"] == "phone"
    link, collection = shelf.link("A channel", []), shelf.collection("Mine")
    for asked, token in (("", shelf.token), (f"?token_id={made['id']}", made["token"])):
        answer = client.get(f"/api/v1/feeds{asked}", headers=ada)
        assert answer.headers["cache-control"] == "no-store"
        start = f"{PUBLIC}/feeds/{token}"
        assert answer.json()["opml_url"] == f"{start}/opml.xml"
        assert answer.json()["search_url"] == f"{start}/search.xml"
        assert answer.json()["feeds"] == [
            {"kind": "library", "id": None, "title": "Magpie: ada", "url": f"{start}/library.xml"},
            {
                "kind": "podcasts",
                "id": None,
                "title": "Magpie podcasts: ada",
                "url": f"{start}/podcasts.xml",
            },
            {
                "kind": "collection",
                "id": collection,
                "title": "Mine",
                "url": f"{start}/collections/{collection}.xml",
            },
            {"kind": "link", "id": link, "title": "A channel", "url": f"{start}/links/{link}.xml"},
        ]
    assert client.get(f"/api/v1/feeds?token_id={made['id']}", headers=bob).status_code == 404
    assert client.delete(f"{AT}/{made['id']}", headers=bob).status_code == 404


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "x" * 101])
def test_tokens_have_names(client: TestClient, ada: Headers, name: str) -> None:
    assert client.post(AT, json={"name": name}, headers=ada).status_code in (400, 422)


def test_there_are_not_too_many(client: TestClient, ada: Headers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST_TOKENS", 2)
    answers = [client.post(AT, json={"name": "x"}, headers=ada).status_code for _ in range(3)]
    assert answers == [200, 200, 409]


def test_a_revoked_token_is_gone_at_once(shelf: Shelf, client: TestClient, ada: Headers) -> None:
    item = shelf.save()
    other = client.post(AT, json={"name": "phone"}, headers=ada).json()
    paths = ("/library.xml", "/opml.xml", f"/files/{item}/a.mp3", "/search.xml?q=a")
    assert [shelf.ask(path).status_code for path in paths] == [200] * 4
    first = client.get(AT, headers=ada).json()[0]
    assert client.delete(f"{AT}/{first['id']}", headers=ada).status_code == 200
    assert [shelf.ask(path).status_code for path in paths] == [404] * 4
    assert other["token"] in client.get("/api/v1/users/me", headers=ada).json()["feeds"]["library"]
    shelf.token = other["token"]
    assert [shelf.ask(path).status_code for path in paths] == [200] * 4


def test_a_deactivated_users_feeds_are_gone_at_once(shelf: Shelf, client: TestClient, root: Headers) -> None:
    item = shelf.save()
    for is_active, expected in ((False, 404), (True, 200)):
        change = {"is_active": is_active}
        assert client.put(f"/api/v1/users/{shelf.user_id}", json=change, headers=root).status_code == 200
        for path in ("/library.xml", "/opml.xml", f"/files/{item}/a.mp3"):
            assert shelf.ask(path).status_code == expected


def test_a_deleted_users_tokens_go_along(shelf: Shelf, client: TestClient, root: Headers) -> None:
    assert client.delete(f"/api/v1/users/{shelf.user_id}", headers=root).status_code == 200
    assert shelf.ask("/library.xml").status_code == 404


def test_lesser_api_tokens_learn_no_addresses(client: TestClient, ada: Headers) -> None:
    for scopes, status in (("read write", 403), ("read write admin", 200)):
        body = {"name": "a script", "scopes": scopes}
        token = client.post("/api/v1/users/me/tokens", json=body, headers=ada).json()["token"]
        script = {"Authorization": f"Bearer {token}"}
        client.cookies.clear()
        me = client.get("/api/v1/users/me", headers=script).json()
        assert (me["feeds"] is not None) == (status == 200)
        assert client.get("/api/v1/feeds", headers=script).status_code == status
        assert client.get(AT, headers=script).status_code == status
        assert client.post(AT, json={"name": "x"}, headers=script).status_code == status


def test_guessing_is_slowed_down_and_disturbs_nobody(shelf: Shelf, context: AppContext) -> None:
    good = shelf.token
    answers = []
    for number in range(tokens.FREE_GUESSES + 2):
        shelf.token = f"{number:032}"
        answers.append(shelf.ask("/library.xml"))
    assert [answer.status_code for answer in answers] == [404] * tokens.FREE_GUESSES + [429, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    shelf.token = good
    assert shelf.ask("/library.xml").status_code == 200
    with context.database.write() as session:
        session.scalars(select(LoginThrottle)).one().last_failure_at = utcnow() - timedelta(hours=13)
    shelf.token = "0" * 32
    assert shelf.ask("/library.xml").status_code == 404


@pytest.mark.parametrize("token", ["x", "x" * 31, "x" * 33, "%2e%2e", "ü" * 32, "x" * 5000])
def test_what_is_no_token_is_not_looked_for(shelf: Shelf, context: AppContext, token: str) -> None:
    shelf.token = token
    assert shelf.ask("/library.xml").status_code == 404
    with context.database.read() as session:
        assert session.scalars(select(LoginThrottle)).all() == []


def test_use_is_noted_about_once_an_hour(shelf: Shelf, client: TestClient, ada: Headers) -> None:
    def used_at() -> str | None:
        last: str | None = client.get(AT, headers=ada).json()[0]["last_used_at"]
        return last

    assert used_at() is None
    shelf.ask("/library.xml")
    first = used_at()
    assert first is not None
    shelf.ask("/opml.xml")
    assert used_at() == first


def test_after_the_key_was_lost_old_addresses_work_and_new_ones_are_shown(
    shelf: Shelf, client: TestClient, ada: Headers, context: AppContext
) -> None:
    context.vault = Vault("another key of at least thirty-two characters")
    assert shelf.ask("/library.xml").status_code == 200
    (row,) = client.get(AT, headers=ada).json()
    assert (row["token"], row["library_url"]) == (None, None)
    assert client.get(f"/api/v1/feeds?token_id={row['id']}", headers=ada).status_code == 404
    fresh = client.get("/api/v1/users/me", headers=ada).json()["feeds"]["library"]
    assert client.get(fresh.removeprefix(PUBLIC)).status_code == 200
    assert shelf.token not in fresh


@pytest.mark.parametrize(
    ("settings", "host", "expected"),
    [
        ({"public_url": "https://magpie.example/"}, "evil.example", "https://magpie.example"),
        ({"public_url": "https://example.org/magpie"}, "x.example", "https://example.org/magpie"),
        # The host is whatever the client says; the address that the connection came to is not.
        ({"public_url": ""}, "evil.example", "http://magpie.test"),
        ({"public_url": "", "allowed_hosts": "*"}, "evil.example", "http://magpie.test"),
        ({"public_url": "", "allowed_hosts": "nas.lan"}, "nas.lan:8000", "http://nas.lan:8000"),
        ({"public_url": "", "allowed_hosts": "*,nas.lan"}, "evil.example", "http://magpie.test"),
    ],
)
def test_addresses_lie_below_the_public_one(
    shelf: Shelf, configure: Callable[..., None], settings: dict[str, str], host: str, expected: str
) -> None:
    shelf.save()
    configure(**settings)
    answer = shelf.ask("/library.xml", Host=host)
    assert answer.status_code == 200
    addresses = re.findall(r'(?:url|href)="([^"]+)"', answer.text)
    assert addresses
    assert all(one.startswith(f"{expected}/feeds/{shelf.token}/") for one in addresses)
