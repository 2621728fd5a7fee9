"""A link's catalogue over HTTP."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select

from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from magpie.downloads.models import Download
from magpie.links.addresses import address_key
from magpie.links.models import LinkEntry, Verdict
from tests.links.conftest import LINKS, Headers, follow

pytestmark = pytest.mark.database
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def fill(context: AppContext, link_id: int, count: int, **values: Any) -> None:
    """Entries 1 (oldest) to `count`, of as many seconds."""
    rows = [
        {
            "link_id": link_id,
            "source_key": f"example {number}",
            "url": f"https://media.example/{number}",
            "url_digest": address_key(f"https://media.example/{number}"),
            "title": f"Film {number}",
            "duration": float(number),
            "published_at": FIRST + timedelta(hours=number),
            "rank": number,
            "verdict": Verdict.LISTED,
            "facts": {},
            **values,
        }
        for number in range(1, count + 1)
    ]
    with context.database.write() as session:
        session.execute(insert(LinkEntry), rows)


@pytest.fixture
def link(client: TestClient, ada: Headers, context: AppContext) -> str:
    made = follow(client, ada, "https://media.example/films", download_automatically=False)
    fill(context, made["id"], 7)
    return f"{LINKS}/{made['id']}"


def test_pages_go_from_the_newest_to_the_oldest(client: TestClient, ada: Headers, link: str) -> None:
    titles, cursor = [], None
    for _ in range(4):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = client.get(f"{link}/entries", params=query, headers=ada).json()
        assert answer["total"] == 7
        titles += [one["title"] for one in answer["entries"]]
        cursor = answer["next_cursor"]
    assert titles == [f"Film {number}" for number in range(7, 0, -1)]
    assert cursor is None


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"q": "film 3"}, 1),
        ({"q": "%"}, 0),
        ({"verdict": "listed"}, 7),
        ({"verdict": "failed"}, 0),
        ({"reason": "filter_title"}, 0),
    ],
)
def test_what_is_looked_for_is_found(
    client: TestClient, ada: Headers, link: str, query: dict[str, str], count: int
) -> None:
    assert client.get(f"{link}/entries", params=query, headers=ada).json()["total"] == count


@pytest.mark.parametrize("query", [{"cursor": "nonsense"}, {"limit": 0}, {"verdict": "other"}])
def test_what_cannot_be_asked(client: TestClient, ada: Headers, link: str, query: dict[str, Any]) -> None:
    assert client.get(f"{link}/entries", params=query, headers=ada).status_code in (400, 422)


def test_a_persons_word_is_remembered(
    client: TestClient, ada: Headers, context: AppContext, link: str
) -> None:
    newest, second = client.get(f"{link}/entries", headers=ada).json()["entries"][:2]
    answer = client.post(f"{link}/entries/{newest['id']}/download", headers=ada).json()
    assert (answer["verdict"], answer["by_person"]) == ("wanted", True)
    with context.database.read() as session:
        (download,) = session.scalars(select(Download)).all()
    assert (download.entry_id, download.priority, download.url) == (newest["id"], 0, newest["url"])
    # Asked again, it is not doubled.
    assert client.post(f"{link}/entries/{newest['id']}/download", headers=ada).status_code == 200
    answer = client.post(f"{link}/entries/{second['id']}/skip", headers=ada).json()
    assert (answer["verdict"], answer["reason"]) == ("skipped", "person")
    assert "person" in answer["why"]
    # Rules change neither.
    body = {"filters": {"title_exclude": "Film 7", "title_include": "Film"}, "download_automatically": True}
    assert client.put(link, json=body, headers=ada).status_code == 200
    verdicts = [one["verdict"] for one in client.get(f"{link}/entries", headers=ada).json()["entries"]]
    assert verdicts[:2] == ["wanted", "skipped"]
    with context.database.read() as session:
        actions = set(session.scalars(select(AuditRecord.action)))
        assert {"link.entry.download", "link.entry.skip"} <= actions


def test_skipping_ends_its_download(client: TestClient, ada: Headers, context: AppContext, link: str) -> None:
    entry = client.get(f"{link}/entries", headers=ada).json()["entries"][0]
    client.post(f"{link}/entries/{entry['id']}/download", headers=ada)
    client.post(f"{link}/entries/{entry['id']}/skip", headers=ada)
    with context.database.read() as session:
        assert list(session.scalars(select(Download.status))) == ["cancelled"]


def test_what_is_not_there(client: TestClient, ada: Headers, bob: Headers, link: str) -> None:
    entry = client.get(f"{link}/entries", headers=ada).json()["entries"][0]
    other = follow(client, ada, "https://media.example/other")
    for path, who in (
        (f"{link}/entries/{entry['id']}", bob),
        (f"{LINKS}/{other['id']}/entries/{entry['id']}", ada),
        (f"{link}/entries/999999", ada),
    ):
        for verb in ("download", "skip"):
            assert client.post(f"{path}/{verb}", headers=who).status_code == 404
    assert client.get(f"{link}/entries", headers=bob).status_code == 404
    assert client.post(f"{link}/try-rules", json={}, headers=bob).status_code == 404


def test_rules_are_tried_on_the_whole_catalogue_without_a_trace(
    client: TestClient, ada: Headers, context: AppContext
) -> None:
    made = follow(client, ada, "https://media.example/huge")
    fill(context, made["id"], 10_000, verdict=Verdict.WAITING)
    filters = {"min_seconds": 5001, "title_include": "film", "languages": ["en"]}
    began = time.monotonic()
    answer = client.post(f"{LINKS}/{made['id']}/try-rules", json={"filters": filters}, headers=ada).json()
    # Half a second is usual; the promise is a page that answers while somebody types.
    assert time.monotonic() - began < 5
    assert answer["total"] == 10_000
    assert answer["counts"] == [
        {"verdict": "skipped", "reason": "filter_duration", "count": 5000},
        {"verdict": "waiting", "reason": None, "count": 5000},
    ]
    assert (answer["unwanted"], answer["wanted"], answer["lacking"]) == (5000, 0, {"filter_language": 5000})
    assert len(answer["samples"]) == 20
    assert answer["samples"][0]["would_reason"] == "filter_duration"
    with context.database.read() as session:
        verdicts = set(session.scalars(select(LinkEntry.verdict).where(LinkEntry.link_id == made["id"])))
    assert verdicts == {Verdict.WAITING}


def test_other_rules_decide_about_what_nobody_has_queued(client: TestClient, ada: Headers, link: str) -> None:
    client.put(link, json={"filters": {"min_seconds": 4}}, headers=ada)
    page = client.get(f"{link}/entries", params={"reason": "filter_duration"}, headers=ada).json()
    assert [one["title"] for one in page["entries"]] == ["Film 3", "Film 2", "Film 1"]
    assert page["entries"][0]["why"] == "0:03 is shorter than 0:04."
    client.put(link, json={"filters": None}, headers=ada)
    assert client.get(f"{link}/entries", params={"verdict": "listed"}, headers=ada).json()["total"] == 7
