"""Texts are cleaned, cut and counted without losing a word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.podcasts.voices.text import clean, is_sayable, pieces, seconds_to_say, tokens

pytestmark = pytest.mark.once
TEXTS = st.text(st.one_of(st.sampled_from("ab .!?,;。！，\n é1你"), st.characters()), max_size=400)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(5, 90))
def test_pieces_keep_every_character_but_spaces_at_cuts(text: str, most: int) -> None:
    parts = pieces(text, most)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(0 < len(part) <= most and part == part.strip() for part in parts)
    rest = text
    for part in parts:  # each is a part of the text as it is, in order
        before, found, rest = rest.partition(part)
        assert found
        assert not before.strip()


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_cleaning_takes_away_commands_only(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert [one for one in cleaned if one.isalnum()] == [one for one in text if one.isalnum()]
    assert not any(one < " " or "\x7f" <= one <= "\x9f" or "\ud800" <= one <= "\udfff" for one in cleaned)
    cleaned.encode()


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_tokens_are_all_of_the_text(text: str) -> None:
    found = tokens(text)
    assert "".join(one.text for one in found) == "".join(text.split())
    assert all(text[one.start : one.end] == one.text for one in found)
    assert seconds_to_say(text) >= 0


@pytest.mark.parametrize(
    ("text", "most", "parts"),
    [
        ("One is here. Two is here. Three.", 26, ["One is here. Two is here.", "Three."]),
        ("He said “Stop.” Then he left, slowly.", 24, ["He said “Stop.”", "Then he left, slowly."]),
        ("a clause, and another one without an end", 20, ["a clause,", "and another one", "without an end"]),
        ("今天天气很好。我们去公园吧！", 9, ["今天天气很好。", "我们去公园吧！"]),
        ("Donaudampfschifffahrt", 10, ["Donaudampf", "schifffahr", "t"]),
        ("3.14 is pi. e is 2.71", 12, ["3.14 is pi.", "e is 2.71"]),
        ("", 10, []),
    ],
)
def test_cuts_are_where_one_breathes(text: str, most: int, parts: list[str]) -> None:
    assert pieces(text, most) == parts


def test_words_of_scripts_without_spaces() -> None:
    assert [one.text for one in tokens("你好，world! ありがとう。")] == [
        *("你", "好，", "world!", "あ", "り", "が", "と", "う。")
    ]


@pytest.mark.parametrize(
    ("text", "sayable"), [("…—!", False), ("", False), ("🎉", False), ("&", True), ("７", True), ("é", True)]
)
def test_what_there_is_to_say(text: str, sayable: bool) -> None:
    assert is_sayable(text) is sayable


def test_time_to_say() -> None:
    assert 3 < seconds_to_say("Hello there, this is a test with about forty-five letters.") < 5
    assert 2 < seconds_to_say("今天天气很好我们去公园吧") < 4
    assert seconds_to_say("1234567890") > 3
