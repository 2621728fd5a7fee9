"""Collections: put together by hand and kept in order, or searches that keep themselves up to date."""

from __future__ import annotations

from typing import Any

import pytest

from magpie.library.collections import repository
from tests.library.personal.conftest import Keep, Meant, Person

pytestmark = pytest.mark.database

AT = "/collections"


def make(person: Person, name: str, **more: Any) -> str:
    return f"{AT}/{person.ask('POST', AT, json={'name': name, **more})['id']}"


def test_items_stay_in_the_order_in_which_they_were_put_in(keep: Keep, as_ada: Person, meant: Meant) -> None:
    items = [keep(title, "ada") for title in "ABCD"]
    at = make(as_ada, "Road", description="for the car", ids=[items[2], items[0], items[2]])
    assert as_ada.titles(f"{at}/items") == ["C", "A"]
    added = as_ada.ask("POST", f"{at}/items", json={"ids": [items[0], items[3], items[1], 10**6]})
    assert added == {"count": 2}
    assert as_ada.titles(f"{at}/items") == ["C", "A", "D", "B"]
    told = as_ada.ask("GET", at)
    assert (told["name"], told["description"], told["query"], told["count"]) == (
        "Road",
        "for the car",
        None,
        4,
    )
    as_ada.ask("DELETE", f"{at}/items/{items[0]}")
    as_ada.ask("DELETE", f"{at}/items/{items[0]}", 404)
    assert as_ada.titles(f"{at}/items") == ["C", "D", "B"]
    assert meant("ada", collection_id=told["id"]) == ["B", "C", "D"]


def test_items_are_moved_however_narrow_it_gets(
    keep: Keep, as_ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "GAP", 2)
    monkeypatch.setattr("magpie.library.collections.service.GAP", 2)
    items = {title: keep(title, "ada") for title in "ABCDE"}
    at = make(as_ada, "Order", ids=list(items.values()))
    order = list("ABCDE")
    for title, before in (
        ("E", "A"),
        ("C", "A"),
        ("D", "A"),
        ("B", None),
        ("A", "E"),
        ("B", "C"),
        ("B", "B"),
    ):
        as_ada.ask("PUT", f"{at}/items/{items[title]}", json={"before": items[before] if before else None})
        if title != before:
            order.remove(title)
            order.insert(order.index(before) if before else len(order), title)
        assert as_ada.titles(f"{at}/items") == order
    as_ada.ask("PUT", f"{at}/items/{items['A']}", 404, json={"before": keep("Elsewhere", "ada")})


def test_long_ones_are_told_in_pages(keep: Keep, as_ada: Person) -> None:
    at = make(as_ada, "Long", ids=[keep(f"Song {number}", "ada") for number in range(5)])
    found, more = [], {"limit": 2}
    while more:
        page = as_ada.ask("GET", f"{at}/items", params=more)
        found += [item["title"] for item in page["items"]]
        assert page["total"] == 5
        more = {"limit": 2, "cursor": page["next_cursor"]} if page["next_cursor"] else {}
    assert found == [f"Song {number}" for number in range(5)]


def test_a_saved_search_holds_what_its_filter_finds(keep: Keep, as_ada: Person, meant: Meant) -> None:
    keep("Slow one", "ada", artist="Ada")
    at = make(as_ada, "Slow", query={"q": "slow", "artist": "Ada"})
    number = at.rsplit("/", 1)[-1]
    assert as_ada.titles(f"{at}/items") == ["Slow one"]
    newer = keep("Slow two", "ada", artist="Ada")
    keep("Slow three", "ada", artist="Bob")
    first = as_ada.ask("GET", f"{at}/items", params={"limit": 1})
    assert ([one["id"] for one in first["items"]], first["total"]) == ([newer], 2)
    rest = as_ada.ask("GET", f"{at}/items", params={"limit": 1, "cursor": first["next_cursor"]})
    assert [one["title"] for one in rest["items"]] == ["Slow one"]
    assert meant("ada", collection_id=number) == ["Slow one", "Slow two"]
    assert meant("ada", collection_id=number, q="two") == ["Slow two"]
    assert meant("ada", collection_id=number, artist="Bob") == []
    told = as_ada.ask("PUT", at, json={"query": {"artist": "Bob"}})
    assert (told["query"]["artist"], told["query"]["q"], told["count"]) == ("Bob", None, None)
    assert as_ada.titles(f"{at}/items") == ["Slow three"]
    for method, path, body in (
        ("POST", f"{at}/items", {"ids": [newer]}),
        ("PUT", f"{at}/items/{newer}", {}),
    ):
        as_ada.ask(method, path, 409, json=body)


def test_what_cannot_be_is_refused(keep: Keep, as_ada: Person) -> None:
    at = make(as_ada, "Mine")
    as_ada.ask("POST", AT, 409, json={"name": "Mine"})
    other = make(as_ada, "Other")
    as_ada.ask("PUT", other, 409, json={"name": "Mine"})
    as_ada.ask("PUT", at, json={"name": "Mine", "description": None})
    as_ada.ask("PUT", at, 409, json={"query": {"q": "x"}})
    number = int(at.rsplit("/", 1)[-1])
    for query in ({"collection_id": number}, {"in_trash": True}):
        as_ada.ask("POST", AT, 400, json={"name": "Nested", "query": query})
    as_ada.ask("POST", AT, 422, json={"name": "", "query": None})
    as_ada.ask("POST", AT, 422, json={"name": "Odd", "query": {"colour": "red"}})


def test_a_name_that_is_taken_in_the_same_moment_is_refused(
    as_ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(as_ada, "Mine")
    other = make(as_ada, "Other")
    monkeypatch.setattr(repository, "is_named", lambda *_, **__: False)
    as_ada.ask("POST", AT, 409, json={"name": "Mine"})
    as_ada.ask("PUT", other, 409, json={"name": "Mine"})
    assert as_ada.ask("GET", other)["name"] == "Other"


def test_they_are_ones_own_and_go_without_what_is_in_them(
    keep: Keep, as_ada: Person, as_bob: Person, as_root: Person
) -> None:
    item, foreign = keep("Ours", "ada", "bob"), keep("Bob's", "bob")
    at = make(as_ada, "Hers", ids=[item, foreign])
    assert as_ada.titles(f"{at}/items") == ["Ours"]
    assert as_bob.ask("GET", AT)["collections"] == []
    as_bob.ask("GET", f"{at}/items", 404)
    as_bob.ask("PUT", f"{at}/items/{item}", 404, json={})
    make(as_bob, "Hers")  # names are free for everybody
    assert [one["name"] for one in as_root.ask("GET", AT)["collections"]] == ["Hers", "Hers"]
    as_ada.ask("DELETE", f"/items/{item}")
    assert (as_ada.titles(f"{at}/items"), as_ada.ask("GET", at)["count"]) == ([], 0)
    as_ada.ask("POST", f"/items/{item}/restore")
    assert as_ada.titles(f"{at}/items") == ["Ours"]
    assert as_ada.ask("DELETE", at)["name"] == "Hers"
    as_ada.ask("GET", at, 404)
    assert as_ada.titles() == ["Ours"]
