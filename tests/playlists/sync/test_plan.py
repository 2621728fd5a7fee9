"""The plan: for any two playlists, doing what it says leads from the one to the other."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.playlists.models import Mode
from magpie.playlists.sync.plan import Edit, Plan, longest_rise, moves, plan

pytestmark = pytest.mark.once

PLAYLISTS = st.lists(st.sampled_from("abcdef"), max_size=14)
ORDERS = st.integers(0, 12).flatmap(lambda size: st.permutations(range(size)))


def carried_out(made: Plan) -> list[str]:
    """As the writer does it: what is new goes to the end, what goes is taken out, the rest is moved."""
    line: list[tuple[str, int | None]] = [(track, place) for place, track in enumerate(made.current)]
    added = made.added
    line += [(made.result[position], -1 - position) for position in added]
    gone = set(made.removed)
    line = [entry for entry in line if entry[1] not in gone]
    goes_to = {place: position for position, place in enumerate(made.kept) if place is not None}
    goes_to |= {-1 - position: position for position in added}
    order = [goes_to[mark] for _, mark in line if mark is not None]
    items = list(range(len(line)))
    for move in moves(order):
        items.remove(move.item)
        items.insert(0 if move.after is None else items.index(move.after) + 1, move.item)
        assert items[move.index] == move.item
    return [line[item][0] for item in items]


@given(PLAYLISTS, PLAYLISTS)
def test_mirror_ends_with_exactly_what_is_wanted(current: list[str], wanted: list[str]) -> None:
    made = plan(current, wanted, Mode.MIRROR)
    assert list(made.result) == wanted
    assert carried_out(made) == wanted
    there, goal = Counter(current), Counter(wanted)
    assert len(made.removed) == (there - goal).total()
    assert len(made.added) == (goal - there).total()


@given(PLAYLISTS, PLAYLISTS)
def test_append_keeps_all_in_its_order_and_adds_only_what_is_missing(
    current: list[str], wanted: list[str]
) -> None:
    made = plan(current, wanted, Mode.APPEND)
    assert made.removed == []
    assert [made.result[at] for at, place in enumerate(made.kept) if place is not None] == current
    assert Counter(made.result) == Counter(current) | Counter(wanted)
    assert carried_out(made) == list(made.result)
    assert plan(made.result, wanted, Mode.APPEND).is_empty


@given(PLAYLISTS)
def test_what_is_as_it_should_be_is_left_alone(current: list[str]) -> None:
    for mode in Mode:
        made = plan(current, current, mode)
        assert made.is_empty
        assert made.counts() == {"added": 0, "removed": 0, "moved": 0}


@given(PLAYLISTS, PLAYLISTS)
def test_the_diff_names_every_place_of_both_lists_once(current: list[str], wanted: list[str]) -> None:
    for mode in Mode:
        made = plan(current, wanted, mode)
        ops = made.ops()
        assert sorted(op.before for op in ops if op.before is not None) == list(range(len(current)))
        assert [op.position for op in ops if op.position is not None] == list(range(len(made.result)))
        for op in ops:
            assert (op.before is None) == (op.edit is Edit.ADD)
            assert (op.position is None) == (op.edit is Edit.REMOVE)
            if op.before is not None:
                assert current[op.before] == op.track_id


@given(ORDERS)
def test_sorting_moves_as_few_as_possible(order: list[int]) -> None:
    assert len(moves(order)) == len(order) - len(longest_rise(order))


@given(st.lists(st.integers(0, 20), max_size=9))
@settings(max_examples=50)
def test_a_longest_rise_is_one(values: list[int]) -> None:
    found = longest_rise(values)
    picked = [values[index] for index in found]
    assert found == sorted(found)
    assert all(a < b for a, b in itertools.pairwise(picked))
    best = [1] * len(values)
    for index, value in enumerate(values):
        best[index] = 1 + max((best[at] for at in range(index) if values[at] < value), default=0)
    assert len(found) == max(best, default=0)


def test_doubles_stay_where_they_are_wanted() -> None:
    made = plan(["a", "b", "a"], ["b", "a"], Mode.MIRROR)
    assert made.counts() == {"added": 0, "removed": 1, "moved": 0}
    assert made.removed == [0]


def test_a_song_at_the_top_moves_nothing_else() -> None:
    there = [str(number) for number in range(100)]
    made = plan(there, ["new", *there], Mode.MIRROR)
    assert made.counts() == {"added": 1, "removed": 0, "moved": 0}
    assert len(moves([*range(1, 101), 0])) == 1


def test_one_song_two_thousand_times_is_quick() -> None:
    made = plan(["a"] * 2000, ["a"] * 1999 + ["b"], Mode.MIRROR)
    assert made.counts() == {"added": 1, "removed": 1, "moved": 0}


def test_appending_to_somebodys_own_list_goes_to_its_end() -> None:
    made = plan(["x", "y"], ["a", "b"], Mode.APPEND)
    assert list(made.result) == ["x", "y", "a", "b"]


def test_appending_puts_a_song_beside_its_neighbours() -> None:
    made = plan(["x", "a", "y", "c"], ["0", "a", "b", "c", "d"], Mode.APPEND)
    assert list(made.result) == ["x", "0", "a", "b", "y", "c", "d"]
