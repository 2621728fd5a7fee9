"""The promise: right in Chinese, Japanese, Korean and Latin alike, and doubtful cases left to people."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from magpie.playlists.matching.service import Match, Matcher, Verdict
from tests.playlists.matching.labelled import Case, Tally, answer, automatic, cases

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def answered() -> list[tuple[Case, Match]]:
    return [(case, answer(case)) for case in cases()]


@pytest.mark.parametrize("script", ["cjk", "latin"])
def test_precision_and_recall(answered: list[tuple[Case, Match]], script: str) -> None:
    tally = Tally()
    wrong = []
    for case, found in answered:
        if case.script == script:
            tally.count(case, automatic(found))
            if automatic(found) not in (None, *case.right):
                wrong.append((case.wanted.title, found.track))
    assert tally.precision >= 0.99, wrong
    assert tally.recall >= 0.93


def test_there_are_enough_cases_of_many_kinds() -> None:
    told = list(cases())
    assert len(told) >= 400
    by_script = Counter(case.script for case in told)
    assert min(by_script.values()) >= 150
    assert len({(case.script, case.kind) for case in told}) >= 30
    assert sum(not case.right for case in told) >= 120


def test_every_verdict_says_why(answered: list[tuple[Case, Match]]) -> None:
    for case, found in answered:
        assert found.reasons, case
        assert 0 <= found.score <= 1
        assert (found.track is not None) == (found.verdict is Verdict.MATCHED)
        assert len(found.candidates) <= 5


def test_every_reason_is_explained(answered: list[tuple[Case, Match]]) -> None:
    page = (Path(__file__).parents[3] / "docs" / "matching.md").read_text(encoding="utf-8")
    told = {reason for _, found in answered for reason in found.reasons}
    told |= {reason for _, found in answered for one in found.candidates for reason in one.reasons}
    codes = {reason.partition(":")[0] for reason in told}
    assert len(codes) >= 15
    assert {code for code in codes if not re.search(rf"`{code}(?:`|: )", page)} == set()
    kinds = {reason.partition(": ")[2] for reason in told if reason.startswith("version_")}
    assert {kind for kind in kinds if f"`{kind}`" not in page} == set()


def test_one_library_of_all_cases_changes_no_answer_but_to_an_equal_track() -> None:
    told = list(cases())
    matcher = Matcher([track for case in told for track in case.library])
    right = {one: case for case in told for one in case.right}
    lost = []
    for case in told:
        found = matcher.match(case.wanted)
        if found.verdict is not Verdict.MATCHED and automatic(answer(case)) is not None:
            lost.append((case.wanted, found.reasons))
        elif found.track is not None and found.track not in case.library and found.track.id in right:
            other = right[found.track.id]  # right for another case: then the two want the same song
            assert (
                automatic(answer(Case(case.script, "", case.wanted, other.library, frozenset()))) is not None
            )
    assert not lost
