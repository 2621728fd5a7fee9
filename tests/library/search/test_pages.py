"""The orders of the library, their pages, filters, totals and facets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from magpie.context import AppContext
from magpie.library import facets, listing, pages
from magpie.library.models import Item, ItemFile
from magpie.library.search import service as search
from tests.library.personal.conftest import Keep, Meant, Person

pytestmark = pytest.mark.database

SORTS = ("newest", "oldest", "title", "artist", "published", "duration", "size", "relevance")


def moment(day: int) -> datetime:
    return datetime(2025, 5, day, 12, tzinfo=UTC)


@pytest.fixture
def songs(keep: Keep, as_ada: Person, as_bob: Person) -> None:
    keep("Queen", "ada", artist="周杰倫", duration=100.0, published_at=moment(3), content=b"123")
    keep("晴天", "ada", artist="Abba", duration=50.0, content=b"1")
    keep("abba", "ada", duration=200.0, published_at=moment(9), content=b"12345")
    keep("Ábaco", "ada", artist="Zaz", published_at=moment(1), content=b"12")
    keep("Part 10", "ada", artist="Abba", duration=50.0, published_at=moment(3), content=b"1234")
    keep("Part 9", "ada", "bob", artist="abba", duration=1.0, published_at=moment(3), content=b"1234")
    keep("Nobody else's", "bob")


ORDERS = {
    "newest": ["Part 9", "Part 10", "Ábaco", "abba", "晴天", "Queen"],
    "oldest": ["Queen", "晴天", "abba", "Ábaco", "Part 10", "Part 9"],
    "title": ["Ábaco", "abba", "Part 9", "Part 10", "晴天", "Queen"],
    "artist": ["晴天", "Part 10", "Part 9", "Ábaco", "Queen", "abba"],
    "published": ["abba", "Part 9", "Part 10", "Queen", "Ábaco", "晴天"],
    "duration": ["abba", "Queen", "Part 10", "晴天", "Part 9", "Ábaco"],
    "size": ["abba", "Part 9", "Part 10", "Queen", "Ábaco", "晴天"],
}


def all_pages(person: Person, limit: int, **params: Any) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        asked = {**params, "limit": limit} | ({"cursor": cursor} if cursor else {})
        answer = person.ask("GET", "/items", params=asked)
        found += [item["title"] for item in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            return found
        assert len(answer["items"]) == limit


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("few", [listing.FEW, 0])
def test_each_order_at_any_depth(
    songs: None, as_ada: Person, sort: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "FEW", few)  # a large library is gone through otherwise than a small one
    for limit in (1, 2, 5, 6, 50):
        assert all_pages(as_ada, limit, sort=sort) == ORDERS[sort]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("many", [pages.MOST_COUNTED, 1])
def test_each_order_of_what_is_found(
    songs: None, as_ada: Person, sort: str, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_COUNTED", many)
    wanted = ["Part 10", "晴天", "abba", "Part 9"]
    order = ORDERS.get(sort, ["abba", "Part 9", "Part 10", "晴天"])
    expected = [title for title in order if title in wanted]
    for limit in (1, 3, 50):
        assert all_pages(as_ada, limit, sort=sort, q="abba") == expected


def leave_ids_out(context: AppContext, count: int) -> None:
    """The next item's id is so much higher."""
    with context.database.write() as session:
        after = (session.scalar(select(func.max(Item.id))) or 0) + count
        session.execute(
            text("UPDATE sqlite_sequence SET seq = :seq WHERE name = 'items'")
            if context.database.is_sqlite
            else text("SELECT setval('items_id_seq', :seq)"),
            {"seq": after},
        )


def test_windows_of_ids_lose_nothing(
    keep: Keep, as_ada: Person, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_GROWTH", 4)
    monkeypatch.setattr(listing, "FEW", 0)
    titles = [f"{'Even' if number % 2 == 0 else 'Odd'} {number}" for number in range(12)]
    items = []
    for title in titles:
        items.append(keep(title, "ada"))
        leave_ids_out(context, 4095 if len(items) % 3 else 60_000)
    as_ada.ask("PUT", f"/items/{items[4]}/tags", json={"tags": ["Even as a tag"]})
    even = [title for title in titles if title.startswith("Even")]
    for limit in (1, 3, 20):
        for q in ("even", "even tag", "eve"):
            found = even if q != "even tag" else [titles[4]]
            assert all_pages(as_ada, limit, q=q) == found[::-1]
            assert all_pages(as_ada, limit, q=q, sort="oldest") == found


@pytest.mark.parametrize("few", [listing.FEW, 0])
def test_what_is_found_in_turn_is_the_callers_and_meets_the_filter(
    keep: Keep, as_ada: Person, as_bob: Person, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "FEW", few)
    monkeypatch.setattr(listing, "MANY", 1)
    monkeypatch.setattr(pages, "MOST_COUNTED", 2)
    lengths = [10.0 * number for number in range(9)]
    items = [
        keep(f"Song {length:.0f}", *(("ada", "bob") if length % 20 == 0 else ("ada",)), duration=length)
        for length in lengths
    ]
    as_ada.ask("DELETE", f"/items/{items[8]}")
    as_ada.ask("PUT", f"/items/{items[2]}/favourite", json={"is_favourite": True})
    for limit in (1, 2, 50):
        mine = [f"Song {length:.0f}" for length in reversed(lengths[3:8])]
        assert all_pages(as_ada, limit, q="song", min_duration=30) == mine
        assert all_pages(as_ada, limit, q="song", min_duration=30, sort="oldest") == mine[::-1]
        assert all_pages(as_ada, limit, q="song", kind="audio", is_favourite=True) == ["Song 20"]
        assert all_pages(as_ada, limit, q="song", in_trash=True) == ["Song 80"]
        assert all_pages(as_bob, limit, q="song", max_duration=40) == ["Song 40", "Song 20", "Song 0"]


@pytest.mark.parametrize("many", [pages.MOST_COUNTED, 5, 1])
def test_better_answers_come_first(
    keep: Keep, as_ada: Person, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_COUNTED", many)
    keep("Love", "ada")
    keep("Something else", "ada", description="made with love")
    keep("All you need is love", "ada")
    keep("Love me do", "ada")
    keep("Yesterday", "ada", artist="Lovers")
    keep("Made with care", "ada", description="lovely")
    wanted = ["Love", "Love me do", "Yesterday", "All you need is love", "Made with care", "Something else"]
    for limit in (1, 2, 4, 50):
        assert all_pages(as_ada, limit, q="love", sort="relevance") == wanted


def test_misspelt_words_stay_corrected_on_the_next_pages(keep: Keep, as_ada: Person) -> None:
    for number in range(5):
        keep(f"Rhapsody {number}", "ada")
    for sort in SORTS:
        assert len(all_pages(as_ada, 2, q="rapsody", sort=sort)) == 5


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        ({"artist": "Abba"}, ["Part 10", "晴天"]),
        ({"kind": "audio", "q": "part"}, ["Part 9", "Part 10"]),
        ({"kind": "video"}, []),
        ({"site": "media.example", "artist": "Zaz"}, ["Ábaco"]),
        ({"site": "www.example"}, []),
        ({"album": "None"}, []),
        ({"min_duration": 100}, ["abba", "Queen"]),
        ({"max_duration": 50, "artist": "Abba"}, ["Part 10", "晴天"]),
        (
            {"published_after": "2025-05-03T12:00:00Z", "published_before": "2025-05-09T12:00:00Z"},
            ["Part 9", "Part 10", "Queen"],
        ),
        ({"published_after": "2025-05-09"}, ["abba"]),
        ({"language": "de"}, ["Queen"]),
    ],
)  # fmt: skip
def test_filters(
    songs: None, as_ada: Person, meant: Meant, context: AppContext, wanted: dict[str, Any], titles: list[str]
) -> None:
    with context.database.write() as session:
        first = session.query(Item).filter(Item.title == "Queen").one()
        session.execute(update(ItemFile).where(ItemFile.item_id == first.id).values(language="de"))
    for sort in ("newest", "title"):
        answer = as_ada.ask("GET", "/items", params={**wanted, "sort": sort})
        assert sorted(item["title"] for item in answer["items"]) == sorted(titles)
        assert (answer["total"], answer["total_is_exact"]) == (len(titles), True)
    assert meant("ada", **wanted) == sorted(titles)


@pytest.mark.parametrize(
    "query",
    [
        "sort=best", "limit=0", "limit=201", "kind=song", "min_duration=-1", "min_duration=nan", "link_id=0",
        "published_after=yesterday", "link_id=99999999999", "q=" + "x" * 201,
    ],
)  # fmt: skip
def test_what_no_filter_is_is_refused(as_ada: Person, query: str) -> None:
    as_ada.ask("GET", f"/items?{query}", 422)


def test_cursors_of_another_order_are_refused(songs: None, as_ada: Person) -> None:
    cursor = as_ada.ask("GET", "/items?sort=title&limit=1")["next_cursor"]
    for sort in ("newest", "artist", "duration"):
        as_ada.ask("GET", f"/items?sort={sort}&cursor={cursor}", 400)
    as_ada.ask("GET", "/items?cursor=nonsense", 400)


def test_totals_are_counted_up_to_a_bound(
    songs: None, as_ada: Person, as_root: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert as_ada.ask("GET", "/items?limit=1")["total"] == 6
    assert as_root.ask("GET", "/items?limit=1")["total"] == 7
    monkeypatch.setattr(pages, "MOST_COUNTED", 3)
    monkeypatch.setattr(pages, "MOST_HELD", 5)
    for query, total, is_exact in (
        ("", 5, False),
        ("q=abba", 3, False),
        ("q=part", 2, True),
        ("artist=Abba", 2, True),
    ):
        answer = as_ada.ask("GET", f"/items?limit=1&{query}")
        assert (answer["total"], answer["total_is_exact"]) == (total, is_exact), query


def test_totals_leave_the_trash_out(keep: Keep, as_ada: Person, as_bob: Person, as_root: Person) -> None:
    ours, mine = keep("Ours", "ada", "bob"), keep("Mine", "ada")
    for item in (ours, mine):
        as_ada.ask("DELETE", f"/items/{item}")
    assert as_ada.ask("GET", "/items")["total"] == 0
    assert as_bob.ask("GET", "/items")["total"] == 1
    assert as_root.ask("GET", "/items")["total"] == 1
    assert as_ada.ask("GET", "/items?in_trash=true")["total"] == 2


def test_facets_count_what_the_list_holds(
    songs: None, as_ada: Person, as_bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = as_ada.ask("GET", "/items?q=queen")["items"][0]["id"]
    as_ada.ask("PUT", f"/items/{item}/tags", json={"tags": ["loud"]})
    found = as_ada.ask("GET", "/items/facets")
    assert (found["counted"], found["is_exact"]) == (6, True)
    assert found["kind"] == [{"value": "audio", "count": 6}]
    assert found["artist"][0] == {"value": "Abba", "count": 2}
    assert found["tag"] == [{"value": "loud", "count": 1}]
    assert found["album"] == found["genre"] == found["link"] == []
    assert as_bob.ask("GET", "/items/facets")["tag"] == []
    assert as_ada.ask("GET", "/items/facets?q=part")["counted"] == 2
    monkeypatch.setattr(facets, "MOST_COUNTED", 4)
    bounded = as_ada.ask("GET", "/items/facets")
    assert (bounded["counted"], bounded["is_exact"]) == (4, False)
