"""One thing done to many items: only to the caller's, in short units of work, and never twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from magpie.library.bulk import service
from magpie.library.bulk.schemas import Action
from tests.library.personal.conftest import Keep, Meant, Person

pytestmark = pytest.mark.database

AT = "/items/bulk"


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 2)


def do(person: Person, action: str, **more: Any) -> int:
    count: int = person.ask("POST", AT, json={"action": action, **more})["count"]
    return count


def five(keep: Keep) -> list[int]:
    return [keep(f"Song {number}", "ada", artist="Ada") for number in range(5)]


def test_every_action_and_its_opposite(keep: Keep, as_ada: Person, meant: Meant) -> None:
    items, names = five(keep), [f"Song {number}" for number in range(5)]
    keep("Other", "ada")
    chosen = {"filter": {"artist": "Ada"}}
    at = as_ada.ask("POST", "/collections", json={"name": "All"})["id"]

    assert do(as_ada, "tag", tags=["one", "two"], **chosen) == 5
    assert meant("ada", tag="two") == names
    assert do(as_ada, "untag", tags=["ONE"], ids=items[:3]) == 3
    assert meant("ada", tag="one") == names[3:]
    assert do(as_ada, "favourite", **chosen) == 5
    assert do(as_ada, "unfavourite", ids=items[:1]) == 1
    assert meant("ada", is_favourite=True) == names[1:]
    assert do(as_ada, "add_to_collection", collection_id=at, ids=[items[3], items[0], items[2]]) == 3
    assert do(as_ada, "add_to_collection", collection_id=at, **chosen) == 5
    assert as_ada.titles(f"/collections/{at}/items") == ["Song 3", "Song 0", "Song 2", "Song 1", "Song 4"]
    assert do(as_ada, "remove_from_collection", collection_id=at, filter={"tag": "one"}) == 2
    assert as_ada.titles(f"/collections/{at}/items") == ["Song 0", "Song 2", "Song 1"]
    assert do(as_ada, "pin", **chosen) == 5
    assert do(as_ada, "unpin", ids=items[:2]) == 2
    assert [one["pinned"] for one in as_ada.ask("GET", "/items")["items"]] == [
        False,
        *[True] * 3,
        *[False] * 2,
    ]


def test_to_the_trash_back_and_away(keep: Keep, as_ada: Person, context: AppContext, media: Path) -> None:
    items = five(keep)
    assert do(as_ada, "trash", filter={"artist": "Ada"}) == 5
    assert do(as_ada, "trash", ids=items) == 0
    assert do(as_ada, "tag", tags=["x"], ids=items) == 0
    assert do(as_ada, "restore", ids=items[:1]) == 1
    assert do(as_ada, "restore", filter={"q": "Song"}) == 4
    assert do(as_ada, "restore", filter={}) == 0
    assert do(as_ada, "trash", ids=items[:2]) == 2
    assert do(as_ada, "delete", filter={"in_trash": True}) == 2
    assert do(as_ada, "delete", ids=items[1:4]) == 2  # one of them has gone
    assert [path.stem for path in media.rglob("*.mp3")] == ["Song 4"]
    with context.database.read() as session:
        query = select(AuditRecord).where(AuditRecord.action == "item.delete").order_by(AuditRecord.id)
        records = session.scalars(query).all()
    told = [record.details.get("ids") or record.subject for record in records]
    assert told == [items[:2], f"item:{items[2]}", f"item:{items[3]}"]
    assert records[0].details["titles"] == ["Song 0", "Song 1"]


def test_a_repeated_order_is_not_about_words_that_are_spelled_alike(keep: Keep, as_ada: Person) -> None:
    keep("Feather song", "ada"), keep("Weather song", "ada")
    assert as_ada.titles("/items?q=heather") != []
    assert do(as_ada, "delete", filter={"q": "heather"}) == 0
    assert [do(as_ada, "delete", filter={"q": "feather"}) for _ in range(2)] == [1, 0]
    assert as_ada.titles() == ["Weather song"]


def test_what_is_somebody_elses_is_left_alone(
    keep: Keep, as_ada: Person, as_bob: Person, as_root: Person, media: Path
) -> None:
    hers, ours = keep("Hers", "ada"), keep("Ours", "ada", "bob")
    assert do(as_bob, "delete", ids=[hers, ours, 10**6]) == 1
    assert as_ada.titles() == ["Ours", "Hers"]
    assert do(as_bob, "trash", filter={}) == 0
    for action in Action:
        more: dict[str, Any] = {"tags": ["x"]} if "tag" in action else {}
        if "collection" in action:
            more = {"collection_id": as_bob.ask("POST", "/collections", json={"name": action})["id"]}
        assert do(as_bob, action, ids=[hers], **more) == 0
    assert as_ada.titles() == ["Ours", "Hers"]
    at = as_ada.ask("POST", "/collections", json={"name": "Hers"})["id"]
    as_bob.ask("POST", AT, 404, json={"action": "add_to_collection", "collection_id": at, "ids": [ours]})
    assert do(as_root, "delete", filter={}) == 0
    assert do(as_root, "delete", filter={}, everybody=True) == 2
    assert list(media.rglob("*.mp3")) == []


@pytest.mark.parametrize(
    "body",
    [
        {"action": "trash"},
        {"action": "trash", "ids": []},
        {"action": "trash", "ids": [0]},
        {"action": "trash", "ids": [2**31]},
        {"action": "trash", "ids": [1], "filter": {}},
        {"action": "trash", "filter": {"colour": "red"}},
        {"action": "trash", "ids": [1], "tags": ["x"]},
        {"action": "tag", "ids": [1]},
        {"action": "tag", "ids": [1], "tags": []},
        {"action": "add_to_collection", "ids": [1]},
        {"action": "untag", "ids": [1], "tags": ["x"], "collection_id": 1},
        {"action": "burn", "ids": [1]},
        {"ids": [1]},
    ],
)
def test_half_orders_are_refused(as_ada: Person, body: dict[str, Any]) -> None:
    answer = as_ada._client.post(f"/api/v1{AT}", json=body, headers=as_ada._headers)
    assert answer.status_code in (400, 422), answer.text


def test_a_search_takes_no_items(keep: Keep, as_ada: Person) -> None:
    at = as_ada.ask("POST", "/collections", json={"name": "Found", "query": {}})["id"]
    body = {"action": "add_to_collection", "collection_id": at, "ids": [keep("A", "ada")]}
    as_ada.ask("POST", AT, 409, json=body)
