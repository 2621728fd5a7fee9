"""Gaps, trimming and places: pure rules."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.podcasts.mastering.clips import Heard, bounds, levels
from magpie.podcasts.mastering.gaps import BETWEEN_SEGMENTS, gap
from magpie.podcasts.mastering.loudness import integrated
from magpie.podcasts.mastering.order import Chapter, Clip
from magpie.podcasts.mastering.timeline import chapters, cues, lay
from magpie.podcasts.voices.port import Word

RATE = 1000


@given(st.text())
def test_a_pause_is_between_a_quarter_and_half_a_second(text: str) -> None:
    assert 0.25 <= gap(text) <= 0.5
    assert gap(text, ends_segment=True) == BETWEEN_SEGMENTS > 0.5


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        ("and then,", "That is it."),
        ("and then", "Is it?"),
        ("That is it.", "Is it?"),
        ("That is it.", "Well..."),
        ("然后，", "就是这样。"),
        ("就是这样。", "是吗？"),
        ('He said "so,"', 'He said "so?"'),
        ("(and so)", "(and so!)"),
    ],
)
def test_signs_say_how_long_the_pause_is(shorter: str, longer: str) -> None:
    assert gap(shorter) < gap(longer)


@given(
    st.integers(0, 40), st.integers(0, 40), st.lists(st.floats(0.02, 0.9), min_size=1, max_size=60),
    st.integers(1, 9), st.floats(0, 0.0001),
)  # fmt: skip
def test_only_silence_is_trimmed(
    before: int, after: int, sound: list[float], width: int, hiss: float
) -> None:
    levels = np.array([hiss] * before + sound + [hiss] * after)
    count = len(levels) * width - 1  # the last stretch may be short
    found = bounds(levels, width, count, 100 * width)
    assert found is not None
    first, last = found
    assert 0 <= first <= before * width
    assert min((before + len(sound)) * width, count) <= last <= count
    assert (before * width - first) <= 2 * width  # 20 ms in front
    assert last - (before + len(sound)) * width <= 6 * width  # 60 ms behind


@pytest.mark.parametrize("levels", [[], [0.0] * 50, [0.0009] * 50])
def test_silence_has_no_bounds(levels: list[float]) -> None:
    assert bounds(np.array(levels), 10, len(levels) * 10, 1000) is None


def clip(text: str, segment: int, *words: Word) -> Clip:
    return Clip(Path("a.wav"), "Ann", text, segment, words)


@st.composite
def recordings(draw: st.DrawFn) -> tuple[list[Clip], list[int]]:
    count = draw(st.integers(1, 12))
    segments = sorted(draw(st.lists(st.integers(0, 4), min_size=count, max_size=count)))
    texts = draw(st.lists(st.sampled_from(["So?", "Yes,", "Well", "好。"]), min_size=count, max_size=count))
    lengths = draw(st.lists(st.integers(1, 5000), min_size=count, max_size=count))
    return [clip(text, segment) for text, segment in zip(texts, segments, strict=True)], lengths


@given(recordings(), st.integers(0, 9000), st.integers(0, 9000))
def test_turns_follow_each_other_with_their_pauses(
    made: tuple[list[Clip], list[int]], intro: int, outro: int
) -> None:
    clips, lengths = made
    laid = lay(clips, lengths, RATE, intro, outro)
    ends = [start + length for start, length in zip(laid.starts, laid.lengths, strict=True)]
    for number in range(1, len(clips)):
        pause = (laid.starts[number] - ends[number - 1]) / RATE
        same = clips[number].segment == clips[number - 1].segment
        assert pause == pytest.approx(gap(clips[number - 1].text, ends_segment=not same), abs=0.001)
        assert (0.25 <= pause <= 0.5) == same
    assert laid.total >= max(ends[-1], laid.outro + outro, intro)
    assert laid.starts[0] >= intro - 0.8 * RATE


@given(recordings())
def test_chapters_fill_the_whole_recording(made: tuple[list[Clip], list[int]]) -> None:
    clips, lengths = made
    laid = lay(clips, lengths, RATE)
    wanted = [Chapter(f"Part {number}", f"https://example.org/{number}") for number in range(5)]
    placed = chapters(laid, clips, wanted)
    assert [one.title for one in placed] == [f"Part {n}" for n in sorted({clip.segment for clip in clips})]
    assert placed[0].start == 0
    assert placed[-1].end == laid.seconds
    assert all(one.end == next_one.start for one, next_one in pairwise(placed))
    assert all(one.address == f"https://example.org/{one.title[-1]}" for one in placed)


@given(st.lists(st.tuples(st.floats(0, 6), st.floats(0, 2)), max_size=8).map(sorted), st.floats(0, 1))
@settings(max_examples=60)
def test_words_keep_their_times_and_stay_within_their_turn(
    times: list[tuple[float, float]], cut: float
) -> None:
    words = [Word(str(number), start, start + long) for number, (start, long) in enumerate(times)]
    laid = lay([clip("One.", 0), clip("Two.", 0, *words)], [2000, 4000], RATE)
    first, second = cues(laid, [clip("One.", 0), clip("Two.", 0, *words)], [0.0, cut])
    assert (second.start - first.end) == pytest.approx(0.4)
    assert [word.text for word in second.words] == [word.text for word in words]
    for word, given_word in zip(second.words, words, strict=True):
        assert second.start <= word.start <= word.end <= second.end
        moved = given_word.start - cut
        if 0 <= moved <= 4:
            assert word.start == pytest.approx(second.start + moved)


loudnesses = st.lists(
    st.tuples(st.sampled_from(["Ann", "Bob", "Cleo"]), st.floats(-50, -5)), min_size=1, max_size=12
)


@given(loudnesses)
def test_all_speakers_become_equally_loud_and_no_turn_falls_out(turns: list[tuple[str, float]]) -> None:
    heard = [
        Heard(
            Clip(Path("a.wav"), speaker, "Well."),
            0,
            RATE,
            0,
            2 * RATE,
            0.0,
            np.full(20, 10 ** ((loudness + 0.691) / 10)),
        )
        for speaker, loudness in turns
    ]
    by_speaker, gains = levels(heard, -16)
    after = [one.energies * 10 ** (gain / 10) for one, gain in zip(heard, gains, strict=True)]
    for speaker in by_speaker:
        mine = [part for part, (name, _) in zip(after, turns, strict=True) if name == speaker]
        assert integrated(np.concatenate(mine)) == pytest.approx(-16, abs=0.01)
    for (speaker, loudness), gain in zip(turns, gains, strict=True):
        assert abs(gain - by_speaker[speaker]) <= 15
        others = [other for name, other in turns if name == speaker]
        if max(others) - min(others) < 3:
            assert gain == pytest.approx(by_speaker[speaker])
        assert loudness + gain < -16 + 10


def test_a_turn_that_is_too_soft_is_brought_to_the_others() -> None:
    clips = [Clip(Path("a.wav"), "Ann", "Well.")] * 5
    parts = [np.full(30, 10 ** (level / 10)) for level in (-20, -20, -20, -36, -20)]
    parts[4] = parts[4][:5] * 0.05  # half a second, 13 dB softer: a word that is meant so
    heard = [Heard(clip, 0, RATE, 0, 1, 0.0, part) for clip, part in zip(clips, parts, strict=True)]
    _, gains = levels(heard, -16)
    assert gains[3] - gains[0] == pytest.approx(13, abs=0.5)
    assert gains[4] == gains[0]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "notes.pdf", "", None])
def test_a_chapter_leads_to_the_web_or_nowhere(address: str | None) -> None:
    clips = [clip("One.", 0)]
    (placed,) = chapters(lay(clips, [500], RATE), clips, [Chapter("One", address)])
    assert placed.address is None
