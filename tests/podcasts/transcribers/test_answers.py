"""Odd answers of recognisers: nothing is raised but what is typed, and nothing is said at a time that there is not."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.podcasts.transcribers import languages
from magpie.podcasts.transcribers.answers import read, spread
from magpie.podcasts.transcribers.port import Transcript, TranscriptionFailed

pytestmark = pytest.mark.once

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.dictionaries(
            st.sampled_from(["start", "end", "text", "word", "words", "segments", "language"]), inner
        )
    ),
    max_leaves=20,
)


def heard(**answer: Any) -> Transcript:
    return read(json.dumps(answer).encode(), "double", 10.0)


@settings(max_examples=60, deadline=None)
@given(VALUES, VALUES, VALUES)
def test_whatever_is_answered_becomes_a_transcript_or_a_failure(
    segments: Any, words: Any, language: Any
) -> None:
    transcript = heard(segments=segments, words=words, language=language, text="")
    for one in transcript.passages:
        assert 0 <= one.start <= one.end <= 10
        assert all(0 <= word.start <= word.end <= 10 for word in one.words)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"text": "cut',
        b"<html>",
        b"null",
        b"[]",
        b"{}",
        b'{"text": 7}',
        b"[" * 100_000,
        b"\xff\xfe",
        b"Internal Server Error",
    ],
)
def test_what_is_no_transcript_is_a_failure_that_may_pass(body: bytes) -> None:
    with pytest.raises(TranscriptionFailed) as failed:
        read(body, "double", 10.0)
    assert failed.value.may_pass


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_a_text_without_times_keeps_every_letter_and_fills_its_time(text: str) -> None:
    passages = spread(text, 3.0, 9.0)
    assert "".join("".join(one.text.split()) for one in passages) == "".join(text.split())
    assert all(before.end == after.start for before, after in pairwise(passages))
    if passages:
        assert passages[0].start == pytest.approx(3.0)
        assert passages[-1].end == pytest.approx(9.0)


def test_words_beside_the_segments_go_where_they_are_said() -> None:
    segments = [{"start": 0, "end": 1, "text": "a b"}, {"start": 2, "end": 3, "text": "c"}]
    words = [
        {"word": name, "start": at, "end": at + 0.2} for name, at in (("a", 0.1), ("b", 0.7), ("c", 2.1))
    ]
    found = heard(segments=segments, words=words)
    assert [[word.text for word in one.words] for one in found.passages] == [["a", "b"], ["c"]]


def test_words_alone_become_passages() -> None:
    words = [
        {"word": name, "start": at, "end": at + 0.2} for name, at in (("你", 0.1), ("好", 0.3), ("c", 2.1))
    ]
    assert [one.text for one in heard(text="你好 c", words=words).passages] == ["你好", "c"]


@pytest.mark.parametrize(
    ("given_as", "asked", "back"),
    [
        ("pt-BR", "pt", "pt"),
        ("zh-Hans-CN", "zh", "zh"),
        ("jv", "jw", "jv"),
        ("nb", "no", "no"),
        ("tlh", None, None),
    ],
)
def test_languages_are_asked_for_as_they_are_known(
    given_as: str, asked: str | None, back: str | None
) -> None:
    assert languages.asked(given_as) == asked
    assert languages.heard(asked) == back


def test_languages_in_english_are_understood() -> None:
    assert languages.heard("Haitian Creole") == "ht"
    assert languages.heard("chinese") == "zh"
    assert languages.heard({}) is None
    assert languages.spoken("portuguese", "pt-BR") == "pt-BR"
    assert languages.spoken("german", "pt-BR") == "de"
    assert languages.spoken(None, "tlh") == "tlh"
    assert languages.spoken("javanese", None) == "jv"
    assert len(languages.KNOWN) == 100
