"""Imports over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from magpie.context import AppContext
from magpie.links import archive
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
    assert len(preview["problems"]) == 1
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
    ("content", "status"),
    [
        (b"", 400),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, 400),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><opml/>', 400),
        (b"#" * 20_000_001, 413),
        (b"#" * 21_000_000, 413),
    ],
)
def test_what_cannot_be_read_is_refused(
    client: TestClient, ada: Headers, content: bytes, status: int
) -> None:
    answer = client.post(f"{LINKS}/import", files={"file": ("x", content)}, headers=ada)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_a_file_is_needed(client: TestClient, ada: Headers) -> None:
    assert client.post(f"{LINKS}/import", data={"dry_run": "true"}, headers=ada).status_code == 422
    tags = ",".join("x" * 101 for _ in range(2))
    answer = client.post(f"{LINKS}/import", files={"file": ("x", OPML)}, data={"tags": tags}, headers=ada)
    assert answer.status_code == 400
