"""Subtitles: every word in its order, times that never run backwards, and nothing in a text that ends or begins a cue."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.podcasts.transcribers.captions import LINE, LINES, cues_of, vtt
from magpie.podcasts.transcribers.port import HeardWord, Passage, Transcript

pytestmark = pytest.mark.once

TIMES = re.compile(r"(\d\d):(\d\d):(\d\d)[.,](\d{3}) --> (\d\d):(\d\d):(\d\d)[.,](\d{3})")
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")), min_size=1
)


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    """With and without words' times."""
    start, words = draw(st.floats(0, 7200)), draw(st.lists(WORDS, max_size=40))
    end = start + draw(st.floats(0, 60))
    step = (end - start) / max(len(words), 1)
    times = [
        HeardWord(word, start + step * number, start + step * (number + 1))
        for number, word in enumerate(words)
    ]
    return Passage(start, end, " ".join(words), tuple(times) if draw(st.booleans()) else ())


LANGUAGES = st.sampled_from(["en", "zh", None])


def transcripts() -> st.SearchStrategy[Transcript]:
    """Passages in any order; some overlap."""
    several = st.lists(passages(), max_size=6).map(tuple)
    return st.builds(Transcript, several, LANGUAGES, st.just("double:a-->b"))


def moments(text: str) -> list[tuple[float, float]]:
    found = []
    for match in TIMES.finditer(text):
        numbers = [int(part) for part in match.groups()]
        first, last = (
            (hours * 60 + minutes) * 60 + seconds + rest / 1000
            for hours, minutes, seconds, rest in (numbers[:4], numbers[4:])
        )
        found.append((first, last))
    return found


@settings(max_examples=60, deadline=None)
@given(transcripts())
def test_every_word_is_there_once_and_in_its_order(transcript: Transcript) -> None:
    cues = cues_of(transcript)
    said = "".join(
        one.text for one in sorted(transcript.passages, key=lambda passage: (passage.start, passage.end))
    )
    assert "".join("".join(cue.text.split()) for cue in cues) == "".join(said.split())
    written = vtt(transcript)
    times = moments(written)
    assert len(times) == len(cues)
    assert written.count("-->") == len(cues)
    assert all(start < end for start, end in times)
    assert all(before[1] <= after[0] + 0.001 for before, after in pairwise(times))


def test_cues_can_be_read() -> None:
    text = "The quick brown fox jumps over the lazy dog, and then it does so again and again. " * 8
    cues = cues_of(Transcript((Passage(0, 40, text),), "en", "double"))
    assert len(cues) > 6
    assert all(len(cue.text) <= LINE * LINES for cue in cues)
    assert all(cue.end - cue.start <= 8 for cue in cues)
    written = vtt(Transcript((Passage(0, 40, text),), "en", "double"))
    lines = [line for line in written.split("\n\n", 2)[2].split("\n") if line and "-->" not in line]
    assert max(map(len, lines)) <= LINE + 6


def test_scripts_without_spaces_are_divided_too() -> None:
    text = "今天天气很好，我们去公园散步。" * 12
    cues = cues_of(Transcript((Passage(0, 60, text),), "zh", "double"))
    assert all(len(cue.text) <= LINE for cue in cues)
    assert "".join(cue.text for cue in cues) == text


def test_a_cue_has_its_words_times() -> None:
    words = [HeardWord(f"word{number:02}", number * 2.0, number * 2.0 + 0.5) for number in range(12)]
    passage = Passage(0, 24, " ".join(word.text for word in words), tuple(words))
    for cue in cues_of(Transcript((passage,), "en", "double")):
        spoken = [word for word in words if word.text in cue.text]
        assert (cue.start, cue.end) == (spoken[0].start, spoken[-1].end)


def test_nothing_in_a_text_is_markup() -> None:
    hostile = Transcript((Passage(0, 1, "<b>a</b> & --> NOTE\n\nWEBVTT"),), "en", "x\n\n--> y", is_draft=True)
    assert vtt(hostile) == (
        "WEBVTT\n\nNOTE A draft, made by x -> y\n\n"
        "00:00:00.000 --> 00:00:01.000\n&lt;b&gt;a&lt;/b&gt; &amp; -&gt; NOTE WEBVTT\n"
    )
