"""Favourites, tags and playing: everybody's own, also on what several have."""

from __future__ import annotations

import pytest

from magpie.library.personal.schemas import LONGEST_TAG
from magpie.library.personal.service import is_end
from tests.library.personal.conftest import Keep, Person

pytestmark = pytest.mark.database


class TestFavourites:
    def test_are_ones_own(self, keep: Keep, as_ada: Person, as_bob: Person) -> None:
        item = keep("Ours", "ada", "bob")
        assert as_ada.ask("PUT", f"/items/{item}/favourite", json={"is_favourite": True})["is_favourite"]
        assert not as_bob.ask("GET", f"/items/{item}")["is_favourite"]
        assert not as_ada.ask("PUT", f"/items/{item}/favourite", json={"is_favourite": False})["is_favourite"]

    def test_a_superuser_marks_the_households_but_not_somebody_elses(
        self, keep: Keep, as_ada: Person, as_root: Person
    ) -> None:
        household, hers = keep("The household's", None), keep("Hers", "ada")
        assert as_root.ask("PUT", f"/items/{household}/favourite", json={"is_favourite": True})[
            "is_favourite"
        ]
        as_root.ask("PUT", f"/items/{hers}/favourite", 409, json={"is_favourite": True})
        assert not as_ada.ask("GET", f"/items/{hers}")["is_favourite"]


class TestTags:
    def test_replace_each_other_and_are_counted(self, keep: Keep, as_ada: Person, as_bob: Person) -> None:
        one, two = keep("One", "ada", "bob"), keep("Two", "ada")
        assert as_ada.ask("PUT", f"/items/{one}/tags", json={"tags": ["b", "a", "b"]})["tags"] == ["a", "b"]
        as_ada.ask("PUT", f"/items/{two}/tags", json={"tags": ["b"]})
        assert as_ada.ask("GET", "/tags")["tags"] == [{"name": "a", "count": 1}, {"name": "b", "count": 2}]
        assert as_bob.ask("GET", "/tags")["tags"] == []
        assert as_bob.ask("GET", f"/items/{one}")["tags"] == []
        assert as_ada.ask("PUT", f"/items/{one}/tags", json={"tags": ["c"]})["tags"] == ["c"]
        assert as_ada.ask("GET", "/tags")["tags"] == [{"name": "b", "count": 1}, {"name": "c", "count": 1}]

    def test_are_spelled_as_they_are_known(self, keep: Keep, as_ada: Person) -> None:
        one, two = keep("One", "ada"), keep("Two", "ada")
        as_ada.ask("PUT", f"/items/{one}/tags", json={"tags": ["Jazz"]})
        assert as_ada.ask("PUT", f"/items/{two}/tags", json={"tags": ["JAZZ", "jazz"]})["tags"] == ["Jazz"]

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("  two\t words\n", "two words"),
            ("e\u0301tude", "\u00e9tude"),
            ("夜に聴く", "夜に聴く"),
            ("\u202egpj.exe", "gpj.exe"),
            ("family 👩\u200d👧", "family 👩\u200d👧"),
            ("x" * LONGEST_TAG, "x" * LONGEST_TAG),
        ],
    )
    def test_are_one_visible_line(self, keep: Keep, as_ada: Person, given: str, kept: str) -> None:
        item = keep("One", "ada")
        assert as_ada.ask("PUT", f"/items/{item}/tags", json={"tags": [given]})["tags"] == [kept]

    @pytest.mark.parametrize("given", ["", " \t ", "\u200b", "x" * (LONGEST_TAG + 1), "a\x00" * 300])
    def test_are_refused_if_nothing_or_too_much_is_left(self, keep: Keep, as_ada: Person, given: str) -> None:
        item = keep("One", "ada")
        answer = as_ada._client.put(
            f"/api/v1/items/{item}/tags", json={"tags": [given]}, headers=as_ada._headers
        )
        assert answer.status_code in (400, 422)


class TestPlaying:
    def test_is_remembered_for_each_user(self, keep: Keep, as_ada: Person, as_bob: Person) -> None:
        item = keep("A talk", "ada", "bob", duration=600.0)
        nothing = {"position": 0.0, "is_finished": False, "plays": 0, "updated_at": None}
        assert as_ada.ask("GET", f"/items/{item}/playback") == nothing
        told = as_ada.ask("PUT", f"/items/{item}/playback", json={"position": 61.5})
        assert (told["position"], told["is_finished"], told["plays"]) == (61.5, False, 0)
        assert as_ada.ask("GET", f"/items/{item}")["playback"] == told
        assert as_bob.ask("GET", f"/items/{item}/playback") == nothing

    def test_an_end_counts_once_until_it_begins_again(self, keep: Keep, as_ada: Person) -> None:
        item = keep("A song", "ada", duration=200.0)
        told = [
            as_ada.ask("PUT", f"/items/{item}/playback", json={"position": position})
            for position in (100, 191, 199, 5, 195)
        ]
        assert [one["plays"] for one in told] == [0, 1, 1, 1, 2]
        assert [one["is_finished"] for one in told] == [False, True, True, False, True]
        by_hand = as_ada.ask("PUT", f"/items/{item}/playback", json={"position": 0, "is_finished": False})
        assert (by_hand["is_finished"], by_hand["plays"]) == (False, 2)

    def test_what_was_begun_is_gone_on_with_the_latest_first(self, keep: Keep, as_ada: Person) -> None:
        items = [keep(f"Talk {number}", "ada", duration=1000.0) for number in range(5)]
        for item in (items[1], items[3], items[0], items[4]):
            as_ada.ask("PUT", f"/items/{item}/playback", json={"position": 50})
        as_ada.ask("PUT", f"/items/{items[1]}/playback", json={"position": 60})
        as_ada.ask("PUT", f"/items/{items[4]}/playback", json={"position": 999})
        as_ada.ask("DELETE", f"/items/{items[3]}")
        first = as_ada.ask("GET", "/items/in-progress", params={"limit": 1})
        assert (first["total"], [one["id"] for one in first["items"]]) == (2, [items[1]])
        rest = as_ada.ask("GET", "/items/in-progress", params={"limit": 1, "cursor": first["next_cursor"]})
        assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == ([items[0]], None)
        assert as_ada.ask("DELETE", f"/items/{items[0]}/playback")["position"] == 0
        assert as_ada.titles("/items/in-progress") == ["Talk 1"]

    @pytest.mark.parametrize("position", [-1, 1e12, "NaN", None])
    def test_impossible_positions_are_refused(self, keep: Keep, as_ada: Person, position: object) -> None:
        as_ada.ask("PUT", f"/items/{keep('A', 'ada')}/playback", 422, json={"position": position})

    def test_the_end_is_the_last_twentieth_or_half_minute(self) -> None:
        assert [is_end(one, 100) for one in (94.9, 95, 100)] == [False, True, True]
        assert [is_end(one, 3600) for one in (3569, 3570)] == [False, True]
        assert not is_end(1e9, None)
