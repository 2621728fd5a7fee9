"""When words are said, by marks that are not always where one would like them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.podcasts.voices.port import Word
from magpie.podcasts.voices.text import tokens
from magpie.podcasts.voices.words import timed

pytestmark = pytest.mark.once


def test_each_word_lasts_until_the_next_or_the_pause() -> None:
    words = timed("Hello there. Go!", [(0, 0.0), (6, 0.4), (13, 1.2)], 1.5, [0.9])
    assert words == (Word("Hello", 0.0, 0.4), Word("there.", 0.4, 0.9), Word("Go!", 1.2, 1.5))


def test_words_without_a_mark_lie_between_their_neighbours() -> None:
    words = timed("one two three", [(0, 0.0), (8, 2.0)], 3.0)
    assert words[1] == Word("two", 1.0, 2.0)


def test_without_marks_there_are_no_times() -> None:
    assert timed("one two", [], 3.0) == ()
    assert timed("", [(0, 0.0)], 3.0) == ()


@settings(max_examples=150, deadline=None)
@given(
    st.text("ab 你。", max_size=60),
    st.lists(st.tuples(st.integers(-5, 70), st.floats(0, 10)), min_size=1, max_size=20),
    st.lists(st.floats(0, 10), max_size=5),
)
def test_times_never_go_backwards(text: str, marks: list[tuple[int, float]], pauses: list[float]) -> None:
    words = timed(text, marks, 10.0, pauses)
    assert [word.text for word in words] == [one.text for one in tokens(text)]
    assert all(0 <= word.start <= word.end <= 10 for word in words)
    assert all(one.start <= other.start and one.end <= other.start + 0.001 for one, other in pairwise(words))
