"""What an item's answer tells of links and collections: one's own, and nobody else's."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from magpie.context import AppContext
from magpie.library import belonging
from magpie.links.models import LinkEntry
from tests.library.personal.conftest import Keep, Person
from tests.links.conftest import Headers, follow

pytestmark = pytest.mark.database


def collect(person: Person, name: str, *items: int) -> int:
    number: int = person.ask("POST", "/collections", json={"name": name, "ids": list(items)})["id"]
    return number


def test_collections_that_it_was_put_into_are_told_by_name(keep: Keep, as_ada: Person) -> None:
    item, other = keep("Ours", "ada"), keep("Other", "ada")
    road, car = collect(as_ada, "road", item), collect(as_ada, "Car", other, item)
    collect(as_ada, "Elsewhere", other)
    as_ada.ask("POST", "/collections", json={"name": "A search", "query": {"q": "ours"}})
    told = as_ada.ask("GET", f"/items/{item}")
    assert told["collections"] == [{"id": car, "name": "Car"}, {"id": road, "name": "road"}]
    assert told["links"] == []


def test_other_peoples_are_never_told_not_even_to_superusers(
    keep: Keep, as_ada: Person, as_bob: Person, as_root: Person, client: TestClient, ada: Headers,
    bob: Headers, context: AppContext,
) -> None:  # fmt: skip
    item = keep("Ours", "ada", "bob")
    for headers, name in ((ada, "Hers"), (bob, "His")):
        link = follow(client, headers, f"https://media.example/{name}", name=name)["id"]
        with context.database.write() as session:
            for key in ("one", "the same again"):
                session.add(
                    LinkEntry(
                        link_id=link, source_key=key, url=f"https://media.example/{key}", url_digest=key,
                        item_id=item,
                    )
                )  # fmt: skip
    collect(as_ada, "Her collection", item)
    collect(as_bob, "His collection", item)
    for person, link, collection in (
        (as_ada, ["Hers"], ["Her collection"]),
        (as_bob, ["His"], ["His collection"]),
        (as_root, [], []),
    ):
        told = person.ask("GET", f"/items/{item}")
        assert [one["name"] for one in told["links"]] == link
        assert [one["name"] for one in told["collections"]] == collection


def test_they_are_many_at_most(keep: Keep, as_ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(belonging, "MOST", 2)
    item = keep("Ours", "ada")
    for name in "CAB":
        collect(as_ada, name, item)
    told = as_ada.ask("GET", f"/items/{item}")
    assert [one["name"] for one in told["collections"]] == ["A", "B"]
