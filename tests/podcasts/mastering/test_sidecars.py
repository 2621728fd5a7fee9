"""Transcript and chapters beside the recording: nothing said is lost, and the formats are what their specifications say."""

from __future__ import annotations

import html
import json
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.podcasts.mastering.order import Cue, Mastered, PlacedChapter
from magpie.podcasts.mastering.sidecars import captions, chapters_json, vtt
from magpie.podcasts.voices.port import Word

TIME = r"\d{2,}:[0-5]\d:[0-5]\d\.\d{3}"


def mastered(*cues: Cue, chapters: tuple[PlacedChapter, ...] = ()) -> Mastered:
    return Mastered({}, cues[-1].end if cues else 0.0, cues, chapters, {})


def seconds(clock: str) -> float:
    hours, minutes, rest = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def parsed(text: str) -> list[tuple[float, float, str, str]]:
    """(start, end, voice, text) of each cue; fails for what WebVTT does not allow."""
    head, *blocks = text.rstrip("\n").split("\n\n")
    assert head == "WEBVTT"
    found = []
    for block in blocks:
        times, *payload = block.split("\n")
        match = re.fullmatch(rf"({TIME}) --> ({TIME})", times)
        assert match is not None, times
        assert len(payload) == 1
        start, end = seconds(match[1]), seconds(match[2])
        assert start < end
        voiced = re.fullmatch(r"<v ([^\n<>]+)>(.*)</v>", payload[0])
        assert voiced is not None, payload
        assert "-->" not in payload[0]
        inner = re.findall(rf"<({TIME})>", voiced[2])
        moments = [start, *map(seconds, inner), end]
        assert all(one < other for one, other in pairwise(moments)), payload
        body = re.sub(rf"<{TIME}>", "", voiced[2])
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", body), body
        found.append((start, end, html.unescape(voiced[1]), html.unescape(body)))
    return found


words = st.text(st.sampled_from("abcXYZ'é<>&-.,?!。，好话说"), min_size=1, max_size=30)


@st.composite
def turns(draw: st.DrawFn) -> list[Cue]:
    made, at = [], 0.0
    for _ in range(draw(st.integers(1, 4))):
        said = draw(st.lists(words, min_size=1, max_size=40))
        length = draw(st.floats(0.5, 60))
        timed: tuple[Word, ...] = ()
        if draw(st.booleans()):
            step = length / len(said)
            timed = tuple(Word(one, at + n * step, at + (n + 1) * step) for n, one in enumerate(said))
        made.append(
            Cue(at, at + length, draw(st.sampled_from(["Ann", "B > C", "李 雷"])), " ".join(said), timed)
        )
        at += length + 0.3
    return made


@given(turns())
@settings(max_examples=60, deadline=None)
def test_every_word_is_shown_once_in_its_order_by_its_speaker(cues: list[Cue]) -> None:
    found = parsed(vtt(mastered(*cues)))
    for cue in cues:
        shown = [one for one in found if cue.start - 0.001 <= one[0] < cue.end]
        assert {one[2] for one in shown} == {cue.speaker}
        assert "".join("".join(one[3] for one in shown).split()) == "".join(cue.text.split())
    starts = [one[0] for one in found]
    assert starts == sorted(starts)


def test_words_have_the_times_of_the_voice() -> None:
    timed = (
        Word("Don't", 1.0, 1.4),
        Word("say", 1.5, 1.7),
        Word("<em>", 1.8, 2.0),
        Word("(twice)", 2.1, 2.5),
    )
    text = vtt(mastered(Cue(1.0, 2.6, "Ann", "Don't say <em> (twice)!", timed)))
    assert text.split("\n\n")[1] == (
        "00:00:01.000 --> 00:00:02.600\n"
        "<v Ann>Don't <00:00:01.500>say <00:00:01.800>&lt;em&gt; <00:00:02.100>(twice)!</v>\n"
    )


def test_words_are_found_again_where_voice_and_text_differ() -> None:
    timed = (Word("In", 0.0, 0.2), Word("nineteen", 0.3, 0.5), Word("eighty", 0.5, 0.7), Word("it", 0.8, 1.0))
    text = vtt(mastered(Cue(0.0, 2.0, "Ann", "In 1980 it rained.", timed)))
    assert "<v Ann>In 1980 <00:00:00.800>it rained.</v>" in text


@pytest.mark.parametrize(
    "sentence", ["A sentence of some words stands here. ", "这里有一个句子，它有一些字。"]
)
def test_long_turns_are_shown_in_parts_that_end_with_sentences(sentence: str) -> None:
    text = (sentence * 6).strip()
    shown = list(captions([Cue(0.0, 30.0, "Ann", text)]))
    assert len(shown) > 1
    assert all(one.text.rstrip().endswith((".", "。")) for one in shown)
    assert all(one.end == other.start for one, other in pairwise(shown))
    assert (shown[0].start, shown[-1].end) == (0.0, 30.0)
    assert all(one.end - one.start < 16 for one in shown)


def test_hours_are_counted() -> None:
    assert "01:01:01.001 --> 01:01:02.000" in vtt(mastered(Cue(3661.0011, 3662, "Ann", "Still here.")))


def test_chapters_are_as_specified() -> None:
    placed = (PlacedChapter(0, 61.0004, "Bees", "https://example.org/bees"), PlacedChapter(61.0004, 90, "蜂"))
    made = json.loads(chapters_json(mastered(chapters=placed), title="How Bees Decide", show="Magpie"))
    assert made == {
        "version": "1.2.0",
        "title": "How Bees Decide",
        "podcastName": "Magpie",
        "chapters": [
            {"startTime": 0, "endTime": 61.0, "title": "Bees", "url": "https://example.org/bees"},
            {"startTime": 61.0, "endTime": 90, "title": "蜂"},
        ],
    }
