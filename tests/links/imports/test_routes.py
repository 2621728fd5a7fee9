"""Imports over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from magpie.context import AppContext
from magpie.links import archive
from magpie.links.imports.reading import MAX_FOUND
from magpie.links.models import Link, LinkEntry, Verdict
from tests.links.conftest import LINKS, Headers, follow

pytestmark = pytest.mark.database
OPML = """<opml><body>
<outline text="Birds" xmlUrl="https://a.example/feed"/>
<outline text="Known" xmlUrl="https://www.youtube.com/@known"/>
<outline text="Odd" xmlUrl="gopher://a.example"/>
</body></opml>"""


def bring(client: TestClient, headers: Headers, content: str | bytes, **form: Any) -> dict[str, Any]:
    answer = client.post(f"{LINKS}/import", files={"file": ("x", content)}, data=form, headers=headers)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


def test_a_preview_changes_nothing(client: TestClient, ada: Headers) -> None:
    known = follow(client, ada, "https://www.youtube.com/@Known/videos")
    follow(client, ada, "https://www.youtube.com/@Known", name="Mine")
    preview = bring(client, ada, OPML, dry_run="true")
    assert (preview["kind"], preview["dry_run"], preview["added"]) == ("opml", True, 0)
    birds, old = preview["found"]
    assert (birds["name"], birds["type"], birds["exists"], birds["status"]) == ("Birds", "feed", False, "new")
    assert (old["name"], old["exists"], old["status"]) == ("Mine", True, "exists")
    assert [problem["reason"] for problem in preview["problems"]] == ["address_not_web"]
    assert len(client.get(LINKS, headers=ada).json()) == 2
    assert known["id"] != old["link_id"]


def test_every_source_is_answered(client: TestClient, ada: Headers, context: AppContext) -> None:
    follow(client, ada, "https://www.youtube.com/@Known")
    form = {"tags": "imported", "download_automatically": "false"}
    result = bring(client, ada, OPML, **form)
    assert [one["status"] for one in result["found"]] == ["added", "exists"]
    link = client.get(f"{LINKS}/{result['found'][0]['link_id']}", headers=ada).json()
    assert (link["name"], link["tags"], link["download_automatically"]) == ("Birds", ["imported"], False)
    again = bring(client, ada, OPML, **form)
    assert [one["status"] for one in again["found"]] == ["exists", "exists"]
    bring(client, ada, "https://nameless.example/channel\n")
    with context.database.read() as session:
        named = dict(session.execute(select(Link.url, Link.has_own_name)).all())
    assert named["https://a.example/feed"]
    assert not named["https://nameless.example/channel"]


def test_only_what_was_chosen_is_followed(client: TestClient, ada: Headers) -> None:
    follow(client, ada, "https://www.youtube.com/@Known")
    lines = "https://a.example/1\nhttps://a.example/2\nhttps://a.example/3\nhttps://www.youtube.com/@known\n"
    keys = {one["url"][-1]: one["key"] for one in bring(client, ada, lines, dry_run="true")["found"]}
    result = bring(client, ada, lines, only=json.dumps([keys["1"], keys["3"], keys["n"]]))
    assert [one["status"] for one in result["found"]] == ["added", "left_out", "added", "exists"]
    assert result["found"][1]["link_id"] is None
    followed = {link["url"] for link in client.get(LINKS, headers=ada).json()}
    assert followed == {"https://a.example/1", "https://a.example/3", "https://www.youtube.com/@Known"}
    assert [one["status"] for one in bring(client, ada, lines, only="[]")["found"]].count("left_out") == 1
    assert len(client.get(LINKS, headers=ada).json()) == 3


def test_as_many_may_be_chosen_as_a_file_can_name(client: TestClient, ada: Headers) -> None:
    lines = "".join(f"https://a.example/{number}\n" for number in range(MAX_FOUND))
    found = bring(client, ada, lines, dry_run="true")["found"]
    keys = [one["key"] for one in found]
    assert len(set(keys)) == MAX_FOUND
    result = bring(client, ada, lines, dry_run="true", only=json.dumps(keys))
    assert {one["status"] for one in result["found"]} == {"new"}


@pytest.mark.parametrize(
    ("only", "code"),
    [
        ("what", "value_error"),
        ('"abc"', "value_error"),
        ("[1]", "value_error"),
        ('["of another file"]', "import_changed"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused(
    client: TestClient, ada: Headers, only: str, code: str
) -> None:
    answer = client.post(f"{LINKS}/import", files={"file": ("x", OPML)}, data={"only": only}, headers=ada)
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert (fault["loc"], fault["type"]) == (["body", "only"], code)
    assert client.get(LINKS, headers=ada).json() == []


def test_what_an_archive_names_is_left_alone(
    client: TestClient, ada: Headers, bob: Headers, context: AppContext
) -> None:
    link = follow(client, ada, "https://www.youtube.com/@Known")
    theirs = follow(client, bob, "https://www.youtube.com/@Known")
    with context.database.write() as session:
        for number, (link_id, verdict) in enumerate(
            [
                (link["id"], Verdict.LISTED),
                (link["id"], Verdict.DOWNLOADED),
                (theirs["id"], Verdict.LISTED),
            ]
        ):
            session.add(
                LinkEntry(
                    link_id=link_id,
                    source_key=f"youtube {number}",
                    url="https://a.example",
                    url_digest="0",
                    verdict=verdict,
                )
            )
    result = bring(client, ada, "".join(f"youtube {number}\n" for number in range(1200)))
    assert (result["kind"], result["archived"], result["found"]) == ("archive", 1200, [])
    assert bring(client, ada, "youtube 5\nyoutube 6\n")["archived"] == 2
    with context.database.read() as session:
        entries = list(session.scalars(select(LinkEntry).order_by(LinkEntry.id)))
        assert [(one.verdict, one.reason) for one in entries] == [
            ("skipped", "archive"),
            ("downloaded", None),
            ("listed", None),
        ]
        keys = ["youtube 1199", "youtube 1200"]
        assert archive.held(session, link["user_id"], keys) == {"youtube 1199"}
        assert archive.held(session, theirs["user_id"], keys) == set()
    counts = client.get(f"{LINKS}/{link['id']}", headers=ada).json()["counts"]
    assert counts == {"known": 2, "downloaded": 1, "wanted": 0, "failed": 0, "skipped": 1}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import_empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "import_nothing"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><opml/>', "import_not_opml"),
        (b'{"url": ', "import_not_json"),
    ],
)
def test_what_cannot_be_read_is_refused(client: TestClient, ada: Headers, content: bytes, code: str) -> None:
    answer = client.post(f"{LINKS}/import", files={"file": ("x", content)}, headers=ada)
    assert answer.status_code == 400
    assert [fault["type"] for fault in answer.json()["errors"]] == [code]


@pytest.mark.parametrize("size", [20_000_001, 21_000_000])
def test_what_is_too_large_is_refused(client: TestClient, ada: Headers, size: int) -> None:
    answer = client.post(f"{LINKS}/import", files={"file": ("x", b"#" * size)}, headers=ada)
    assert answer.status_code == 413
    assert answer.json()["detail"]


def test_a_file_is_needed(client: TestClient, ada: Headers) -> None:
    assert client.post(f"{LINKS}/import", data={"dry_run": "true"}, headers=ada).status_code == 422
    tags = ",".join("x" * 101 for _ in range(2))
    answer = client.post(f"{LINKS}/import", files={"file": ("x", OPML)}, data={"tags": tags}, headers=ada)
    assert answer.status_code == 400
